"""A plan that cannot be used, or a folder without one."""

from __future__ import annotations

from typing import ClassVar

import attrs
from attrs import define

from zoufang.errors.base import BadInputError
from zoufang.typing import Language


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
        with_line = attrs.evolve(self, place=f"{self.place}{line}")
        return super(PlanError, with_line).said_in(language)


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
        "{folder} 不是走访活动文件夹（缺少 plan.toml）；可先运行 zoufang init {folder} --plan huangtun-2023"
    )
    en: ClassVar[str] = (
        "{folder} is not a campaign folder (no plan.toml); run zoufang init {folder} --plan huangtun-2023 first"
    )


class AssumedCalendarWarning(UserWarning):
    """Days that were counted by a calendar that nobody has published yet.

    Args:
        years: The years; also the attribute ``years``.
    """

    def __init__(self, years: tuple[int, ...]) -> None:
        listed = ", ".join(map(str, years))
        super().__init__(
            f"working days of {listed} are assumed: no official calendar; "
            f"{listed} 年的放假安排尚无正式日历，工作日为推定，公布后请写入方案 calendar"
        )
        self.years = years


@define(eq=False)
class NoWorkPlanError(BadInputError):
    """A plan that does not say how work plans are made."""

    plan: str
    zh: ClassVar[str] = "方案 {plan} 没有 [workplan] 一节，不能排走访计划；请写明 phase 和 absence_percent"
    en: ClassVar[str] = "plan {plan} has no [workplan], so no work can be planned; declare phase and absence_percent"


@define(eq=False)
class NoHandOverError(BadInputError):
    """A plan that does not say what the regular mechanism is."""

    plan: str
    zh: ClassVar[str] = "方案 {plan} 没有 [regular] 一节，不能移交为常态化；请写明 weeks 和 contacts"
    en: ClassVar[str] = "plan {plan} has no [regular], so nothing can be handed over; declare weeks and contacts"
