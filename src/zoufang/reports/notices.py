"""四、热点问题 and 五、表扬与通报: what people raise most, who did well, and what should be looked into."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import sqlalchemy as sa

from zoufang.analysis import SIGN_LABELS, Sign, Window, hot_spots, praise, repeats, signs, top_topics
from zoufang.facts import Reader, latest
from zoufang.model import CampaignPlan
from zoufang.reports import words
from zoufang.reports.brought_along import common
from zoufang.reports.desk import Desk, Dispatch
from zoufang.reports.document import Block, Bullets, Chart, ChartKind, Mark, Paragraph, Section, Series
from zoufang.rules import weeks

CHARTED = 8
SPOT_DAYS = 28


def hot_topics(desk: Desk) -> Section:
    """Return the section: the top topics with their share, hot spots, repeated demands, common problems.

    Plan: 三(二), 四(二)
    """
    blocks: tuple[Block, ...] = (*_top(desk), *_spots(desk), _repeats(desk), *common(desk))
    return Section(heading=desk.t(words.HOT), blocks=blocks)


def _top(desk: Desk) -> tuple[Block, ...]:
    n = desk.plan.dispatch.top_topics
    ranked = top_topics(desk.reader, desk.week, max(n, CHARTED))
    if not ranked:
        return (Paragraph(desk.t(words.NOTHING)),)
    top = ranked[:n]
    items = [
        desk.t(words.TOP_ITEM, topic=desk.topic(one.topic_id), n=one.n, share=desk.share(one.n, one.of).printed)
        for one in top
    ]
    together = sum(one.n for one in top)
    said = desk.t(
        words.TOP_SAID,
        n=len(top),
        topics=desk.listed(items),
        sum=together,
        share=desk.share(together, top[0].of).printed,
    )
    chart = Chart(
        kind=ChartKind.BARS,
        title=desk.t(words.TOP_CHART),
        description=desk.t(words.TOP_CHART_SAID),
        categories=tuple(desk.topic(one.topic_id) for one in ranked),
        series=(Series(desk.t(words.CASES), tuple(one.n for one in ranked)),),
        unit=desk.t(words.CASES),
    )
    return (Paragraph(said), chart)


def _spots(desk: Desk) -> tuple[Block, ...]:
    d = desk.dispatch
    window = Window(as_of=d.as_of, from_on=d.to_on - timedelta(days=SPOT_DAYS - 1), to_on=d.to_on)
    found = hot_spots(desk.reader, window)
    if not found:
        return (Paragraph(desk.t(words.NO_SPOTS)),)
    items = tuple(
        desk.t(
            words.SPOT,
            community=desk.area(spot.community),
            topic=desk.topic(spot.topic_id),
            n=spot.n,
            share=desk.share(spot.n, spot.of).printed,
            rest=desk.share(spot.n_rest, spot.of_rest).printed,
        )
        for spot in found
    )
    return (Paragraph(desk.t(words.SPOTS_SAID)), Bullets(items))


def _repeats(desk: Desk) -> Paragraph:
    """Say how many asked again and about what; never who."""
    found = repeats(desk.reader, desk.so_far)
    if not found:
        return Paragraph(desk.t(words.NO_REPEATS))
    topics = Counter(one.topic_id for one in found)
    ranked = sorted(topics.items(), key=lambda item: (-item[1], item[0]))
    items = [desk.t(words.REPEAT_ITEM, topic=desk.topic(topic), n=n) for topic, n in ranked]
    tickets = sum(one.n for one in found)
    who = len({one.target_id for one in found})
    return Paragraph(desk.t(words.REPEATS_SAID, n=who, tickets=tickets, topics=desk.listed(items)))


def noticed(reader: Reader, plan: CampaignPlan, dispatch: Dispatch) -> tuple[Sign, ...]:
    """Return the signs that a dispatch prints, so that the ledger can record exactly these.

    Args:
        reader: Where the facts are.
        plan: Its thresholds and smallest samples.
        dispatch: Everything up to its last day and its commit counts.

    Returns:
        Praise first, then what should be looked into.

    Plan: 五(二)
    """
    window = Window(as_of=dispatch.as_of, to_on=dispatch.to_on)
    rule = plan.perfunctory
    return (*praise(reader, rule, window, plan.dispatch.praise), *signs(reader, rule, window))


def notices(desk: Desk) -> Section:
    """Return the section: praise, and signs with their figures and the right of reply; people by number only.

    Plan: 五(二)
    """
    plan = desk.plan
    found = noticed(desk.reader, plan, desk.dispatch)
    praised = [sign for sign in found if sign.kind == "praise"]
    seen = [sign for sign in found if sign.kind != "praise"]
    good = [Paragraph(_praised(desk, sign), Mark.GOOD) for sign in praised]
    bad = [
        Paragraph(
            desk.t(
                words.NOTICED,
                name=_who(desk, sign),
                label=desk.t(SIGN_LABELS[sign.sign]),
                why=desk.t(sign.why).rstrip("。."),
                clause=plan.perfunctory.clause,
            ),
            Mark.BAD,
        )
        for sign in seen
    ]
    later = [week.on for week in weeks(plan) if week.on > desk.dispatch.on]
    reply = desk.t(
        words.REPLY,
        until=desk.t(words.UNTIL, next=desk.day(later[0])) if later else desk.t(words.UNTIL_SUMMARY),
        offices=desk.listed(desk.unit(office) for office in plan.dispatch.offices),
    )
    blocks: list[Block] = [
        *(good or [Paragraph(desk.t(words.NO_PRAISE))]),
        *([*bad, Paragraph(reply)] if bad else [Paragraph(desk.t(words.NO_NOTICE))]),
    ]
    return Section(heading=desk.t(words.NOTICES), blocks=tuple(blocks))


def _praised(desk: Desk, sign: Sign) -> str:
    return desk.t(
        words.PRAISED,
        name=_who(desk, sign),
        label=desk.t(SIGN_LABELS[sign.sign]),
        n=sign.hits,
        of=sign.of,
        share=desk.share(sign.hits, sign.of).printed,
    )


def _who(desk: Desk, sign: Sign) -> str:
    """Return a unit's name, or a member of staff by number and unit."""
    if sign.about == "unit":
        return desk.unit(sign.about_id)
    people = latest(desk.reader.tables.people, "person_id", desk.dispatch.as_of)
    found = desk.reader.select(sa.select(people.c.unit_id).where(people.c.person_id == sign.about_id))
    return desk.t(words.PERSON, id=sign.about_id, unit=desk.unit(found[0][0]) if found else "")
