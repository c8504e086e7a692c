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
