"""The ladder of supervision: when each kind of step holds, and the ladders that are shipped."""

from __future__ import annotations

from collections.abc import Iterable

from docs.generate import markdown as md
from zoufang.errors.words import ROLES
from zoufang.intake import load_plan
from zoufang.model import LadderStep, LadderWhen, Status
from zoufang.rules import HIGH, IN_FORCE, LADDERS
from zoufang.rules.escalation import UPWARDS

BEGINS = {
    LadderWhen.BEFORE_DUE: "n working days before the time limit; 0 is the last day itself",
    LadderWhen.AFTER_DUE: "on the n-th working day after the time limit",
    LadderWhen.UNSATISFIED: "at the n-th call-back that said not solved or not satisfied",
    LadderWhen.BOUNCED: "at the n-th time a unit returned it",
}


def page() -> str:
    """Return the page of the ladder."""
    kinds = [
        (md.code(when), BEGINS[when], md.codes(status for status in Status if status in IN_FORCE[when]))
        for when in LadderWhen
    ]
    return md.page(
        "The ladder of supervision",
        "What happens to a ticket that is not dealt with: plan 五(三). The steps are data of the plan, `[[ladder]]`, "
        "the lowest first; a ticket stands on the highest step that holds. Nothing runs in the background: "
        "`campaign.ladder(on)` computes it from the facts, for today or for any earlier day, and the answer for an "
        "earlier day never changes by what happened later.",
        md.table(("when", "the step begins", "and holds while the ticket is"), kinds),
        "**The clock** is the time limit in force. Only what sets a limit moves it: a dispatch, a revocation, a "
        "granted extension, a pause. Accepting, editing, a refused closing or a late entry do not.",
        "**Who must see to it.** `handler` and `unit_lead` are the people of the unit that holds the ticket; `office` "
        f"and `leader` are the street's. Where nobody in the register holds the role, the next one up answers: "
        f"{', then '.join(md.code(role) for role in UPWARDS)}; a ticket that no unit holds is the office's. "
        "`outbox/ladder.xlsx` and `zoufang why` say in whose place.",
        "A common problem that is not handled stands on the ladder too, by its own time limit; the unit that leads on "
        "it is the holder.",
        f"A step for {' or '.join(sorted(HIGH))} is supervision (督办): the weekly dispatch lists those tickets, and "
        "`outbox/ladder.xlsx` all that stand on any step.",
        "A plan without `[[ladder]]` has none. The plan check refuses a step that does not come later than a lower "
        "one.",
        "## Huangtun 2023",
        _steps(load_plan("huangtun-2023").ladder),
        *(part for name, steps in LADDERS.items() for part in (f"## Preset {md.code(name)}", _steps(steps))),
        "Yellow one working day before the limit, red on the first after it, supervision when overdue or still "
        "unsatisfied after re-handling, as published; how many days overdue is the street's own choice.",
    )


def _steps(steps: Iterable[LadderStep]) -> str:
    rows = [
        (
            f"{md.code(step.id)} {step.label.zh}", md.code(step.when), str(step.n),
            f"{md.code(step.responsible)} {ROLES[step.responsible].zh}", step.clause,
        )
        for step in steps
    ]  # fmt: skip
    return md.table(("step", "when", "n", "who must see to it", "plan"), rows)
