"""A ledger that cannot be read or written."""

from __future__ import annotations

from typing import ClassVar

from attrs import define

from zoufang.errors.base import BadInputError, ZoufangError
from zoufang.typing import Language, Text


@define(eq=False)
class LedgerError(ZoufangError):
    """The ledger cannot be read or written."""

    def _said(self, name: str, language: Language) -> str:
        said = super()._said(name, language)
        return said.removeprefix("sqlite:///") if name == "url" else said


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
class BusyError(LedgerError):
    """Another writer holds the ledger; the same call may be tried again."""

    url: str
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
