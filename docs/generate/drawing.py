"""The picture of the lifecycle, drawn from its table as one SVG without scripts or fonts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from docs.generate.lifecycle import EVENTS, NAMES
from zoufang.model import Status
from zoufang.rules import FINAL, ON_THE_SPOT, OPEN, TABLE, Transition

S = Status
STEP, WIDE, TALL = 146, 104, 46
ROW, SIDE, BOTTOM, LOWEST = 110, 216, 330, 440
PATH = (S.RAISED, S.ROUTED, S.ACCEPTED, S.HANDLED, S.FED_BACK, S.APPLIED, S.CLOSED)
"""The ordinary way, from left to right."""

ASIDE = (S.SPLIT, S.PAUSED, S.EXTENDING)
"""Where a ticket waits beside the ordinary way; what leads there and back is written, not drawn."""

PLACE = {status: (30 + i * STEP, ROW) for i, status in enumerate(PATH)} | {
    S.RETURNED: (30, SIDE),
    S.STRUCK: (30, BOTTOM),
    S.MERGED: (30 + 280, BOTTOM),
    S.WITHDRAWN: (30 + 640, BOTTOM),
    S.SPLIT: (30, LOWEST),
    S.PAUSED: (30 + 400, LOWEST),
    S.EXTENDING: (30 + 640, LOWEST),
}
"""Left upper corner of each status."""

FONTS = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'WenQuanYi Micro Hei', sans-serif"
HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1080 560" font-family="{FONTS}" font-size="13" role="img">
<title>The statuses of a ticket and the steps between them</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto-start-reverse">
<path d="M0 0 8 4 0 8z" fill="#4a5568"/></marker></defs>
<rect width="1080" height="560" fill="#ffffff"/>"""


def picture() -> str:
    """Return the picture of the lifecycle."""
    return "\n".join([HEAD, *_boxes(), *_arrows(), *_ways_out(), *_beside(), "</svg>", ""])


def _boxes() -> Iterator[str]:
    for status, (x, y) in PLACE.items():
        fill, line = ("#edf2f7", "#a0aec0") if status in FINAL else ("#ebf4ff", "#4c78a8")
        if status is S.CLOSED:
            fill, line = "#e6f4ea", "#3d8b57"
        yield f'<rect x="{x}" y="{y}" width="{WIDE}" height="{TALL}" rx="6" fill="{fill}" stroke="{line}"/>'
        yield _words(x + WIDE // 2, y + 19, NAMES[status])
        yield _words(x + WIDE // 2, y + 37, status, size=11, colour="#4a5568")


def _arrows() -> Iterator[str]:
    drawn: Counter[tuple[Status, Status]] = Counter()
    for line in TABLE:
        for before in line.before:
            after = line.after
            if after is None or {before, after} & set(ASIDE) or (after in FINAL and after is not S.CLOSED):
                continue
            yield from _arrow(line, before, after, drawn[before, after])
            drawn[before, after] += 1
    x = PLACE[S.FED_BACK][0] + WIDE // 2
    yield _path(f"M{PLACE[S.RAISED][0] + 20} {ROW} V36 H{x} V{ROW}", dashed=True)
    yield _words((PLACE[S.RAISED][0] + x) // 2, 28, f"当场解决并反馈 on the spot: {', '.join(ON_THE_SPOT)}", size=12)


def _arrow(line: Transition, before: Status, after: Status, n_drawn: int) -> Iterator[str]:
    """Draw one step: forward along the row, back under it, or aside to and from a return."""
    (x, y), (to_x, to_y) = PLACE[before], PLACE[after]
    zh, en = EVENTS[line.event], str(line.event)
    if y == to_y and to_x > x:
        middle = (x + WIDE + to_x) // 2
        yield _path(f"M{x + WIDE} {y + TALL // 2} H{to_x}")
        yield _words(middle, y - 21, zh, size=11)
        yield _words(middle, y - 7, en, size=10, colour="#4a5568")
    elif y == to_y:
        n_back = (x - to_x) // STEP
        under = y + TALL + 16 * n_back + 22 * n_drawn
        back = to_x + WIDE // 2 + 6 * (n_back + n_drawn) - 24
        yield _path(f"M{x + WIDE // 2 + 6 * n_drawn} {y + TALL} V{under} H{back} V{y + TALL}")
        yield _words(x - 20, under - 5, f"{zh} {en}", size=11)
    elif to_y > y:
        yield _path(f"M{x + WIDE // 2} {y + TALL} V{to_y + 32} H{to_x + WIDE}")
        yield _words(x + WIDE // 2 + 8, to_y + 18, f"{zh} {en}", size=11, anchor="start")
    else:
        turn = (x + WIDE + to_x) // 2
        yield _path(f"M{x + WIDE} {y + 14} H{turn} V{to_y + TALL - 10} H{to_x}")
        yield _words(turn - 6, y - 14, f"{zh} {en}", size=11, anchor="end")


def _ways_out() -> Iterator[str]:
    for line in TABLE:
        if line.after in FINAL and line.after is not S.CLOSED:
            x, y = PLACE[line.after]
            places = "any open status" if set(line.before) == set(OPEN) else ", ".join(line.before)
            yield _words(x, y - 12, f"{EVENTS[line.event]} {line.event}, from: {places}", size=11, anchor="start")


def _beside() -> Iterator[str]:
    for status in ASIDE:
        x, y = PLACE[status]
        leading = [line for line in TABLE if line.after is status]
        leaving = [line for line in TABLE if status in line.before and line.after not in {*FINAL, status}]
        for line in leading:
            words = f"{EVENTS[line.event]} {line.event}, from: {', '.join(line.before)}"
            yield _words(x, y - 12, words, size=11, anchor="start")
        for i, line in enumerate(leaving, start=1):
            words = f"{EVENTS[line.event]} {line.event} → {line.after}"
            yield _words(x, y + TALL + 16 * i, words, size=11, anchor="start")
    for line in TABLE:
        for status in line.before if line.after is None else ():
            x, y = PLACE[status]
            yield _words(x, y + TALL + 16, f"{EVENTS[line.event]} {line.event}", size=11, anchor="start")


def _path(d: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<path d="{d}" fill="none" stroke="#4a5568" stroke-width="1.2"{dash} marker-end="url(#tip)"/>'


def _words(x: int, y: int, words: str, *, size: int = 13, colour: str = "#1a202c", anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" text-anchor="{anchor}">{words}</text>'
