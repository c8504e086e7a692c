"""ZIP archives from outside: what a damaged one makes the libraries raise, and how much one may unpack to."""

from __future__ import annotations

import lzma
import struct
import zlib
from zipfile import BadZipFile, ZipInfo

MAX_UNPACKED = 256 * 2**20
MAX_RATIO = 100
_RATIO_FROM = 2**20

FAULTS = (
    BadZipFile,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zlib.error,
)
"""Whatever opening and reading a damaged archive may raise, encryption and unknown ways of packing included."""


def blown_up(entry: ZipInfo) -> bool:
    """Say whether an entry claims to unpack to so many times its size that it is a trap."""
    return entry.file_size > _RATIO_FROM and entry.file_size > MAX_RATIO * entry.compress_size
