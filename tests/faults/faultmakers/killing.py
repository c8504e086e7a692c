"""Processes of their own, and their sudden end.

They are forked from a server that has imported everything already, so that a hundred of them cost seconds.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["__main__", "faultmakers.children", "faultmakers.migrating"])

Work = Callable[..., None]
"""What a child does; its first argument is the end of a pipe on which it reports."""


def start(work: Work, *args: Any) -> tuple[BaseProcess, Connection]:
    """Start a child; return it and the end of the pipe on which it reports."""
    here, there = CONTEXT.Pipe(duplex=False)
    child = CONTEXT.Process(target=work, args=(there, *args))
    child.start()
    there.close()
    return child, here


def told(pipe: Connection) -> list[Any]:
    """Return everything that a child reported until its end; half a message is none."""
    messages: list[Any] = []
    while True:
        try:
            messages.append(pipe.recv())
        except (EOFError, OSError):
            pipe.close()
            return messages


def kill_after(delay: float, work: Work, *args: Any) -> list[Any]:
    """Start a child, let it report that it is at work, SIGKILL it after a delay, and return its further reports."""
    child, pipe = start(work, *args)
    pipe.recv()
    time.sleep(delay)
    child.kill()
    messages = told(pipe)
    child.join()
    return messages


def run(work: Work, *args: Any) -> tuple[int | None, list[Any]]:
    """Let a child come to its own end; return its exit code (negative: the signal) and its reports."""
    child, pipe = start(work, *args)
    messages = told(pipe)
    child.join()
    return child.exitcode, messages
