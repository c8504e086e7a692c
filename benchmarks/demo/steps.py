"""Run `zoufang demo` in this process and say what it cost, step by step.

`python -m benchmarks.demo.steps FIGURES.json HOUSEHOLDS FOLDER`; only public methods are timed, and what none of them
accounts for is `the rest`: checks, lists, hashes of files, progress, imports.
"""

from __future__ import annotations

import functools
import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import itemgetter
from pathlib import Path
from typing import Any

from attrs import evolve

from zoufang import Campaign, Plugins
from zoufang.cli import main as zoufang
from zoufang.simulate import World

REST = "the rest"
KILOBYTES_A_MEGABYTE = 1024

METHODS: tuple[tuple[str, type, tuple[str, ...]], ...] = (
    ("make up the files", World, ("make", "write_register", "write_week", "answer", "write_truth")),
    ("record", Campaign, ("register", "record", "raise_tickets", "reply", "call_back", "note_imports")),
    ("route and draw", Campaign, ("route", "draw")),
    ("compose dispatches", Campaign, ("dispatch", "report")),
)


class Steps:
    """CPU seconds by step; a step within another counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._open = [REST]
        self._since = 0.0

    def _turn(self) -> None:
        now = time.process_time()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now

    def timed(self, call: Callable[..., Any], named: Callable[..., str]) -> Callable[..., Any]:
        """Return the call, its seconds counted for the step of that name."""

        @functools.wraps(call)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self._turn()
            self._open.append(named(*args, **kwargs))
            try:
                return call(*args, **kwargs)
            finally:
                self._turn()
                self._open.pop()

        return counted

    def watch(self) -> None:
        """Count the seconds of the main job's public methods."""
        for step, owner, names in METHODS:
            for name in names:
                self._watch(owner, name, lambda *_args, _step=step, **_kwargs: _step)
        self._watch(Campaign, "write", lambda *_args, **kwargs: f"write {kwargs['format']}")
        discover = Plugins.discover
        setattr(Plugins, "discover", staticmethod(lambda *args: self._reading(discover(*args))))  # noqa: B010 - a method is put in place of theirs, in this process only

    def _watch(self, owner: type, name: str, named: Callable[..., str]) -> None:
        counted = self.timed(getattr(owner, name), named)
        bound = isinstance(vars(owner)[name], classmethod)
        setattr(owner, name, staticmethod(counted) if bound else counted)

    def _reading(self, host: Plugins) -> Plugins:
        """Return the host with its importers timed."""
        return evolve(
            host,
            importers=tuple(
                evolve(one, answer=evolve(one.answer, read=self.timed(one.answer.read, lambda *_: "read the files")))
                for one in host.importers
            ),
        )

    def ended(self) -> dict[str, float]:
        """Return the seconds of each step, the costliest first."""
        self._turn()
        return dict(sorted(self.seconds.items(), key=itemgetter(1), reverse=True))


def peak_mb() -> float:
    """Return the largest resident memory of this process so far, in megabytes.

    Linux keeps it for the program alone; what `getrusage` says there may still be the parent's, from before it began.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii", errors="replace").splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / KILOBYTES_A_MEGABYTE
    unit = KILOBYTES_A_MEGABYTE if sys.platform != "darwin" else KILOBYTES_A_MEGABYTE**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def main(words: Iterable[str]) -> None:
    """Run the demo and write what it cost."""
    figures, households, folder = words
    steps, began = Steps(), time.perf_counter()
    steps.watch()
    zoufang(["demo", "--out", folder, "--households", households], standalone_mode=False)
    found = {
        "wall": time.perf_counter() - began,
        "cpu": time.process_time(),
        "peak_mb": peak_mb(),
        "steps": steps.ended(),
    }
    Path(figures).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
