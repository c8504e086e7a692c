"""A ledger that cannot be read or written."""

from __future__ import annotations

from typing import ClassVar

from attrs import define

from zoufang.errors.base import BadInputError, ZoufangError
from zoufang.typing import Language, Text


@define(eq=False)
class LedgerError(ZoufangError):
    """The ledger cannot be read or written."""

    retryable: ClassVar[bool] = False
    """True where the same call may be made again as it is."""

    def _said(self, name: str, language: Language) -> str:
        said = super()._said(name, language)
        return said.removeprefix("sqlite:///") if name == "url" else said


class ObserverFailedWarning(UserWarning):
    """Somebody who was to be told of a commit failed; the commit stands, and the others were told.

    Args:
        observer: Its name; also an attribute.
        seq: The commit; also an attribute.
        problem: What it raised, without its words; also an attribute.
    """

    def __init__(self, observer: str, seq: int, problem: str) -> None:
        super().__init__(
            f"observer {observer} failed on commit {seq} ({problem}); the commit stands; "
            f"第 {seq} 次提交已保存，但通知 {observer} 时出错"
        )
        self.observer, self.seq, self.problem = observer, seq, problem


@define(eq=False)
class NotALedgerError(LedgerError, BadInputError):
    """A file that is no ledger."""

    url: str
    zh: ClassVar[str] = "{url} 不是走访台账；请检查路径，或用 zoufang init 新建"
    en: ClassVar[str] = "{url} is not a zoufang ledger; check the path, or make one with zoufang init"


@define(eq=False)
class NoLedgerYetError(NotALedgerError):
    """A campaign's folder into which nothing was imported yet: it has a plan and no ledger."""

    zh: ClassVar[str] = "{url} 还没有建立；文件夹中已有方案，请把名册等文件放入 inbox，先运行 zoufang run"
    en: ClassVar[str] = (
        "{url} is not there yet; the folder has its plan: put register and files into inbox, run zoufang run"
    )


@define(eq=False)
class OccupiedError(NotALedgerError):
    """A place for a new ledger that holds something already."""

    zh: ClassVar[str] = "{url} 已有内容，不能在这里新建台账；已有的台账请打开（Campaign.open），或另给路径"
    en: ClassVar[str] = "{url} holds something already; open it with Campaign.open, or give another path"


@define(eq=False)
class OtherPlanError(LedgerError, BadInputError):
    """A ledger that belongs to another plan."""

    url: str
    holds: str
    wanted: str | Text
    zh: ClassVar[str] = "台账 {url} 属于方案 {holds}，不是 {wanted}；请使用对应的方案或台账"
    en: ClassVar[str] = "ledger {url} belongs to plan {holds}, not {wanted}; use its own plan, or another ledger"


@define(eq=False)
class SchemaError(LedgerError, BadInputError):
    """A ledger of another schema revision."""

    url: str
    found: str
    needs: str
    zh: ClassVar[str] = "台账 {url} 的结构版本为 {found}，本程序需要 {needs}"
    en: ClassVar[str] = "ledger {url} has schema revision {found}; this program needs {needs}"


@define(eq=False)
class OlderSchemaError(SchemaError):
    """A ledger that an earlier release wrote; it is to be brought up to date first."""

    command: str
    zh: ClassVar[str] = "台账 {url} 的结构版本为 {found}，本程序需要 {needs}；请先升级（会先备份）：{command}"
    en: ClassVar[str] = (
        "ledger {url} has schema revision {found}; this program needs {needs}; bring it up to date, a backup is made "
        "first: {command}"
    )


@define(eq=False)
class NewerSchemaError(SchemaError):
    """A ledger that a later release wrote; this one leaves it alone."""

    command: str = "pip install --upgrade zoufang"
    zh: ClassVar[str] = (
        "台账 {url} 的结构版本为 {found}，由较新的 zoufang 写成；本程序只能使用 {needs}，请安装新版本：{command}"
    )
    en: ClassVar[str] = (
        "ledger {url} has schema revision {found}, from a newer zoufang; this program can use {needs} only; install "
        "the newer one: {command}"
    )


@define(eq=False)
class BackupNeededError(LedgerError, BadInputError):
    """A ledger that is to be migrated and that the program cannot back up by itself."""

    url: str
    how: Text
    zh: ClassVar[str] = "台账 {url} 尚未备份，未作任何改动；{how}"
    en: ClassVar[str] = "ledger {url} has no backup yet, nothing was changed; {how}"


@define(eq=False)
class BackupFailedError(LedgerError):
    """A backup that could not be made, or is not what it should be."""

    url: str
    file: str
    problem: str | Text
    zh: ClassVar[str] = "台账 {url} 的备份 {file} 没有做成（{problem}）；台账未作任何改动"
    en: ClassVar[str] = "the backup {file} of ledger {url} was not made ({problem}); nothing of the ledger was changed"


@define(eq=False)
class BrokenLedgerError(LedgerError):
    """A ledger that does not verify in its new schema; the migration was undone."""

    url: str
    seq: int
    problem: str | Text
    zh: ClassVar[str] = (
        "台账 {url} 没有升级：按新结构核对，第 {seq} 次提交有问题（{problem}）；已全部撤回，请先用 zoufang verify 查明"
    )
    en: ClassVar[str] = (
        "ledger {url} was not migrated: checked in its new schema, commit {seq} is not in order ({problem}); all was "
        "undone, find out with zoufang verify first"
    )


@define(eq=False)
class OtherTablesError(LedgerError, BadInputError):
    """Tables of a host's making that are not those of this release."""

    url: str
    differences: tuple[str, ...]
    zh: ClassVar[str] = "台账 {url} 的表与本版本不符：{differences}；请按 zoufang.facts.tables 补齐后再登记"
    en: ClassVar[str] = (
        "the tables of ledger {url} are not those of this release: {differences}; make them as zoufang.facts.tables "
        "says, then adopt them"
    )


@define(eq=False)
class BusyError(LedgerError):
    """Another writer holds the ledger; the same call may be tried again."""

    url: str
    retryable: ClassVar[bool] = True
    zh: ClassVar[str] = "台账 {url} 正被他人写入；请稍后重试"
    en: ClassVar[str] = "ledger {url} is being written by somebody else; try again"


@define(eq=False)
class StorageError(LedgerError):
    """The storage failed (disk full, read-only, damaged); nothing of the change was kept."""

    url: str
    problem: str
    zh: ClassVar[str] = "台账 {url} 写入失败（{problem}）；本次修改未保存"
    en: ClassVar[str] = "ledger {url} could not be written ({problem}); nothing of the change was kept"


@define(eq=False)
class UnreachableError(LedgerError):
    """The database server cannot be reached, or the connection to it was lost before a change was made final.

    Lost at that very moment, it is an :class:`InDoubtError` instead.
    """

    url: str
    problem: str
    retryable: ClassVar[bool] = True
    zh: ClassVar[str] = (
        "连接不上台账 {url} 所在的数据库（{problem}）；请检查数据库是否运行、地址和账号是否正确，再用同一提交编号重报"
    )
    en: ClassVar[str] = (
        "the database of ledger {url} cannot be reached ({problem}); see that it runs and that the address is right, "
        "then send the change again under the same submission id"
    )


@define(eq=False)
class InDoubtError(LedgerError):
    """The storage failed while it made a change final; whether the change was kept is not known.

    The same submission sent again settles it: under its id, what was kept is told as a duplicate, and what was not is
    kept now. Who sent it without an id has to look.
    """

    url: str
    problem: str
    retryable: ClassVar[bool] = True
    zh: ClassVar[str] = (
        "台账 {url} 在最后提交时出错（{problem}），本次修改是否已保存无法确定；请用同一提交编号原样重报："
        "已保存的不会重复，未保存的会补上；没有提交编号的，请先查询再报"
    )
    en: ClassVar[str] = (
        "ledger {url} failed while it made the change final ({problem}); it is not known whether the change was kept; "
        "send the same submission again under the same id: it is kept once, whichever it was; without an id, look first"
    )


@define(eq=False)
class NoTransactionError(LedgerError, BadInputError):
    """A borrowed connection without a transaction of its host's: a savepoint on it would commit by itself."""

    url: str
    zh: ClassVar[str] = (
        "借用的数据库连接（{url}）没有由宿主程序显式开启的事务，台账不能写入；请先开启事务，"
        "或在首次使用引擎前对它调用 zoufang.ledger.begin_explicitly"
    )
    en: ClassVar[str] = (
        "the borrowed connection to {url} has no transaction that its host began, so nothing is written; begin one "
        "first, or call zoufang.ledger.begin_explicitly(engine) before the engine is used"
    )


@define(eq=False)
class UnreadableError(LedgerError):
    """The storage could not be read: damaged, or not all there."""

    url: str
    problem: str
    zh: ClassVar[str] = "台账 {url} 无法读取（{problem}）；请从备份恢复，不要在原文件上修改"
    en: ClassVar[str] = "ledger {url} cannot be read ({problem}); restore a backup, and do not mend the file itself"


@define(eq=False)
class SubmissionConflictError(LedgerError, BadInputError):
    """A submission id that was used for other content."""

    submission_id: str
    seq: int
    zh: ClassVar[str] = "提交编号 {submission_id} 已用于第 {seq} 号提交且内容不同；请换一个编号"
    en: ClassVar[str] = "submission {submission_id} was already used for other content in commit {seq}; use a new id"


@define(eq=False)
class RefusedFactError(LedgerError, BadInputError):
    """A fact that the ledger's own constraints refuse."""

    table: str
    key: str
    zh: ClassVar[str] = "台账拒绝写入 {table}：键 {key} 已存在"
    en: ClassVar[str] = "the ledger refuses {table} {key}: that key is taken"
