"""The bundle as a file: canonical content, a text that explains it, the checker, and a signature over the content."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files as resource
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from attrs import frozen

from zoufang.errors import BundleError
from zoufang.facts import BY_NAME
from zoufang.intake.archives import FAULTS, MAX_UNPACKED, blown_up
from zoufang.ledger import wire_instant
from zoufang.proof import checker
from zoufang.proof.checkpoints import SignedCheckpoint
from zoufang.proof.signing import PublicKey, SigningKey
from zoufang.typing import Text

FORMAT = "zoufang bundle 1"
CONTENT, SIGNATURE, README, CHECKER = "content.json", "signature.json", "README.md", "check.py"
KNOWN = frozenset({CONTENT, SIGNATURE, README, CHECKER})
MADE = (2000, 1, 1, 0, 0, 0)

_MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@frozen
class Finding:
    """One thing that was checked.

    Args:
        good: True where it is in order.
        text: What was checked, in both languages.
    """

    good: bool
    text: Text


@frozen
class BundleVerdict:
    """What checking a bundle came to.

    Args:
        kind: ticket or figure.
        findings: Everything that was checked.
        signed_by: Ids of the keys whose good signatures it bears; empty without any.
        code: The short code of the checkpoint that it is bound to, to be compared with print.
    """

    kind: str
    findings: tuple[Finding, ...]
    signed_by: tuple[str, ...]
    code: str

    @property
    def ok(self) -> bool:
        """True where everything that could be checked is in order."""
        return all(finding.good for finding in self.findings)


def packed(
    content: Mapping[str, Any], *, checkpoint: SignedCheckpoint | None, key: SigningKey | None, at: datetime
) -> bytes:
    """Return a bundle as a ZIP file; the same bytes for the same arguments.

    Args:
        content: What it says, without format, checkpoint and the digests of its files.
        checkpoint: The signed checkpoint that it ends at, if there is one.
        key: Signs the whole; None leaves it unsigned.
        at: When it is signed, aware.
    """
    beside = {name: resource("zoufang.proof").joinpath(source).read_bytes() for name, source in _SOURCES.items()}
    signed = None if checkpoint is None else json.loads(checkpoint.to_json())
    whole = checker.canonical(
        {
            "format": FORMAT,
            **content,
            "checkpoint": signed,
            "files": {name: checker.sha(data) for name, data in beside.items()},
        }
    )
    files = {README: beside[README], CHECKER: beside[CHECKER], CONTENT: whole}
    if key is not None:
        files[SIGNATURE] = _signature(checker.sha(whole), key, at)
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = ZipInfo(name, MADE)
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return out.getvalue()


_SOURCES = {README: "bundle-readme.md", CHECKER: "checker.py"}


def _signature(digest: str, key: SigningKey, at: datetime) -> bytes:
    when, public = wire_instant(at), key.public
    lines = (FORMAT, digest, when, public.raw.hex())
    signature = key.sign("".join(f"{line}\n" for line in lines).encode("ascii"))
    values = {
        "format": FORMAT,
        "content": digest,
        "signed_at": when,
        "public_key": public.raw.hex(),
        "key_id": public.id,
        "signature": signature.hex(),
    }
    return checker.canonical(values)


def unpacked(data: bytes, *, file: str) -> dict[str, bytes]:
    """Return a bundle's files.

    Raises:
        BundleError: It is no ZIP file, is too large, or holds other files than a bundle does.
    """
    try:
        with ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            if any(map(blown_up, infos)) or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise BundleError(file=file, problem_zh="过大", problem_en="too large")
            if len(set(names)) != len(names) or not KNOWN - {SIGNATURE} <= set(names) <= KNOWN:
                raise BundleError(file=file, problem_zh="文件不全或多余", problem_en="files are missing or too many")
            return {name: archive.read(name) for name in names}
    except FAULTS as error:
        raise _damaged(file) from error


def verify_bundle(
    data: bytes, *, file: str, keys: Mapping[str, PublicKey] | None = None, slip: bytes | None = None
) -> BundleVerdict:
    """Check a bundle, offline and without the ledger.

    Args:
        data: The file's bytes.
        file: Its name, for messages.
        keys: The public keys that are known, by id: then the bundle must be signed, and by them. None asks for no
            signature; one that is there must fit its own key.
        slip: A slip of :func:`zoufang.proof.figures.slip`, to find one's own case in a figure.

    Returns:
        Everything that was checked. What that proves and what it cannot stands in the bundle's README.

    Raises:
        BundleError: It is no bundle.

    Plan: 一, 五(三)
    """
    files = unpacked(data, file=file)
    try:
        content = json.loads(files[CONTENT])
        paper = None if slip is None else checker.read_slip(slip)
        found = [Finding(bool(good), Text(zh, en)) for good, zh, en in checker.check(files, paper)]
        found += _known_shape(content, files)
        signers = _signers(content, files)
        if keys is not None:
            found.append(Finding(SIGNATURE in files, Text("整包有签名", "the bundle is signed as a whole")))
            found += [_known_key(name, raw, keys) for name, raw in signers.items()]
        good = tuple(signers) if all(finding.good for finding in found) else ()
        return BundleVerdict(str(content["kind"]), tuple(found), good, str(content["code"]))
    except _MALFORMED as error:
        raise _damaged(file) from error


def _known_shape(content: Mapping[str, Any], files: Mapping[str, bytes]) -> list[Finding]:
    """Check what the stand-alone checker takes on trust: formats, the names of columns, the checker itself."""
    right = content["format"] == FORMAT and content["kind"] in {"ticket", "figure"}
    named = all(tuple(names) == BY_NAME[table].names for table, names in content.get("columns", {}).items())
    ours = resource("zoufang.proof").joinpath("checker.py").read_bytes() == files[CHECKER]
    return [
        Finding(right and named, Text("格式和列名为本系统所定", "format and columns are this program's")),
        Finding(ours, Text("所附核对程序与本系统的一致", "the enclosed checker is this program's")),
    ]


def _signers(content: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, bytes]:
    signed = [content["checkpoint"]] if content["checkpoint"] else []
    signed += [json.loads(files[SIGNATURE])] if SIGNATURE in files else []
    return {one["key_id"]: bytes.fromhex(one["public_key"]) for one in signed}


def _known_key(name: str, raw: bytes, keys: Mapping[str, PublicKey]) -> Finding:
    known = name in keys and keys[name].raw == raw
    if known:
        return Finding(good=True, text=Text(f"密钥 {name} 是已知的", f"key {name} is known"))
    return Finding(good=False, text=Text(f"密钥 {name} 不在已知公钥之列", f"key {name} is not known"))


def _damaged(file: str) -> BundleError:
    return BundleError(file=file, problem_zh="文件损坏或不是证明包", problem_en="damaged, or something else")
