"""Errors are sentences that a street clerk can act on, in Chinese and in English."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import attrs
import pytest

import zoufang
from zoufang import errors
from zoufang.errors.words import NOUNS, ROLES, STATUSES, VERBS
from zoufang.intake import labels
from zoufang.model import Event, Role, Status
from zoufang.typing import Text

KINDS = [kind for name in errors.__all__ if issubclass(kind := getattr(errors, name), errors.ZoufangError)]
every_error = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def spoken_of() -> Iterator[str]:
    """Yield every noun that the library puts in an error, read from its source."""
    for path in Path(zoufang.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                named = [word.value for word in node.keywords if word.arg == "what"]
                if isinstance(node.func, ast.Name) and node.func.id in {"known", "once", "already"}:
                    named += node.args[:1]
                yield from (n.value for n in named if isinstance(n, ast.Constant) and isinstance(n.value, str))


def test_every_noun_has_a_chinese_word() -> None:
    """No sentence says 未知的 target."""
    assert sorted(set(spoken_of()) - set(NOUNS)) == []


def test_every_verb_status_and_role_has_a_word() -> None:
    """Those of the model, all of them."""
    assert {str(event) for event in Event} <= set(VERBS)
    assert {str(status) for status in Status} == set(STATUSES)
    assert {str(role) for role in Role} == set(ROLES)


@pytest.mark.parametrize(
    ("words", "written"),
    [(VERBS, labels.ACTIONS), (STATUSES, labels.STATUSES), (ROLES, labels.ROLES)],
    ids=["actions", "statuses", "roles"],
)
def test_errors_speak_as_the_workbooks_do(words: dict[str, Text], written: dict[str, str]) -> None:
    """What a clerk chose from a list is called the same when it is refused."""
    assert {value: words[value].zh for value in written.values()} == {value: zh for zh, value in written.items()}


@every_error
def test_both_languages_say_the_same(kind: type[errors.ZoufangError]) -> None:
    """The same data stands in both sentences, and all of it is an attribute."""
    zh, en = (
        {name for _, name, _, _ in Formatter().parse(template) if name is not None} for template in (kind.zh, kind.en)
    )
    assert {name.removesuffix("_zh") for name in zh} == {name.removesuffix("_en") for name in en}
    assert zh | en <= {a.name for a in attrs.fields(kind)}


@every_error
def test_chinese_sentences_have_chinese_punctuation(kind: type[errors.ZoufangError]) -> None:
    """No half-width comma, colon, semicolon or bracket, but in a clause's own number."""
    assert re.findall(r"[,:;()!?]", kind.zh.replace("四(三)", "")) == []


def test_an_unknown_target_is_said_in_words() -> None:
    """Worked by hand, in both languages."""
    error = errors.UnknownIdError(what="target", id="H-9", known=("H-1", "H-2"))
    assert error.said_in("zh") == "未知的走访对象 H-9；可用的例如：H-1、H-2"
    assert error.said_in("en") == str(error) == "unknown target H-9; known are for example: H-1, H-2"


def test_a_refused_step_is_said_in_words() -> None:
    """Status and verbs as the to-do list calls them."""
    error = errors.IllegalStepError(event="handle", ticket_id="V-2-1", status="raised", allowed=("route", "merge"))
    assert error.said_in("zh") == "不能对诉求 V-2-1 执行“办结”：当前状态为“待派单”；现在可以：派单、并案"
    assert error.said_in("en") == "cannot handle V-2-1: it is raised; allowed now: route, merge"


def test_an_id_that_looks_like_a_word_stays_an_id() -> None:
    """Only what the program says is put in words, never what was handed in."""
    assert errors.UnknownIdError(what="unit", id="target").said_in("zh") == "未知的责任单位 target；没有这个编号"


def test_a_plugin_by_hand_is_named_without_empty_brackets() -> None:
    """What is not known of it is left out, in both languages."""
    error = errors.PluginError(plugin="mine", dist="", version="", hook="", item="", problem="no api")
    assert (error.said_in("zh"), str(error)) == ("插件 mine：no api", "plugin mine: no api")
    error = errors.PluginError(plugin="mine", dist="d", version="1", hook="h", item="i", problem="no api")
    assert (error.said_in("zh"), str(error)) == ("插件 mine（d 1）的 h i：no api", "plugin mine (d 1), h i: no api")


def test_an_error_in_a_file_says_file_and_place_first() -> None:
    """As one would tell a colleague where to look."""
    problem = errors.DuplicateIdError(what="target", id="H-1")
    error = errors.InFileError(file="register.xlsx", problem=problem, place=Text("第 5 行", "row 5"))
    assert error.said_in("zh") == "文件 register.xlsx，第 5 行：走访对象编号 H-1 重复；同一编号只能出现一次"
    assert error.said_in("en") == "file register.xlsx, row 5: duplicate target H-1; each id may appear once"
