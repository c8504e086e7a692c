"""三、回访情况, second half: inferred shares, intervals rounded outwards, and lots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from attrs import evolve

from zoufang.facts import Checkpoint
from zoufang.model import CampaignPlan
from zoufang.reports import Dispatch, Report, digest, weekly
from zoufang.reports.document import Paragraph, Share, Table
from zoufang.typing import Seq

CAPTION = "由回访推断的解决率、满意率与成批判定（按单位，累计）"
THIRD = Dispatch(2, date(2023, 3, 13), date(2023, 3, 6), date(2023, 3, 12), Seq(4))


def third(street: Any, plan: CampaignPlan) -> Report:
    """Return the dispatch of the second week as of commit 4."""
    return weekly(street, plan, THIRD, Checkpoint(Seq(4), "9f3c5b7a1d2e" + "0" * 52))


def table(report: Report) -> Table | None:
    """Return the table of a report, if it has one."""
    blocks = report.sections[2].blocks
    return next((b for b in blocks if isinstance(b, Table) and b.caption == CAPTION), None)


def printed(cells: tuple[Any, ...]) -> list[Any]:
    """Return cells as they are printed."""
    return [cell.printed if isinstance(cell, Share) else cell for cell in cells]


def reserve(street: Any) -> None:
    """Record, in commit 4, that the draw had considered two more closings of the unit."""
    for key in ("L1", "K1"):
        closing = street.done(key, date(2023, 3, 9), "zhifa", date(2023, 3, 9))
        street.put(
            "reserves", ticket_id=key, closing=closing, on=date(2023, 3, 9), stratum="all", n=1, of=3, lot=1, rank=2
        )
    street.commit()


def test_before_the_first_draw_nothing_is_inferred(composed: Callable[..., Report]) -> None:
    """The first week has no draw, and no table."""
    assert table(composed(1)) is None


def test_where_all_were_asked_the_share_is_known(composed: Callable[..., Report]) -> None:
    """One of one closing answered; 25 answers are needed to judge the lot, none failed of one."""
    found = table(composed(2))
    assert found is not None
    ((unit, *cells),) = found.rows
    assert unit
    assert printed(tuple(cells)) == [
        1,
        1,
        1,
        "100.00%",
        "100.00%–100.00%",
        "100.00%",
        "100.00%–100.00%",
        "样本不足 0/1",
    ]
    assert found.total is not None
    assert printed(found.total[1:4]) == [1, 1, 1]


def test_one_of_three_answers_for_all_three(street: Any, plan: CampaignPlan) -> None:
    """One yes of one asked of three: 1 to 3 are solved, 33.33% (cut, not rounded) to 100%."""
    reserve(street)
    found = table(third(street, plan))
    assert found is not None
    ((_, *cells),) = found.rows
    assert printed(tuple(cells))[:5] == [3, 3, 1, "100.00%", "33.33%–100.00%"]


def test_the_sentences_name_the_sample_and_both_risks(composed: Callable[..., Report]) -> None:
    """10 against 30 per cent at risks of a tenth: 25 answers, 4 borne, 9.80% and 9.05% rounded up."""
    said = "".join(b.text for b in composed(2).sections[2].blocks if isinstance(b, Paragraph))
    assert "最近 25 件有效回答，未解决不超过 4 件为通过" in said
    assert "9.80%" in said
    assert "9.05%" in said


def test_a_dispatch_of_before_says_the_same_whatever_is_recorded_later(
    street: Any, composed: Callable[..., Report]
) -> None:
    """The reserve is recorded afterwards: the dispatch as of commit 3 does not change."""
    before = digest(composed(2))
    reserve(street)
    assert digest(composed(2)) == before


def test_a_plan_without_a_lot_judges_nobody(street: Any, plan: CampaignPlan) -> None:
    """A dash in the column, and no sentence of it."""
    reserve(street)
    found = table(third(street, evolve(plan, callbacks=evolve(plan.callbacks, lot=None))))
    assert found is not None
    assert [row[-1] for row in found.rows] == ["—"]
