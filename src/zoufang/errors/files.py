"""A file that cannot be used, with the place in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import define

from zoufang.errors.base import BadInputError, ZoufangError
from zoufang.errors.words import NOUNS, Words
from zoufang.typing import Language, Text


@define(eq=False)
class FileError(BadInputError):
    """A file that cannot be read or written."""

    file: str
    problem_zh: str
    problem_en: str
    zh: ClassVar[str] = "文件 {file}：{problem_zh}"
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
    zh: ClassVar[str] = "文件 {file} 的表“{sheet}”缺少列“{column}”；请按空白表补上这一列，现有列：{found}"
    en: ClassVar[str] = (
        "file {file}, sheet {sheet}: column {column} is missing; add it as in the empty template, found: {found}"
    )


@define(eq=False)
class BadCellsError(BadInputError):
    """Rows that cannot be used; with all-or-nothing import none of the file was written."""

    file: str
    n_bad: int
    first: Text
    zh: ClassVar[str] = "文件 {file} 有 {n_bad} 行不能使用，整个文件未导入：{first}"
    en: ClassVar[str] = "file {file}: {n_bad} rows cannot be used and nothing of it was imported: {first}"


@define(eq=False)
class InFileError(BadInputError):
    """Something in a file that cannot be used, with the file's name and the place in it before the sentence."""

    file: str
    problem: ZoufangError
    place: Text | None = None

    def said_in(self, language: Language) -> str:
        """Return the whole sentence in one language."""
        said, at = self.problem.said_in(language), self.place.said_in(language) if self.place else ""
        if language == "zh":
            return f"文件 {self.file}{f'，{at}' if at else ''}：{said}"
        return f"file {self.file}{f', {at}' if at else ''}: {said}"


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
    zh: ClassVar[str] = "{what}还没有到时间；到期后再运行"
    en: ClassVar[str] = "{what} is not due yet; run it again when it is"
    words: ClassVar[Mapping[str, Words]] = {"what": NOUNS}


@define(eq=False)
class MissingPackageError(BadInputError):
    """An optional package that is not installed."""

    package: str
    extra: str
    zh: ClassVar[str] = '没有安装 {package}；请运行 pip install "zoufang[{extra}]"'
    en: ClassVar[str] = '{package} is not installed; run pip install "zoufang[{extra}]"'
