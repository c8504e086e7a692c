"""Check a bundle that `zoufang proof` wrote, in plain Python 3.9 or later and nothing else (核对证明包).

    python check.py BUNDLE.zip [SLIP.json]

Exit code 0: everything that can be checked is in order; 1: something is not; 2: no bundle. README.md in the bundle says
what that proves and what it cannot. Compare the printed key id and checkpoint with what you were given another way.
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import sys
import zipfile
from typing import Any

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]  # X, Y, Z, T with x = X/Z, y = Y/Z, xy = T/Z
Finding = tuple[bool, str, str]  # (good, Chinese, English)
LARGEST = 256 * 2**20
ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """Return the bytes that are digested: JSON without blanks, in UTF-8."""
    return ENCODER.encode(value).encode("utf-8", "surrogatepass")


def sha(data: bytes) -> str:
    """Return the SHA-256, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


# --- Ed25519 (RFC 8032), checking only ---------------------------------------------------------------------------


def _add(a: Point, b: Point) -> Point:
    c, d = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    e, f = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    g, h, i, j = d - c, f - e, f + e, d + c
    return (g * h % P, i * j % P, h * i % P, g * j % P)


def _times(n: int, a: Point) -> Point:
    made: Point = (0, 1, 1, 0)
    while n:
        made, a, n = (_add(made, a) if n & 1 else made), _add(a, a), n >> 1
    return made


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def _bytes(a: Point) -> bytes:
    inverse = pow(a[2], P - 2, P)
    x, y = a[0] * inverse % P, a[1] * inverse % P
    return int.to_bytes(y | (x & 1) << 255, 32, "little")


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether an Ed25519 key signed a message."""
    key = _point(public) if len(public) == 32 else None
    s = int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= ORDER:
        return False
    base = _point(bytes.fromhex("58" + 31 * "66")) or (0, 1, 1, 0)
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    return _bytes(_add(_times(s, base), _times(ORDER - h, key))) == signature[:32]


def signature(what: dict[str, Any], lines: list[str]) -> bool:
    """Say whether a file's signature fits the lines that it is over."""
    public = bytes.fromhex(what["public_key"])
    message = "".join(f"{line}\n" for line in lines).encode("ascii")
    return what["key_id"] == sha(public)[:16] and signed(public, message, bytes.fromhex(what["signature"]))


# --- the chain -----------------------------------------------------------------------------------------------------


FORMS = ({"header", "outline", "shown"}, {"body"})
"""What stands beside ``seq`` in a commit: its header and some of its rows, or nothing but a digest."""


def facts_digest(entry: dict[str, Any]) -> str:
    """Return the digest of a commit's facts, from the rows that are shown and the digests of all others."""
    outline = {name: list(digests) for name, _, digests in entry["outline"]}
    for part in entry["shown"]:
        leaves = list(part["leaves"])
        for place, salt, cells in part["rows"]:
            refuse_if(leaves[place] != "", "a row that is given twice, or as a digest too")
            leaves[place] = sha(bytes.fromhex(salt) + canonical(cells))
        known = sha(b"".join(map(bytes.fromhex, leaves)))
        refuse_if(outline[part["table"]][part["chunk"]] != known, "rows that are not those of the outline")
        outline[part["table"]][part["chunk"]] = "shown"
    return sha(canonical(entry["outline"]))


def refuse_if(wrong: bool, why: str) -> None:  # noqa: FBT001 - it is the question
    """Refuse what no bundle of ours holds."""
    if wrong:
        raise ValueError(why)


def link(previous: str, entry: dict[str, Any]) -> str:
    """Return the chain's next link."""
    refuse_if(set(entry) - {"seq"} not in FORMS, "a commit of no known form")
    body = entry["body"] if "body" in entry else sha(canonical([*entry["header"], facts_digest(entry)]))
    return sha(canonical([previous, entry["seq"], body]))


def chain_of(content: dict[str, Any]) -> tuple[int, str, bool]:
    """Return number and link of the last commit, and whether the numbers have no gap."""
    at, gapless, seq = content["before"], True, content["commits"][0]["seq"] - 1
    for entry in content["commits"]:
        gapless, seq = gapless and entry["seq"] == seq + 1, entry["seq"]
        at = link(at, entry)
    return seq, at, gapless


# --- what a bundle says ----------------------------------------------------------------------------------------------


def rows_of(content: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Return every row that a bundle shows, with its table, its cells by column."""
    columns = content["columns"]
    parts = [part for entry in content["commits"] for part in entry.get("shown", [])]
    shown = [(part["table"], cells) for part in parts for _, _, cells in part["rows"]]
    return [(t, {name: cells[i] for i, name in enumerate(columns[t])}) for t, cells in shown]


def history(content: dict[str, Any]) -> list[Finding]:
    """Check the rows of one ticket: its own only, raised once, versions without a gap."""
    rows = rows_of(content)
    raised = [row for table, row in rows if table == "tickets"]
    versions = [row["version"] for table, row in rows if table == "ticket_events"]
    foreign = [table for table, row in rows if row["ticket_id"] != content["ticket"]]
    n = len(versions)
    return [
        (not foreign and len(raised) == 1, "只含这一件诉求的记录", "only rows of this ticket, raised once"),
        (
            n > 0 and versions == list(range(1, n + 1)) and content["last_version"] == n,
            f"办理记录 {n} 步，序号 1 至 {n} 无缺",
            f"{n} events, versions 1 to {n} without a gap",
        ),
    ]


def tally(content: dict[str, Any]) -> list[Finding]:
    """Count a figure again from its list of cases."""
    groups: dict[str, list[int]] = {}
    for _, hit, *group in content["cases"]:
        counted = groups.setdefault(canonical(group).decode(), [0, 0])
        counted[0], counted[1] = counted[0] + hit, counted[1] + 1
    stated = {canonical(group).decode(): [n, of] for *group, n, of in content["groups"]}
    names = [case[0] for case in content["cases"]]
    whole = [sum(case[1] for case in content["cases"]), len(names)]
    hits = all(case[1] in (0, 1) for case in content["cases"])
    return [
        (names == sorted(set(names)), "每个个案只出现一次", "each case stands once"),
        (
            hits and whole == [content["n"], content["of"]] and groups == stated,
            f"{content['metric']} = {whole[0]}/{whole[1]}，与清单逐个相加一致",
            f"{content['metric']} = {whole[0]}/{whole[1]}, as the list of cases adds up",
        ),
    ]


def checkpoint(content: dict[str, Any], seq: int, chain: str) -> list[Finding]:
    """Check that the bundle ends at its checkpoint, and the checkpoint's signature."""
    code = f"{seq}-{chain[:4]}-{chain[4:8]}-{chain[8:12]}"
    found = [(code == content["code"], f"检查点 {code}，请与印出的核对", f"checkpoint {code}: compare it with print")]
    at = content["checkpoint"]
    if at is not None:
        lines = ["zoufang checkpoint 1", at["ledger"], str(at["seq"]), at["chain"], at["signed_at"], at["public_key"]]
        same = (at["format"], at["ledger"], at["seq"], at["chain"]) == (lines[0], content["ledger"], seq, chain)
        who = f"{at['key_id']}, {at['signed_at']}"
        found.append((same and signature(at, lines), f"检查点签名：密钥 {who}", f"checkpoint signed: key {who}"))
    return found


def check(files: dict[str, bytes], slip: dict[str, Any] | None = None) -> list[Finding]:
    """Check a bundle.

    Args:
        files: Its files by name.
        slip: Where one case stands in a figure, if that was handed out.

    Returns:
        Each finding with its sentence; all must be good.
    """
    content = json.loads(files["content.json"])
    found: list[Finding] = [
        (canonical(content) == files["content.json"], "内容为规范格式", "the content is in canonical form"),
        (
            {n: sha(d) for n, d in files.items() if n not in {"content.json", "signature.json"}} == content["files"],
            "说明和核对程序未改动",
            "README and checker are those that were put in",
        ),
    ]
    if content["kind"] == "ticket":
        seq, chain, gapless = chain_of(content)
        good = gapless and seq == content["as_of"]
        found.append((good, f"第 {content['commits'][0]['seq']} 至 {seq} 号提交首尾相接", f"the chain holds to {seq}"))
        found += history(content)
    else:
        seq, chain = content["as_of"], content["chain"]
        found += tally(content)
    found += checkpoint(content, seq, chain)
    if "signature.json" in files:
        by, digest = json.loads(files["signature.json"]), sha(files["content.json"])
        lines = ["zoufang bundle 1", digest, by["signed_at"], by["public_key"]]
        same = canonical(by) == files["signature.json"] and (by["format"], by["content"]) == (lines[0], digest)
        who = f"{by['key_id']}, {by['signed_at']}"
        found.append((same and signature(by, lines), f"整包签名：密钥 {who}", f"bundle signed: key {who}"))
    return [*found, *([] if slip is None else in_list(content, files, slip))]


def in_list(content: dict[str, Any], files: dict[str, bytes], slip: dict[str, Any]) -> list[Finding]:
    """Find one case in a figure's list."""
    name = sha(canonical([slip["opening"], slip["case"]]))
    mine = [case for case in content.get("cases", []) if case[0] == name]
    there = len(mine) == 1 and slip["figure"] == sha(files["content.json"])
    hit = "" if not mine else ("计入分子" if mine[0][1] else "未计入分子")
    counted = "" if not mine else ("counted as a hit" if mine[0][1] else "not counted as a hit")
    return [(there, f"个案 {slip['case']} 在清单中，{hit}", f"case {slip['case']} is in the list, {counted}")]


def read_slip(data: bytes) -> dict[str, Any]:
    """Read a slip."""
    slip = json.loads(data)
    refuse_if(not isinstance(slip, dict), "no slip")
    return dict(slip)


def unpack(path: str) -> dict[str, bytes]:
    """Read a bundle's files; each is compared with its CRC."""
    with zipfile.ZipFile(path) as archive:
        if sum(info.file_size for info in archive.infolist()) > LARGEST:
            raise ValueError("too large")
        if len(set(archive.namelist())) != len(archive.namelist()):
            raise ValueError("a name twice")
        return {name: archive.read(name) for name in archive.namelist()}


def main(words: list[str]) -> int:
    """Check the files that a command line names, and print what was found."""
    try:
        slip = read_slip(pathlib.Path(words[1]).read_bytes()) if len(words) > 1 else None
        found = check(unpack(words[0]), slip)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the file, it is no bundle
        print("不是可以核对的证明包 / no bundle:", type(error).__name__)  # noqa: T201 - a script
        return 2
    for good, zh, en in found:
        print("  好/ok " if good else "  坏/BAD", zh, "/", en)  # noqa: T201 - a script
    return 0 if all(good for good, _, _ in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
