"""Opening a workbook's package: refused from its directory before a byte of it is unpacked, then read in a stream.

The parts are read with expat directly. That shows what a general reader hides: a formula without a stored result,
a cell far outside the table, and any entity declaration, which is refused where it stands.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from attrs import frozen

from zoufang.errors import FileError
from zoufang.intake.archives import FAULTS, MAX_RATIO, MAX_UNPACKED, blown_up

MAX_STRINGS = 96 * 2**20
MAX_ENTRIES = 2_000
_CHUNK = 2**16
_OLE = b"\xd0\xcf\x11\xe0"
_DATE_FORMATS = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_DAMAGE = (*FAULTS, expat.ExpatError)


@frozen
class Page:
    """One sheet of a workbook, not yet read.

    Args:
        title: Its title.
        part: Where it stands in the package.
        hidden: True where the workbook does not show it.
    """

    title: str
    part: str
    hidden: bool


@frozen
class Package:
    """An opened workbook.

    Args:
        file: Its name, for messages.
        archive: The package.
        pages: Its sheets, in order.
        strings: The shared strings.
        stamped: Numbers of the cell styles that show a date or time.
        from_1904: True where serial dates count from 1904.
    """

    file: str
    archive: ZipFile
    pages: tuple[Page, ...]
    strings: tuple[str, ...]
    stamped: frozenset[str]
    from_1904: bool


def not_a_workbook(file: str) -> FileError:
    """Return the error for a file that is something else."""
    return FileError(
        file=file,
        problem_zh="不是工作簿；请另存为 .xlsx 后再导入",
        problem_en="is no workbook; save it as .xlsx and import that",
    )


@contextmanager
def damage_told(file: str) -> Iterator[None]:
    """Turn whatever a damaged file makes the libraries raise into one error of our own."""
    try:
        yield
    except _DAMAGE as error:
        raise FileError(
            file=file,
            problem_zh="工作簿已损坏或含有不允许的内容；请在表格软件中打开并另存为 .xlsx",
            problem_en="is damaged or holds what is not allowed; open it in a spreadsheet and save it as .xlsx",
        ) from error


@contextmanager
def open_package(file: str, content: bytes) -> Iterator[Package]:
    """Open a workbook after its directory was found harmless.

    Args:
        file: Its name, for messages.
        content: Its bytes.

    Returns:
        The opened workbook.

    Raises:
        FileError: It is no workbook, is encrypted, is damaged, or would unpack to too much.
    """
    _check_head(file, content[:4])
    with damage_told(file):
        archive = ZipFile(BytesIO(content))
        _check_directory(file, archive)
        package = _opened(file, archive)
    with archive:
        yield package


def _check_head(file: str, head: bytes) -> None:
    if head == _OLE:
        raise FileError(
            file=file,
            problem_zh="是旧版 .xls 或加密的工作簿；请去掉密码并另存为 .xlsx",
            problem_en="is an old .xls or an encrypted workbook; remove the password and save it as .xlsx",
        )
    if head != b"PK\x03\x04":
        raise not_a_workbook(file)


def _too_much(file: str, zh: str, en: str) -> FileError:
    return FileError(file=file, problem_zh=f"{zh}；请拆分后导入", problem_en=f"{en}; split it")


def _check_directory(file: str, archive: ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise _too_much(file, f"内含文件超过 {MAX_ENTRIES} 个", f"has more than {MAX_ENTRIES} parts")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise _too_much(file, f"解压后超过 {MAX_UNPACKED >> 20} MB", f"unpacks to more than {MAX_UNPACKED >> 20} MB")
    for entry in entries:
        if blown_up(entry):
            raise _too_much(file, f"压缩比超过 {MAX_RATIO}:1", f"is packed more than {MAX_RATIO}:1")
        if entry.filename == "xl/sharedStrings.xml" and entry.file_size > MAX_STRINGS:
            raise _too_much(file, "文字总量过大", "holds too much text")


def _opened(file: str, archive: ZipFile) -> Package:
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names:
        raise not_a_workbook(file)
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str, bool]] = []
    settings = {"date1904": "0"}

    def relation(name: str, attrs: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attrs["Id"]] = posixpath.normpath(posixpath.join("/xl", attrs["Target"])).lstrip("/")

    def entry(name: str, attrs: dict[str, str]) -> None:
        if name == "sheet":
            link = next((value for key, value in attrs.items() if key.endswith(":id")), "")
            sheets.append((attrs["name"], link, attrs.get("state", "visible") != "visible"))
        elif name == "workbookPr":
            settings.update(attrs)

    each_element(archive, "xl/_rels/workbook.xml.rels", relation)
    each_element(archive, "xl/workbook.xml", entry)
    pages = tuple(
        Page(title, targets[link], hidden) for title, link, hidden in sheets if targets.get(link, "") in names
    )
    strings = tuple(_strings(archive)) if "xl/sharedStrings.xml" in names else ()
    stamped = _stamped(archive) if "xl/styles.xml" in names else frozenset[str]()
    return Package(file, archive, pages, strings, stamped, settings["date1904"] in {"1", "true"})


def feed(archive: ZipFile, part: str, parser: Any) -> Iterator[None]:
    """Feed one part to a parser, piece by piece, and stop after each; entity declarations are refused."""

    def refuse(*_: object) -> None:
        raise ValueError(part)

    parser.EntityDeclHandler = parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            yield
        parser.Parse(b"", True)
        yield


def local(name: str) -> str:
    """Return an element's name without its prefix."""
    return name.rpartition(":")[2]


def each_element(archive: ZipFile, part: str, start: Callable[[str, dict[str, str]], None]) -> None:
    """Call a function with the name and attributes of each element of a small part."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attrs: start(local(name), attrs)
    for _ in feed(archive, part, parser):
        pass


def _strings(archive: ZipFile) -> Iterator[str]:
    """Yield the shared strings; the readings of characters (rPh) are no part of them."""
    done: list[str] = []
    parts: list[str] = []
    open_ = {"t": False, "rPh": False}

    def start(name: str, _: dict[str, str]) -> None:
        name = local(name)
        if name in open_:
            open_[name] = True

    def end(name: str) -> None:
        name = local(name)
        if name == "si":
            done.append(unescaped("".join(parts)))
            parts.clear()
        elif name in open_:
            open_[name] = False

    def text(data: str) -> None:
        if open_["t"] and not open_["rPh"]:
            parts.append(data)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    for _ in feed(archive, "xl/sharedStrings.xml", parser):
        yield from done
        done.clear()


def unescaped(text: str) -> str:
    """Undo the escapes that a workbook uses for characters XML cannot hold, e.g. ``_x000D_``."""
    return _ESCAPE.sub(lambda code: chr(int(code[1], 16)), text) if "_x" in text else text


def _stamped(archive: ZipFile) -> frozenset[str]:
    """Return the numbers of the cell styles that show a date or time."""
    own: dict[str, str] = {}
    styles: list[str] = []
    inside = [""]

    def start(name: str, attrs: dict[str, str]) -> None:
        if name == "numFmt":
            own[attrs["numFmtId"]] = attrs.get("formatCode", "")
        elif name in {"cellXfs", "cellStyleXfs", "dxfs", "cellStyles"}:
            inside[0] = name
        elif name == "xf" and inside[0] == "cellXfs":
            styles.append(attrs.get("numFmtId", "0"))

    each_element(archive, "xl/styles.xml", start)
    return frozenset(str(i) for i, number in enumerate(styles) if _shows_time(number, own))


def _shows_time(number: str, own: dict[str, str]) -> bool:
    if number not in own:
        return number.isdigit() and int(number) in _DATE_FORMATS
    code, quoted, bracketed = "", False, False
    for c in own[number].split(";")[0].lower():
        quoted ^= c == '"'
        bracketed = (bracketed or c == "[") and c != "]"
        code += "" if quoted or bracketed else c
    return any(c in code.replace("general", "") for c in "ymdhs")
