"""The plugin contract: every hook, and what it answers with."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any, get_args, get_type_hints

import attrs

from docs.generate import markdown as md
from zoufang.model import Claim
from zoufang.sdk import API, CampaignView, KnownTarget, hooks

EXAMPLE = """\
from zoufang import hookimpl
from zoufang.model import Claim, Part
from zoufang.sdk import TicketRouter

zoufang_api = "1"


def schools(tickets, view):
    for ticket in tickets:
        if ticket.topic_id == "education":
            yield Claim(ticket.id, "shehui", Part.LEAD, rule="schools", reason="schools are theirs")


@hookimpl
def zoufang_ticket_routers():
    return [TicketRouter(name="schools", route=schools)]
"""


def page() -> str:
    """Return the page of hooks."""
    specs = _specs()
    rows = [(md.code(name), md.code(_answer(spec).__name__), _first(spec)) for name, spec in specs.items()]
    return md.page(
        "Hooks",
        f'What a plugin may offer. A plugin is a module or an object that says `zoufang_api = "{API}"` and has '
        "functions marked with `@zoufang.hookimpl`. Each hook is asked once, when the host is made, takes no "
        "argument and answers with a list; the callables in the answers are then called with whole batches.",
        md.table(("hook", "answers with a list of", ""), rows),
        f"A whole plugin:\n\n```python\n{EXAMPLE}```",
        "To install it, name it in the entry-point group `zoufang.plugins`; to use it without installing, "
        "`Plugins.of(core, plugin)`. When two plugins want to lead on one thing, the plan's `precedence` decides: "
        "a list of plugins' names, the strongest first; `zoufang` is the core's own routers, and a plugin that the "
        "list does not name is the weakest. So for the plugin above to be heard, put its name (of the entry point, or "
        'of the module) in front: `precedence = ["schools", "zoufang"]`.',
        "## What hooks answer with",
        *(_fields(_answer(spec)) for spec in specs.values()),
        "## What routers are given and give back",
        *map(_fields, (CampaignView, KnownTarget, Claim)),
        "## When a plugin is wrong",
        "The host names the culprit: plugin, version, hook and item. A plugin that cannot be imported, does not "
        "say its `zoufang_api`, misspells a hook, answers with something else, provides a name that is taken, "
        "claims what is not in the batch, or raises, ends in a `PluginError` before anything is written.",
    )


def _specs() -> dict[str, Callable[..., Any]]:
    found = inspect.getmembers(hooks, lambda member: hasattr(member, "zoufang_spec"))
    return {name: spec for name, spec in found if name.startswith("zoufang_")}


def _answer(spec: Callable[..., Any]) -> type[Any]:
    answer: type[Any] = get_args(get_type_hints(spec)["return"])[0]
    return answer


def _first(member: Any) -> str:
    return (inspect.getdoc(member) or "").partition("\n\n")[0].replace("\n", " ")


def _fields(kind: type[Any]) -> str:
    said = _arguments(inspect.getdoc(kind) or "")
    rows = [(md.code(field.name), md.code(_type(field.type)), said[field.name]) for field in attrs.fields(kind)]
    return f"### {kind.__name__}\n\n{_first(kind)}\n\n{md.table(('field', 'type', ''), rows)}"


def _type(hint: object) -> str:
    return str(hint if isinstance(hint, str) else getattr(hint, "__name__", hint))


def _arguments(docstring: str) -> dict[str, str]:
    """Return what a docstring says of each argument."""
    listed = docstring.partition("Args:\n")[2].partition("\n\n")[0]
    entries = re.findall(r"^    (\w+): (.+(?:\n      +.+)*)", listed, re.MULTILINE)
    return {name: " ".join(words.split()) for name, words in entries}
