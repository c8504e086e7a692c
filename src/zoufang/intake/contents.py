"""The bytes of a file that was handed in."""

from __future__ import annotations

from pathlib import Path

from zoufang.errors import FileError

MAX_FILE = 64 * 2**20


def content_of(path: Path) -> bytes:
    """Return a file's bytes, read once, so that what is parsed is what the digest speaks of.

    Args:
        path: The file.

    Returns:
        Its bytes, at most 64 MB.

    Raises:
        FileError: It cannot be opened or is larger than that.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MAX_FILE else b""
    except (OSError, ValueError) as error:
        raise FileError(
            file=path.name,
            problem_zh="无法打开；请检查路径和权限",
            problem_en="cannot be opened; check the path and its permissions",
        ) from error
    if size > MAX_FILE:
        raise FileError(
            file=path.name,
            problem_zh=f"超过 {MAX_FILE >> 20} MB；请拆分后导入",
            problem_en=f"has more than {MAX_FILE >> 20} MB; split it",
        )
    return content
