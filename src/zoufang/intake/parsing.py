"""From a raw cell to a value: one parser a column, made once from what the column declares."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from attrs import frozen

from zoufang.intake.specs import ColumnSpec, Sort
from zoufang.intake.texts import folded, spoken
from zoufang.typing import Text


class Stamp(float):
    """A number that its workbook shows as a date or a time."""

    __slots__ = ()


@frozen
class Fault:
    """A cell that its workbook could not compute: an error value, or a formula without a stored result."""

    code: str
    problem: Text


NO_RESULT = Fault(
    "no_result",
    Text(
        "公式没有保存结果；请在表格软件中打开并保存，或改填数值",
        "a formula without a stored result; open and save it, or type the value",
    ),
)
ERROR_VALUE = Fault("error_value", Text("单元格是错误值；请改正公式", "an error value; correct its formula"))

RawCell = str | int | float | bool | Fault | None
Parser = Callable[[Any], Any]


class BadCell(Exception):  # noqa: N818 - never leaves the room: it becomes a BadRow
    """A cell that is not of its column's kind."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code)
        self.code = code
        self.problem = Text(zh, en)


SHIFT_1904 = 1462
_EPOCH = date(1899, 12, 30)
_FIRST_STAMP, _FIRST_PLAIN, _LAST_SERIAL = 61, 36_526, 109_937
_EXACT = 10**15
_LONGEST_ID = 64
_SHOWN = 20
_SEPARATORS = frozenset("、,;\n")
_REMEMBERED = 20_000
_YES_NO = {"是": True, "否": False}
_MISSING = ("missing", "不能为空", "must not be empty")
_LOST = (
    "digits_lost",
    "长数字按数值保存，末尾数字已丢失；请设为文本后重新填写",
    "a long number stored as a number has lost digits; type it as text",
)
_NO_DAY = (
    "bad_day",
    "不是有效日期；可写 2023-03-01、2023/3/1、2023.3.1、2023年3月1日",
    "not a date; write 2023-03-01, 2023/3/1, 2023.3.1 or 2023年3月1日",
)
_NO_TIME = ("bad_time", "不是有效时间；可写 09:30", "not a time; write 09:30")
_NO_INT = ("bad_int", "应为整数", "must be a whole number")


def parser_of(column: ColumnSpec, *, shift: int = 0) -> Parser:
    """Return the function that turns a column's raw cells into values.

    Args:
        column: What the column declares, bound to a plan.
        shift: Days to add to serial dates: 1462 in a workbook that counts from 1904.

    Returns:
        A function of a raw cell: an id or choice as text, a day as ``date``, a time as minute of the day, yes and
        no as booleans, a list as a tuple, free words as text; an empty cell gives None, ``""`` or ``()``. It raises
        :class:`BadCell` for everything else.
    """
    parse = _MAKERS[column.sort](column, shift)
    empty: Any = () if column.sort is Sort.LIST else "" if column.sort is Sort.TEXT or column.private else None
    known: dict[str, Any] = {}

    def parsed(raw: RawCell) -> Any:
        if type(raw) is str and raw in known:
            return known[raw]
        if isinstance(raw, Fault):
            raise BadCell(raw.code, raw.problem.zh, raw.problem.en)
        if raw is None or (isinstance(raw, str) and not folded(raw)):
            if column.required:
                raise BadCell(*_MISSING)
            return empty
        value = parse(raw)
        if type(raw) is str and len(known) < _REMEMBERED:
            known[raw] = value
        return value

    return parsed


def _ids(column: ColumnSpec, _shift: int) -> Parser:
    def parse(raw: Any) -> str:
        if not isinstance(raw, str):
            return _digits(raw)
        text = folded(raw)
        if column.private:
            text = "".join(text.split())
        if len(text) > _LONGEST_ID or not text.isprintable() or " " in text:
            raise BadCell(
                "bad_id", "编号中不能有空格或换行，且不超过 64 字", "an id has no spaces and at most 64 characters"
            )
        if _is_scientific(text):
            raise BadCell(*_LOST)
        return text

    return parse


def _digits(raw: float) -> str:
    """Return a whole number's digits; a date, a fraction or a number too long to be exact is refused."""
    if isinstance(raw, (Stamp, bool)):
        raise BadCell(
            "bad_id",
            "编号被表格软件变成了日期或逻辑值；请设为文本后重新填写",
            "the id became a date or truth value; type it as text",
        )
    if abs(raw) >= _EXACT:
        raise BadCell(*_LOST)
    if raw != int(raw):
        raise BadCell("bad_id", "编号不能是小数", "an id is no fraction")
    return str(int(raw))


def _digits_of(text: str) -> str:
    """Return a folded text; one with a raised or circled digit is left as it is, so that it is no number."""
    return text if any(c.isdigit() and not c.isdecimal() for c in text) else folded(text)


def _is_scientific(text: str) -> bool:
    """Say whether a spreadsheet has shortened a long number to ``3.70811E+17``."""
    head, e, tail = text.upper().partition("E+")
    return bool(e) and tail.isdigit() and head.replace(".", "", 1).isdigit()


def _texts(_column: ColumnSpec, shift: int) -> Parser:
    def parse(raw: Any) -> str:
        if isinstance(raw, str):
            return spoken(raw)
        if isinstance(raw, Stamp):
            return _from_serial(raw + shift).isoformat()
        if isinstance(raw, bool):
            return "是" if raw else "否"
        if abs(raw) >= _EXACT:
            raise BadCell(*_LOST)
        return str(int(raw)) if raw == int(raw) else repr(raw)

    return parse


def _days(_column: ColumnSpec, shift: int) -> Parser:
    def parse(raw: Any) -> date:
        if isinstance(raw, bool):
            raise BadCell(*_NO_DAY)
        if isinstance(raw, str):
            return day_of(_digits_of(raw))
        first = _FIRST_STAMP if isinstance(raw, Stamp) else _FIRST_PLAIN
        if not first <= raw + shift <= _LAST_SERIAL:
            raise BadCell(*_NO_DAY)
        return _from_serial(raw + shift)

    return parse


def _from_serial(serial: float) -> date:
    if not 0 <= serial <= _LAST_SERIAL:
        raise BadCell(*_NO_DAY)
    return _EPOCH + timedelta(days=int(serial))


def day_of(text: str) -> date:
    """Return the day that a text writes in one of the four listed forms.

    Args:
        text: Folded text, e.g. ``2023-03-01``, ``2023/3/1``, ``2023.3.1`` or ``2023年3月1日``.

    Returns:
        The day.

    Raises:
        BadCell: It is another form, or no day of the calendar.
    """
    if text.endswith("日"):
        year, _, rest = text[:-1].partition("年")
        month, _, day = rest.partition("月")
        parts = [year, month, day]
    else:
        parts = next((text.split(mark) for mark in "-/." if mark in text), [])
    if [len(part) for part in parts] not in _LENGTHS or not all(p.isascii() and p.isdigit() for p in parts):
        raise BadCell(*_NO_DAY)
    try:
        return date(*map(int, parts))
    except ValueError:
        raise BadCell("bad_day", "日历上没有这一天", "there is no such day in the calendar") from None


_LENGTHS = [[4, m, d] for m in (1, 2) for d in (1, 2)]


def _times(_column: ColumnSpec, _shift: int) -> Parser:
    def parse(raw: Any) -> int:
        if isinstance(raw, bool):
            raise BadCell(*_NO_TIME)
        if not isinstance(raw, str):
            if not 0 <= raw < 1:
                raise BadCell(*_NO_TIME)
            return int(min(round(raw * 1440), 1439))
        parts = _digits_of(raw).split(":")
        if len(parts) not in {2, 3} or not all(p.isascii() and p.isdigit() and len(p) <= 2 for p in parts):
            raise BadCell(*_NO_TIME)
        hour, minute, *second = map(int, parts)
        if hour > 23 or minute > 59 or (second and second[0] > 59):
            raise BadCell(*_NO_TIME)
        return 60 * hour + minute

    return parse


def _ints(column: ColumnSpec, _shift: int) -> Parser:
    low, high = column.at_least, column.at_most

    def parse(raw: Any) -> int:
        if isinstance(raw, str):
            text = _digits_of(raw)
            if not (text.isascii() and text.isdigit() and len(text) <= 15):
                raise BadCell(*_NO_INT)
            value = int(text)
        else:
            if isinstance(raw, (Stamp, bool)) or abs(raw) >= _EXACT or raw != int(raw):
                raise BadCell(*_NO_INT)
            value = int(raw)
        if not low <= value <= high:
            raise BadCell("bad_int", f"应在 {low} 与 {high} 之间", f"must be from {low} to {high}")
        return value

    return parse


def _yes_no(_column: ColumnSpec, _shift: int) -> Parser:
    def parse(raw: Any) -> bool:
        value = raw if isinstance(raw, bool) else _YES_NO.get(folded(raw) if isinstance(raw, str) else "")
        if value is None:
            raise BadCell("unknown_choice", "应填“是”或“否”", "write 是 or 否")
        return value

    return parse


def _choices(column: ColumnSpec, shift: int) -> Parser:
    allowed = _allowed(column)
    any_id = _ids(column, shift)

    def parse(raw: Any) -> str:
        text = folded(raw) if isinstance(raw, str) else _digits(raw)
        value = allowed.get(text)
        if value is None:
            if column.closed:
                raise _not_listed(tuple(column.choices))
            return str(any_id(text))
        return value

    return parse


def _allowed(column: ColumnSpec) -> dict[str, str]:
    """Return what is understood in a column's cells, folded as a cell is."""
    return {folded(word): value for word, value in column.understood.items()}


def _not_listed(labels: Sequence[str]) -> BadCell:
    if not labels:
        return BadCell("unknown_choice", "方案中没有可选的内容，不填", "the plan has none of these; leave it empty")
    shown = "、".join(labels[:_SHOWN]) + ("等" if len(labels) > _SHOWN else "")
    return BadCell("unknown_choice", f"不在列表中；可填：{shown}", f"not in the list; allowed: {shown}")


def _lists(column: ColumnSpec, _shift: int) -> Parser:
    allowed = _allowed(column)
    longest_first = sorted(allowed, key=len, reverse=True)

    def parse(raw: Any) -> tuple[str, ...]:
        text = folded(raw) if isinstance(raw, str) else _digits(raw)
        if not column.closed:
            text = "、".join(text.split())
        found: dict[str, None] = {}
        for word in _words(text, longest_first):
            if word not in allowed and column.closed:
                raise _not_listed(tuple(column.choices))
            found[allowed.get(word, word)] = None
        return tuple(found)

    return parse


def _words(text: str, labels: Sequence[str]) -> list[str]:
    """Split a list; a label that itself holds a separator is kept whole."""
    found = []
    at, end = 0, len(text)
    while at < end:
        if text[at] in _SEPARATORS or text[at].isspace():
            at += 1
            continue
        stop = next((at + len(label) for label in labels if _stands(text, label, at)), None)
        if stop is None:
            stop = min((i for i in range(at, end) if text[i] in _SEPARATORS), default=end)
        found.append(text[at:stop].strip())
        at = stop
    return found


def _stands(text: str, label: str, at: int) -> bool:
    """Say whether a whole label stands at a place: nothing but a separator follows it."""
    after = text[at + len(label) : at + len(label) + 1]
    return text.startswith(label, at) and (not after or after in _SEPARATORS or after.isspace())


_MAKERS: Mapping[Sort, Callable[[ColumnSpec, int], Parser]] = {
    Sort.ID: _ids,
    Sort.TEXT: _texts,
    Sort.DAY: _days,
    Sort.TIME: _times,
    Sort.INT: _ints,
    Sort.YES_NO: _yes_no,
    Sort.CHOICE: _choices,
    Sort.LIST: _lists,
}
