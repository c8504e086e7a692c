from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import attrs
import pytest

from zoufang.reports.document import (
    Chart,
    ChartKind,
    Column,
    Paragraph,
    Report,
    Section,
    Series,
    Share,
    Table,
    canonical,
    digest,
    visible,
)


def _report(text: str) -> Report:
    return Report(
        title="通报",
        subtitle="第 1 期",
        issuer="街道",
        number=1,
        language="zh",
        on=date(2023, 3, 6),
        first_on=date(2023, 2, 27),
        last_on=date(2023, 3, 5),
        period="",
        sections=(Section("一", (Paragraph(text),)),),
        checkpoint="2-aaaa",
    )


def test_equal_reports_have_one_digest_and_another_word_another_one() -> None:
    """The seal depends on the content and on nothing else."""
    assert digest(_report("甲")) == digest(_report("甲"))
    assert digest(_report("甲")) != digest(_report("乙"))


def test_who_signed_it_is_no_part_of_the_seal() -> None:
    """The signature is over the ledger's state and comes later; a dispatch that is printed with it is the same one."""
    signed = attrs.evolve(_report("甲"), signature="检查点签名：密钥 00")
    assert digest(signed) == digest(_report("甲"))
    assert "signature" not in json.loads(canonical(signed))


def test_the_canonical_form_is_sorted_json_without_floating_numbers(composed: Callable[..., Report]) -> None:
    """What is sealed can be recomputed by another language: no float, keys in order, no spaces."""

    def no_float(text: str) -> None:
        raise AssertionError(text)

    body = canonical(composed(2))
    plain = json.loads(body, parse_float=no_float)
    assert json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == body


def test_a_row_that_does_not_fit_its_table_is_refused() -> None:
    """A table with a missing cell would shift figures under the wrong heading."""
    with pytest.raises(ValueError, match="1 values for 2 columns"):
        Table("表", (Column("甲"), Column("乙")), ((1,),))


def test_a_series_that_does_not_fit_its_chart_is_refused() -> None:
    """A chart with a missing week would draw the others in the wrong place."""
    with pytest.raises(ValueError, match="1 values for 2 categories"):
        Chart(ChartKind.LINES, "图", "", ("1", "2"), (Series("件", (3,)),))


def test_a_report_cannot_be_changed() -> None:
    """What was sealed stays as it was."""
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        _report("甲").title = "乙"  # type: ignore[misc]


def test_characters_that_nobody_sees_become_visible() -> None:
    """A name cannot turn the direction of a line or hide a control character."""
    assert visible("甲\u202e乙\x00丙") == "甲\ufffd乙\ufffd丙"
    assert visible("甲\n乙") == "甲\n乙"


def test_a_share_without_cases_has_no_percentage() -> None:
    """Nothing over nothing is neither 0 nor 100."""
    assert Share(0, 0, "无案例").percent is None
    assert Share(1, 4, "25.00%").percent == 25
