"""Clients of one ledger at once, as threads or as processes: each appends its own words to shared lists and reads them.

A list is a ticket's notes: the versions 1, 2, 3 and so on of one ticket, in a table whose key is ticket and version.
Two clients that append to one ticket at one moment want the same version; one of them is refused and tries again.
Works with the URL of any store that the core knows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing.connection import Connection
from random import Random
from typing import Any, Protocol

import sqlalchemy as sa
from attrs import frozen

from faultmakers import killing
from faultmakers.changes import AT, OFFICE, change, opened
from zoufang.errors import BusyError, RefusedFactError
from zoufang.ledger import Draft, Ledger


class Barrier(Protocol):
    """What clients wait at, so that they begin together; that of threads and that of processes."""

    def wait(self) -> int:
        """Wait until everybody is there."""
        ...


@frozen
class Told:
    """What one client saw.

    Args:
        client: Its number.
        acknowledged: The lists and tokens that the ledger said it kept, in the client's own order.
        reads: Each list as it was read, in the client's own order.
        refused: So often another client was quicker.
    """

    client: int
    acknowledged: tuple[tuple[str, str], ...]
    reads: tuple[tuple[str, tuple[str, ...]], ...]
    refused: int


Client = Callable[[str, int, Barrier, int, int], Any]
"""What one client does: URL, its number, the barrier, how many of its deeds, on how many things."""


def append(url: str, client: int, barrier: Barrier, n: int, n_lists: int) -> Told:
    """Append so many tokens to lists chosen at random, each read before and after.

    Clients with an even number read and append in one block, the others read first and are refused when too late.
    """
    random, acknowledged, reads, refused = Random(client), [], [], 0
    with closing(opened(url)) as ledger:
        barrier.wait()
        for number in range(n):
            name, token = f"K{random.randrange(n_lists)}", f"{client}-{number}"
            while True:
                try:
                    if client % 2:
                        _append(ledger, name, token, reads)
                    else:
                        with ledger.together():
                            _append(ledger, name, token, reads)
                    break
                except (RefusedFactError, BusyError):
                    refused += 1
            acknowledged.append((name, token))
            reads.append((name, read(ledger, name)))
    return Told(client, tuple(acknowledged), tuple(reads), refused)


def read(ledger: Ledger, name: str) -> tuple[str, ...]:
    """Return a list as it stands."""
    e = ledger.tables.ticket_events
    query = sa.select(e.c.reason).where(e.c.ticket_id == name).order_by(e.c.version)
    return tuple(token for (token,) in ledger.select(query))


def _append(ledger: Ledger, name: str, token: str, reads: list[tuple[str, tuple[str, ...]]]) -> None:
    before = read(ledger, name)
    reads.append((name, before))
    row = (name, len(before) + 1, "note", "2023-03-01", "open", *(None,) * 4, token, *(None,) * 9, 0)
    ledger.commit(Draft("reply", OFFICE, AT, {"ticket_events": [row]}))


def resend(url: str, client: int, barrier: Barrier, n: int, n_submissions: int) -> tuple[int, int]:
    """Send the same submissions as everybody else, in an order of one's own; return how many were new and known."""
    order = Random(client).sample(range(n_submissions), n)
    with closing(opened(url)) as ledger:
        barrier.wait()
        found = [_sent(ledger, f"s{number}") for number in order]
    return found.count(False), found.count(True)


def write(url: str, client: int, barrier: Barrier, n: int, _things: int) -> list[int]:
    """Commit so many changes of one's own, one after another; return their numbers."""
    with closing(opened(url)) as ledger:
        barrier.wait()
        return [int(ledger.commit(change(f"{client}-{number}")).seq) for number in range(n)]


def _sent(ledger: Ledger, token: str) -> bool:
    while True:
        try:
            return ledger.commit(change(token, submission_id=token)).duplicate
        except BusyError:
            time.sleep(0.01)


def as_threads(client: Client, url: str, n_clients: int, n: int, things: int) -> list[Any]:
    """Let threads of this process be the clients; return what each of them tells."""
    barrier = threading.Barrier(n_clients)
    with ThreadPoolExecutor(n_clients) as pool:
        started = [pool.submit(client, url, number, barrier, n, things) for number in range(n_clients)]
        return [future.result() for future in started]


def as_processes(client: Client, url: str, n_clients: int, n: int, things: int) -> list[Any]:
    """Let processes be the clients; return what each of them tells."""
    barrier = killing.CONTEXT.Barrier(n_clients)
    started = [killing.start(tell, client, url, number, barrier, n, things) for number in range(n_clients)]
    found = [message for _, pipe in started for message in killing.told(pipe)]
    for child, _ in started:
        child.join()
    assert len(found) == n_clients, "a client ended with an error"
    return found


def tell(pipe: Connection, client: Client, *given: Any) -> None:
    """Be a client, and report what came of it."""
    pipe.send(client(*given))


WAYS = {"threads": as_threads, "processes": as_processes}


def in_commit_order(ledger: Ledger) -> tuple[str, ...]:
    """Return the tokens of all lists in the order of their commits."""
    e = ledger.tables.ticket_events
    return tuple(token for (token,) in ledger.select(sa.select(e.c.reason).order_by(e.c.commit_seq, e.c.ord)))


def anomalies(told: Sequence[Told], lists: Mapping[str, tuple[str, ...]], order: Sequence[str]) -> list[str]:
    """Return everything that cannot be if each list only ever grew at its end.

    Args:
        told: What each client saw.
        lists: The lists at the end.
        order: The tokens of all lists in the order of their commits.
    """
    wrong = []
    places = {token: (name, place) for name, tokens in lists.items() for place, token in enumerate(tokens)}
    counted = sum(map(len, lists.values()))
    acknowledged = [both for one in told for both in one.acknowledged]
    wrong += [f"lost: {token}" for name, token in acknowledged if places.get(token, ("", 0))[0] != name]
    if counted != len(places):
        return [*wrong, "doubled"]
    wrong += ["never acknowledged"] * len(set(places) - {token for _, token in acknowledged})
    for one in told:
        wrong += [f"no prefix of {name}" for name, seen in one.reads if lists.get(name, ())[: len(seen)] != seen]
        wrong += [f"{name} shrank for {one.client}" for name in _shrunk(one.reads)]
        kept = [token for _, token in one.acknowledged if token in places]
        for where, tokens in (("the ledger", order), *lists.items()):
            theirs = set(tokens)
            if [token for token in tokens if token in set(kept)] != [token for token in kept if token in theirs]:
                wrong.append(f"out of order in {where}")
    return wrong


def _shrunk(reads: Sequence[tuple[str, tuple[str, ...]]]) -> list[str]:
    longest: dict[str, int] = {}
    found = []
    for name, seen in reads:
        if len(seen) < longest.get(name, 0):
            found.append(name)
        longest[name] = max(longest.get(name, 0), len(seen))
    return found
