"""Files as no office means to write them: workbooks and CSV files with bytes, parts, tags and cells spoilt."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from random import Random

NASTY = (
    "", "0", "-1", "1e308", "1" * 400, "370811199001011234", "NaN", "TRUE", "#REF!", "nul", "None", "0x10", "1_000",
    "=1+1", "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1+1", "\t=1", "../../x", "\x00", "\x0b", "\u202e", "\ud7ff",
    "1/0", "\ufeff", "2023-02-30", "9999-12-31", "0000-00-00", "2023-3-1", "44986", "-44986", "2958466", "25:61",
    "00:00", "1e999",
    "０１２", "１e５", "²", "٣", "\u200b", "\u00a0", "𠮷" * 50, "字" * 40_000, "是", "上门", "H-1", "C01", "P-1", "V-1",
    "'", '"', '""', ",", ";", "\n", "\r\n", "\r", "<t>", "]]>", "_x0000_", "_xD800_", "&amp;", "&#0;", "&#x110000;",
    "&lol;",
)  # fmt: skip
"""What people and programs put into cells, and what breaks readers."""

PLACES = ("A1", "XFD1048576", "A0", "AAAA1", "B-1", "1A", "", "A99999999999999999999", "ＡＡ１", "C2")


def spoil_csv(content: bytes, random: Random) -> bytes:
    """Spoil a CSV file in one to three ways."""
    for _ in range(random.randint(1, 3)):
        content = random.choice(CSV_WAYS)(content, random)
    return content


def spoil_workbook(content: bytes, random: Random) -> bytes:
    """Spoil a workbook: its bytes as they lie on the disk, or the parts of its package before they are packed again."""
    if random.random() < 0.25:
        return random.choice(BYTE_WAYS)(content, random)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for _ in range(random.randint(1, 3)):
        if parts:
            random.choice(PART_WAYS)(parts, random)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return packed.getvalue()


# --- bytes ----------------------------------------------------------------------------------------------------------


def _flip(content: bytes, random: Random) -> bytes:
    spoilt = bytearray(content or b"\0")
    for _ in range(random.randint(1, 8)):
        spoilt[random.randrange(len(spoilt))] = random.randrange(256)
    return bytes(spoilt)


def _cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _drop(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content) + 1)
    return content[:at] + content[at + random.randint(1, 200) :]


def _double(content: bytes, random: Random) -> bytes:
    at = random.randrange(len(content) + 1)
    return content[: at + random.randint(1, 200)] + content[at:]


BYTE_WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _cut, _drop, _double)


# --- CSV ------------------------------------------------------------------------------------------------------------


def _cell(content: bytes, random: Random) -> bytes:
    lines = content.split(b"\n")
    at = random.randrange(len(lines))
    cells = lines[at].split(b",")
    cells[random.randrange(len(cells))] = random.choice(NASTY).encode("utf-8", "surrogatepass")
    lines[at] = b",".join(cells)
    return b"\n".join(lines)


def _encode(content: bytes, random: Random) -> bytes:
    text = content.decode("utf-8-sig", "replace")
    return text.encode(
        random.choice(("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "big5")), "replace"
    )


def _line(content: bytes, random: Random) -> bytes:
    lines = content.split(b"\n")
    at = random.randrange(len(lines))
    extra = random.choice((b"", b",", b'"', b"," * 300, lines[at] * 2, b"\x00" * 20, "中".encode("gbk") * 9))
    return b"\n".join([*lines[:at], extra, *lines[at + random.randint(0, 1) :]])


def _separate(content: bytes, random: Random) -> bytes:
    return content.replace(b",", random.choice((b";", b"\t", b"|", "，".encode(), b",,")))


CSV_WAYS = (*BYTE_WAYS, _cell, _cell, _cell, _encode, _line, _separate)


# --- parts of a workbook --------------------------------------------------------------------------------------------

Parts = dict[str, bytes]


def _chosen(parts: Parts, random: Random) -> str:
    sheets = [name for name in parts if "sheet" in name or "shared" in name]
    return random.choice(sheets if sheets and random.random() < 0.7 else list(parts))


def _part_bytes(parts: Parts, random: Random) -> None:
    name = _chosen(parts, random)
    parts[name] = random.choice(BYTE_WAYS)(parts[name], random)


def _part_gone(parts: Parts, random: Random) -> None:
    del parts[random.choice(list(parts))]


def _part_exchanged(parts: Parts, random: Random) -> None:
    one, two = random.choice(list(parts)), random.choice(list(parts))
    parts[one], parts[two] = parts[two], parts[one]


def _replaced(pattern: bytes, choose: Callable[[Random], str]) -> Callable[[Parts, Random], None]:
    def spoil(parts: Parts, random: Random) -> None:
        name = _chosen(parts, random)
        places = list(re.finditer(pattern, parts[name]))
        if places:
            place = random.choice(places)
            word = choose(random).encode("utf-8", "surrogatepass")
            parts[name] = parts[name][: place.start(1)] + word + parts[name][place.end(1) :]

    return spoil


def _entity(parts: Parts, random: Random) -> None:
    name = _chosen(parts, random)
    declared = b'<!DOCTYPE x [<!ENTITY lol "lol"><!ENTITY far SYSTEM "file:///etc/hostname">]>'
    head, mark, rest = parts[name].partition(b"?>")
    parts[name] = head + mark + declared + rest


def _tag_doubled(parts: Parts, random: Random) -> None:
    name = _chosen(parts, random)
    tags = list(re.finditer(rb"<(row|c|si|sheet|col)\b[^>]*?(/>|>.*?</\1>)", parts[name], re.DOTALL))
    if tags:
        tag = random.choice(tags)
        parts[name] = parts[name][: tag.end()] + tag.group() * random.choice((1, 2, 500)) + parts[name][tag.end() :]


_cell_text = _replaced(rb"<(?:t|v)[^>]*>([^<]*)<", lambda random: random.choice(NASTY))
_reference = _replaced(rb'\br="([^"]*)"', lambda random: random.choice(PLACES))
_attribute = _replaced(rb'="([^"]*)"', lambda random: random.choice((*PLACES, *NASTY)).replace('"', ""))
_tag_name = _replaced(
    rb"</?([A-Za-z:]+)", lambda random: random.choice(("x", "t", "v", "row", "c", "f", "", "x:y", "si"))
)
_kind = _replaced(rb'\bt="([^"]*)"', lambda random: random.choice(("s", "str", "inlineStr", "b", "e", "d", "n", "?")))

PART_WAYS = (
    _part_bytes, _part_gone, _part_exchanged, _cell_text, _cell_text, _cell_text, _reference, _attribute, _tag_name,
    _kind, _entity, _tag_doubled,
)  # fmt: skip
