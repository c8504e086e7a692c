"""The plan check; every expected number is counted by hand from the plan's own text."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from zoufang.intake.plans import load_plan, packaged_plans
from zoufang.model import CampaignPlan, OverlapRule, StratumRule, year_table
from zoufang.rules.phases import phase_working_days, phases_on
from zoufang.rules.plan_check import SENTENCES, Remark, check_plan
from zoufang.typing import KindId, Text, TopicId, UnitId

PLAN = load_plan("huangtun-2023")
CLAUSES = {
    "一",
    "二",
    "三(一)",
    "三(二)",
    "三(三)",
    "四(一)",
    "四(二)",
    "四(三)",
    "四(四)",
    "五(一)",
    "五(二)",
    "五(三)",
}


def _errors(plan: CampaignPlan) -> list[Remark]:
    return [remark for remark in check_plan(plan) if remark.level == "error"]


def _only_error(plan: CampaignPlan) -> Remark:
    (found,) = _errors(plan)
    return found


def _remarks(plan: CampaignPlan, code: str) -> list[Remark]:
    return [remark for remark in check_plan(plan) if remark.code == code]


# --- the plan of 2023 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", packaged_plans())
def test_a_packaged_plan_has_no_error(name: str) -> None:
    """Whoever starts from a packaged plan starts from one that can be used."""
    assert _errors(load_plan(name)) == []


def test_the_name_says_100_days_and_the_dates_say_102_and_105() -> None:
    """1 March to 10 June is 31 + 30 + 31 + 10 = 102 days, 105 from 26 February; 100 days end on 8 June."""
    (remark,) = _remarks(PLAN, "days_named")
    assert remark.text.zh.startswith("2023-03-01 至 2023-06-10 共 102 天，自文件日期 2023-02-26 起共 105 天")
    assert "名称为 100 天，按此应止于 2023-06-08" in remark.text.zh
    assert "is 102 days, 105 from" in remark.text.en
    assert remark.place == "$.named_days"


def test_a_name_that_tells_the_truth_is_not_remarked_on() -> None:
    """Where the name and the dates agree there is nothing to say."""
    assert _remarks(evolve(PLAN, named_days=102), "days_named") == []


def test_there_are_73_working_days() -> None:
    """2 + 43 + 13 + 15, make-up days of 23 April and 6 May worked, five holidays on weekdays off."""
    (remark,) = _remarks(PLAN, "working_days")
    assert "共 73 个工作日" in remark.text.zh
    assert [phase_working_days(PLAN, phase) for phase in PLAN.phases] == [2, 43, 13, 15]


def test_the_two_boundary_days_are_named() -> None:
    """30 April and 20 May each belong to two phases."""
    found = _remarks(PLAN, "boundary_day")
    assert [remark.text.en[:10] for remark in found] == ["2023-04-30", "2023-05-20"]
    assert [remark.clause for remark in found] == ["四(三)", "四(四)"]


def test_the_first_phase_is_open_at_its_beginning() -> None:
    """The plan says only “by the end of February”."""
    (remark,) = _remarks(PLAN, "open_start")
    assert remark.place == "$.phases[0].starts_on"


def test_each_overlap_says_how_it_is_decided() -> None:
    """Building firms go to 建设办, shops have two leads, a pupil's family is visited twice."""
    assert "由建设办负责" in _remarks(PLAN, "overlap_specific")[0].text.zh
    assert "综合执法大队、市场监督管理所共同牵头" in _remarks(PLAN, "overlap_joint")[0].text.zh
    assert "社会事务办、社区各走访一次" in _remarks(PLAN, "overlap_each")[0].text.zh


def test_there_are_fifteen_dispatches_and_one_falls_on_labour_day() -> None:
    """Mondays from 6 March to 12 June; 1 May is a holiday."""
    (remark,) = _remarks(PLAN, "dispatches")
    assert remark.text.en.startswith("15 dispatches, 2023-03-06 to 2023-06-12")
    (holiday,) = _remarks(PLAN, "dispatch_on_day_off")
    assert "第 9 次调度 2023-05-01" in holiday.text.zh


def test_every_clause_of_the_text_has_an_entry_and_every_entry_a_clause_of_the_text() -> None:
    """Nothing of the text is left out, and nothing cites a clause that is not there."""
    lists = (
        *(PLAN.goals, PLAN.channels, PLAN.kinds, PLAN.units, PLAN.duties, PLAN.overlaps, PLAN.phases),
        *(PLAN.topics, PLAN.messages, PLAN.roles, PLAN.measures),
    )
    rules = (PLAN.deadlines, PLAN.closing, PLAN.callbacks, PLAN.perfunctory, PLAN.dispatch)
    cited = {entry.clause for entries in lists for entry in entries} | {rule.clause for rule in rules}
    assert cited == CLAUSES


# --- phases ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2023, 2, 25), []),
        (date(2023, 2, 26), ["prepare"]),
        (date(2023, 2, 28), ["prepare"]),
        (date(2023, 3, 1), ["visit"]),
        (date(2023, 4, 30), ["visit", "rectify"]),
        (date(2023, 5, 20), ["rectify", "summarise"]),
        (date(2023, 6, 10), ["summarise"]),
        (date(2023, 6, 11), []),
    ],
)
def test_a_day_belongs_to_the_phases_that_the_text_gives_it(day: date, expected: list[str]) -> None:
    """A boundary day belongs to two, a day outside the campaign to none."""
    assert [phase.id for phase in phases_on(PLAN, day)] == expected


@given(st.integers(0, 104))
def test_no_day_of_the_campaign_is_without_a_phase(n: int) -> None:
    """From the day of the document to the last day of the summary."""
    assert phases_on(PLAN, PLAN.issued_on + timedelta(days=n))


def test_a_gap_between_phases_is_an_error() -> None:
    """Visits that end on 27 April leave the 28th and 29th to nobody."""
    phases = list(PLAN.phases)
    phases[1] = evolve(phases[1], ends_on=date(2023, 4, 27))
    found = _only_error(evolve(PLAN, phases=tuple(phases)))
    assert (found.code, found.place) == ("phase_gap", "$.phases[2].starts_on")
    assert "2023-04-28 至 2023-04-29" in found.text.zh


def test_phases_out_of_order_are_an_error() -> None:
    """The order of the file is the order of time."""
    first, second, third, fourth = PLAN.phases
    found = _errors(evolve(PLAN, phases=(first, third, second, fourth)))
    assert "phase_out_of_order" in {remark.code for remark in found}


def test_a_phase_that_ends_before_it_begins_is_an_error() -> None:
    """Each phase runs forwards."""
    phases = (*PLAN.phases[:3], evolve(PLAN.phases[3], ends_on=date(2023, 5, 19)))
    assert "phase_backwards" in {remark.code for remark in _errors(evolve(PLAN, phases=phases))}


def test_only_the_first_phase_may_be_open() -> None:
    """A later phase without a first day cannot be placed."""
    phases = (*PLAN.phases[:2], evolve(PLAN.phases[2], starts_on=None), PLAN.phases[3])
    found = _errors(evolve(PLAN, phases=phases))
    assert ("phase_without_start", "$.phases[2].starts_on") in {(r.code, r.place) for r in found}


def test_a_mistyped_year_is_found_before_anything_is_counted() -> None:
    """2203 for 2023 is one error, not a hundred."""
    phases = (*PLAN.phases[:3], evolve(PLAN.phases[3], ends_on=date(2203, 6, 10)))
    assert _only_error(evolve(PLAN, phases=phases)).code == "date_unlikely"


# --- the matrix -----------------------------------------------------------------------------------------------


def test_a_kind_without_a_duty_is_an_error() -> None:
    """Without the residents' duty nobody visits households."""
    plan = evolve(PLAN, duties=PLAN.duties[1:])
    found = _only_error(plan)
    assert (found.code, found.place, found.clause) == ("kind_without_duty", "$.kinds[0]", "二")
    assert found.text == Text(
        "“居民户”没有责任单位；请在某一项 duties 的 kinds 中列出",
        "nobody answers for household; list it in the kinds of a duty",
    )


def test_a_specific_kind_without_a_duty_of_its_own_is_covered_by_the_general_one() -> None:
    """A building firm is an enterprise; without 建设办 it is visited as one."""
    building = evolve(PLAN.duties[4], kinds=(KindId("building_site"),))
    assert _errors(evolve(PLAN, duties=(*PLAN.duties[:4], building))) == []


def test_two_leads_of_one_duty_need_a_rule() -> None:
    """Shops have two leads; without the declared overlap nobody knows who is first."""
    plan = evolve(PLAN, overlaps=(PLAN.overlaps[0], PLAN.overlaps[2]))
    found = _only_error(plan)
    assert (found.code, found.place) == ("several_leads", "$.kinds[2]")
    assert 'kinds = ["shop"]' in found.text.zh


def test_two_duties_for_one_kind_need_a_rule_only_where_they_meet() -> None:
    """Two communities may each have their own lead; the whole street may not have two."""
    east = evolve(PLAN.duties[1], id="east", areas=("C01",))
    west = evolve(PLAN.duties[1], id="west", areas=("C02",), leads=(UnitId("jianshe"),))
    rest = (PLAN.duties[0], *PLAN.duties[2:])
    assert _errors(evolve(PLAN, duties=(*rest, east, west))) == []
    everywhere = evolve(west, areas=())
    assert _only_error(evolve(PLAN, duties=(*rest, east, everywhere))).code == "several_leads"


def test_a_kind_that_is_also_another_needs_a_declared_overlap() -> None:
    """Building firms are enterprises; the file must say what follows."""
    found = _only_error(evolve(PLAN, overlaps=PLAN.overlaps[1:]))
    assert (found.code, found.place) == ("overlap_undeclared", "$.kinds[4]")


def test_specific_over_general_needs_a_specific_and_a_general() -> None:
    """A pupil's family is not a kind of household in this plan."""
    wrong = evolve(PLAN.overlaps[2], rule=OverlapRule.SPECIFIC)
    found = _only_error(evolve(PLAN, overlaps=(*PLAN.overlaps[:2], wrong)))
    assert (found.code, found.place) == ("not_specific", "$.overlaps[2].rule")


def test_own_area_without_an_area_is_an_error() -> None:
    """建设办 has no area of its own."""
    duties = (evolve(PLAN.duties[0], leads=(UnitId("jianshe"),)), *PLAN.duties[1:])
    assert _only_error(evolve(PLAN, duties=duties)).code == "own_area_of_whom"


def test_a_loop_of_kinds_is_an_error_and_not_an_endless_check() -> None:
    """An enterprise that is a building firm that is an enterprise."""
    kinds = tuple(
        evolve(kind, specific_of=KindId("building_firm")) if kind.id == "enterprise" else kind for kind in PLAN.kinds
    )
    assert {remark.code for remark in _errors(evolve(PLAN, kinds=kinds))} == {"kind_loop"}


# --- names, numbers, calendar ---------------------------------------------------------------------------------


def test_an_unknown_unit_is_an_error_with_a_suggestion() -> None:
    """A mistyped unit is named with its place and with what was probably meant."""
    duties = (*PLAN.duties[:4], evolve(PLAN.duties[4], leads=(UnitId("jianse"),)))
    found = _only_error(evolve(PLAN, duties=duties))
    assert (found.code, found.place) == ("unknown", "$.duties[4].leads[0]")
    assert found.text.zh == "没有这个单位：“jianse”；是不是“jianshe”？"
    assert found.text.en == "there is no unit “jianse”; did you mean jianshe?"


@pytest.mark.parametrize(
    ("part", "change", "place"),
    [
        ("topics", {"unit": UnitId("nobody")}, "$.topics[0].unit"),
        ("messages", {"kinds": (KindId("farm"),)}, "$.messages[0].kinds[0]"),
        ("overlaps", {"kinds": (KindId("farm"), KindId("household"))}, "$.overlaps[0].kinds[0]"),
        ("roles", {"holders": (UnitId("nobody"),)}, "$.roles[0].holders[0]"),
        ("duties", {"visitors": ("postman",)}, "$.duties[0].visitors[0]"),
        ("measures", {"phase": "harvest"}, "$.measures[0].phase"),
    ],
)
def test_every_reference_is_looked_up(part: str, change: dict[str, object], place: str) -> None:
    """A name that stands for nothing is found wherever it stands."""
    first, *rest = getattr(PLAN, part)
    found = _errors(evolve(PLAN, **{part: (evolve(first, **change), *rest)}))
    assert ("unknown", place) in {(remark.code, remark.place) for remark in found}


def test_a_census_of_an_unknown_kind_and_a_dispatch_by_no_office_are_errors() -> None:
    """Rules refer to kinds and units too."""
    calls = evolve(PLAN.callbacks, census_kinds=(KindId("farm"),))
    rhythm = evolve(PLAN.dispatch, offices=(UnitId("zhifa"),))
    found = _errors(evolve(PLAN, callbacks=calls, dispatch=rhythm))
    assert {(r.code, r.place) for r in found} == {
        ("unknown", "$.callbacks.census_kinds[0]"),
        ("not_an_office", "$.dispatch.offices[0]"),
    }


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        ({"kinds": (KindId("farm"),)}, "unknown", ".kinds[0]"),
        ({"topics": (TopicId("moon"),)}, "unknown", ".topics[0]"),
        ({"per": ("unit", "unit")}, "duplicate", ".per[1]"),
        ({"id": "sample"}, "duplicate", ".id"),
        ({"rate_percent": 101}, "out_of_range", ".rate_percent"),
        ({"at_least": -1}, "out_of_range", ".at_least"),
        ({"at_most": 3}, "out_of_range", ".at_most"),
        ({"rate_percent": 0, "at_least": 0}, "stratum_unasked", ""),
    ],
)
def test_a_stratum_that_cannot_be_drawn_is_found(change: dict[str, object], code: str, place: str) -> None:
    """What it names, how it is split, and how many; a stratum of which nobody is asked is a remark."""
    stratum = evolve(StratumRule("roads", "五(三)", rate_percent=50, at_least=5), **change)
    found = check_plan(evolve(PLAN, callbacks=evolve(PLAN.callbacks, strata=(stratum,))))
    assert (code, f"$.callbacks.strata[0]{place}") in {(r.code, r.place) for r in found}


@pytest.mark.parametrize(
    ("field", "value", "allowed"),
    [
        ("good_percent", 100, "0 至 99"),
        ("bad_percent", 10, "11 至 100"),
        ("producer_risk_percent", 0, "1 至 49"),
        ("consumer_risk_percent", 50, "1 至 49"),
    ],
)
def test_a_lot_needs_two_shares_apart_and_risks_below_a_half(field: str, value: int, allowed: str) -> None:
    """The plan's lot is 10 against 30 per cent at risks of 10; each number is moved out of its range."""
    assert PLAN.callbacks.lot is not None
    calls = evolve(PLAN.callbacks, lot=evolve(PLAN.callbacks.lot, **{field: value}))
    found = {r.place: r.text.zh for r in _errors(evolve(PLAN, callbacks=calls))}
    assert found[f"$.callbacks.lot.{field}"] == f"{value} 超出范围；应为 {allowed}"


@pytest.mark.parametrize("part", ["goals", "channels", "kinds", "units", "duties", "phases", "topics", "messages"])
def test_an_entry_that_stands_twice_is_an_error(part: str) -> None:
    """Each id may appear once in its list."""
    entries = getattr(PLAN, part)
    found = _errors(evolve(PLAN, **{part: (*entries, entries[0])}))
    assert any(r.code == "duplicate" and r.place.startswith(f"$.{part}[{len(entries)}]") for r in found)


@pytest.mark.parametrize("part", ["goals", "kinds", "units", "duties", "phases", "topics"])
def test_a_list_that_no_campaign_can_do_without_must_not_be_empty(part: str) -> None:
    """The check says so and does not fall over."""
    assert ("empty", f"$.{part}") in {(r.code, r.place) for r in _errors(evolve(PLAN, **{part: ()}))}


def test_a_plan_without_reasons_is_an_error() -> None:
    """Whoever returns a ticket must choose a reason."""
    assert _only_error(evolve(PLAN, reasons={})).place == "$.reasons"


def test_a_goal_without_a_metric_is_an_error() -> None:
    """A 100% that nobody can compute is no goal."""
    goals = (evolve(PLAN.goals[0], metric=" "), *PLAN.goals[1:])
    found = _only_error(evolve(PLAN, goals=goals))
    assert (found.code, found.place) == ("metric_missing", "$.goals[0].metric")


@pytest.mark.parametrize(
    ("part", "field", "value", "allowed"),
    [
        ("callbacks", "rate_percent", 101, "0 至 100"),
        ("perfunctory", "none_share_percent", -1, "0 至 100"),
        ("deadlines", "handle_days", 0, "1 至 365"),
        ("dispatch", "weekday", 8, "1 至 7"),
        ("rounding", "digits", 5, "0 至 4"),
    ],
)
def test_a_number_out_of_range_is_an_error(part: str, field: str, value: int, allowed: str) -> None:
    """What is allowed is said, both ends included."""
    found = _only_error(evolve(PLAN, **{part: evolve(getattr(PLAN, part), **{field: value})}))
    assert (found.code, found.place) == ("out_of_range", f"$.{part}.{field}")
    assert found.text.zh == f"{value} 超出范围；应为 {allowed}"


def test_a_dispatch_on_the_wrong_weekday_is_an_error() -> None:
    """7 March 2023 is a Tuesday."""
    found = _only_error(evolve(PLAN, dispatch=evolve(PLAN.dispatch, first_on=date(2023, 3, 7))))
    assert found.text.en == "2023-03-07 is a Tuesday, but the dispatch is on Monday"


def test_dispatches_do_not_run_backwards() -> None:
    """The last dispatch is not before the first."""
    found = _only_error(evolve(PLAN, dispatch=evolve(PLAN.dispatch, last_on=date(2023, 2, 27))))
    assert found.code == "dispatch_backwards"


def test_days_that_no_dispatch_covers_are_remarked_on() -> None:
    """A last dispatch on 5 June covers up to the 4th."""
    plan = evolve(PLAN, dispatch=evolve(PLAN.dispatch, last_on=date(2023, 6, 5)))
    (remark,) = _remarks(plan, "undispatched")
    assert remark.text.zh.startswith("2023-06-05 至 2023-06-10 ")


@pytest.mark.parametrize("zone", ["Asia/Huangtun", "", "../etc/passwd", "Asia", "a\0b"])
def test_an_unknown_time_zone_is_an_error(zone: str) -> None:
    """A day is a day in the street's own zone, so it must exist."""
    found = _errors(evolve(PLAN, street=evolve(PLAN.street, timezone=zone)))
    assert "timezone" in {remark.code for remark in found}


@pytest.mark.parametrize("code", ["37087100", "3708710055", "37087100五", "３７０８７１００５"])
def test_a_division_code_has_nine_plain_digits(code: str) -> None:
    """Neither eight nor ten, and no full-width ones."""
    assert _only_error(evolve(PLAN, street=evolve(PLAN.street, code=code))).code == "street_code"


def test_a_year_without_a_calendar_is_an_error_and_an_assumed_year_a_remark() -> None:
    """A campaign into December has time limits in January: 2023-12-29 and fifteen working days reach 2024."""
    found = _only_error(evolve(PLAN, calendar=()))
    assert (found.code, found.place) == ("year_without_table", "$.calendar")
    late = (*PLAN.phases[:3], evolve(PLAN.phases[3], ends_on=date(2023, 12, 29)))
    assert "2024" in _only_error(evolve(PLAN, phases=late)).text.zh
    assumed = evolve(PLAN, phases=late, calendar=(*PLAN.calendar, year_table(2024, "assumed")))
    assert _errors(assumed) == []
    assert _remarks(assumed, "year_assumed")[0].place == "$.calendar[1].status"


def test_a_calendar_is_held_to_its_year_and_to_sense() -> None:
    """A day of another year, a day both off and worked, a Sunday given off."""
    table = PLAN.calendar[0]
    other = evolve(table, off=table.off | {date(2024, 1, 1)})
    assert _only_error(evolve(PLAN, calendar=(other,))).code == "calendar_wrong_year"
    both = evolve(table, working=table.working | {date(2023, 5, 1)})
    assert _only_error(evolve(PLAN, calendar=(both,))).code == "calendar_both"
    idle = evolve(table, off=table.off | {date(2023, 3, 5)})
    assert _remarks(evolve(PLAN, calendar=(idle,)), "calendar_idle")[0].text.zh.startswith("2023-03-05 是周日")


@pytest.mark.parametrize("bad", ["", "a b", "-x", "x{y}", "a/b", "x" * 65])
def test_an_id_that_cannot_be_a_file_name_or_a_cell_is_an_error(bad: str) -> None:
    """Ids stand in ledgers, sheets and file names."""
    assert ("bad_id", "$.id") in {(r.code, r.place) for r in _errors(evolve(PLAN, id=bad))}


def test_an_entry_without_a_clause_is_remarked_on() -> None:
    """The text stays traceable, but a street may add things of its own."""
    topics = (evolve(PLAN.topics[0], clause=""), *PLAN.topics[1:])
    assert [remark.place for remark in _remarks(evolve(PLAN, topics=topics), "no_clause")] == ["$.topics[0]"]


def test_errors_come_first_and_every_sentence_is_bilingual() -> None:
    """A reader sees first what must be mended; no sentence misses a language."""
    levels = [remark.level for remark in check_plan(evolve(PLAN, duties=PLAN.duties[1:], version=0))]
    assert levels == sorted(levels)
    assert all(zh.strip() and en.strip() for _, zh, en in SENTENCES.values())
    assert {level for level, _, _ in SENTENCES.values()} == {"error", "remark"}
