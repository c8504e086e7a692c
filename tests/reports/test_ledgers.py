from __future__ import annotations

from datetime import date
from typing import Any

from zoufang.analysis import Window
from zoufang.model import CampaignPlan
from zoufang.reports.cells import SheetData
from zoufang.reports.document import Share
from zoufang.reports.ledgers import callback_list, demand_ledger, todo, visit_ledger
from zoufang.reports.summary import goals_by_unit
from zoufang.typing import Seq


def _rows(sheet: SheetData) -> list[dict[str, object]]:
    return [dict(zip(sheet.headers, row, strict=True)) for row in sheet.rows]


def test_the_to_do_list_has_every_open_ticket_and_what_may_be_done_next(street: Any, plan: CampaignPlan) -> None:
    """The closed demand is not on it; the overdue call comes first."""
    rows = _rows(todo(street, plan))
    assert [row["诉求编号"] for row in rows] == ["K1", "L1"]
    assert rows[0] == {
        "诉求编号": "K1",
        "状态": "办理中",
        "下一步": "办结、分解",
        "责任单位": "jianshe",
        "单位名称": "建设办",
        "主题": "道路交通",
        "区域": "C02",
        "来源": "来电",
        "来源编号": "K1",
        "派单日期": date(2023, 3, 3),
        "办理时限": date(2023, 3, 10),
        "时限时刻": None,
        "版本": 3,
        "办理结果": None,
        "分解件": None,
        "普遍问题": None,
    }


def test_the_to_do_list_says_by_which_minute(street: Any, plan: CampaignPlan) -> None:
    """Of one day: a limit at 14:05 stands before one at midnight, and before one that has the whole day."""
    for ticket_id, minute in (("X1", None), ("X2", 1440), ("X3", 845)):
        street.put("tickets", ticket_id=ticket_id, topic_id="roads", on=date(2023, 3, 6))
        due = {"due_on": date(2023, 3, 9), "due_minute": minute}
        street.event(ticket_id, "route", "routed", date(2023, 3, 6), "jianshe", **due)
    rows = [
        (row["诉求编号"], row["时限时刻"]) for row in _rows(todo(street, plan)) if row["办理时限"] == date(2023, 3, 9)
    ]
    assert rows == [("X3", "14:05"), ("X1", None), ("X2", "24:00")]


def test_the_to_do_list_says_where_the_parts_of_a_ticket_stand(street: Any, plan: CampaignPlan) -> None:
    """Part 10 after part 2, each with its status and its remedy; and the common problem that a ticket belongs to."""
    street.event("K1", "split", "split", date(2023, 3, 6), "jianshe")
    for part, status, remedy in (
        ("K1/1", "closed", "partly"),
        ("K1/2", "routed", None),
        ("K1/10", "handled", "resolved"),
    ):
        street.put("tickets", ticket_id=part, parent_id="K1", topic_id="roads", on=date(2023, 3, 6))
        street.event(part, "route", status, date(2023, 3, 6), "jianshe", remedy=remedy)
    street.put("problem_links", ticket_id="L1", problem_id="G1", on=date(2023, 3, 6))
    rows = {row["诉求编号"]: row for row in _rows(todo(street, plan))}
    assert rows["K1"]["分解件"] == "K1/1 已销号（部分解决）、K1/2 待受理、K1/10 已办结待反馈（已解决）"
    assert (rows["K1/2"]["办理结果"], rows["K1/10"]["办理结果"]) == (None, "已解决")
    assert {row["普遍问题"] for row in rows.values()} == {None, "G1"}
    assert rows["L1"]["普遍问题"] == "G1"


def test_the_to_do_list_offers_to_end_a_pause_and_to_answer_who_asks_for_days(street: Any, plan: CampaignPlan) -> None:
    """Nothing else may be done to a paused ticket but to go on."""
    street.event("K1", "pause", "paused", date(2023, 3, 6), "jianshe")
    street.event("L1", "ask_extension", "extending", date(2023, 3, 7), "jianshe")
    steps = {row["诉求编号"]: row["下一步"] for row in _rows(todo(street, plan))}
    assert steps == {"K1": "恢复计时", "L1": "办结、同意延期、不同意延期"}


def test_the_to_do_list_can_be_printed_as_it_was(street: Any, plan: CampaignPlan) -> None:
    """As of the first week's commit the demand was still open and the letter unknown."""
    assert [row["诉求编号"] for row in _rows(todo(street, plan, Seq(2)))] == ["V2-1", "K1"]


def test_whom_to_call_are_the_drawn_who_were_not_yet_reached(street: Any, plan: CampaignPlan) -> None:
    """The reached are done; a drawn closing without a call, or with a vain one, is on the list."""
    assert _rows(callback_list(street, plan)) == []
    closing = street.done("K1", date(2023, 3, 14), "jianshe", date(2023, 3, 10))
    street.put("draws", ticket_id="K1", closing=closing, on=date(2023, 3, 14))
    street.put("callbacks", ticket_id="K1", closing=closing, on=date(2023, 3, 15), outcome="unreachable")
    rows = _rows(callback_list(street, plan))
    assert [(row["诉求编号"], row["办理结果"], row["销号日期"]) for row in rows] == [
        ("K1", "已解决", date(2023, 3, 14))
    ]


def test_a_closing_that_was_revoked_is_not_called_any_more(street: Any, plan: CampaignPlan) -> None:
    """It is the unit's again; there is nothing to ask."""
    closing = street.done("K1", date(2023, 3, 14), "jianshe", date(2023, 3, 10))
    street.put("draws", ticket_id="K1", closing=closing, on=date(2023, 3, 14))
    street.event("K1", "revoke", "accepted", date(2023, 3, 15), "jianshe", reason="not_solved")
    assert _rows(callback_list(street, plan)) == []


def test_the_visit_ledger_has_one_row_per_visit_without_private_columns(street: Any, plan: CampaignPlan) -> None:
    """Five visits; the one with a demand that was passed on says so."""
    sheet = visit_ledger(street, plan)
    assert not {"地址", "联系人", "电话", "姓名"} & set(sheet.headers)
    rows = _rows(sheet)
    assert [row["记录编号"] for row in rows] == ["V1", "V2", "V3", "V4", "V5"]
    assert (rows[1]["反映问题"], rows[1]["现场答复"], rows[1]["是否转办"]) == ("环境卫生", "否", "是")
    assert (rows[0]["反映问题"], rows[2]["走访结果"], rows[2]["网格"]) == ("无诉求", "不在家", "田厂社区一网格")


def test_the_demand_ledger_follows_each_ticket_to_its_end(street: Any, plan: CampaignPlan) -> None:
    """Handled, told, called back, closed: each with its day."""
    rows = {row["编号"]: row for row in _rows(demand_ledger(street, plan))}
    done, open_ = rows["V2-1"], rows["K1"]
    assert (done["办理结果"], done["是否反馈"], done["是否满意"]) == ("已解决", "是", "是")
    assert (done["办结时间"], done["销号时间"], done["回访时间"]) == (
        date(2023, 3, 8),
        date(2023, 3, 8),
        date(2023, 3, 10),
    )
    assert (open_["责任单位"], open_["是否反馈"], open_["销号时间"]) == ("建设办", "否", None)


def test_no_ledger_holds_a_private_text(street: Any, plan: CampaignPlan) -> None:
    """The side table is not read at all."""
    for make in (todo, callback_list, visit_ledger, demand_ledger):
        assert "王大锤" not in str([list(row) for row in make(street, plan).rows])


def test_the_goals_by_unit_add_up_to_the_street(street: Any, plan: CampaignPlan) -> None:
    """Unit, then n/of and share for visited, collected, fed back, and resolved and fed back."""
    table = goals_by_unit(street, plan, Window(as_of=Seq(3), to_on=date(2023, 3, 12)))
    shown = [tuple(v.printed if isinstance(v, Share) else v for v in row) for row in table.lines]
    none = "无案例"
    assert shown == [
        ("田厂社区", "3/3", "100.00%", "3/3", "100.00%", "0/0", none, "0/0", none),
        ("黄屯社区", "1/2", "50.00%", "0/1", "0.00%", "0/0", none, "0/0", none),
        ("综合执法大队", "0/0", none, "0/0", none, "1/1", "100.00%", "1/1", "100.00%"),
        ("建设办", "0/0", none, "0/0", none, "0/1", "0.00%", "0/1", "0.00%"),
        ("合计", "4/5", "80.00%", "3/4", "75.00%", "1/2", "50.00%", "1/2", "50.00%"),
    ]
