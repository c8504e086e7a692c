"""The table of clauses: what the plan asks, and the code whose docstring says that it serves it.

The docstrings are read, not run: a `Plan:` line counts wherever it stands in a public docstring, that of a module, a
class, a function or a constant.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

import zoufang
from docs.generate import markdown as md

ROOT = Path(__file__).resolve().parents[2]
LINKS = "../../"


@frozen
class Clause:
    """One clause of the plan, in our own words.

    Args:
        number: As the plan counts, e.g. ``四(二)``.
        zh: What it asks, in Chinese.
        en: The same in English.
        missing: What of it is not served yet; empty where nothing is known to be missing.
    """

    number: str
    zh: str
    en: str
    missing: str = ""


CLAUSES: tuple[Clause, ...] = (
    Clause(
        "一",
        "对各类对象、以多种方式走访，达到三个100%：入户走访、意见诉求收集、问题整改和反馈。",
        "Reach targets of many kinds in several ways, and reach three 100%: visits, collection, "
        "rectification and feedback.",
    ),
    Clause(
        "二",
        "谁走访谁：社区和网格员走访本辖区居民，产业园管委会走访企业，执法大队和市场监管所共同走访门店，"
        "社会事务办组织教师家访，建设办走访建筑业企业和工地。",
        "Who visits whom: communities and grid workers their residents, the park's committee the firms, two offices "
        "jointly the street shops, school staff the pupils' families, the construction office builders and sites.",
    ),
    Clause(
        "三(一)",
        "走访时宣传政策、法规和工作成绩，记下对谁宣传了什么。",
        "On visits, make known policies, laws and achievements; note what was made known to whom.",
    ),
    Clause(
        "三(二)",
        "了解生产生活状况，收集热点问题、企业困难和好做法；由一件事找出一类普遍问题。",
        "Learn how people live and work; collect what troubles them, firms' difficulties and good practices; "
        "from one case find the common problem.",
    ),
    Clause(
        "三(三)",
        "与群众、商户、企业保持联系，帮助解决民生和企业两方面列明的各类问题。",
        "Keep in touch with residents, shops and firms, and help with the listed matters of livelihood and enterprise.",
    ),
    Clause(
        "四(一)",
        "二月底前定好方案，各牵头单位、各社区定好自己的走访计划。",
        "By the end of February: the plan, and each lead unit's and community's own plan of visits.",
    ),
    Clause(
        "四(二)",
        "三、四月集中走访：建两本台账；一般问题当场解决、当场反馈，需协同的报办公室分解派单；"
        "定期调度，结合来电来信分析并推送。",
        "March and April: two ledgers; general problems solved and answered at once, joint ones sent on by the office; "
        "regular dispatch; analysis together with calls and letters.",
        missing="A joint ticket goes to one lead with co-units; splitting it into child tickets, each with its "
        "own clock, is not there.",
    ),
    Clause(
        "四(三)",
        "逐件销号：能解决的反馈结果，一时不能解决的解释清楚，件件有落实、事事有回音。",
        "Close every demand: tell the person what was done, or explain why it cannot be done soon; "
        "nothing stays without an answer.",
    ),
    Clause(
        "四(四)",
        "总结活动，把走访和诉求收集转为常态。",
        "Sum up, and hand the visits and the collection over to regular work.",
        missing="The goals by unit at the end and the hand-over are there; the written summary is not.",
    ),
    Clause(
        "五(一)",
        "成立领导小组，办公室设在网格办；各司其职。",
        "A leading group with its office: who holds which role, and what each may do.",
    ),
    Clause(
        "五(二)",
        "每周调度，总结典型经验，通报敷衍应付的单位和个人，作为考核依据。",
        "Dispatch every week; praise good practice, name perfunctory units and persons; a basis for appraisal.",
        missing="Notices name their right of reply; recording the reply, and a list for appraisal, are not there.",
    ),
    Clause(
        "五(三)",
        "诉求台账销号管理、闭环跟踪；专项督导；电话回访抽查核实。",
        "A ledger of demands tracked until closed; special supervision; a sample is verified by telephone.",
    ),
)
"""Every clause that asks something of the software."""


@frozen
class Place:
    """Code that serves a clause.

    Args:
        name: Its dotted name.
        path: Its file, from the root of the repository.
        clauses: Every clause that its ``Plan:`` line cites.
        promise: The first sentence of its docstring.
    """

    name: str
    path: str
    clauses: tuple[str, ...]
    promise: str

    @property
    def room(self) -> str:
        """The room, or the plugin, that it stands in."""
        parts = self.name.split(".")
        return parts[1] if parts[0] == "zoufang" else parts[0]


def places() -> tuple[Place, ...]:
    """Return all public code with a ``Plan:`` line, by name."""
    homes = {"src/zoufang": Path(zoufang.__file__).parent}
    for plugin in sorted(ROOT.glob("plugins/*/src/*/__init__.py")):
        homes[plugin.parent.relative_to(ROOT).as_posix()] = plugin.parent
    return tuple(sorted((place for shown, home in homes.items() for place in _in(home, shown)), key=lambda p: p.name))


def _in(home: Path, shown: str) -> Iterator[Place]:
    for path in sorted(home.rglob("*.py")):
        inside = path.relative_to(home).with_suffix("").parts
        parts = (home.name, *(inside[:-1] if inside[-1] == "__init__" else inside))
        if any(part.startswith("_") for part in parts):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name, words in _docstrings(tree, ".".join(parts)):
            if cited := cited_in(words):
                promise = " ".join(words.strip().partition("\n\n")[0].split())
                yield Place(name, f"{shown}/{path.relative_to(home).as_posix()}", cited, promise)


def _docstrings(node: ast.Module | ast.ClassDef, name: str) -> Iterator[tuple[str, str]]:
    """Yield the dotted name and docstring of a module or class and of everything public in it."""
    if words := ast.get_docstring(node):
        yield name, words
    before: ast.stmt | None = None
    for child in node.body:
        match child:
            case ast.ClassDef(name=own) if not own.startswith("_"):
                yield from _docstrings(child, f"{name}.{own}")
            case ast.FunctionDef(name=own) if not own.startswith("_"):
                yield f"{name}.{own}", ast.get_docstring(child) or ""
            case ast.Expr(value=ast.Constant(value=str(words))):
                for own in _assigned(before):
                    yield f"{name}.{own}", words
        before = child


def _assigned(statement: ast.stmt | None) -> Iterator[str]:
    """Yield the public names that a statement assigns: a string after it is their docstring."""
    match statement:
        case ast.Assign(targets=targets):
            names = [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=one)):
            names = [one]
        case _:
            names = []
    yield from (name for name in names if not name.startswith("_"))


def cited_in(docstring: str) -> tuple[str, ...]:
    """Return the clauses that a docstring's ``Plan:`` line cites."""
    found = re.search(r"^\s*Plan: (.+)$", docstring, re.MULTILINE)
    return tuple(re.split(r"[,、]\s*", found[1].strip())) if found else ()


def by_clause(found: tuple[Place, ...]) -> Mapping[str, tuple[Place, ...]]:
    """Return the code that serves each clause."""
    return {clause.number: tuple(p for p in found if clause.number in p.clauses) for clause in CLAUSES}


def page() -> str:
    """Return the page of clauses."""
    serving = by_clause(places())
    rows = [
        (f"[{clause.number}](#{anchor(clause)})", f"{clause.zh}<br>{clause.en}", str(len(serving[clause.number])))
        for clause in CLAUSES
    ]
    return md.page(
        "Clauses",
        "What each clause of the plan asks (in our own words; the plan's own stand in the plan file), and the code "
        "whose docstring says that it serves it. A docstring cites a clause in its last line, as in `Plan: 四(二)`.",
        md.table(("clause", "asks", "served by"), rows),
        *(_section(clause, serving[clause.number]) for clause in CLAUSES),
    )


def anchor(clause: Clause) -> str:
    """Return where a clause's section is found on the page: the heading, as Markdown renderers shorten it."""
    return "clause-" + re.sub(r"[()]", "", clause.number)


def _section(clause: Clause, found: tuple[Place, ...]) -> str:
    rooms = dict.fromkeys(place.room for place in found)
    lines = [f"## Clause {clause.number}", "", clause.zh, "", clause.en]
    if clause.missing:
        lines += ["", f"*Not yet:* {clause.missing}"]
    for room in rooms:
        lines += ["", f"**{room}**", ""]
        lines += [f"- [`{p.name}`]({LINKS}{p.path}): {p.promise}" for p in found if p.room == room]
    return "\n".join(lines)
