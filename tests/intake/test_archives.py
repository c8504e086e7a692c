"""Archives from outside: workbooks and bundles are refused by one and the same rule."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from zoufang.errors import BundleError, FileError
from zoufang.intake.archives import blown_up
from zoufang.intake.packages import open_package
from zoufang.proof.bundles import unpacked

MEGABYTE = 2**20


@pytest.mark.parametrize(
    ("unpacked", "packed", "trap"),
    [(MEGABYTE, 1, False), (MEGABYTE + 1, MEGABYTE // 100 + 1, False), (MEGABYTE + 1, MEGABYTE // 100, True)],
)
def test_a_trap_is_large_and_packed_more_than_a_hundredfold(unpacked: int, packed: int, *, trap: bool) -> None:
    """Up to a megabyte nothing is; above it, what claims more than a hundred times its size."""
    entry = ZipInfo("a")
    entry.file_size, entry.compress_size = unpacked, packed
    assert blown_up(entry) is trap


def test_a_trap_is_refused_as_a_workbook_and_as_a_bundle() -> None:
    """Two megabytes of nothing, packed a thousandfold: both doors name their own file, and neither unpacks it."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("content.json", bytes(2 * MEGABYTE))
    with pytest.raises(FileError, match="100:1"), open_package("w.xlsx", out.getvalue()):
        pass
    with pytest.raises(BundleError, match="too large"):
        unpacked(out.getvalue(), file="b.zip")
