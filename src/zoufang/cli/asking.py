"""What the commands share that ask a campaign something: opening it, its day, and a table for the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path

import click
from rich.table import Table

from zoufang.builtin import core
from zoufang.campaign import Campaign, now
from zoufang.cli.shell import console
from zoufang.folder import Folder, clock_at, open_campaign
from zoufang.sdk import Plugins
from zoufang.typing import Language, Text

DAY = click.DateTime(["%Y-%m-%d"])

_MASKED = Text(
    "台账的个人文字已加密，主密钥不在手边：个人文字以 *** 代替，不写入台账。",
    "the ledger's private texts are encrypted and the master key is not at hand: they are masked, nothing is recorded.",
)
_RECORDED = Text(
    "已记入台账（第 {seq} 号提交，{person}，用途：{purpose}）。",
    "recorded (commit {seq}, {person}, purpose: {purpose}).",
)


@contextmanager
def asked(
    folder: Path, *, masked: bool = True, today: date | None = None, lang: Language | None = None
) -> Iterator[Campaign]:
    """Open the campaign in a folder, and let go of its ledger whatever happens.

    Args:
        folder: Where it is.
        masked: True for a question that shows no private word: it needs no master key and writes nothing.
        today: The day on which it is asked; the machine's own if None.
        lang: In which language to say that an encrypted ledger is read without its master key; None says nothing.
    """
    at = Folder.at(folder)
    clock = now if today is None else clock_at(at.plan(), today)
    campaign = open_campaign(at, Plugins.discover(core), clock, masked=masked)
    try:
        if lang is not None and campaign.ledger.locked is not None:
            click.echo(_MASKED.said_in(lang), err=True)
        yield campaign
    finally:
        campaign.close_ledger()


def day_of(day: datetime | None, campaign: Campaign) -> date:
    """Return the day that was asked for, else the street's own day."""
    return campaign.today if day is None else day.date()


def show(
    heads: Iterable[Text], rows: Iterable[tuple[object, ...]], lang: Language, *, numbers: Iterable[Text] = ()
) -> None:
    """Print a table; a cell without a value is a dash, and columns of numbers stand right."""
    right = set(numbers)
    table = Table()
    for head in heads:
        table.add_column(head.said_in(lang), justify="right" if head in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*("—" if cell is None else str(cell) for cell in row))
    console().print(table)


def tell_recorded(before: int, seq: int, person: str, purpose: str, lang: Language) -> None:
    """Say on the error stream which commit recorded a reading; nothing where none did.

    Args:
        before: The ledger's last commit before it.
        seq: And after it.
        person: Who read.
        purpose: What for.
        lang: In which language.
    """
    if seq > before:
        click.echo(_RECORDED.said_in(lang).format(seq=seq, person=person, purpose=purpose), err=True)
