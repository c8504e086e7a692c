"""Key files: a private one that only its owner reads, and a public one for everybody."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from zoufang.errors import FileError
from zoufang.proof.signing import PublicKey, SigningKey

ONLY_OWNER = 0o600
PUBLIC = ".pub.pem"


def new_key(path: Path, passphrase: str | None = None) -> tuple[SigningKey, Path]:
    """Make a signing key and write both halves.

    Args:
        path: Where the private half goes, e.g. ``keys/office.pem``; its folder is made where it is missing.
        passphrase: Encrypts the private half; None leaves it open to whoever can read the file.

    Returns:
        The key, and the file of its public half: the same name with ``.pub.pem``.

    Raises:
        FileError: One of the files is there already, or cannot be written; a key is never overwritten.
        MissingPackageError: The extra ``secure`` is not installed.

    Plan: 五(三)
    """
    beside = path.with_suffix(PUBLIC)
    for one in (path, beside):
        if one.exists() or one.is_symlink():
            raise _there(one)
    key = SigningKey.new()
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_new(path, key.pem(passphrase), ONLY_OWNER)
    _write_new(beside, key.public.pem.encode(), 0o644)
    return key, beside


def load_key(path: Path, passphrase: str | None = None) -> SigningKey:
    """Open a signing key.

    Raises:
        FileError: There is no such file, or it is no signing key.
        PassphraseError: The passphrase is missing or wrong.
        MissingPackageError: The extra ``secure`` is not installed.
    """
    return SigningKey.from_pem(_read(path), passphrase, file=str(path))


def load_public_keys(paths: Iterable[Path]) -> dict[str, PublicKey]:
    """Return public keys by their ids.

    Args:
        paths: Files as :func:`new_key` writes them.

    Raises:
        FileError: One of them is no public key.
    """
    keys = (PublicKey.from_pem(_read(path).decode("ascii", "replace"), file=str(path)) for path in paths)
    return {key.id: key for key in keys}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileError(
            file=str(path), problem_zh=f"无法读取（{error.strerror}）", problem_en=f"cannot be read ({error.strerror})"
        ) from error


def _write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file that must not be there; its mode is right from the first moment on."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise _there(path) from None
    except OSError as error:
        raise FileError(
            file=str(path),
            problem_zh=f"无法写入（{error.strerror}）",
            problem_en=f"cannot be written ({error.strerror})",
        ) from error
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(handle)


def _there(path: Path) -> FileError:
    return FileError(
        file=str(path),
        problem_zh="已存在；密钥不会被覆盖，请另取文件名",
        problem_en="is there already; a key is never overwritten, name another file",
    )
