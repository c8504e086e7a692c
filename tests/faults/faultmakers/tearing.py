"""Torn writes: a ledger's files as a power cut may leave them, with the end of the write-ahead log cut or garbled."""

from __future__ import annotations

import shutil
from pathlib import Path
from random import Random


def copied(path: Path, to: Path) -> Path:
    """Copy a ledger and its log while it is in use, without the shared memory that a power cut also takes."""
    for suffix in ("", "-wal", "-shm"):
        there = to.with_name(to.name + suffix)
        there.unlink(missing_ok=True)
        if suffix != "-shm":
            shutil.copy(path.with_name(path.name + suffix), there)
    return to


def tear(path: Path, random: Random) -> str:
    """Spoil the write-ahead log of a ledger that nobody has open; return how."""
    log = path.with_name(path.name + "-wal")
    content = bytearray(log.read_bytes())
    at = random.randrange(len(content))
    how = random.choice(("cut", "garbled", "zeroed", "cut and filled"))
    length = min(random.choice((1, 64, 4096, 20_000)), len(content) - at)
    match how:
        case "cut":
            del content[at:]
        case "garbled":
            content[at : at + length] = bytes(byte ^ random.randrange(1, 256) for byte in content[at : at + length])
        case "zeroed":
            content[at : at + length] = bytes(length)
        case _:
            content[at:] = random.randbytes(len(content) - at)
    log.write_bytes(content)
    return how
