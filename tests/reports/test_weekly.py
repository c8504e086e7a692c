from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from zoufang.model import CampaignPlan
from zoufang.reports.desk import Dispatch
from zoufang.reports.document import Bullets, Cards, Change, Paragraph, Report, Share, Table, canonical, digest
from zoufang.reports.html import to_html
from zoufang.reports.notices import noticed
from zoufang.reports.xlsx import to_xlsx
from zoufang.typing import Seq

Compose = Callable[..., Report]


def _table(report: Report, caption: str) -> Table:
    return next(t for t in report.tables if t.caption == caption)


def _rows(table: Table) -> dict[str, tuple[object, ...]]:
    """The rows by their first cell, shares as numerator and denominator."""
    return {
        str(row[0]): tuple(
            (v.hits, v.of) if isinstance(v, Share) else v.printed if isinstance(v, Change) else v for v in row[1:]
        )
        for row in table.lines
    }


def _said(report: Report) -> str:
    return "\n".join(
        text
        for section in report.sections
        for block in section.blocks
        for text in (
            (block.text,) if isinstance(block, Paragraph) else block.items if isinstance(block, Bullets) else ()
        )
    )


def test_a_dispatch_has_the_six_parts_of_a_bulletin(composed: Compose) -> None:
    """一、基本情况 … 附表, in this order."""
    assert [section.heading for section in composed(2).sections] == [
        "一、基本情况",
        "二、办理情况",
        "三、回访情况",
        "四、热点问题",
        "五、表扬与通报",
        "附表",
    ]


def test_the_three_goals_stand_first_with_both_their_parts(composed: Compose) -> None:
    """Four of five met; three of those four visits asked; one of two due tickets answered, and resolved."""
    cards = next(b for b in composed(2).sections[0].blocks if isinstance(b, Cards))
    assert [card.value for card in cards.items] == [
        Share(4, 5, "80.00%"),
        Share(3, 4, "75.00%"),
        Share(1, 2, "50.00%"),
        Share(1, 2, "50.00%"),
    ]


def test_received_stands_against_last_week_by_source_and_by_topic(composed: Compose) -> None:
    """One letter this week; a visit's demand and a call the week before."""
    assert _rows(_table(composed(2), "新收诉求（按来源）")) == {
        "走访": (0, 1, "-100.00%", 1, (1, 3)),
        "来电": (0, 1, "-100.00%", 1, (1, 3)),
        "来信": (1, 0, "上期为零", 1, (1, 3)),
        "合计": (1, 2, "-50.00%", 3, (3, 3)),
    }
    assert _rows(_table(composed(2), "新收诉求（按主题）")) == {
        "环境卫生": (1, 1, "0.00%", 2, (2, 3)),
        "道路交通": (0, 1, "-100.00%", 1, (1, 3)),
        "合计": (1, 2, "-50.00%", 3, (3, 3)),
    }


def test_every_unit_has_its_line_and_the_lines_add_up(composed: Compose) -> None:
    """Owed, visited, collected, on the spot, sent, in time, late, open, closed, in time, satisfied, returned."""
    none = (0, 0)
    rows = _rows(_table(composed(2), "各单位工作情况（累计）"))
    assert rows == {
        "田厂社区": (3, 3, (3, 3), (3, 3), 0, 0, 0, 0, 0, none, none, none, 0),
        "黄屯社区": (2, 1, (1, 2), (0, 1), 0, 0, 0, 0, 0, none, none, none, 0),
        "综合执法大队": (0, 0, none, none, 0, 2, 1, 0, 1, (1, 1), (1, 1), (1, 1), 0),
        "建设办": (0, 0, none, none, 0, 1, 0, 0, 1, (0, 1), (0, 1), none, 0),
        "合计": (5, 4, (4, 5), (3, 4), 0, 3, 1, 0, 2, (1, 2), (1, 2), (1, 1), 0),
    }


def test_what_is_overdue_is_named_by_unit(composed: Compose) -> None:
    """The call was due on the 10th and is not handled on the 12th."""
    assert _rows(_table(composed(2), "超期未办（按单位）"))["建设办"] == (1, 1, (1, 1))


def test_the_burn_up_starts_with_the_first_week_and_ends_with_this_one(composed: Compose) -> None:
    """Three targets reached by the first Sunday, four by the second; the pace is 3 and 8 of 43 working days."""
    chart = composed(2).charts[0]
    assert chart.categories == ("1", "2")
    assert chart.series[0].values == (3, 4)
    assert chart.series[1].values == (1, 1)
    assert chart.series[1].target


def test_a_figure_without_cases_says_so(composed: Compose) -> None:
    """In the first week nobody had been called back: neither 0% nor 100%."""
    first = composed(1)
    assert "满意率 无案例" in _said(first)
    units = _table(first, "各单位工作情况（累计）")
    assert units.total is not None
    assert units.total[12] == Share(0, 0, "无案例")


def test_what_is_recorded_later_does_not_change_an_earlier_dispatch(composed: Compose, street: Any) -> None:
    """Late visits, a new name and a closing backdated into the week come after its commit: the bytes stay."""
    report = composed(1)
    before = (digest(report), to_html(report))
    street.put("units", unit_id="C01", version=2, name="改名社区")
    street.put("visits", visit_id="V9", target_id="H5", on=date(2023, 3, 3), visitor_id="P-C02", unit_id="C02")
    street.done("K1", date(2023, 3, 4), "jianshe", date(2023, 3, 10))
    assert (digest(composed(1)), to_html(composed(1))) == before
    street.commit()


def test_every_printed_word_is_free_of_personal_data(composed: Compose, street: Any, tmp_path: Path) -> None:
    """Names, telephones and spoken words stand in the side table and get into no report."""
    for language in ("zh", "en"):
        report = composed(2, language)
        text = canonical(report).decode() + to_html(report).decode()
        assert "王大锤" not in text
        assert not re.search(r"1[3-9]\d{9}", text)
        with (tmp_path / "report.xlsx").open("w+b") as file:
            to_xlsx(report, file)
        with zipfile.ZipFile(tmp_path / "report.xlsx") as parts:
            assert not any("王大锤".encode() in parts.read(name) for name in parts.namelist())


def test_an_english_dispatch_has_no_chinese_but_names_and_clauses(
    composed: Compose, plan: CampaignPlan, street: Any
) -> None:
    """The option is complete: headings, sentences, tables, charts and definitions."""
    text = canonical(composed(2, "en")).decode()
    names = {unit.name for unit in plan.units} | {"田厂社区", "黄屯社区", "黄屯街道"}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, "")
    text = re.sub(r"[一二三四五](\([一二三四]\))?", "", text)
    assert re.findall(r"[\u3000-\u9fff\uff00-\uffef]+", text) == []


def test_a_failed_advisory_plugin_stands_in_the_footer(composed: Compose) -> None:
    """Who reads the figures learns that one of them may be missing."""
    footer = composed(2, warnings=("插件 demo 的指标 x 出错",)).footer
    assert "插件 demo 的指标 x 出错" in {note.text for note in footer}


def test_the_footer_defines_every_figure_with_its_clause(composed: Compose) -> None:
    """Each figure of the handling table has its definition, and the plan and commit are named."""
    report = composed(2)
    terms = {note.term for note in report.footer}
    assert {str(row[0]) for row in _table(report, "办理指标（累计）").rows} <= terms
    everything = "".join(note.text for note in report.footer)
    assert "huangtun-2023 第 1 版" in everything
    assert "第 1 至 3 号提交" in everything


def test_people_are_named_by_number_only_and_may_reply(street: Any, composed: Compose) -> None:
    """Forty-five visits that all say "no demand": a sign with its figures, its clause and the right of reply."""
    street.seq = 3
    for i in range(45):
        who = {"target_id": "H1", "visitor_id": "P-C02", "unit_id": "C02"}
        street.put("visits", visit_id=f"W{i}", on=date(2023, 3, 6), minute=480 + 10 * i, no_demand=1, **who)
    said = _said(composed(2))
    assert "黄屯社区工作人员（编号 P-C02）" in said
    assert "有效走访 46 次，其中 45 次记为“无诉求”" in said
    assert "不是结论" in said
    assert "2023年3月20日" in said


def test_the_ledger_can_record_exactly_the_signs_that_are_printed(
    street: Any, plan: CampaignPlan, composed: Compose
) -> None:
    """What `noticed` gives is what stands in the fifth section: one paragraph for each sign."""
    street.seq = 3
    for i in range(45):
        who = {"target_id": "H1", "visitor_id": "P-C02", "unit_id": "C02"}
        street.put("visits", visit_id=f"W{i}", on=date(2023, 3, 6), minute=480 + 10 * i, no_demand=1, **who)
    report = composed(2)
    dispatch = Dispatch(number=2, on=report.on, from_on=report.first_on, to_on=report.last_on, as_of=Seq(3))
    found = noticed(street, plan, dispatch)
    assert [(sign.kind, sign.about_id, sign.hits, sign.of) for sign in found] == [("perfunctory", "P-C02", 45, 46)]
    marked = [b for b in report.sections[4].blocks if isinstance(b, Paragraph) and b.mark is not None]
    assert len(marked) == len(found)
