"""Plan files are read strictly, and what is wrong is said with its place."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoufang.errors import FileError, PlanError, PlanProblemsError
from zoufang.intake.plans import load_plan, packaged_plans, parse_plan, place_line, plan_digest, plan_text
from zoufang.model import OverlapRule, Role, Scope

TEXT = plan_text("huangtun-2023")


def _changed(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1, f"the plan no longer says {old}"
    return TEXT.replace(old, new, 1)


def _problems(text: str) -> tuple[PlanError, ...]:
    with pytest.raises(PlanProblemsError) as caught:
        parse_plan(text, file="plan.toml")
    return caught.value.problems


def _only_problem(text: str) -> PlanError:
    (found,) = _problems(text)
    return found


def _line_with(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), start=1) if words in line)


# --- what the plan of 2023 says -------------------------------------------------------------------------------


def test_the_plan_says_who_visits_whom() -> None:
    """Clause 二: five duties, shops with two leads, pupils' families by school staff."""
    plan = load_plan("huangtun-2023")
    matrix = {kind: duty.leads for duty in plan.duties for kind in duty.kinds}
    assert matrix == {
        "household": ("community",),
        "enterprise": ("guanwei",),
        "shop": ("zhifa", "shichang"),
        "pupil_family": ("shehui",),
        "building_firm": ("jianshe",),
        "building_site": ("jianshe",),
    }
    assert [duty.scope for duty in plan.duties] == [Scope.OWN_AREA] + [Scope.WHOLE_STREET] * 4
    assert plan.duties[3].visitors == (Role.SCHOOL_STAFF,)
    assert plan.kind["building_firm"].specific_of == "enterprise"
    assert [overlap.rule for overlap in plan.overlaps] == [OverlapRule.SPECIFIC, OverlapRule.JOINT, OverlapRule.EACH]


def test_the_plan_names_the_units_as_the_text_does() -> None:
    """Clauses 二, 四(二), 五(一)."""
    plan = load_plan("huangtun-2023")
    assert [unit.name for unit in plan.units] == [
        *("社区", "安全装备产业园管委会", "综合执法大队", "市场监督管理所", "社会事务办", "建设办"),
        *("街道网格办", "党政办"),
    ]
    assert [unit.id for unit in plan.units if unit.office] == ["wangge", "dangzheng"]
    assert [unit.id for unit in plan.units if unit.per_community] == ["community"]


def test_the_plan_lists_the_topics_of_its_third_clause() -> None:
    """三(三): five of livelihood, seven of enterprises."""
    plan = load_plan("huangtun-2023")
    named = {d: [t.label.zh for t in plan.topics if t.domain == d] for d in ("livelihood", "enterprise")}
    assert named["livelihood"] == ["教育", "医疗", "养老", "社保", "住房"]
    assert named["enterprise"] == [
        *("惠企政策", "用地审批", "项目建设", "融资贷款", "企业用工", "拓展市场", "环保督察整改"),
    ]
    assert "other" in plan.topic


def test_the_plan_keeps_its_dates() -> None:
    """Clause 四: four phases, the first without a beginning, boundary days shared."""
    plan = load_plan("huangtun-2023")
    assert [(phase.starts_on, phase.ends_on) for phase in plan.phases] == [
        (None, date(2023, 2, 28)),
        (date(2023, 3, 1), date(2023, 4, 30)),
        (date(2023, 4, 30), date(2023, 5, 20)),
        (date(2023, 5, 20), date(2023, 6, 10)),
    ]
    assert (plan.issued_on, plan.named_days) == (date(2023, 2, 26), 100)


def test_the_plan_uses_the_limits_of_shandong_2020() -> None:
    """5 working days, extension 10, wrong dispatches back within 2."""
    limits = load_plan("huangtun-2023").deadlines
    assert (limits.handle_days, limits.extension_days, limits.return_days) == (5, 10, 2)


def test_the_calendar_of_2023_is_the_published_one() -> None:
    """Every day of the year agrees with an independent table."""
    calendar = load_plan("huangtun-2023").working_days
    days = [date.fromordinal(n) for n in range(date(2023, 1, 1).toordinal(), date(2024, 1, 1).toordinal())]
    assert [day for day in days if calendar.is_working(day) != chinese_calendar.is_workday(day)] == []
    assert calendar.is_official(date(2023, 3, 1))


def test_deadlines_count_as_they_do_on_paper() -> None:
    """Friday 28 April + 2 = 5 May, + 5 = 9 May; Friday 31 March + 5 = 10 April."""
    calendar = load_plan("huangtun-2023").working_days
    assert calendar.add_working_days(date(2023, 4, 28), 2) == date(2023, 5, 5)
    assert calendar.add_working_days(date(2023, 4, 28), 5) == date(2023, 5, 9)
    assert calendar.add_working_days(date(2023, 3, 31), 5) == date(2023, 4, 10)


# --- what is refused ------------------------------------------------------------------------------------------


def test_an_unknown_entry_is_refused_with_a_suggestion() -> None:
    """A mistyped name is never silently ignored."""
    text = _changed("extension_days = 10", "extention_days = 10")
    (unknown,) = _problems(text)  # the preset fills in the one that is missing now
    assert unknown.place == "$.deadlines.extention_days"
    assert unknown.problem_zh == "没有这一项；是不是“extension_days”？"
    assert unknown.problem_en == "there is no such entry; did you mean extension_days?"
    assert unknown.line == _line_with(text, "extention_days")


@pytest.mark.parametrize("written", ["2023-02-30", '"2023-02-30"'])
def test_a_day_that_does_not_exist_is_refused_at_its_place(written: str) -> None:
    """30 February, as a date or as text, with the phase and the line."""
    text = _changed("ends_on = 2023-02-28", f"ends_on = {written}")
    found = _only_problem(text)
    assert found.place == "$.phases[0].ends_on"
    assert found.line == _line_with(text, "2023-02-30")
    assert "没有 2023-02-30 这一天" in found.said_in("zh")
    assert "there is no day 2023-02-30" in str(found)


def test_a_date_may_be_written_as_iso_text() -> None:
    """A spreadsheet's quotation marks do no harm."""
    plan = parse_plan(_changed("ends_on = 2023-02-28", 'ends_on = "2023-02-28"'), file="plan.toml")
    assert plan.phases[0].ends_on == date(2023, 2, 28)


@pytest.mark.parametrize(
    ("old", "new", "place", "said"),
    [
        ("handle_days = 5", 'handle_days = "12"', "$.deadlines.handle_days", "请去掉引号，写作 12"),
        ("handle_days = 5", "handle_days = true", "$.deadlines.handle_days", "应为整数，实为真假值 true"),
        ("handle_days = 5", "handle_days = 5.0", "$.deadlines.handle_days", "应为整数，实为小数 5.0"),
        ("handle_days = 5", 'handle_days = "five"', "$.deadlines.handle_days", "应为整数，实为文字“five”"),
        ("two_keys = true", 'two_keys = "yes"', "$.closing.two_keys", "应为 true 或 false"),
        ('code = "370871005"', "code = 370871005", "$.street.code", "应为文字，实为整数 370871005"),
        ('kinds = ["household"]', 'kinds = "household"', "$.duties[0].kinds", "应为列表"),
        ('rule = "joint"', 'rule = "jiont"', "$.overlaps[1].rule", "是不是“joint”？"),
        ('mode = "half_up"', 'mode = "up"', "$.rounding.mode", "可用的有：half_up、down"),
        ("issued_on = 2023-02-26", "issued_on = 2023-02-26T08:00:00", "$.issued_on", "应为日期"),
        ("issued_on = 2023-02-26", 'issued_on = "26.2.2023"', "$.issued_on", "应写作 年-月-日"),
        ("2023-01-02,", '"soon",', "$.calendar[0].off[0]", "不是日期"),
        ('name = { zh = "黄屯街道", en = "Huangtun Street" }', 'name = "黄屯街道"', "$.street.name", "应为一组"),
        ('name = "建设办"', 'name = "建设\\u001b[31m办"', "$.units[5].name", "控制字符"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_at_its_place(old: str, new: str, place: str, said: str) -> None:
    """Nothing is converted on the quiet; the sentence says what was found and what is wanted."""
    text = _changed(old, new)
    found = _only_problem(text)
    assert found.place == place
    assert said in found.problem_zh
    assert found.line == _line_with(text, new.split("\n", maxsplit=1)[0])


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    """Whoever mends a file wants to do it once."""
    text = _changed("named_days = 100", 'named_days = "100"')
    text = text.replace("ends_on = 2023-02-28", "ends_on = 2023-02-30").replace('rule = "each"', 'rule = "both"')
    found = _problems(text)
    assert [p.place for p in found] == ["$.named_days", "$.overlaps[2].rule", "$.phases[0].ends_on"]
    with pytest.raises(PlanProblemsError) as caught:
        parse_plan(text, file="plan.toml")
    lines = caught.value.said_in("zh").split("\n")
    assert [line.partition("（")[0] for line in lines] == [f"方案 plan.toml 有误，位置 {p.place}" for p in found]
    assert str(caught.value).startswith("plan plan.toml is wrong at $.named_days (line 7): must be a whole number")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id = ", "值的写法不正确"),
        ("id", "缺少等号"),
        ('id = "a\n', "第 1 行"),
        ("a = 1\na = 2\n", "同一项写了两次"),
        ("x = " + "[" * 5000, "嵌套过深"),
        ("x = " + "9" * 5000, "数字过长"),
        ("d = 2023-02-30T10:00:00", "没有这个日期或时间"),
    ],
)
def test_what_is_not_toml_is_refused_in_a_sentence(text: str, said: str) -> None:
    """No parser's exception comes through."""
    assert said in _only_problem(text).said_in("zh")


def test_an_empty_file_misses_everything_that_is_required() -> None:
    """And says which."""
    places = {problem.place for problem in _problems("")}
    assert {"$.id", "$.phases", "$.deadlines"} <= places
    assert "$.precedence" not in places


def test_a_name_that_is_nearly_a_packaged_plan_is_suggested() -> None:
    """The newcomer's first typing error."""
    with pytest.raises(FileError) as caught:
        load_plan("huangtun-2032")
    assert "是不是“huangtun-2023”？" in caught.value.said_in("zh")


def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path) -> None:
    """Missing, a folder, too large, not UTF-8."""
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 1_000_001)
    gbk = tmp_path / "gbk.toml"
    gbk.write_bytes('id = "x"\nname = "黄屯街道"\n'.encode("gb18030"))
    for path, said in (
        (tmp_path / "none.toml", "不存在"),
        (tmp_path, "是文件夹"),
        (large, "超过 1 MB"),
        (gbk, "第 2 行不是 UTF-8"),
        (tmp_path / ("x" * 5000), "无法读取"),
    ):
        with pytest.raises(FileError) as caught:
            load_plan(path)
        assert said in caught.value.said_in("zh")


# --- text, lines, digests -------------------------------------------------------------------------------------


def test_an_editors_marks_do_not_make_another_plan(tmp_path: Path) -> None:
    """A byte order mark and Windows line ends change neither the plan nor its digest."""
    path = tmp_path / "plan.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert plan_text(path) == TEXT
    assert load_plan(path) == load_plan("huangtun-2023")
    assert plan_digest(plan_text(path)) == hashlib.sha256(TEXT.encode()).hexdigest()


def test_the_packaged_plans_are_the_street_and_the_blank() -> None:
    """A plan that was really held, and one to start from."""
    assert packaged_plans() == ("blank", "huangtun-2023")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("$.named_days", "named_days = 100"),
        ("$.phases[3].ends_on", "ends_on = 2023-06-10"),
        ("$.goals[2].note.zh", "两个数并列"),
        ("$.calendar[0].off[6]", "2023-04-05"),
        ("$.reasons.no_funds.en", "no funds for now"),
    ],
)
def test_a_place_is_found_on_its_line(place: str, words: str) -> None:
    """Keys, dotted keys, inline tables and items of a list that runs over lines."""
    assert place_line(TEXT, place) == _line_with(TEXT, words)


def test_a_place_that_is_not_written_is_found_where_it_would_stand() -> None:
    """The first phase has no beginning: its own line is named."""
    assert place_line(TEXT, "$.phases[0].starts_on") == _line_with(TEXT, 'id = "prepare"') - 1
    assert place_line("", "$.phases") is None


@given(st.text(max_size=200))
def test_no_text_at_all_raises_anything_but_our_own_error(text: str) -> None:
    """Whatever is in the file."""
    with pytest.raises(PlanProblemsError):
        parse_plan(text, file="plan.toml")


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(list("\"'[]{}=,#\n0-é\0")))
def test_no_spoilt_character_raises_anything_but_our_own_error(at: int, character: str) -> None:
    """One character of a good plan replaced by another."""
    try:
        parse_plan(TEXT[:at] + character + TEXT[at + 1 :], file="plan.toml")
    except PlanProblemsError as error:
        assert error.problems  # noqa: PT017 - most spoilt plans are refused, some are still plans
