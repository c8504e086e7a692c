"""Master keys: where they come from, and how they wrap the keys of subjects. Their bytes are in no printed form."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NoReturn, Self

from attrs import frozen

from zoufang.errors import BadKeyError, FileError
from zoufang.ledger.cipher import KEY_BYTES, Cipher, aes_gcm, opened, sealed
from zoufang.typing import Text

MASTER = "ZOUFANG_MASTER_KEY"
"""Environment: the master key itself, 32 bytes in base64 or hexadecimal; with ``_FILE`` behind it a key file's path."""

FORMER = "ZOUFANG_FORMER_KEY"
"""Environment: the master key that is being replaced, needed until the rotation is at its end; also with ``_FILE``."""

_NOT_32 = Text("不是 32 字节的 base64 或十六进制", "it is not 32 bytes in base64 or hexadecimal")
_OPEN = Text("其他用户可以读取该文件，请执行 chmod 600", "others can read the file; run chmod 600")
_UNREAD = Text("文件无法读取", "the file cannot be read")
_LONGEST = 4096


class MasterKey:
    """A key that wraps the keys of subjects, and stands in no ledger, log, error or printed form.

    Args:
        raw: 32 random bytes.
        source: Where it comes from, for messages.

    Raises:
        BadKeyError: It is not of that length.
    """

    def __init__(self, raw: bytes, source: str = "MasterKey") -> None:
        if len(raw) != KEY_BYTES:
            raise BadKeyError(source=source, problem=_NOT_32)
        self.__raw = raw
        self.id: str = hmac.new(raw, b"zoufang master key", hashlib.sha256).hexdigest()[:16]
        """Fingerprint, from which the key cannot be told."""

    @classmethod
    def new(cls) -> Self:
        """Return a new random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def parsed(cls, text: str, source: str) -> Self:
        """Return the key that is written in base64 or hexadecimal.

        Raises:
            BadKeyError: It is neither, or not 32 bytes.
        """
        word = text.strip()
        for read in (bytes.fromhex, _from_base64):
            try:
                raw = read(word)
            except (ValueError, NotBase64):
                continue
            if len(raw) == KEY_BYTES:
                return cls(raw, source)
        raise BadKeyError(source=source, problem=_NOT_32)

    @classmethod
    def of_file(cls, path: Path) -> Self:
        """Return the key in a file that nobody else can read.

        Raises:
            BadKeyError: It cannot be read, others can read it, or it holds no key.
        """
        try:
            others = os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077
            text = path.read_bytes()[:_LONGEST].decode("ascii", "replace")
        except (OSError, ValueError):
            raise BadKeyError(source=str(path), problem=_UNREAD) from None
        if others:
            raise BadKeyError(source=str(path), problem=_OPEN)
        return cls.parsed(text, str(path))

    def write(self, path: Path) -> None:
        """Write the key to a new file that only its owner can read.

        Raises:
            FileError: There is something at that place, or it cannot be written.
        """
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(urlsafe_b64encode(self.__raw) + b"\n")
        except OSError:
            raise FileError(
                file=str(path),
                problem_zh="已经存在或无法写入；密钥文件从不覆盖，请换一个文件名",
                problem_en="is there already or cannot be written; a key file is never replaced, choose another name",
            ) from None

    @cached_property
    def _cipher(self) -> Cipher:
        return aes_gcm(self.__raw)

    def wrap(self, key: bytes, *place: str) -> str:
        """Return a key sealed under this one and bound to a place.

        Raises:
            MissingPackageError: `cryptography` is not installed.
        """
        return sealed(self._cipher, key, "zoufang key", self.id, *place)

    def unwrap(self, wrapped: str, *place: str) -> bytes | None:
        """Return the key that was wrapped, or None where it does not open.

        Raises:
            MissingPackageError: `cryptography` is not installed.
        """
        return opened(self._cipher, wrapped, "zoufang key", self.id, *place)

    def __repr__(self) -> str:
        return f"MasterKey({self.id})"

    def __reduce__(self) -> NoReturn:
        message = "a master key is not pickled"
        raise TypeError(message)


@frozen
class Keyring:
    """The master keys that a program holds.

    Args:
        current: Wraps what is new; None leaves a new ledger unencrypted.
        former: Opens what has not been wrapped anew yet.
    """

    current: MasterKey | None = None
    former: tuple[MasterKey, ...] = ()

    @classmethod
    def of_environment(cls, environment: Mapping[str, str] | None = None) -> Keyring:
        """Return the keys that the environment names, or an empty ring.

        Raises:
            BadKeyError: A variable or file that holds no key, or a key given twice over.
        """
        environment = os.environ if environment is None else environment
        former = _named(environment, FORMER)
        return cls(_named(environment, MASTER), () if former is None else (former,))

    @property
    def keys(self) -> Mapping[str, MasterKey]:
        """All keys by their fingerprints."""
        return {key.id: key for key in (*self.former, *(() if self.current is None else (self.current,)))}

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The fingerprints, the current key's last."""
        return tuple(self.keys)


def _named(environment: Mapping[str, str], name: str) -> MasterKey | None:
    said, path = environment.get(name, ""), environment.get(f"{name}_FILE", "")
    if said and path:
        problem = Text(f"与 {name}_FILE 同时给出，请只留一个", f"{name}_FILE is set too; keep one of them")
        raise BadKeyError(source=name, problem=problem)
    if path:
        return MasterKey.of_file(Path(path))
    return MasterKey.parsed(said, name) if said else None


def _from_base64(word: str) -> bytes:
    return b64decode(word.replace("-", "+").replace("_", "/"), validate=True)
