"""Workbooks: what is refused, what is set aside, and what is understood."""

from __future__ import annotations

import time
import zipfile
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zoufang.errors import BadCellsError, FileError, MissingColumnError
from zoufang.intake import VISITS, read_visits
from zoufang.model import CampaignPlan, Channel, Outcome, Visit

VISIT = ["V-1", "2023-03-01", "09:30", 15, "T-1", "P-1", "C01", "上门", "见到", "是", None, None]


def changed(**cells: Any) -> list[Any]:
    """Return the good row with some cells changed, by column id."""
    row = list(VISIT)
    for column, value in cells.items():
        row[VISITS.ids.index(column)] = value
    return row


def repacked(path: Path, part: str, change: Any) -> Path:
    """Change the text of one part of a workbook's package."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def only_bad(path: Path, plan: CampaignPlan) -> tuple[str, int, str, str]:
    """Return sheet, row, column and code of the one bad row of a file whose other rows are good."""
    visits, findings = read_visits(path, plan, strict=False)
    (bad,) = visits.bad + findings.bad
    assert len(visits.items) + len(visits.bad) == visits.n_rows
    assert len(findings.items) + len(findings.bad) == findings.n_rows
    return bad.sheet, bad.row, bad.column, bad.code


def test_a_row_becomes_a_visit(visits_file: Any, plan: CampaignPlan) -> None:
    """Each cell of a row becomes what the template says."""
    visits, _ = read_visits(visits_file([changed(made_known="法律法规、党的路线方针政策")]), plan)
    assert visits.items == (
        Visit(
            id="V-1",
            target_id="T-1",
            on=date(2023, 3, 1),
            channel=Channel.DOOR,
            outcome=Outcome.MET,
            visitor_id="P-1",
            unit_id="C01",
            minute=570,
            minutes=15,
            no_demand=True,
            made_known=("laws", "party_line"),
        ),
    )
    assert (visits.file, visits.sheets, visits.n_rows, visits.bad) == ("visits-C01-w01.xlsx", ("走访",), 1, ())


@pytest.mark.parametrize(
    "written",
    [
        "2023-03-01", "2023/3/1", "2023.3.1", "2023年3月1日", "２０２３－０３－０１",
        " 2023-03-01\u200b", "\u00a02023-03-01",
        date(2023, 3, 1), datetime(2023, 3, 1, 9, 5), 44986, 44986.5,  # noqa: DTZ001 - a workbook knows no time zone
    ],
)  # fmt: skip
def test_a_day_is_understood_in_each_listed_form(written: Any, visits_file: Any, plan: CampaignPlan) -> None:
    """Text in four forms, full-width digits, a date cell and a serial number all mean 1 March 2023."""
    visits, _ = read_visits(visits_file([changed(on=written)]), plan)
    assert visits.items[0].on == date(2023, 3, 1)


@pytest.mark.parametrize(
    "written",
    ["2023-02-30", "3月1日", "23-3-1", "01/03/2023", "2023-03-1²", "2023-3/1", "20230301", 20230301, 2023, True],
)
def test_what_is_no_day_is_set_aside(written: Any, visits_file: Any, plan: CampaignPlan) -> None:
    """A day that is not in the calendar, or in a form that is not listed, is never guessed."""
    assert only_bad(visits_file([VISIT, changed(id="V-2", on=written)]), plan) == ("走访", 3, "走访日期", "bad_day")


def test_days_counted_from_1904_are_understood(visits_file: Any, plan: CampaignPlan) -> None:
    """In a workbook that counts from 1904, serial 43524 is 1 March 2023."""

    def from_1904(book: Any) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    visits, _ = read_visits(visits_file([changed(on=43524)], finish=from_1904), plan)
    assert visits.items[0].on == date(2023, 3, 1)


@pytest.mark.parametrize("written", ["09:30", "9:30", "09:30:00", "０９：３０", clock(9, 30), 0.395833333333])
def test_a_time_is_understood(written: Any, visits_file: Any, plan: CampaignPlan) -> None:
    """Text, a time cell and a fraction of a day all mean half past nine."""
    visits, _ = read_visits(visits_file([changed(minute=written)]), plan)
    assert visits.items[0].minute == 570


@pytest.mark.parametrize("written", ["24:00", "9.30", "上午", 9.5])
def test_what_is_no_time_is_set_aside(written: Any, visits_file: Any, plan: CampaignPlan) -> None:
    """A time outside the day or in another form is set aside."""
    assert only_bad(visits_file([changed(minute=written)]), plan) == ("走访", 2, "开始时间", "bad_time")


def test_a_long_number_typed_as_a_number_is_set_aside(visits_file: Any, plan: CampaignPlan) -> None:
    """An 18-digit number kept as a number has lost digits; as text it is whole."""
    rows = [changed(id="370811199001011234"), changed(id=370811199001011234)]
    assert only_bad(visits_file(rows), plan) == ("走访", 3, "记录编号", "digits_lost")


def test_a_short_number_is_an_id(visits_file: Any, plan: CampaignPlan) -> None:
    """A spreadsheet that made a number of an id did no harm while it is short."""
    visits, _ = read_visits(visits_file([changed(id=20230001, target_id="Ｔ－１")]), plan)
    assert (visits.items[0].id, visits.items[0].target_id) == ("20230001", "T-1")


@pytest.mark.parametrize(
    ("column", "written", "code"),
    [
        ("id", date(2023, 3, 1), "bad_id"),
        ("id", 1.5, "bad_id"),
        ("id", "V 1", "bad_id"),
        ("id", None, "missing"),
        ("target_id", " \u3000\u200b", "missing"),
        ("minutes", 1.5, "bad_int"),
        ("minutes", "15分", "bad_int"),
        ("minutes", -1, "bad_int"),
        ("minutes", "²", "bad_int"),
        ("channel", "敲门", "unknown_choice"),
        ("no_demand", "无", "unknown_choice"),
        ("made_known", "法律法规、天气", "unknown_choice"),
    ],
)
def test_a_bad_cell_is_named_by_its_place(
    column: str, written: Any, code: str, visits_file: Any, plan: CampaignPlan
) -> None:
    """Sheet, row and header lead to the cell; the other rows are read."""
    path = visits_file([VISIT, changed(**({"id": "V-2"} | {column: written}))])
    assert only_bad(path, plan) == ("走访", 3, VISITS.column(column).header, code)


def test_an_unknown_choice_lists_what_is_allowed_and_never_what_was_typed(visits_file: Any, plan: CampaignPlan) -> None:
    """The message helps to mend the cell and cannot carry somebody's name."""
    visits, _ = read_visits(visits_file([changed(channel="王大锤13812345678")]), plan, strict=False)
    assert visits.bad[0].problem.zh == "不在列表中；可填：上门、征求意见表、家访、电话"
    assert "138" not in str(visits.bad)


def test_a_label_that_holds_a_separator_is_one_label(visits_file: Any, plan: CampaignPlan) -> None:
    """法治观念、发展意识、文明新风 is one message, not three."""
    row = changed(made_known="法治观念、发展意识、文明新风，法律法规")
    visits, _ = read_visits(visits_file([row]), plan)
    whole = next(message.id for message in plan.messages if message.label.zh == "法治观念、发展意识、文明新风")
    assert visits.items[0].made_known == (whole, "laws")


def test_words_keep_their_punctuation(visits_file: Any, plan: CampaignPlan) -> None:
    """What a person said is kept as it was typed, but for unseen characters and outer spaces."""
    finding = ["V-1", 1, "诉求", "教育", " 学校“太远”，\u200b怎么办？（急）\n第二行 ", "否", None]
    _, findings = read_visits(visits_file([VISIT], [finding]), plan)
    assert findings.items[0].said == "学校“太远”，怎么办？（急）\n第二行"


def test_all_or_nothing_is_the_default(visits_file: Any, plan: CampaignPlan) -> None:
    """One bad row refuses the file, with the count and up to five places."""
    path = visits_file([VISIT, changed(id="V-2", channel="?"), changed(id="V-3", on="x")])
    with pytest.raises(BadCellsError) as refused:
        read_visits(path, plan)
    assert refused.value.n_bad == 2
    first, second = refused.value.first.zh.split("；表")
    assert first.startswith("表“走访”第 3 行“走访方式”列：不在列表中")
    assert second.startswith("“走访”第 4 行“走访日期”列：")


def test_a_refusal_tells_of_no_more_than_five_rows(visits_file: Any, plan: CampaignPlan) -> None:
    """Of seven bad rows it counts all and shows the first five, on lines 2 to 6."""
    path = visits_file([changed(id=f"V-{n}", channel="?") for n in range(7)])
    with pytest.raises(BadCellsError) as refused:
        read_visits(path, plan)
    assert refused.value.n_bad == 7
    assert refused.value.first.zh.count("“走访方式”列") == 5
    assert "第 6 行" in refused.value.first.zh
    assert "第 7 行" not in refused.value.first.zh


def test_a_number_twice_in_a_file_is_a_bad_row(visits_file: Any, plan: CampaignPlan) -> None:
    """The first row of a number stands, the second is set aside."""
    path = visits_file([VISIT, changed(outcome="拒访")])
    visits, _ = read_visits(path, plan, strict=False)
    assert [visit.outcome for visit in visits.items] == [Outcome.MET]
    assert only_bad(path, plan) == ("走访", 3, "记录编号", "duplicate")


def test_a_finding_of_no_visit_is_a_bad_row(visits_file: Any, plan: CampaignPlan) -> None:
    """A finding belongs to a good visit of the same workbook."""
    rows = [["V-1", 1, "诉求", "教育", "", "", ""], ["V-9", 1, "诉求", "教育", "", "", ""]]
    assert only_bad(visits_file([VISIT], rows), plan) == ("诉求", 3, "记录编号", "unknown_visit")


def test_a_finding_twice_is_a_bad_row(visits_file: Any, plan: CampaignPlan) -> None:
    """Record number and ordinal together appear once."""
    rows = [["V-1", 1, "诉求", "教育", "", "", ""], ["V-1", 1, "建议", "医疗", "", "", ""]]
    assert only_bad(visits_file([VISIT], rows), plan)[3] == "duplicate"


def test_columns_are_found_by_name(visits_file: Any, plan: CampaignPlan) -> None:
    """Columns stand in any order; one that no template has is not read, and reported."""
    headers, row = [*reversed(VISITS.headers), "天气"], [*reversed(VISIT), "晴"]
    visits, _ = read_visits(visits_file([row], headers=headers), plan)
    assert visits.items[0].id == "V-1"
    assert [remark.zh for remark in visits.remarks] == ["表“走访”的这些列未读取：天气"]


def test_the_header_may_stand_in_the_first_five_rows(visits_file: Any, plan: CampaignPlan) -> None:
    """A title above the header does not matter, and rows keep the numbers a spreadsheet shows."""

    def titled(book: Any) -> None:
        book["走访"].insert_rows(1, amount=4)
        book["走访"]["A1"] = "黄屯街道走访登记表"

    assert only_bad(visits_file([changed(on="x")], finish=titled), plan) == ("走访", 6, "走访日期", "bad_day")


def test_a_missing_column_is_named(visits_file: Any, plan: CampaignPlan) -> None:
    """Without a required column nothing is read; the message says which are there."""
    headers = ["记录号", *VISITS.headers[1:]]
    with pytest.raises(MissingColumnError) as refused:
        read_visits(visits_file([VISIT], headers=headers), plan)
    assert (refused.value.sheet, refused.value.column) == ("走访", "记录编号")
    assert "记录号" in refused.value.found


def test_a_merged_header_is_a_missing_column(visits_file: Any, plan: CampaignPlan) -> None:
    """A header cell that covers two columns names only one of them."""

    def merged(book: Any) -> None:
        book["走访"].merge_cells("A1:B1")

    with pytest.raises(MissingColumnError) as refused:
        read_visits(visits_file([VISIT], finish=merged), plan)
    assert refused.value.column == "走访日期"


def test_a_column_twice_is_refused(visits_file: Any, plan: CampaignPlan) -> None:
    """Nobody can say which of two columns of one name counts."""
    with pytest.raises(FileError, match="twice"):
        read_visits(visits_file([[*VISIT, "x"]], headers=[*VISITS.headers, "备注"]), plan)


def test_hidden_sheets_are_not_read_and_are_reported(visits_file: Any, plan: CampaignPlan) -> None:
    """What nobody sees is not imported without a word."""

    def hide(book: Any) -> None:
        book.create_sheet("旧数据").sheet_state = "hidden"

    visits, _ = read_visits(visits_file([VISIT], finish=hide), plan)
    assert [remark.zh for remark in visits.remarks] == ["隐藏的工作表未读取：旧数据"]


def test_a_missing_sheet_is_named(visits_file: Any, plan: CampaignPlan) -> None:
    """The message says which sheets there are."""

    def rename(book: Any) -> None:
        book["诉求"].title = "问题"

    with pytest.raises(FileError, match="诉求; found: 走访、问题"):
        read_visits(visits_file([VISIT], finish=rename), plan)


def test_blank_rows_are_no_rows(visits_file: Any, plan: CampaignPlan) -> None:
    """Rows that hold nothing, or only spaces, count neither as good nor as bad."""
    path = visits_file([VISIT, [None] * 12, [" "] * 12, changed(id="V-2"), [None] * 12])
    visits, _ = read_visits(path, plan)
    assert (visits.n_rows, len(visits.items)) == (2, 2)


def test_a_formula_without_a_stored_result_is_set_aside(visits_file: Any, plan: CampaignPlan) -> None:
    """A workbook made by a program holds formulas that nobody has computed; empty would be a lie."""
    assert only_bad(visits_file([changed(minutes="=5+10")]), plan) == ("走访", 2, "时长分钟", "no_result")


def test_an_error_value_is_set_aside(visits_file: Any, plan: CampaignPlan) -> None:
    """#N/A is no id."""

    def spoil(book: Any) -> None:
        book["走访"]["E2"].value = "#N/A"
        book["走访"]["E2"].data_type = "e"

    assert only_bad(visits_file([VISIT], finish=spoil), plan) == ("走访", 2, "对象编号", "error_value")


def test_a_wrong_dimension_loses_no_row(visits_file: Any, plan: CampaignPlan) -> None:
    """What a sheet says about its own size is not believed."""
    path = visits_file([changed(id=f"V-{i}") for i in range(100)])
    repacked(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'ref="A1:L101"', b'ref="A1:B2"'))
    visits, _ = read_visits(path, plan)
    assert len(visits.items) == 100


def test_one_far_cell_is_refused_at_once(visits_file: Any, plan: CampaignPlan) -> None:
    """A cell at XFD1048576 makes no program read seventeen thousand million cells."""

    def far(book: Any) -> None:
        book["走访"]["XFD1048576"] = "x"

    path = visits_file([VISIT], finish=far)
    start = time.perf_counter()
    with pytest.raises(FileError, match="beyond column"):
        read_visits(path, plan)
    assert time.perf_counter() - start < 2


def test_a_zip_bomb_is_refused_from_its_directory(visits_file: Any, plan: CampaignPlan) -> None:
    """A part that unpacks to more than a hundred times its size is never unpacked."""
    path = repacked(visits_file([VISIT]), "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 20_000_000)
    with pytest.raises(FileError, match="100:1"):
        read_visits(path, plan)


def test_too_many_parts_are_refused(visits_file: Any, plan: CampaignPlan) -> None:
    """A package of thousands of parts is no workbook of ours."""
    path = visits_file([VISIT])
    with zipfile.ZipFile(path, "a") as archive:
        for i in range(2_001):
            archive.writestr(f"junk/{i}", b"")
    with pytest.raises(FileError, match="2000 parts"):
        read_visits(path, plan)


def test_an_entity_is_refused(visits_file: Any, plan: CampaignPlan) -> None:
    """No entity is ever expanded, neither a bomb nor another file."""
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    path = repacked(
        visits_file([VISIT]),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"<worksheet", bomb + b"<worksheet", 1),
    )
    with pytest.raises(FileError, match=r"visits-C01-w01\.xlsx: is damaged"):
        read_visits(path, plan)


@pytest.mark.parametrize(
    "content", [b"", b"a,b\r\n1,2\r\n", b"PK\x03\x04 not really", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", b"<html>"]
)
def test_a_file_that_is_no_workbook_is_refused(content: bytes, tmp_path: Path, plan: CampaignPlan) -> None:
    """A renamed CSV, an old or encrypted .xls, a page: each gets a sentence, none a stack of foreign errors."""
    path = tmp_path / "visits.xlsx"
    path.write_bytes(content)
    with pytest.raises(FileError):
        read_visits(path, plan)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, plan: CampaignPlan) -> None:
    """A wrong path is bad input, not an accident."""
    with pytest.raises(FileError, match="cannot be opened"):
        read_visits(tmp_path / "nothing.xlsx", plan)


def test_a_workbook_cut_or_changed_anywhere_gives_only_our_errors(visits_file: Any, plan: CampaignPlan) -> None:
    """Whatever byte is lost or turned over, the reader answers or refuses in its own words."""
    path = visits_file([VISIT, changed(id="V-2")])
    whole = path.read_bytes()
    for at in range(0, len(whole), 61):
        for spoilt in (whole[:at], whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]):
            path.write_bytes(spoilt)
            try:
                read_visits(path, plan, strict=False)
            except (FileError, MissingColumnError):
                continue
