"""CSV files: their encodings, their quotes, and what a spreadsheet does to them."""

from __future__ import annotations

import codecs
from datetime import date
from pathlib import Path

import pytest

from zoufang.errors import BadCellsError, FileError, MissingColumnError
from zoufang.intake import CALLS, LETTERS, read_calls, read_letters
from zoufang.model import CampaignPlan, Source, Ticket
from zoufang.reports.cells import write_csv

HEADER = ",".join(LETTERS.headers)
ROW = "L-1,2023-03-01,王某,C01,教育,学校太远"


def letters_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """Write letters.csv in an encoding."""
    path = folder / "letters.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_each_encoding_of_an_office_is_understood(encoding: str, tmp_path: Path, plan: CampaignPlan) -> None:
    """With or without a mark, UTF-8 or GB18030: the same letter comes out."""
    path = letters_file(tmp_path, f"{HEADER}\r\n{ROW}\r\n", encoding)
    assert read_letters(path, plan).items == (
        Ticket(
            id="L-1",
            source=Source.LETTER,
            source_id="L-1",
            on=date(2023, 3, 1),
            topic_id="education",
            area_id="C01",
            said="学校太远",
            contact="王某",
        ),
    )


def test_a_line_of_another_encoding_is_refused(tmp_path: Path, plan: CampaignPlan) -> None:
    """A line of UTF-8 pasted among GBK decodes without an error, wrongly; it is found and its line named."""
    path = tmp_path / "letters.csv"
    path.write_bytes(f"{HEADER}\r\n{ROW}\r\n".encode("gbk") + ROW.replace("L-1", "L-2").encode("utf-8"))
    with pytest.raises(FileError, match="line 3 is UTF-8"):
        read_letters(path, plan)


def test_a_header_that_became_other_letters_is_refused(tmp_path: Path, plan: CampaignPlan) -> None:
    """UTF-8 that is broken further down is not read as GB18030."""
    path = tmp_path / "letters.csv"
    path.write_bytes(f"{HEADER}\r\n".encode() + ROW.encode("gbk"))
    with pytest.raises(FileError):
        read_letters(path, plan)


@pytest.mark.parametrize(
    "content", [codecs.BOM_UTF16_LE + HEADER.encode("utf-16-le"), b"\xff\xff\xff\xff", b"PK\x03\x04"]
)
def test_other_content_is_refused(content: bytes, tmp_path: Path, plan: CampaignPlan) -> None:
    """UTF-16, plain bytes and a renamed workbook are refused with what to do."""
    path = tmp_path / "letters.csv"
    path.write_bytes(content)
    with pytest.raises(FileError, match="CSV UTF-8"):
        read_letters(path, plan)


def test_a_missing_column_never_shows_a_row_of_data(tmp_path: Path, plan: CampaignPlan) -> None:
    """A file without a header has a person in its first row; the message lists nothing of it."""
    with pytest.raises(MissingColumnError) as refused:
        read_letters(letters_file(tmp_path, ROW), plan)
    assert refused.value.found == ()


@pytest.mark.parametrize("row", ['L-1,2023-03-01,"王某,C01,教育,x', 'L-1,2023-03-01,"王"某,C01,教育,x'])
def test_a_misplaced_quote_is_refused_with_its_line(row: str, tmp_path: Path, plan: CampaignPlan) -> None:
    """An open quote would swallow the rest of the file."""
    with pytest.raises(FileError, match="line 2"):
        read_letters(letters_file(tmp_path, f"{HEADER}\n{row}\n"), plan)


def test_a_row_with_more_cells_than_the_header_is_bad(tmp_path: Path, plan: CampaignPlan) -> None:
    """A comma that was not quoted has moved the cells."""
    reading = read_letters(letters_file(tmp_path, f"{HEADER}\n{ROW},很远\n{ROW}\n"), plan, strict=False)
    assert [(bad.row, bad.code) for bad in reading.bad] == [(2, "ragged")]
    assert (reading.n_rows, len(reading.items)) == (2, 1)


def test_a_line_break_inside_quotes_is_part_of_the_words(tmp_path: Path, plan: CampaignPlan) -> None:
    """Rows are counted as records, as a spreadsheet shows them."""
    text = f'{HEADER}\nL-1,2023-03-01,,,教育,"一\r\n二"\nL-2,坏日期,,,教育,x\n'
    reading = read_letters(letters_file(tmp_path, text), plan, strict=False)
    assert reading.items[0].said == "一\n二"
    assert [bad.row for bad in reading.bad] == [3]


def test_a_number_that_a_spreadsheet_shortened_is_bad(tmp_path: Path, plan: CampaignPlan) -> None:
    """3.70811E+17 has lost its digits."""
    text = f"{HEADER}\n{ROW.replace('L-1', '3.70811E+17')}\n"
    with pytest.raises(BadCellsError, match="lost digits"):
        read_letters(letters_file(tmp_path, text), plan)


def test_the_same_number_twice_is_bad(tmp_path: Path, plan: CampaignPlan) -> None:
    """Good and bad rows add up to all."""
    reading = read_letters(letters_file(tmp_path, f"{HEADER}\n{ROW}\n{ROW}\n"), plan, strict=False)
    assert (reading.n_rows, len(reading.items), [bad.code for bad in reading.bad]) == (2, 1, ["duplicate"])


def test_a_formula_in_the_words_comes_back_as_it_was_said(tmp_path: Path, plan: CampaignPlan) -> None:
    """What we neutralise in writing we undo in reading."""
    said = '=HYPERLINK("http://evil","点我")'
    row = ["H-1", date(2023, 3, 1), "", "+8613812345678", "C01", None, "教育", said]
    path = write_csv(tmp_path / "hotline.csv", CALLS.headers, [row])
    assert f'"\'{said.replace(chr(34), chr(34) * 2)}"' in path.read_text(encoding="utf-8-sig")
    (call,) = read_calls(path, plan).items
    assert (call.said, call.contact, call.source) == (said, "+8613812345678", Source.CALL)
