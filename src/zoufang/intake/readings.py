"""Reading what an office hands in: each file becomes values of the model, good and bad rows adding up to all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Generic, TypeVar

from attrs import frozen

from zoufang.errors import BadCellsError, DuplicateIdError, InFileError
from zoufang.intake.contents import content_of
from zoufang.intake.csvs import csv_table
from zoufang.intake.sheets import (
    AREAS,
    CALLBACKS,
    CALLS,
    FINDINGS,
    LETTERS,
    PEOPLE,
    REPLIES,
    TARGETS,
    VISITS,
)
from zoufang.intake.specs import SheetSpec
from zoufang.intake.tables import BadRow, BadRowError, Table, place
from zoufang.intake.workbooks import open_workbook
from zoufang.model import (
    Area,
    AreaLevel,
    CallBack,
    CallOutcome,
    CampaignPlan,
    Channel,
    Event,
    Finding,
    FindingKind,
    Outcome,
    Person,
    Remedy,
    Role,
    Roster,
    Source,
    Step,
    Target,
    Ticket,
    Visit,
)
from zoufang.typing import Text

T_co = TypeVar("T_co", covariant=True)
Record = dict[str, Any]


@frozen
class Reading(Generic[T_co]):
    """What was read from one file, or from one sheet of it.

    Args:
        file: The file's name without its folder.
        sheets: Titles of the sheets read.
        digest: SHA-256 of the whole file, hexadecimal.
        n_rows: Rows with any content, at least 0; good and bad rows together.
        items: What the good rows say, in their order.
        bad: The rows that cannot be used, each with its reason.
        remarks: What was not read: extra columns, hidden sheets.
        places: Sheet and row of each item; empty where the reader does not know.
    """

    file: str
    sheets: tuple[str, ...]
    digest: str
    n_rows: int
    items: tuple[T_co, ...]
    bad: tuple[BadRow, ...]
    remarks: tuple[Text, ...] = ()
    places: tuple[tuple[str, int], ...] = ()


@frozen
class RegisterReading(Reading[Area | Person | Target]):
    """What was read from a register; its items are the areas, the people and the targets, in this order."""

    @property
    def roster(self) -> Roster:
        """The good rows as a roster."""
        return Roster(
            areas=tuple(item for item in self.items if isinstance(item, Area)),
            people=tuple(item for item in self.items if isinstance(item, Person)),
            targets=tuple(item for item in self.items if isinstance(item, Target)),
        )


def read_register(path: Path, plan: CampaignPlan, *, strict: bool = True) -> RegisterReading:
    """Read a register: areas, members of staff and targets.

    Args:
        path: A workbook with the sheets 区域, 人员 and 走访对象.
        plan: Gives kinds and units; a target without a day stands on the roster from the plan's first day.
        strict: True raises when any row is bad; False sets bad rows aside.

    Returns:
        The reading, with its ``roster``.

    Raises:
        FileError: It is no workbook that can be read.
        MissingColumnError: A required column is not there.
        InFileError: Strict, and an id stands twice.
        BadCellsError: Strict, and any other row is bad.

    Plan: 二
    """
    makers: Sequence[Callable[[Record], Area | Person | Target]] = (
        _area,
        lambda record: Person(**record | {"role": Role(record["role"]), "capacity": record["capacity"] or 0}),
        lambda record: Target(**record | {"since_on": record["since_on"] or plan.first_on}),
    )
    specs = (AREAS, PEOPLE, TARGETS)
    items: list[Area | Person | Target] = []
    with _workbook(path, plan, specs) as (tables, digest, remarks):
        for table, make in zip(tables, makers, strict=True):
            made = table.made_by(make)
            if strict:
                _refuse_duplicates(table)
            items += made
        reading = RegisterReading(**_parts(path, tables, digest, remarks), items=tuple(items))
    return accepted(reading, strict=strict)


def _area(record: Record) -> Area:
    level = AreaLevel(record["level"])
    if (level is AreaLevel.STREET) != (record["parent"] is None):
        raise BadRowError(
            "上级编号",
            "bad_parent",
            "街道不填上级编号，社区和网格必须填",
            "a street has no parent, all others have one",
        )
    return Area(**record | {"level": level})


def _refuse_duplicates(table: Table) -> None:
    repeated = next((bad for bad in table.bad if bad.code == "duplicate"), None)
    if repeated is not None:
        problem = DuplicateIdError(what=_CALLED[table.spec.id], id=table.repeated[0])
        raise InFileError(file=table.file, problem=problem, place=place_of(repeated))


_CALLED: Mapping[str, str] = {"areas": "area", "people": "person", "targets": "target"}


def read_visits(path: Path, plan: CampaignPlan, *, strict: bool = True) -> tuple[Reading[Visit], Reading[Finding]]:
    """Read a workbook of visits and of what was heard on them.

    Args:
        path: A workbook with the sheets 走访 and 诉求.
        plan: Gives topics, messages and units.
        strict: True raises when any row is bad; False sets bad rows aside. A finding of a visit that is not among
            the good ones is bad itself.

    Returns:
        The visits and the findings.

    Raises:
        FileError: It is no workbook that can be read.
        MissingColumnError: A required column is not there.
        BadCellsError: Strict, and a row is bad.

    Plan: 三(一), 三(二), 四(二)
    """
    with _workbook(path, plan, (VISITS, FINDINGS)) as ((visits, findings), digest, remarks):
        went = tuple(visits.made_by(_visit))
        known = {visit.id for visit in went}

        def finding(record: Record) -> Finding:
            if record["visit_id"] not in known:
                raise BadRowError(
                    "记录编号",
                    "unknown_visit",
                    "“走访”表中没有这条可用的记录；请先改正或补上该次走访",
                    "no usable visit of this number in the sheet of visits; mend or add it first",
                )
            solved = record["solved"] or False
            return Finding(**record | {"kind": FindingKind(record["kind"]), "solved": solved})

        heard = tuple(findings.made_by(finding))
        first = Reading(**_parts(path, (visits,), digest, remarks), items=went)
        second = Reading(**_parts(path, (findings,), digest, ()), items=heard)
    if strict:
        _refuse(first.file, first.bad + second.bad)
    return first, second


def _visit(record: Record) -> Visit:
    return Visit(
        id=record["id"],
        target_id=record["target_id"],
        on=record["on"],
        channel=_CHANNELS[record["channel"]],
        outcome=_OUTCOMES[record["outcome"]],
        visitor_id=record["visitor_id"],
        unit_id=record["unit_id"],
        minute=record["minute"],
        minutes=record["minutes"],
        no_demand=bool(record["no_demand"]),
        made_known=record["made_known"],
    )


_CHANNELS: Mapping[str, Channel] = {channel.value: channel for channel in Channel}
_OUTCOMES: Mapping[str, Outcome] = {outcome.value: outcome for outcome in Outcome}


def read_calls(path: Path, plan: CampaignPlan, *, strict: bool = True) -> Reading[Ticket]:
    """Read an export of hotline calls.

    Args:
        path: A CSV file with the columns of the declared sheet of calls.
        plan: Gives the topics.
        strict: True raises when any row is bad; False sets bad rows aside.

    Returns:
        One ticket a call.

    Raises:
        FileError: Its encoding or quoting is wrong.
        MissingColumnError: A required column is not there.
        BadCellsError: Strict, and a row is bad.

    Plan: 四(二)
    """
    return _read_csv(path, plan, CALLS, Source.CALL, strict=strict)


def read_letters(path: Path, plan: CampaignPlan, *, strict: bool = True) -> Reading[Ticket]:
    """Read an export of letters.

    Args:
        path: A CSV file with the columns of the declared sheet of letters.
        plan: Gives the topics.
        strict: True raises when any row is bad; False sets bad rows aside.

    Returns:
        One ticket a letter.

    Raises:
        FileError: Its encoding or quoting is wrong.
        MissingColumnError: A required column is not there.
        BadCellsError: Strict, and a row is bad.

    Plan: 四(二)
    """
    return _read_csv(path, plan, LETTERS, Source.LETTER, strict=strict)


def _read_csv(path: Path, plan: CampaignPlan, spec: SheetSpec, source: Source, *, strict: bool) -> Reading[Ticket]:
    content = content_of(Path(path))
    table = csv_table(Path(path).name, content, spec.bound_to(plan))

    def ticket(record: Record) -> Ticket:
        contact = " ".join(filter(None, (record["name"], record.get("phone"))))
        return Ticket(
            id=record["id"],
            source=source,
            source_id=record["id"],
            on=record["on"],
            topic_id=record["topic_id"],
            area_id=record["area_id"],
            target_id=record.get("target_id"),
            said=record["said"],
            contact=contact,
        )

    items = tuple(table.made_by(ticket))
    digest = sha256(content).hexdigest()
    return accepted(Reading(**_parts(path, (table,), digest, ()), items=items), strict=strict)


def read_replies(path: Path, plan: CampaignPlan, *, strict: bool = True) -> Reading[tuple[Event, Step]]:
    """Read what units and the office did to tickets.

    Args:
        path: A workbook with the sheet 办理.
        plan: Gives reasons and units.
        strict: True raises when any row is bad; False sets bad rows aside.

    Returns:
        Steps with their verbs, in the order of the rows; whether a ticket allows them is for the rules to say.

    Raises:
        FileError: It is no workbook that can be read.
        MissingColumnError: A required column is not there.
        BadCellsError: Strict, and a row is bad.

    Plan: 四(三), 五(三)
    """

    def step(record: Record) -> tuple[Event, Step]:
        event = Event(record.pop("event"))
        if record["limit_id"] is not None and event is not Event.ROUTE:
            raise BadRowError(
                "时限类别", "not_here", "只在动作为“派单”时填写；派出后时限类别不变", "only with 派单, when it is set"
            )
        remedy = None if record["remedy"] is None else Remedy(record["remedy"])
        return event, Step(**record | {"remedy": remedy, "reason": record["reason"] or ""})

    return read_sheet(path, plan, REPLIES, step, strict=strict)


def read_callbacks(path: Path, plan: CampaignPlan, *, strict: bool = True) -> Reading[CallBack]:
    """Read what people said when they were called back.

    Args:
        path: A workbook with the sheet 回访.
        plan: The plan.
        strict: True raises when any row is bad; False sets bad rows aside.

    Returns:
        The call-backs, in the order of the rows.

    Raises:
        FileError: It is no workbook that can be read.
        MissingColumnError: A required column is not there.
        BadCellsError: Strict, and a row is bad.

    Plan: 五(三)
    """

    def callback(record: Record) -> CallBack:
        outcome = CallOutcome(record["outcome"])
        if outcome is not CallOutcome.REACHED and (record["solved"], record["satisfied"]) != (None, None):
            raise BadRowError(
                "回访结果",
                "not_reached",
                "没有接通就不能填是否解决、是否满意",
                "nobody was reached, so nobody could answer",
            )
        return CallBack(**record | {"outcome": outcome})

    return read_sheet(path, plan, CALLBACKS, callback, strict=strict)


def read_sheet(
    path: Path, plan: CampaignPlan, spec: SheetSpec, make: Callable[[Record], T_co], *, strict: bool
) -> Reading[T_co]:
    """Read a workbook of one sheet: each good row becomes what a function makes of it."""
    with _workbook(path, plan, (spec,)) as ((table,), digest, remarks):
        items = tuple(table.made_by(make))
        reading = Reading(**_parts(path, (table,), digest, remarks), items=items)
    return accepted(reading, strict=strict)


@contextmanager
def _workbook(
    path: Path, plan: CampaignPlan, specs: Sequence[SheetSpec]
) -> Iterator[tuple[tuple[Table, ...], str, tuple[Text, ...]]]:
    content = content_of(Path(path))
    bound = [spec.bound_to(plan) for spec in specs]
    with open_workbook(Path(path).name, content, bound) as (tables, remarks):
        yield tables, sha256(content).hexdigest(), remarks


def _parts(path: Path, tables: Sequence[Table], digest: str, remarks: tuple[Text, ...]) -> dict[str, Any]:
    """Return the fields that every reading has, but for its items."""
    return {
        "file": Path(path).name,
        "sheets": tuple(table.spec.title for table in tables),
        "digest": digest,
        "n_rows": sum(table.n_rows for table in tables),
        "bad": tuple(bad for table in tables for bad in table.bad),
        "places": tuple((table.spec.title, row) for table in tables for row in table.good),
        "remarks": tuple(remark for table in tables for remark in table.remarks) + remarks,
    }


ReadingT = TypeVar("ReadingT", bound=Reading[Any])


def accepted(reading: ReadingT, *, strict: bool) -> ReadingT:
    """Return a reading as it is; strict, only where no row of it is bad."""
    if strict:
        _refuse(reading.file, reading.bad)
    return reading


SHOWN = 5
"""Bad rows that a refusal tells of."""


def _refuse(file: str, bad: Sequence[BadRow]) -> None:
    """Refuse a file with bad rows: all of it or nothing."""
    if bad:
        found = [told(row) for row in bad[:SHOWN]]
        shown = Text("；".join(text.zh for text in found), "; ".join(text.en for text in found))
        raise BadCellsError(file=file, n_bad=len(bad), first=shown)


def place_of(bad: BadRow) -> Text:
    """Return where a bad row is."""
    return place(bad.sheet, bad.row, bad.column)


def told(bad: BadRow) -> Text:
    """Return where a bad row is and why."""
    at = place_of(bad)
    return Text(f"{at.zh}：{bad.problem.zh}", f"{at.en}: {bad.problem.en}")
