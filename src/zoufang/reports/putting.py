"""Putting a file in its place: whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from zoufang.errors import FileError


@contextmanager
def put_in_place(path: Path) -> Iterator[Path]:
    """Give a path to write to; when the block ends well, the file stands at its own place, flushed to disk.

    The draft stands in a folder of its own beside the target, so that nothing half-written is ever seen, the
    last step is one rename, and private data never lies in the machine's shared temporary folder.

    Args:
        path: Where the file shall stand; an older file there is replaced, a symbolic link is refused.

    Returns:
        Where to write the draft.

    Raises:
        FileError: The place cannot be written, or is a symbolic link or a folder.
    """
    _check_place(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".draft-", dir=path.parent) as folder:
            draft = Path(folder) / path.name
            yield draft
            with draft.open("rb+") as written:
                os.fsync(written.fileno())
            os.replace(draft, path)  # noqa: PTH105 - the one call whose atomicity is documented
    except OSError as error:
        raise FileError(
            file=path.name,
            problem_zh=f"无法写入（{error.strerror}）；请检查文件夹权限、磁盘空间，并关闭正在打开它的程序",
            problem_en=f"cannot be written ({error.strerror}); check the folder, the disk, and programs that hold it",
        ) from error


def _check_place(path: Path) -> None:
    if "\0" in str(path) or path.name in {"", ".", ".."}:
        raise FileError(file=path.name, problem_zh="不是有效的文件名", problem_en="is not a file name")
    if path.is_symlink():
        raise FileError(
            file=path.name,
            problem_zh="是符号链接，不会覆盖；请先删除它",
            problem_en="is a symbolic link and is not replaced; remove it first",
        )
    if path.is_dir():
        raise FileError(
            file=path.name, problem_zh="是文件夹，不能覆盖", problem_en="is a folder and cannot be replaced"
        )
