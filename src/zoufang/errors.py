"""Every error: what, about which, and what would be allowed; in Chinese and English, with its data.

No message holds a person's name, number, telephone or words: ids and places only.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import attrs
from attrs import define

from zoufang.typing import Language


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (tuple, list, frozenset)) else str(value)


@define(eq=False)
class ZoufangError(Exception):
    """The root of all errors of this library."""

    zh: ClassVar[str] = "走访系统错误"
    en: ClassVar[str] = "zoufang error"

    def said_in(self, language: Language) -> str:
        """Return the whole sentence in one language."""
        template = self.zh if language == "zh" else self.en
        return template.format(**{a.name: _listed(getattr(self, a.name)) for a in attrs.fields(type(self))})

    def __str__(self) -> str:
        """Return the sentence in English, as developers read it."""
        return self.said_in("en")


# --- bad input: exit code 2, nothing written -----------------------------------------------------------------


@define(eq=False)
class BadInputError(ZoufangError):
    """Something that was given cannot be used; nothing was written."""


@define(eq=False)
class UnknownAreaError(BadInputError):
    """An area that is not in the register."""

    area_id: str
    known: tuple[str, ...] = ()
    zh: ClassVar[str] = "未知的网格或社区 {area_id}:登记册中没有;可用的例如 {known}"
    en: ClassVar[str] = "unknown area {area_id}: it is not in the register; known are for example {known}"


@define(eq=False)
class AreaLoopError(BadInputError):
    """An area that stands inside itself."""

    area_id: str
    zh: ClassVar[str] = "区域 {area_id} 的上级又回到它自己;请改正它的上级编号"
    en: ClassVar[str] = "area {area_id} is its own ancestor; correct its parent"


@define(eq=False)
class UnknownIdError(BadInputError):
    """An id that nothing in the campaign bears."""

    what: str
    id: str
    known: tuple[str, ...] = ()
    zh: ClassVar[str] = "未知的 {what} {id};可用的例如:{known}"
    en: ClassVar[str] = "unknown {what} {id}; known are for example: {known}"


@define(eq=False)
class DuplicateIdError(BadInputError):
    """An id that two records bear."""

    what: str
    id: str
    zh: ClassVar[str] = "{what} 编号 {id} 重复;同一编号只能出现一次"
    en: ClassVar[str] = "duplicate {what} {id}; each id may appear once"


@define(eq=False)
class ConflictError(BadInputError):
    """The same number with other content; the first record stands."""

    what: str
    id: str
    zh: ClassVar[str] = "{what} {id} 已有记录且内容不同;原记录保持不变,请用新编号或更正后重报"
    en: ClassVar[str] = (
        "{what} {id} is already recorded with other content; the first record stands, give it a new number"
    )


@define(eq=False)
class BadValueError(BadInputError):
    """A value that is not of its kind."""

    what: str
    id: str
    value: str
    allowed: str
    zh: ClassVar[str] = "{id} 的 {what} 不正确:{value};应为 {allowed}"
    en: ClassVar[str] = "bad {what} of {id}: {value}; allowed: {allowed}"


# --- the plan ------------------------------------------------------------------------------------------------


@define(eq=False)
class PlanError(BadInputError):
    """A plan file that cannot be used, with the place in the file."""

    file: str
    place: str
    problem_zh: str
    problem_en: str
    line: int | None = None
    zh: ClassVar[str] = "方案 {file} 有误，位置 {place}：{problem_zh}"
    en: ClassVar[str] = "plan {file} is wrong at {place}: {problem_en}"

    def said_in(self, language: Language) -> str:
        """Return the whole sentence in one language, with the line where it is known."""
        line = {"zh": f"（第 {self.line} 行）", "en": f" (line {self.line})"}[language] if self.line else ""
        sentence = super().said_in(language)
        return sentence.replace(self.place, f"{self.place}{line}", 1)


@define(eq=False)
class PlanProblemsError(BadInputError):
    """Everything that is wrong in one plan file, so that it can be mended in one go."""

    file: str
    problems: tuple[PlanError, ...]

    def said_in(self, language: Language) -> str:
        """Return one sentence for each problem, each on its own line."""
        return "\n".join(problem.said_in(language) for problem in self.problems)


@define(eq=False)
class NotACampaignError(BadInputError):
    """A folder that holds no campaign."""

    folder: str
    zh: ClassVar[str] = (
        "{folder} 不是走访活动文件夹(缺少 plan.toml);可先运行 zoufang init {folder} --plan huangtun-2023"
    )
    en: ClassVar[str] = (
        "{folder} is not a campaign folder (no plan.toml); run zoufang init {folder} --plan huangtun-2023 first"
    )


# --- files ---------------------------------------------------------------------------------------------------


@define(eq=False)
class FileError(BadInputError):
    """A file that cannot be read or written."""

    file: str
    problem_zh: str
    problem_en: str
    zh: ClassVar[str] = "文件 {file}:{problem_zh}"
    en: ClassVar[str] = "file {file}: {problem_en}"


@define(eq=False)
class MappingError(BadInputError):
    """A column mapping that cannot be used, with the place in its file."""

    file: str
    place: str
    problem_zh: str
    problem_en: str
    zh: ClassVar[str] = "列映射 {file} 有误，位置 {place}：{problem_zh}"
    en: ClassVar[str] = "column mapping {file} is wrong at {place}: {problem_en}"


@define(eq=False)
class MissingColumnError(BadInputError):
    """A sheet or CSV without a column that the template has."""

    file: str
    sheet: str
    column: str
    found: tuple[str, ...]
    zh: ClassVar[str] = "文件 {file} 的表 {sheet} 缺少列“{column}”;现有列:{found}"
    en: ClassVar[str] = "file {file}, sheet {sheet}: column {column} is missing; found: {found}"


@define(eq=False)
class BadCellsError(BadInputError):
    """Rows that cannot be used; with all-or-nothing import none of the file was written."""

    file: str
    n_bad: int
    first: str
    zh: ClassVar[str] = "文件 {file} 有 {n_bad} 行不能使用,整个文件未导入;第一处:{first}"
    en: ClassVar[str] = "file {file}: {n_bad} rows cannot be used and nothing of it was imported; the first: {first}"


@define(eq=False)
class InFileError(BadInputError):
    """Something in a file that cannot be used, with the file's name before the sentence."""

    file: str
    problem: ZoufangError

    def said_in(self, language: Language) -> str:
        """Return the whole sentence in one language."""
        said = self.problem.said_in(language)
        return f"文件 {self.file}：{said}" if language == "zh" else f"file {self.file}: {said}"


@define(eq=False)
class PlanNotSoundError(BadInputError):
    """A plan that is well formed but does not make sense."""

    file: str
    n_errors: int
    zh: ClassVar[str] = "方案 {file} 有 {n_errors} 处错误；请运行 zoufang plan check {file} 查看并改正"
    en: ClassVar[str] = "plan {file} has {n_errors} errors; run zoufang plan check {file} and mend them"


@define(eq=False)
class NothingDueError(BadInputError):
    """A dispatch that is not due."""

    what: str
    zh: ClassVar[str] = "{what} 还没有到时间；到期后再运行"
    en: ClassVar[str] = "{what} is not due yet; run it again when it is"


# --- rules ---------------------------------------------------------------------------------------------------


@define(eq=False)
class RefusedError(BadInputError):
    """A step that the rules refuse."""


@define(eq=False)
class IllegalStepError(RefusedError):
    """A step that a ticket's status does not allow."""

    event: str
    ticket_id: str
    status: str
    allowed: tuple[str, ...]
    zh: ClassVar[str] = "不能对诉求 {ticket_id} 执行 {event}:当前状态为 {status};现在可以:{allowed}"
    en: ClassVar[str] = "cannot {event} {ticket_id}: it is {status}; allowed now: {allowed}"


@define(eq=False)
class MissingPartError(RefusedError):
    """A step without something that it needs."""

    event: str
    ticket_id: str
    needs: str
    zh: ClassVar[str] = "不能对诉求 {ticket_id} 执行 {event}:缺少 {needs}"
    en: ClassVar[str] = "cannot {event} {ticket_id}: it needs {needs}"


@define(eq=False)
class SamePersonError(RefusedError):
    """One person turning both keys of a closing."""

    ticket_id: str
    person_id: str
    zh: ClassVar[str] = "诉求 {ticket_id} 的销号申请人与批准人同为 {person_id};须由另一人批准(方案 四(三))"
    en: ClassVar[str] = (
        "cannot close {ticket_id}: {person_id} applied for it; another person must approve (plan 四(三))"
    )


@define(eq=False)
class BackwardsError(RefusedError):
    """A step dated before the one it follows."""

    event: str
    ticket_id: str
    on: date
    last_on: date
    zh: ClassVar[str] = "诉求 {ticket_id} 的 {event} 日期 {on} 早于上一步 {last_on}"
    en: ClassVar[str] = (
        "cannot {event} {ticket_id} on {on}: its last step was on {last_on}; give that day or a later one"
    )


@define(eq=False)
class StaleError(RefusedError):
    """A step that was decided on an older version of the ticket."""

    ticket_id: str
    version: int
    now: int
    zh: ClassVar[str] = "诉求 {ticket_id} 已被他人更新(您看到第 {version} 版,现为第 {now} 版);请刷新后再办"
    en: ClassVar[str] = "{ticket_id} has moved on (you saw version {version}, it is now {now}); read it again first"


@define(eq=False)
class NotAllowedError(RefusedError):
    """A verb that the actor's role may not use."""

    verb: str
    role: str
    allowed: tuple[str, ...]
    zh: ClassVar[str] = "角色 {role} 无权执行 {verb};可执行的角色:{allowed}"
    en: ClassVar[str] = "role {role} may not {verb}; allowed roles: {allowed}"


@define(eq=False)
class ContestedLeadError(RefusedError):
    """Two routers of the same rank that claim the lead for different units."""

    subject_id: str
    first: str
    second: str
    zh: ClassVar[str] = "{subject_id} 的牵头单位有争议:{first} 与 {second};请在方案 precedence 中写明先后"
    en: ClassVar[str] = "contested lead for {subject_id}: {first} and {second}; declare their precedence in the plan"


# --- the ledger ----------------------------------------------------------------------------------------------


@define(eq=False)
class LedgerError(ZoufangError):
    """The ledger cannot be read or written."""


@define(eq=False)
class NotALedgerError(LedgerError, BadInputError):
    """A file that is no ledger."""

    url: str
    zh: ClassVar[str] = "{url} 不是走访台账;请检查路径,或用 zoufang init 新建"
    en: ClassVar[str] = "{url} is not a zoufang ledger; check the path, or make one with zoufang init"


@define(eq=False)
class OtherPlanError(LedgerError, BadInputError):
    """A ledger that belongs to another plan."""

    url: str
    holds: str
    wanted: str
    zh: ClassVar[str] = "台账 {url} 属于方案 {holds},不是 {wanted};请使用对应的方案或台账"
    en: ClassVar[str] = "ledger {url} belongs to plan {holds}, not {wanted}; use its own plan, or another ledger"


@define(eq=False)
class SchemaError(LedgerError, BadInputError):
    """A ledger of another schema revision."""

    url: str
    found: str
    needs: str
    zh: ClassVar[str] = "台账 {url} 的结构版本为 {found},本程序需要 {needs}"
    en: ClassVar[str] = "ledger {url} has schema revision {found}; this program needs {needs}"


@define(eq=False)
class BusyError(LedgerError):
    """Another writer holds the ledger; the same call may be tried again."""

    url: str
    zh: ClassVar[str] = "台账 {url} 正被他人写入;请稍后重试"
    en: ClassVar[str] = "ledger {url} is being written by somebody else; try again"


@define(eq=False)
class StorageError(LedgerError):
    """The storage failed (disk full, read-only, damaged); nothing of the change was kept."""

    url: str
    problem: str
    zh: ClassVar[str] = "台账 {url} 写入失败({problem});本次修改未保存"
    en: ClassVar[str] = "ledger {url} could not be written ({problem}); nothing of the change was kept"


@define(eq=False)
class SubmissionConflictError(LedgerError, BadInputError):
    """A submission id that was used for other content."""

    submission_id: str
    seq: int
    zh: ClassVar[str] = "提交编号 {submission_id} 已用于第 {seq} 号提交且内容不同;请换一个编号"
    en: ClassVar[str] = "submission {submission_id} was already used for other content in commit {seq}; use a new id"


@define(eq=False)
class RefusedFactError(LedgerError, BadInputError):
    """A fact that the ledger's own constraints refuse."""

    table: str
    key: str
    zh: ClassVar[str] = "台账拒绝写入 {table}:键 {key} 已存在"
    en: ClassVar[str] = "the ledger refuses {table} {key}: that key is taken"


# --- plugins -------------------------------------------------------------------------------------------------


@define(eq=False)
class PluginError(ZoufangError):
    """A plugin that cannot be used, always with the culprit."""

    plugin: str
    dist: str
    version: str
    hook: str
    item: str
    problem: str
    zh: ClassVar[str] = "插件 {plugin}({dist} {version})的 {hook} {item}:{problem}"
    en: ClassVar[str] = "plugin {plugin} ({dist} {version}), {hook} {item}: {problem}"


@define(eq=False)
class PluginLoadError(PluginError):
    """It cannot be imported."""


@define(eq=False)
class PluginSpecError(PluginError):
    """It does not keep the contract: hook name, arguments, API version."""


@define(eq=False)
class PluginSettingsError(PluginError):
    """Its settings are wrong."""


@define(eq=False)
class PluginConflictError(PluginError):
    """Two plugins provide one name."""


@define(eq=False)
class PluginReturnError(PluginError):
    """It returned something that the hook does not allow."""


@define(eq=False)
class PluginCallError(PluginError):
    """It raised an exception."""
