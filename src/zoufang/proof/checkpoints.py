"""Signed checkpoints: who says that a ledger stood where, in a small file that anybody can check."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from attrs import asdict, fields, frozen

from zoufang.errors import FileError, NotInChainError
from zoufang.facts import Checkpoint
from zoufang.ledger import GENESIS, Ledger, keyed_digest, wire_instant
from zoufang.proof.signing import PublicKey, SigningKey, key_id
from zoufang.typing import Seq

FORMAT = "zoufang checkpoint 1"
"""First line of what is signed, and the value of ``format`` in the file."""

LAST = 10**18 - 1
"""No commit has a higher number."""

LARGEST = 10_000
"""Bytes of a checkpoint's file at most."""

_SHAPES = {
    "ledger": r"[0-9a-f]{32}",
    "chain": r"[0-9a-f]{64}",
    "signed_at": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z",
    "public_key": r"[0-9a-f]{64}",
    "key_id": r"[0-9a-f]{16}",
    "signature": r"[0-9a-f]{128}",
}
_CODE = re.compile(r"([1-9]\d{0,17})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})")


@frozen
class SignedCheckpoint:
    """Where a ledger stood, signed.

    Args:
        ledger: Identity of the ledger, 32 hexadecimal digits.
        seq: The commit.
        chain: Its link.
        signed_at: Wire instant, by the signer's clock.
        public_key: The signer's public key, hexadecimal; trust comes from having it from elsewhere.
        key_id: The id of that key.
        signature: Ed25519 over :attr:`message`, hexadecimal.
    """

    ledger: str
    seq: Seq
    chain: str
    signed_at: str
    public_key: str
    key_id: str
    signature: str

    @property
    def checkpoint(self) -> Checkpoint:
        """The same without its signature."""
        return Checkpoint(seq=self.seq, chain=self.chain)

    @property
    def message(self) -> bytes:
        """What is signed: six lines in ASCII, each with its line feed."""
        return signed_bytes(self.ledger, self.checkpoint, self.signed_at, self.public_key)

    @property
    def genuine(self) -> bool:
        """True where the signature fits the key that the file names; whose key that is, it cannot say.

        Raises:
            MissingPackageError: The extra ``secure`` is not installed.
        """
        raw = bytes.fromhex(self.public_key)
        return key_id(raw) == self.key_id and PublicKey(raw).signed(self.message, bytes.fromhex(self.signature))

    def to_json(self) -> str:
        """Return the file's text."""
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1) + "\n"


@frozen
class ShortCode:
    """A checkpoint as it is printed: the number and twelve digits of the link.

    Args:
        seq: The commit.
        digits: The first twelve hexadecimal digits of its link.
    """

    seq: Seq
    digits: str

    @property
    def code(self) -> str:
        """As it is printed."""
        return Checkpoint(seq=self.seq, chain=self.digits).code


def signed_bytes(ledger: str, at: Checkpoint, signed_at: str, public_key: str) -> bytes:
    """Return what a checkpoint's signature is over."""
    lines = (FORMAT, ledger, str(at.seq), at.chain, signed_at, public_key)
    return "".join(f"{line}\n" for line in lines).encode("ascii")


def ledger_id(ledger: Ledger) -> str:
    """Return the identity of a ledger: it says nothing about its content, and stays as long as its key does."""
    return keyed_digest(ledger.seal_key, "zoufang ledger id")


def checkpoint_at(ledger: Ledger, seq: Seq | None = None) -> Checkpoint:
    """Return where a ledger stood at a commit, or stands now.

    Raises:
        NotInChainError: It has no such commit.
    """
    if seq is None:
        return ledger.head
    found = links(ledger, [seq])
    if seq not in found:
        raise NotInChainError(seq=seq)
    return Checkpoint(seq=seq, chain=found[seq])


def links(ledger: Ledger, seqs: list[Seq]) -> Mapping[Seq, str]:
    """Return the links of some commits, by number, as far as they are there."""
    c = ledger.tables.commits
    found = ledger.select(sa.select(c.c.seq, c.c.chain).where(c.c.seq.in_(sorted(set(seqs)))))
    return {Seq(seq): chain for seq, chain in found}


def sign_checkpoint(ledger: Ledger, key: SigningKey, at: datetime, seq: Seq | None = None) -> SignedCheckpoint:
    """Sign where a ledger stood.

    Args:
        ledger: The ledger.
        key: Who signs.
        at: When it is signed, aware.
        seq: The commit; the last one if None.

    Raises:
        NotInChainError: There is no such commit, or no commit at all.

    Plan: 五(三)
    """
    where = checkpoint_at(ledger, seq)
    if where == GENESIS:
        raise NotInChainError(seq=0)
    ledger_, when, public = ledger_id(ledger), wire_instant(at), key.public
    signature = key.sign(signed_bytes(ledger_, where, when, public.raw.hex()))
    return SignedCheckpoint(ledger_, where.seq, where.chain, when, public.raw.hex(), public.id, signature.hex())


def read_checkpoint(given: str) -> SignedCheckpoint | ShortCode:
    """Read a checkpoint from its file, or from the short code that stands on paper.

    Args:
        given: The path of a file, or a code such as ``125-6fd5-3438-0c67``.

    Raises:
        FileError: It is neither.
    """
    code = _CODE.fullmatch(given.strip().lower())
    if code is not None:
        return ShortCode(Seq(int(code[1])), "".join(code.groups()[1:]))
    path = Path(given)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise FileError(
            file=given,
            problem_zh=f"无法读取（{error.strerror}），也不是 125-6fd5-3438-0c67 这样的检查点短码",
            problem_en=f"cannot be read ({error.strerror}), and is no short code such as 125-6fd5-3438-0c67",
        ) from error
    return checkpoint_from(content, file=given)


def checkpoint_from(content: bytes, *, file: str) -> SignedCheckpoint:
    """Read a checkpoint from the content of its file.

    Raises:
        FileError: It is no checkpoint; nothing but the exact fields is taken.
    """
    try:
        values: Any = json.loads(content[: LARGEST + 1], object_pairs_hook=_once)
    except (ValueError, RecursionError):
        values = None
    names = {"format", *(a.name for a in fields(SignedCheckpoint))}
    if len(content) > LARGEST or not isinstance(values, dict) or set(values) != names or values["format"] != FORMAT:
        raise _no_checkpoint(file, "format")
    del values["format"]
    for name, shape in _SHAPES.items():
        if not isinstance(values[name], str) or re.fullmatch(shape, values[name], re.ASCII) is None:
            raise _no_checkpoint(file, name)
    if type(values["seq"]) is not int or not 1 <= values["seq"] <= LAST:
        raise _no_checkpoint(file, "seq")
    return SignedCheckpoint(**values)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        message = "a name twice"
        raise ValueError(message)
    return made


def _no_checkpoint(file: str, name: str) -> FileError:
    return FileError(
        file=file,
        problem_zh=f"不是检查点文件（{name} 不对）；检查点文件由 zoufang checkpoint 写出",
        problem_en=f"is no checkpoint ({name} is not right); zoufang checkpoint writes such files",
    )
