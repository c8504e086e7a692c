"""Reading CSV files: the encoding is tried in order and believed only when the header is known."""

from __future__ import annotations

import csv
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from io import StringIO

from attrs import frozen

from zoufang.errors import FileError, MissingColumnError
from zoufang.intake.grids import RawRow
from zoufang.intake.specs import SheetSpec
from zoufang.intake.tables import Table, table_of
from zoufang.intake.texts import undone

_CERTAIN = 9
"""So many bytes beyond ASCII that read as UTF-8 in a row are UTF-8, not GB18030 by chance."""


@frozen
class Decoded:
    """A CSV file's text.

    Args:
        text: The text.
        encoding: How it was written: ``utf-8-sig``, ``utf-8`` or ``gb18030``.
    """

    text: str
    encoding: str


def decoded(file: str, content: bytes, *, encoding: str | None = None) -> Decoded:
    """Decode a CSV file: by its mark, else strictly as UTF-8, else strictly as GB18030.

    Args:
        file: The file's name, for messages.
        content: Its bytes.
        encoding: A declared encoding; None tries them in order.

    Returns:
        The text and how it was written.

    Raises:
        FileError: It is none of the encodings, or two of them mixed.
    """
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE, b"PK\x03\x04")):
        raise _unknown_encoding(file)
    if content.startswith(BOM_UTF8):
        tries: tuple[str, ...] = ("utf-8-sig",)
    else:
        tries = ("utf-8", "gb18030") if encoding is None else (encoding,)
    for attempt in tries:
        try:
            text = content.decode(attempt)
        except (UnicodeDecodeError, LookupError):
            continue
        if attempt == "gb18030":
            _refuse_mixed(file, content)
        return Decoded(text, attempt)
    raise _unknown_encoding(file)


def _unknown_encoding(file: str) -> FileError:
    return FileError(
        file=file,
        problem_zh="不是 UTF-8 或 GB18030 编码的 CSV 文件；请另存为“CSV UTF-8”",
        problem_en="is no CSV file in UTF-8 or GB18030; save it as CSV UTF-8",
    )


def _refuse_mixed(file: str, content: bytes) -> None:
    """Refuse a file in which a line of UTF-8 was pasted among GB18030: it decodes without an error, wrongly."""
    for number, line in enumerate(content.split(b"\n"), 1):
        if sum(byte > 127 for byte in line) < _CERTAIN:
            continue
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            continue
        raise FileError(
            file=file,
            problem_zh=f"混用了两种编码（第 {number} 行是 UTF-8）；请统一另存为“CSV UTF-8”",
            problem_en=f"mixes two encodings (line {number} is UTF-8); save all of it as CSV UTF-8",
        )


def rows_of_text(file: str, text: str, delimiter: str = ",") -> Iterator[RawRow]:
    """Yield the rows of a CSV text, each with its number; quotes must be right, our own apostrophe is taken off.

    Args:
        file: The file's name, for messages.
        text: The text.
        delimiter: What separates cells.

    Returns:
        Rows; the number counts records, so that it is the row a spreadsheet shows.

    Raises:
        FileError: A quote is open or misplaced, with the line.
    """
    reader = csv.reader(StringIO(text, newline=""), strict=True, delimiter=delimiter)
    number = 0
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise FileError(
                file=file,
                problem_zh=f"第 {reader.line_num} 行的引号或换行不正确；请检查后重新导出",
                problem_en=f"line {reader.line_num} has a misplaced quote or line end; export it again",
            ) from error
        if cells is None:
            return
        number += 1
        yield number, [undone(cell) for cell in cells]


def csv_table(file: str, content: bytes, spec: SheetSpec) -> Table:
    """Find the header of a CSV file and return the table under it.

    Args:
        file: The file's name, for messages.
        content: Its bytes.
        spec: What its columns are, bound to a plan.

    Returns:
        The table, its rows not yet read.

    Raises:
        FileError: Its encoding or quoting is wrong.
        MissingColumnError: A required column is not there.
    """
    read = decoded(file, content)
    try:
        return table_of(file, spec, rows_of_text(file, read.text), ragged=False)
    except MissingColumnError as missing:
        if read.encoding == "gb18030" and not missing.found:
            raise _unknown_encoding(file) from missing
        raise
