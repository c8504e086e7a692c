"""The house keeps its shape: who may import whom, and how large a page may grow.

`lint-imports` holds the order of the storeys. These tests hold what it cannot see: doors, private files and
imports that dodge into a function.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import zoufang

LONGEST_MODULE = 450
VAGUE_NAMES = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
MAY_USE_THE_FRONT_DOOR = {"cli", "testing"}

# (module, what it imports inside a function): why it may. Only an optional or a rare dependency, only at its one door.
DOORS: dict[tuple[str, str], str] = {
    ("zoufang", "importlib"): "the front door opens each name when it is first asked for",
    ("zoufang.campaign.arrow", "pyarrow"): "optional: tables that come by Arrow's interface",
    ("zoufang.intake.calendars", "chinese_calendar"): "optional: the make-up days of published years",
    ("zoufang.intake.calendars", "holidays"): "optional: the days off of years that nobody has published",
    ("zoufang.ledger.migrations.change", "alembic"): "slow to load, and needed once in years: not by every command",
    ("zoufang.ledger.cipher", "cryptography"): "optional: encryption of private texts, where there is a master key",
    ("zoufang.proof.signing", "cryptography"): "optional: keys and signatures, which most campaigns do without",
}


class Module(NamedTuple):
    """One file of the package, read but not run."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def room(self) -> str:
        """The sub-package or single file directly under zoufang; the front door's own is empty."""
        return self.name.removeprefix("zoufang").lstrip(".").partition(".")[0]


class Import(NamedTuple):
    """One imported name, spelt absolutely."""

    target: str
    line: int
    relative: bool
    inside: str  # the function it stands in, if any


def _modules() -> list[Module]:
    home = Path(zoufang.__file__).parent
    found = []
    for path in sorted(home.rglob("*.py")):
        parts = ("zoufang", *path.relative_to(home).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Module(name, path, ast.parse(path.read_text(encoding="utf-8"), str(path))))
    return found


def _imports(module: Module) -> Iterator[Import]:
    """Yield every import of a module, those inside functions and dynamic ones included."""

    def walk(node: ast.AST, inside: str) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.Import(names=names):
                    yield from (Import(alias.name, child.lineno, relative=False, inside=inside) for alias in names)
                case ast.ImportFrom(names=names, level=level):
                    base = _base(module, child)
                    yield from (
                        Import(f"{base}.{alias.name}", child.lineno, relative=level > 0, inside=inside)
                        for alias in names
                    )
                case ast.Call(func=ast.Name(id="__import__" | "import_module") | ast.Attribute(attr="import_module")):
                    yield Import("importlib", child.lineno, relative=False, inside=inside or "<module>")
            is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from walk(child, getattr(child, "name", "<lambda>") if is_function else inside)

    yield from walk(module.tree, "")


def _base(module: Module, node: ast.ImportFrom) -> str:
    """Spell absolutely the package that a `from` statement reads."""
    if node.level == 0:
        return node.module or ""
    parents = module.name.split(".")
    kept = parents[: len(parents) - node.level + (1 if module.is_package else 0)]
    return ".".join([*kept, *([node.module] if node.module else [])])


MODULES = _modules()
every_module = pytest.mark.parametrize("module", MODULES, ids=lambda m: m.name)


@every_module
def test_no_relative_import_leaves_its_room(module: Module) -> None:
    """A relative import stays inside the sub-package it is written in."""
    inside = f"zoufang.{module.room}." if module.room else "zoufang."
    leaving = [f"line {i.line}: {i.target}" for i in _imports(module) if i.relative and not i.target.startswith(inside)]
    assert not leaving, f"{module.name} leaves its room by a relative import; write it absolutely: {leaving}"


@every_module
def test_no_import_enters_another_rooms_private_file(module: Module) -> None:
    """What begins with an underscore is met only inside its own room."""
    trespassing = []
    for found in _imports(module):
        parts = found.target.split(".")
        if parts[0] != "zoufang" or parts[1:2] == [module.room]:
            continue
        if any(part.startswith("_") and not part.endswith("__") for part in parts[1:]):
            trespassing.append(f"line {found.line}: {found.target}")
    assert not trespassing, f"{module.name} enters a private file of another room: {trespassing}"


@every_module
def test_no_room_comes_in_through_the_front_door(module: Module) -> None:
    """`from zoufang import X` is for users: inside, it would make every room depend on every other."""
    if not module.room or module.room in MAY_USE_THE_FRONT_DOOR:
        return
    rooms = {other.room for other in MODULES}
    wrong = [
        f"line {i.line}: {i.target}"
        for i in _imports(module)
        if i.target == "zoufang" or (i.target.startswith("zoufang.") and i.target.split(".")[1] not in rooms)
    ]
    assert not wrong, f"{module.name} uses the front door: {wrong}"


@every_module
def test_no_import_dodges_into_a_function(module: Module) -> None:
    """An import stands at the top of its file, but for an optional dependency at its one door."""
    dodging = [
        f"line {i.line}, in {i.inside}: {i.target}"
        for i in _imports(module)
        if i.inside and (module.name, i.target.split(".")[0]) not in DOORS
    ]
    assert not dodging, f"{module.name} imports inside a function: {dodging}; if it must, say why in DOORS"


@every_module
def test_nothing_is_read_that_could_run(module: Module) -> None:
    """No pickle, no YAML, no evaluated words: what comes from outside is data, and TOML or a table."""
    asked = {i.target.split(".")[0] for i in _imports(module)} & {"dill", "marshal", "pickle", "shelve", "yaml"}
    called = {
        node.func.id
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile"}
    }
    assert not asked | called, f"{module.name} uses {sorted(asked | called)}"


def test_every_door_is_still_used() -> None:
    """An exception that nobody needs any more is taken off the list, and each gives its reason."""
    used = {(m.name, i.target.split(".")[0]) for m in MODULES for i in _imports(m) if i.inside}
    assert set(DOORS) <= used, f"no longer needed: {sorted(set(DOORS) - used)}"
    assert all(len(reason) > len("because") for reason in DOORS.values()), "a door without a reason"


@every_module
def test_a_module_fits_on_its_page(module: Module) -> None:
    """A module has one idea; when it outgrows its page it is split by noun."""
    length = len(module.path.read_text(encoding="utf-8").splitlines())
    assert length <= LONGEST_MODULE, f"{module.name} has {length} lines; {LONGEST_MODULE} is the limit"


@every_module
def test_a_module_is_named_for_what_it_holds(module: Module) -> None:
    """No `utils`, no `helpers`, no `manager`: such a name says that nobody knew the idea."""
    vague = VAGUE_NAMES & {part.strip("_") for part in module.name.split(".")}
    assert not vague, f"{module.name} is named {sorted(vague)}; name it for its idea"


READ_VISITS_AS_RECORDED = {
    "zoufang.facts.reading": "the select of the visits in force is made of them",
    "zoufang.campaign.settling": "whose visit a version is, is asked of that version",
    "zoufang.campaign.differing": "the words of a record may be read by whoever reaches its target",
}
"""Modules that select from the table of visits itself, each with its reason; all others read the visits in force."""


def test_every_other_reader_of_visits_reads_those_in_force() -> None:
    """A figure, list, plan or report that forgot would count a visit beside the version that replaced it."""
    readers = {
        module.name
        for module in MODULES
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute)
        and node.attr == "visits"
        and ast.unparse(node.value).removeprefix("self.").endswith(("tables", "_t", "t"))
    }
    assert readers == set(READ_VISITS_AS_RECORDED)


def test_the_front_door_is_light() -> None:
    """`import zoufang` loads neither pandas nor SQLAlchemy."""
    look = "import sys, zoufang; print(*sorted({'pandas', 'sqlalchemy', 'numpy', 'alembic'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert not done.stdout.split()


def test_every_name_at_the_front_door_opens() -> None:
    """`__all__` is sorted, without repeats, and every name in it can be had."""
    assert list(zoufang.__all__) == sorted(set(zoufang.__all__))
    assert [name for name in zoufang.__all__ if not hasattr(zoufang, name)] == []
