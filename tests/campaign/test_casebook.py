"""The ladder and the stories on a living ledger: as of any day, from facts alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zoufang.analysis import Window, pressed
from zoufang.errors import AssumedCalendarWarning, UnknownIdError
from zoufang.intake import plan_text
from zoufang.model import CallBack, CallOutcome, Event, Problem, Role, Status
from zoufang.reports import ladder_list, supervised
from zoufang.typing import TicketId, TopicId, UnitId


@pytest.fixture
def routed(street: Any) -> Any:
    """A street on which K1 about roads was sent to jianshe on Monday 27 February: due on Monday 6 March."""
    street.campaign.raise_tickets([street.call("K1", target_id="T-household-1")])
    street.campaign.route()
    return street


def on_ladder(street: Any, on: date | None = None) -> list[tuple[Any, ...]]:
    """Return ticket, step, since when, responsible unit and people."""
    return [
        (one.place.ticket.ticket_id, one.place.step.id, one.place.since_on, one.unit_id, one.person_ids)
        for one in street.campaign.ladder(on)
    ]


def test_the_ladder_is_climbed_by_waiting_and_left_by_handling(routed: Any) -> None:
    """Reminder to the handler, cards to the head of the unit, supervision to the office, notice to the leader."""
    expected = {
        date(2023, 3, 1): None,
        date(2023, 3, 2): ("reminder", date(2023, 3, 2), "jianshe", ("P-jianshe-2",)),
        date(2023, 3, 3): ("yellow", date(2023, 3, 3), "jianshe", ("P-jianshe-1",)),
        date(2023, 3, 6): ("yellow", date(2023, 3, 3), "jianshe", ("P-jianshe-1",)),
        date(2023, 3, 7): ("red", date(2023, 3, 7), "jianshe", ("P-jianshe-1",)),
        date(2023, 3, 9): ("supervise", date(2023, 3, 9), "wangge", ()),
        date(2023, 3, 13): ("notice", date(2023, 3, 13), None, ()),
    }
    routed.clock.pass_days(30)
    for on, row in expected.items():
        assert on_ladder(routed, on) == ([] if row is None else [("K1", *row)])
    routed.to("K1", Status.HANDLED)
    assert on_ladder(routed) == []
    assert on_ladder(routed, date(2023, 3, 9)) == [("K1", *expected[date(2023, 3, 9)])]  # as it was


def test_accepting_or_a_refused_closing_does_not_restart_the_clock(routed: Any) -> None:
    """The limit of the dispatch stays, whatever is entered in between."""
    routed.clock.pass_days(7)  # Monday 6 March, the last day
    routed.to("K1", Status.APPLIED)
    routed.campaign.reply([(Event.REFUSE, routed.step("K1", reason="no_evidence"))])
    routed.clock.pass_days(1)
    assert on_ladder(routed) == [("K1", "red", date(2023, 3, 7), "jianshe", ("P-jianshe-1",))]


def test_a_ticket_that_bounced_twice_is_supervised_though_nobody_holds_it(routed: Any) -> None:
    """Returned by jianshe, sent on, returned again: the office must see to it from that day."""
    routed.campaign.reply([(Event.SEND_BACK, routed.step("K1", reason="not_our_duty"))])
    routed.campaign.assign("K1", "zhifa")
    routed.clock.pass_days(1)
    routed.campaign.reply([(Event.SEND_BACK, routed.step("K1", reason="not_our_duty"))])
    assert on_ladder(routed) == [("K1", "supervise_bounced", date(2023, 2, 28), "wangge", ())]
    story = routed.campaign.why("K1").said_in("zh")
    assert "2023-02-28 退回：综合执法大队（zhifa），经办人 P-wangge-2，理由：不属本单位职责" in story
    assert "现在：已退单，在 （尚无单位） 手里" in story
    assert "下一步，街道网格办（wangge） 可以：派单" in story


def test_where_a_unit_has_no_handler_its_head_is_reminded_and_that_is_said(street: Any) -> None:
    """C01 has a head and a grid worker: the reminder of Thursday 2 March goes to the head, in the handler's place."""
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.assign("K1", "C01")
    street.clock.pass_days(3)
    assert on_ladder(street) == [("K1", "reminder", date(2023, 3, 2), "C01", ("P-C01-1",))]
    (one,) = street.campaign.ladder()
    assert (one.by.role, one.in_place_of) == (Role.UNIT_LEAD, Role.HANDLER)
    assert "名册中无人任承办人，由上级代为" in street.campaign.why("K1").said_in("zh")
    assert "nobody in the register is its handler" in street.campaign.why("K1").said_in("en")
    sheet = list(ladder_list(street.campaign.ledger, street.campaign.plan, street.today).rows)
    assert [cell for row in sheet for cell in row[-5:]] == ["单位负责人", "C01", "P-C01-1", "承办人", "诉求"]


def test_a_clock_that_starts_late_moves_no_step_before_it(routed: Any) -> None:
    """Paused on the last day, 6 March, for three days: due on the 9th, yellow on the 8th, when it still stood."""
    routed.clock.pass_days(7)
    routed.to("K1", Status.ACCEPTED)
    routed.campaign.limits.pause([routed.step("K1", 1, reason="waits_for_project")])
    routed.clock.pass_days(3)
    routed.campaign.limits.go_on([routed.step("K1")])
    assert on_ladder(routed) == [("K1", "yellow", date(2023, 3, 9), "jianshe", ("P-jianshe-1",))]
    assert on_ladder(routed, date(2023, 3, 5))[0][:3] == ("K1", "yellow", date(2023, 3, 3))  # as it was


def test_a_common_problem_climbs_by_its_own_limit_until_it_is_handled(routed: Any) -> None:
    """Found on 27 February, due on 6 March; the unit that leads on it answers until it is handled."""
    routed.campaign.link(Problem("PT-1", TopicId("roads"), UnitId("zhifa"), routed.today), [TicketId("K1")])
    routed.to("K1", Status.HANDLED)
    routed.clock.pass_days(8)
    assert on_ladder(routed) == [("PT-1", "red", date(2023, 3, 7), "zhifa", ("P-zhifa-1",))]
    assert routed.campaign.ladder()[0].place.ticket.problem
    routed.campaign.handle_problem("PT-1", routed.step("", remedy="resolved"))
    assert on_ladder(routed) == []
    assert on_ladder(routed, date(2023, 3, 3)) == [("PT-1", "yellow", date(2023, 3, 3), "zhifa", ("P-zhifa-1",))]


def test_why_asks_for_the_step_of_one_ticket_only(routed: Any) -> None:
    """Two tickets stand on the ladder; each story's own step is found by a select of its own ticket."""
    routed.campaign.raise_tickets([routed.call("K2")])
    routed.campaign.route()
    routed.clock.pass_days(8)
    ledger, window = routed.campaign.ledger, Window(to_on=routed.today)
    assert [one.ticket_id for one in pressed(ledger, window)] == ["K1", "K2"]
    assert [one.ticket_id for one in pressed(ledger, window, "K2")] == ["K2"]
    (one,) = supervised(ledger, routed.campaign.plan, routed.today, ticket_id="K2")
    assert one in routed.campaign.ladder()


# --- why ------------------------------------------------------------------------------------------------------------


def test_why_tells_a_tickets_whole_way_in_both_languages(routed: Any) -> None:
    """Each event with its day, unit, person and rule; then who holds it, what is next, by when, and the step."""
    routed.campaign.accept([routed.step("K1")])
    routed.clock.pass_days(9)  # Wednesday 8 March: the second working day after the limit
    assert routed.campaign.why("K1").said_in("zh").splitlines()[:3] == [
        "2023-02-27 提出诉求 K1：来源 来电（K1），主题 道路交通，地点 C01-G1网格，走访对象 T-household-1",
        (
            "2023-02-27 派单：派给 建设办（jianshe），依据规则 topic:roads（插件 zoufang 0.1.0）：topic roads，"
            "办理时限 2023-03-06"
        ),
        "2023-02-27 受理：建设办（jianshe），经办人 P-wangge-2",
    ]
    zh, en = (routed.campaign.why("K1").said_in(language) for language in ("zh", "en"))
    for line in (
        "现在：办理中，在 建设办（jianshe） 手里",
        "办理时限 2023-03-06，已超期 2 个工作日",
        "督办阶梯：红牌，自 2023-03-07 起，由 建设办（jianshe）单位负责人（P-jianshe-1） 负责",
    ):
        assert line in zh.splitlines()
    for line in (
        "now: accepted, with 建设办 (jianshe)",
        "due 2023-03-06, 2 working days overdue",
        "ladder: red card since 2023-03-07; 建设办 (jianshe), unit lead (P-jianshe-1) must see to it",
    ):
        assert line in en.splitlines()
    assert "下一步，建设办（jianshe） 可以：办结" in zh
    assert len(zh.splitlines()) == len(en.splitlines())


def test_why_tells_the_way_as_of_an_earlier_day(routed: Any) -> None:
    """What happened later is not told, and the days left are counted from that day."""
    routed.clock.pass_days(2)
    routed.campaign.accept([routed.step("K1")])
    early = routed.campaign.why("K1", on=date(2023, 2, 28)).said_in("zh")
    assert "受理：" not in early
    assert "现在：待受理" in early
    assert "办理时限 2023-03-06，还有 4 个工作日" in early


def test_why_of_a_closed_ticket_says_that_nothing_is_owed(routed: Any) -> None:
    """No limit, no ladder; what may still happen to it is the office's."""
    routed.to("K1", Status.CLOSED)
    story = routed.campaign.why("K1").said_in("zh")
    assert "现在：已销号，没有人还欠办理" in story
    assert "已解决" in story
    assert "办理时限 2023-03-06，" not in story
    assert "督办阶梯" not in story


def test_why_of_a_target_tells_who_answers_and_what_is_missing(street: Any) -> None:
    """Who answers by which rule, every visit, and what is still owed; then its tickets."""
    until = "集中走访阶段到 2023-04-30 为止"
    missing = ["还缺：没有见到本人（走访 0 次）", until]
    assert street.campaign.why("T-household-1").said_in("zh").splitlines()[-2:] == missing
    street.campaign.record([street.visit("V1", outcome="absent")])
    assert "还缺：没有见到本人（走访 1 次）" in street.campaign.why("T-household-1").said_in("zh")
    street.campaign.record([street.visit("V2")])
    assert "还缺：见到了本人，但没有记下意见" in street.campaign.why("T-household-1").said_in("zh")
    street.campaign.record([street.visit("V3")], [street.demand("V3")])
    zh = street.campaign.why("T-household-1").said_in("zh").splitlines()
    assert zh[0] == "走访对象 T-household-1：居民户，在 C01-G1网格，2023-02-27 列入名册"
    assert zh[1].startswith("第一社区（C01） 牵头")
    assert "依据规则 matrix:residents（插件 zoufang 0.1.0）" in zh[1]
    assert zh[2] == "2023-02-27 走访：第一社区（C01），走访人 P-C01-2，不在家"
    assert zh[-2] == "走访已完成：见到本人并收集了意见"
    assert until not in zh
    assert zh[-1] == "诉求 V3-1：待派单，（尚无单位）"


def last_lines(street: Any, id_: str, language: str = "zh", on: date | None = None) -> list[str]:
    """Return what is told from where it stands on."""
    lines = street.campaign.why(id_, on=on).said_in(language).splitlines()
    first = next(n for n, line in enumerate(lines) if line.startswith(("现在：", "now: ")))
    return list(lines[first:])


def test_why_of_a_split_ticket_says_for_which_parts_it_waits(street: Any) -> None:
    """Nothing is offered that its open parts would refuse; once they are over, its unit may handle it."""
    street.campaign.raise_tickets([street.call("K1")])
    street.campaign.split([street.step("K1", parts=("jianshe", "zhifa"))])
    street.to("K1/1", Status.CLOSED)
    said = last_lines(street, "K1")
    assert said[:3] == [
        "现在：已分解，在 建设办（jianshe） 手里",
        "须等分解件 K1/2 办结销号",
        "下一步，街道网格办（wangge） 可以：分解",
    ]
    assert "办理时限 2023-03-06，还有 5 个工作日" in said
    assert "it waits for its parts K1/2 to come to their end" in last_lines(street, "K1", "en")
    street.to("K1/2", Status.CLOSED)
    assert "下一步，建设办（jianshe） 可以：办结、撤诉" in last_lines(street, "K1")


def test_why_of_a_merged_ticket_says_where_it_goes_on(street: Any) -> None:
    """Over any number of merges, with who holds that one and by when."""
    street.campaign.raise_tickets([street.call(f"K{n}") for n in (1, 2, 3)])
    street.campaign.route()
    street.campaign.merge([street.step("K1", into=TicketId("K2")), street.step("K2", into=TicketId("K3"))])
    assert last_lines(street, "K1")[:2] == [
        "现在：已并案",
        "由诉求 K3 继续办理：待受理，建设办（jianshe），办理时限 2023-03-06",
    ]
    assert last_lines(street, "K1", "en")[1] == "it goes on as K3: routed, 建设办 (jianshe), due 2023-03-06"


@pytest.mark.parametrize(
    ("plan_on", "line"),
    [(date(2023, 5, 10), "尚未完全解决，计划 2023-05-10 续办"), (None, "尚未完全解决，列入跟踪，未定日期")],
)
def test_why_of_a_closed_explanation_does_not_say_that_nothing_is_owed(
    routed: Any, plan_on: date | None, line: str
) -> None:
    """Explained is answered, never solved: the promise stands, and the office may take it up again."""
    explained = routed.step("K1", remedy="explained", reason="no_funds", plan_on=plan_on)
    routed.to("K1", Status.ACCEPTED)
    routed.campaign.reply(
        [
            (Event.HANDLE, explained),
            (Event.FEED_BACK, routed.step("K1")),
            (Event.APPLY, routed.step("K1", 2)),
            (Event.CLOSE, routed.step("K1", 1)),
        ]
    )
    assert last_lines(routed, "K1") == ["现在：已销号", line, "下一步，街道网格办（wangge） 可以：撤销销号、到期续办"]


def test_why_of_what_was_resolved_offers_nothing_that_would_be_refused(routed: Any) -> None:
    """There is nothing to resume where all is solved."""
    routed.to("K1", Status.CLOSED)
    assert last_lines(routed, "K1")[1:] == ["下一步，街道网格办（wangge） 可以：撤销销号"]


def test_why_says_by_when_the_office_must_send_it_and_that_a_paused_clock_stands(routed: Any) -> None:
    """A call of Monday 27 February waits two working days at most; what is paused keeps its limit in sight."""
    routed.campaign.raise_tickets([routed.call("K2")])
    assert "应于 2023-03-01 前派单" in last_lines(routed, "K2")
    routed.to("K1", Status.ACCEPTED)
    routed.campaign.limits.pause([routed.step("K1", 1, reason="waits_for_project")])
    assert "办理时限 2023-03-06，已暂停计时，恢复后按暂停的天数顺延" in last_lines(routed, "K1")


def test_why_of_a_target_tells_who_goes_when_and_which_unit_still_owes_a_visit(new_street: Any, tmp_path: Path) -> None:
    """Both leads of a shop owe a visit where the plan says so: one was there, and the other's is planned."""
    text = plan_text("huangtun-2023")
    shop = 'kinds = ["shop"]\nrule = "joint"'
    assert text.count(shop) == 1
    path = tmp_path / "plan.toml"
    path.write_text(text.replace(shop, 'kinds = ["shop"]\nrule = "each"'), encoding="utf-8")
    street = new_street(plan=path)
    street.campaign.planner.plan_work()
    planned = [line for line in street.campaign.why("T-shop-1").said_in("zh").splitlines() if "走访计划：" in line]
    assert [line.partition("，")[0] for line in planned] == [
        "走访计划：市场监督管理所（shichang） 的 P-shichang-2",
        "走访计划：综合执法大队（zhifa） 的 P-zhifa-2",
    ]
    assert all("周（2023-0" in line for line in planned)
    visit = street.visit("V1", "T-shop-1", visitor_id="P-zhifa-2", unit_id="zhifa", no_demand=True)
    street.campaign.record([visit])
    street.campaign.planner.plan_work()
    said = street.campaign.why("T-shop-1").said_in("zh").splitlines()
    assert "还缺：市场监督管理所（shichang） 自己的走访（职责 shops）" in said
    assert not any("走访已完成" in line or ("走访计划" in line and "zhifa" in line) for line in said)
    other = street.visit("V2", "T-shop-1", visitor_id="P-shichang-2", unit_id="shichang", no_demand=True)
    street.campaign.record([other])
    assert "走访已完成：见到本人并收集了意见" in street.campaign.why("T-shop-1").said_in("zh")


def test_why_calls_a_joint_lead_a_joint_lead(street: Any) -> None:
    """综合执法大队、市场监督管理所 answer for the shops together: neither of them only helps."""
    for language, leads, jointly in (
        ("zh", "牵头（职责 shops）", "共同牵头（职责"),
        ("en", "leads (duty", "leads jointly"),
    ):
        said = street.campaign.why("T-shop-3").said_in(language).splitlines()[1:3]
        assert (leads in said[0], jointly in said[0], jointly in said[1]) == (True, False, True)


def test_why_says_that_a_limit_in_an_assumed_year_is_assumed(new_street: Any, tmp_path: Path) -> None:
    """Two hundred and fifty working days from February 2023 end in 2024, of which the plan has no table."""
    path = tmp_path / "plan.toml"
    text = plan_text("huangtun-2023")
    assert text.count("handle_days = 5 ") == 1
    path.write_text(text.replace("handle_days = 5 ", "handle_days = 250 "), encoding="utf-8")
    street = new_street(plan=path)
    street.campaign.raise_tickets([street.call("K1")])
    with pytest.warns(AssumedCalendarWarning):
        street.campaign.route()
    assert "2024 年的工作日历尚未公布，时限为推定" in last_lines(street, "K1")
    assert "the calendar of 2024 is not official: that day is assumed" in last_lines(street, "K1", "en")


def test_why_says_no_private_word(routed: Any) -> None:
    """Ids and public names only: no name, address or telephone of the person, nothing that was said."""
    routed.campaign.record(
        [routed.visit("V1")], [routed.demand("V1", said="楼道的灯坏了", solved=True, answer="已换灯泡")]
    )
    routed.campaign.accept([routed.step("K1", note="电话里很生气")])
    for id_ in ("K1", "V1-1", "T-household-1"):
        for language in ("zh", "en"):
            said = routed.campaign.why(id_).said_in(language)
            for private in ("李居民户1", "幸福路", "1390537", "灯", "生气"):
                assert private not in said


def test_why_of_nothing_is_refused(street: Any) -> None:
    """An id that is neither a ticket nor a target."""
    assert street.refuses(UnknownIdError, lambda: street.campaign.why("K9")).id == "K9"


def test_a_call_back_is_told_before_the_revocation_to_which_it_led(routed: Any) -> None:
    """One commit holds both; the story tells them in their order."""
    routed.to("K1", Status.CLOSED)
    routed.campaign.draw(seed="w01")
    said = CallBack(TicketId("K1"), routed.today, CallOutcome.REACHED, solved=False, satisfied=False)
    routed.campaign.call_back([said])
    lines = routed.campaign.why("K1").said_in("zh").splitlines()
    (called,) = [i for i, line in enumerate(lines) if "回访：接通，说未解决，不满意" in line]
    (revoked,) = [i for i, line in enumerate(lines) if "撤销销号" in line and line.startswith("2023")]
    assert called + 1 == revoked
    assert routed.status("K1") is Status.ACCEPTED


# --- in an office's own folder --------------------------------------------------------------------------------------


def ladder_rows(path: Path) -> list[tuple[Any, ...]]:
    """Return the rows of a written list, without its title and headers, and without its checkpoint at the foot."""
    page = openpyxl.load_workbook(path).worksheets[0]
    rows = page.iter_rows(min_row=3, values_only=True)
    return [row for row in rows if any(row) and not str(row[0]).startswith("检查点 ")]


def test_a_run_writes_the_ladder_and_the_dispatch_lists_who_is_supervised(office: Any) -> None:
    """On Monday 20 March all three tickets of the first week, due on 13 March, are five working days late or more."""
    office.fill()
    office.run()
    said = [cell for row in ladder_rows(office.path / "outbox" / "ladder.xlsx") for cell in row if cell is not None]
    assert said == ["没有诉求在督办阶梯上。"]
    assert office.run(today="2023-03-20").exit_code == 0
    rows = ladder_rows(office.path / "outbox" / "ladder.xlsx")
    assert len(rows) == 3
    assert {row[1] for row in rows} == {"通报"}
    page = (office.path / "dispatches" / "dispatch-03.html").read_text(encoding="utf-8")
    assert "督办诉求（共 3 件，列出 3 件）" in page
    assert "督办阶梯：截至2023年3月19日" in page


def test_why_can_be_typed(office: Any) -> None:
    """In Chinese by default, in English on request; an unknown id is bad input."""
    office.fill()
    office.run()
    told = office.cli("why", office.path, "HL-1", "--on", "2023-03-06")
    assert told.exit_code == 0
    assert "提出诉求 HL-1：来源 来电（HL-1）" in told.output
    assert "HL-1 was raised" in office.cli("why", office.path, "HL-1", "--lang", "en").output
    assert office.cli("why", office.path, "H-1", "--on", "2023-03-06").output.count("走访对象 H-1") == 1
    assert office.cli("why", office.path, "nothing").exit_code == 2
