"""The lifecycle of a ticket: the table that the rules read, and its picture."""

from __future__ import annotations

from docs.generate import markdown as md
from zoufang.intake.labels import STATUSES
from zoufang.model import Event, Status
from zoufang.rules import FINAL, ON_THE_SPOT, OPEN, TABLE, UNTOUCHED

EVENTS = {
    Event.RAISE: "登记",
    Event.ROUTE: "派单",
    Event.ACCEPT: "受理",
    Event.SEND_BACK: "退单",
    Event.HANDLE: "办结",
    Event.FEED_BACK: "反馈",
    Event.APPLY: "申请销号",
    Event.CLOSE: "同意销号",
    Event.REFUSE: "不同意销号",
    Event.REVOKE: "撤销销号",
    Event.STRIKE: "不予立案",
    Event.WITHDRAW: "撤诉",
    Event.MERGE: "并案",
    Event.SPLIT: "分解",
    Event.RESUME: "到期续办",
    Event.TELL: "告知本人",
    Event.PAUSE: "暂停计时",
    Event.GO_ON: "恢复计时",
    Event.ASK_EXTENSION: "申请延期",
    Event.GRANT_EXTENSION: "同意延期",
    Event.DENY_EXTENSION: "不同意延期",
}
NAMES = {Status(status): label for label, status in STATUSES.items()}


def page() -> str:
    """Return the page of the lifecycle."""
    rows = [
        (
            f"{md.code(line.event)} {EVENTS[line.event]}",
            "any open status" if set(line.before) == set(OPEN) else md.codes(line.before) or "nothing yet",
            md.code(line.after),
            md.codes(line.needs),
            line.gloss,
        )
        for line in TABLE
    ]
    statuses = [
        (md.code(status), NAMES[status], "nobody owes anything more" if status in FINAL else "open")
        for status in Status
    ]
    spot = ", ".join(md.code(event) for event in ON_THE_SPOT)
    return md.page(
        "The lifecycle of a ticket",
        "Which step may follow which: plan 四(二) and 四(三). The table is `zoufang.rules.TABLE`; refusals, this page "
        "and the property tests are derived from it.",
        "![The statuses of a ticket and the steps between them](lifecycle.svg)",
        md.table(("step", "allowed in", "leads to", "needs", "read aloud"), rows),
        f"**On the spot.** A demand that the visitor solves at once is recorded as {spot} in one commit; the office "
        "closes it later like any other.",
        "**Two keys.** Where the plan says `two_keys`, whoever applied for closing cannot approve it.",
        "**Explained.** `handle` with `partly` or `explained` needs a reason code of the plan. The person has an "
        "answer; the ticket does not count as solved.",
        "**The clock.** `route`, `revoke` and `resume` set the day by which the ticket must be handled, from the next "
        "day on, as the plan's `deadlines` say. `go_on` moves it by exactly the days of the pause, "
        "`grant_extension` by the days granted, and a `split` to the end of the parts' own limits where those end "
        'later and the plan says `on_split = "follow"`. Nothing else moves it: an edit does not restart a clock.',
        "**Days.** A step may be entered late, but never dated before the step that it follows.",
        "**Two handlers.** A step may carry the version of the ticket that its author saw; to-do lists and replies do. "
        "If the ticket has moved on, the step goes on top where everything that happened since is in its line below (a "
        "soft conflict, told in the result), and the lifecycle allows it where the ticket stands now; else it is "
        "refused, with the events and units by which the ticket moved. One hard conflict refuses its whole batch. What "
        "has no line is touched by everything. The table is `zoufang.rules.UNTOUCHED`.",
        md.table(
            ("step", "is not touched by", "why"),
            [(md.code(line.event), md.codes(line.since), line.why) for line in UNTOUCHED],
        ),
        "## Statuses",
        md.table(("status", "in Chinese", ""), statuses),
    )
