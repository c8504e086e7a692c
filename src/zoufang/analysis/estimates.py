"""From the call-back sample to all closings: an unbiased share with an exact interval, unit by unit.

A cell is what was drawn together: one stratum of one draw, as far as it concerns one unit. Its answers stand for all
of its closings, so each weighs as many closings as the cell holds over the answers it gave (Horvitz and Thompson,
JASA 47 (1952) 663-685; Cochran, Sampling Techniques, 5.3). Who is given up is replaced in the order of lots, so the
answers are a random sample of the cell's people who can be reached and will speak; the others are not spoken for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Literal

import sqlalchemy as sa
from attrs import frozen

from zoufang.analysis.acceptance import LotVerdict, judge, lot_plan
from zoufang.analysis.callback_metrics import rated
from zoufang.analysis.intervals import clopper_pearson, finite_interval
from zoufang.analysis.metric import Window
from zoufang.facts import Reader
from zoufang.model import CallBackRule, CallOutcome
from zoufang.typing import UnitId

Question = Literal["solved", "satisfied"]


@frozen
class Cell:
    """One stratum of one draw, as far as it concerns one unit.

    Args:
        lot: The number of the draw.
        stratum: The stratum.
        unit_id: The unit that had closed.
        of: Closings in it, at least 1.
        answers: Valid answers, 0 to ``of``.
        hits: Those that said yes.
    """

    lot: int
    stratum: str
    unit_id: UnitId
    of: int
    answers: int
    hits: int


@frozen
class Estimate:
    """What the sample says of all closings of one unit, or of the street.

    Args:
        unit_id: The unit; None for the whole street.
        question: What was asked.
        of: Closings that were considered by any draw.
        covered: Closings in cells with at least one answer; the share is over these.
        answers: Valid answers.
        hits: Those that said yes, unweighted.
        share: The weighted share, exact; None without an answer.
        low: Lower bound of the interval, 0 to 1; None without an answer.
        high: Upper bound; None without an answer.
        exact: True where all answered, or one cell was sampled, or all answers of the sampled cells weigh the same;
            otherwise an effective number of answers stands in for the real one. Without an answer nothing is known,
            and it is False.
    """

    unit_id: UnitId | None
    question: Question
    of: int
    covered: int
    answers: int
    hits: int
    share: Fraction | None
    low: Fraction | None
    high: Fraction | None
    exact: bool


def estimates(
    reader: Reader, rule: CallBackRule, window: Window, question: Question = "solved"
) -> tuple[Estimate, ...]:
    """Return what the sample says of all closings, for each unit and last for the whole street.

    Args:
        reader: Where the facts are.
        rule: Its confidence.
        window: Which draws and answers count.
        question: Whether it is solved, or whether the person is satisfied.

    Returns:
        One estimate a unit that any draw considered, by id; then the street's, if there is any.

    Plan: 五(三)
    """
    found = cells(reader, window, question)
    by_unit: defaultdict[UnitId, list[Cell]] = defaultdict(list)
    for cell in found:
        by_unit[cell.unit_id].append(cell)
    groups: list[tuple[UnitId | None, Sequence[Cell]]] = sorted(by_unit.items())
    if found:
        groups.append((None, found))
    return tuple(estimate(some, unit_id, question, rule.confidence_percent) for unit_id, some in groups)


def estimate(
    found: Sequence[Cell], unit_id: UnitId | None, question: Question = "solved", confidence_percent: int = 95
) -> Estimate:
    """Weigh the answers of cells and say how sure the share is.

    Cells whose closings all answered are known. A single sampled cell gives the exact interval of a finite
    population. Several sampled cells give the Clopper-Pearson interval over their answers where all weigh the same:
    independent cells spread less than one (W. Hoeffding, Ann. Math. Statist. 27 (1956) 713-721). Else Kish's effective
    number, the sum of weights squared over the sum of squared weights, stands in for the number of answers, rounded
    outwards (E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998) 193-201).

    Args:
        found: The cells.
        unit_id: Whose they are; None for the street.
        question: What was asked.
        confidence_percent: Of the interval, 50 to 99.

    Plan: 五(三)
    """
    spoken = [cell for cell in found if cell.answers]
    sampled = [cell for cell in spoken if cell.answers < cell.of]
    covered = sum(cell.of for cell in spoken)
    known = sum(cell.hits for cell in spoken if cell.answers == cell.of)
    guessed = sum((Fraction(cell.of * cell.hits, cell.answers) for cell in sampled), Fraction(0))
    low, high, exact = _sampled(sampled, confidence_percent)
    return Estimate(
        unit_id=unit_id,
        question=question,
        of=sum(cell.of for cell in found),
        covered=covered,
        answers=sum(cell.answers for cell in found),
        hits=sum(cell.hits for cell in found),
        share=(known + guessed) / covered if covered else None,
        low=(known + low) / covered if covered else None,
        high=(known + high) / covered if covered else None,
        exact=exact and covered > 0,
    )


def _sampled(sampled: Sequence[Cell], confidence_percent: int) -> tuple[Fraction, Fraction, bool]:
    """Return bounds for the hits of sampled cells together, and whether the confidence is proved."""
    if not sampled:
        return Fraction(0), Fraction(0), True
    of, answers = sum(c.of for c in sampled), sum(c.answers for c in sampled)
    if len(sampled) == 1:
        least, most = finite_interval(sampled[0].hits, answers, of, confidence_percent)
        return Fraction(least), Fraction(most), True
    alike = len({Fraction(c.of, c.answers) for c in sampled}) == 1
    squares = sum((Fraction(c.of * c.of, c.answers) for c in sampled), Fraction(0))
    n = floor(of * of / squares)
    hits = n * sum((Fraction(c.of * c.hits, c.answers) for c in sampled), Fraction(0)) / of
    low, _ = clopper_pearson(floor(hits), n, confidence_percent)
    _, high = clopper_pearson(ceil(hits), n, confidence_percent)
    return low * of, high * of, alike


def cells(reader: Reader, window: Window, question: Question = "solved") -> tuple[Cell, ...]:
    """Return every cell of the draws in a window with its valid answers.

    Plan: 五(三)
    """
    tables = reader.tables
    d, r, e = tables.draws, tables.reserves, tables.ticket_events
    drawn = sa.select(d.c.ticket_id, d.c.closing, d.c.lot, d.c.stratum).where(
        d.c.replaces.is_(None), *window.known(d), *window.begun(d.c.on)
    )
    left = sa.select(r.c.ticket_id, r.c.closing, r.c.lot, r.c.stratum).where(*window.known(r), *window.begun(r.c.on))
    frame = sa.union_all(drawn, left).subquery("frame")
    said = rated(tables, Window(as_of=window.as_of, to_on=window.to_on), question)
    query = (
        sa.select(
            frame.c.lot,
            frame.c.stratum,
            e.c.unit_id,
            sa.func.count(),
            sa.func.count(said.c.said),
            sa.func.coalesce(sa.func.sum(said.c.said), 0),
        )
        .join(e, (e.c.ticket_id == frame.c.ticket_id) & (e.c.version == frame.c.closing))
        .outerjoin(said, (said.c.ticket_id == frame.c.ticket_id) & (said.c.closing == frame.c.closing))
        .group_by(frame.c.lot, frame.c.stratum, e.c.unit_id)
        .order_by(frame.c.lot, frame.c.stratum, e.c.unit_id)
    )
    return tuple(
        Cell(lot, stratum, unit, int(of), int(n), int(hits)) for lot, stratum, unit, of, n, hits in reader.select(query)
    )


def judged(reader: Reader, rule: CallBackRule, window: Window) -> tuple[LotVerdict, ...]:
    """Judge each unit as a lot by its last valid answers to "is it solved", by unit.

    Plan: 五(三)
    """
    plan = None if rule.lot is None else lot_plan(rule.lot)
    if plan is None:
        return ()
    return tuple(judge(unit_id, said, plan) for unit_id, said in _answers(reader, window))


def _answers(reader: Reader, window: Window) -> Iterator[tuple[UnitId, list[bool]]]:
    """Yield, by unit, the last valid answer to each closing in the order of the calls."""
    c = reader.tables.callbacks.c
    query = (
        sa.select(c.unit_id, c.ticket_id, c.closing, c.solved)
        .where(
            c.outcome == str(CallOutcome.REACHED),
            c.solved.is_not(None),
            *window.known(reader.tables.callbacks),
            *window.begun(c.on),
        )
        .order_by(c.unit_id, c.on, c.ticket_id, c.closing, c.attempt)
    )
    by_unit: dict[UnitId, dict[tuple[str, int], bool]] = {}
    for unit_id, ticket_id, closing, solved in reader.select(query):
        said = by_unit.setdefault(unit_id, {})
        said.pop((ticket_id, closing), None)
        said[ticket_id, closing] = bool(solved)
    yield from ((unit_id, list(said.values())) for unit_id, said in by_unit.items())
