"""Plan files: found by name or by path, read strictly, and refused with every problem at its place."""

from __future__ import annotations

import hashlib
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from zoufang.errors import FileError, PlanError, PlanProblemsError
from zoufang.intake._plan_values import Problem, structure_plan, suggestion
from zoufang.intake._toml_lines import line_of, lines_of, quote_impossible_dates
from zoufang.intake.presets import with_preset
from zoufang.model import CampaignPlan

__all__ = ["load_plan", "packaged_plans", "parse_plan", "place_line", "plan_digest", "plan_text"]

MAX_BYTES = 1_000_000

_SUFFIX = ".toml"
_NAME = re.compile(r"[\w-]+")
_AT = re.compile(r"\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")
_SYNTAX = {
    "Invalid date or datetime": "没有这个日期或时间",
    "Invalid value": "值的写法不正确（文字要加引号）",
    "Cannot overwrite a value": "同一项写了两次",
    "Expected '=' after a key": "名称后面缺少等号",
    "Expected newline or end of document": "这一行后面有多余的内容",
    "Invalid statement": "这一行不是“名称 = 值”，也不是 [标题]",
    "Unclosed array": "列表没有写完（缺少 ]）",
    "Unclosed inline table": "花括号没有写完（缺少 }）",
    "Unterminated string": "文字没有写完（缺少引号）",
    "Illegal character": "有不允许的字符",
    "Cannot declare": "同一标题写了两次",
}


def load_plan(source: str | Path) -> CampaignPlan:
    """Return the plan of a packaged name or of a file.

    Args:
        source: A name such as ``huangtun-2023``, or the path of a TOML file.

    Returns:
        The plan; what it says is well formed, but whether it makes sense is `check_plan`'s question.

    Raises:
        FileError: There is no such plan, or the file cannot be read as text.
        PlanProblemsError: The text is no plan; it holds every problem.

    Plan: 四(一)
    """
    return parse_plan(plan_text(source), file=str(source))


def plan_text(source: str | Path) -> str:
    """Return the text of a packaged plan or of a file, with plain line ends.

    Args:
        source: A name such as ``huangtun-2023``, or the path of a TOML file. A packaged name goes first.

    Returns:
        The text, without a byte order mark.

    Raises:
        FileError: There is no such plan, or the file is too large, or it is not UTF-8.
    """
    named = packaged_plans()
    if isinstance(source, str) and source in named:
        data = (files("zoufang.plans") / f"{source}{_SUFFIX}").read_bytes()
    else:
        data = _read(source, named)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(
            file=str(source),
            problem_zh=f"第 {line} 行不是 UTF-8 编码；请用编辑器另存为 UTF-8",
            problem_en=f"line {line} is not UTF-8; save it as UTF-8 with your editor",
        ) from None
    return text.replace("\r\n", "\n")


def parse_plan(text: str, *, file: str) -> CampaignPlan:
    """Return the plan that a TOML text describes.

    Args:
        text: The text.
        file: What to call it in a refusal.

    Returns:
        The plan.

    Raises:
        PlanProblemsError: Unknown or missing entries, values of the wrong kind, dates that do not exist: all of
            them, each with its place and line.

    Plan: 四(一)
    """
    values, text = _toml(text, file)
    found = structure_plan(with_preset(values))
    if isinstance(found, CampaignPlan):
        return found
    lines = lines_of(text)
    problems = [_error(file, problem, line_of(lines, problem.place)) for problem in found]
    raise PlanProblemsError(file=file, problems=tuple(sorted(problems, key=lambda p: p.line or 0)))


def place_line(text: str, place: str) -> int | None:
    """Return the line on which a place of a plan stands.

    Args:
        text: The plan's text; valid TOML.
        place: For example ``$.phases[1].ends_on``.

    Returns:
        A line from 1; of what holds the place, where the place itself is not written; None for an empty text.
    """
    return line_of(lines_of(text), place)


def plan_digest(text: str) -> str:
    """Return the SHA-256 of a plan's text in hex; two plans are the same when their digests are.

    Args:
        text: What `plan_text` returned.

    Returns:
        64 hex digits.
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def packaged_plans() -> tuple[str, ...]:
    """Return the names of the plans that come with the library, sorted."""
    found = (entry.name for entry in files("zoufang.plans").iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in found if name.endswith(_SUFFIX)))


# --- reading --------------------------------------------------------------------------------------------------


def _read(source: str | Path, named: tuple[str, ...]) -> bytes:
    try:
        with Path(source).open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        problem = _missing(source, named)
    except IsADirectoryError:
        problem = ("是文件夹；请给出方案文件，例如 plan.toml", "is a folder; name the plan file, for example plan.toml")
    except PermissionError:
        problem = ("没有读取权限", "may not be read by you")
    except (OSError, ValueError):
        problem = ("无法读取；请检查路径", "cannot be read; check the path")
    else:
        if len(data) <= MAX_BYTES:
            return data
        problem = ("超过 1 MB，不是方案文件", "is larger than 1 MB; that is no plan file")
    raise FileError(file=str(source), problem_zh=problem[0], problem_en=problem[1])


def _missing(source: str | Path, named: tuple[str, ...]) -> tuple[str, str]:
    if isinstance(source, str) and _NAME.fullmatch(source):
        zh, en = suggestion(source, named)
        return f"没有这个文件，也没有这个内置方案；{zh}", f"there is no such file and no such packaged plan; {en}"
    return "不存在；请检查路径", "does not exist; check the path"


def _toml(text: str, file: str) -> tuple[dict[str, Any], str]:
    """Read TOML; a date that does not exist is left for the plan's own check, which knows its place."""
    try:
        return tomllib.loads(text), text
    except (ValueError, RecursionError) as error:
        first = error
    mended = quote_impossible_dates(text)
    try:
        return tomllib.loads(mended), mended
    except (ValueError, RecursionError):
        raise PlanProblemsError(file=file, problems=(_syntax(file, first),)) from None


def _syntax(file: str, error: Exception) -> PlanError:
    said = str(error)
    at = _AT.search(said)
    what = said[: at.start()].strip() if at else said
    zh = next((words for start, words in _SYNTAX.items() if what.startswith(start)), "写法不合 TOML 语法")
    if not isinstance(error, tomllib.TOMLDecodeError):  # nested too deeply, or a number of thousands of digits
        zh, what = "有无法读取的值（嵌套过深或数字过长）", "a value cannot be read (nested too deeply, or too long)"
    column = at["column"] if at else None
    return PlanError(
        file=file,
        place="$",
        line=int(at["line"]) if at and at["line"] else None,
        problem_zh=f"{zh}，第 {column} 列" if column else zh,
        problem_en=f"{what}, column {column}" if column else what,
    )


def _error(file: str, problem: Problem, line: int | None) -> PlanError:
    return PlanError(file=file, place=problem.place, problem_zh=problem.zh, problem_en=problem.en, line=line)
