"""Read what is new in the inbox and check it against the roster, before anything is recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, get_args

import sqlalchemy as sa
from attrs import frozen

from zoufang.campaign import Campaign
from zoufang.errors import BadInputError, InFileError
from zoufang.folder.checking import check_items, roster_ids
from zoufang.folder.files import Folder
from zoufang.folder.places import place_in
from zoufang.intake import Reading
from zoufang.model import CampaignPlan
from zoufang.sdk import Importer, Makes, Plugins
from zoufang.typing import Progress

ORDER: tuple[Makes, ...] = get_args(Makes)
"""In which order what was read is recorded."""


@frozen
class Parcel:
    """One new file and what was read from it.

    Args:
        path: The file.
        importer: Which importer read it.
        reading: What it says.
    """

    path: Path
    importer: Importer
    reading: Reading[Any]

    def blamed(self, error: BadInputError) -> InFileError:
        """Return an error with the file and the place in it."""
        return InFileError(file=self.path.name, problem=error, place=place_in(self.reading, error))


def new_files(folder: Folder, plugins: Plugins, done: frozenset[tuple[str, str]]) -> Iterator[tuple[Path, Importer]]:
    """Yield the files of the inbox that were not imported yet with this content, in the order of recording.

    Args:
        folder: The campaign's folder.
        plugins: Their importers say which files they read.
        done: Importer and digest of each file that was imported.
    """
    importers = sorted((p.answer for p in plugins.importers), key=lambda i: (ORDER.index(i.makes), i.name))
    for importer in importers:
        for path in sorted(folder.inbox.glob(importer.pattern)):
            hidden = path.name.startswith((".", "~$"))
            if path.is_file() and not hidden and (importer.name, _digest(path)) not in done:
                yield path, importer


def unread_files(folder: Folder, plugins: Plugins) -> tuple[Path, ...]:
    """Return the files of the inbox that no importer reads: in the wrong place, or of another kind.

    Args:
        folder: The campaign's folder.
        plugins: Their importers say which files they read.
    """
    read = {path for provided in plugins.importers for path in folder.inbox.glob(provided.answer.pattern)}
    read |= {path.with_suffix(".toml") for path in read}
    there = sorted(path for path in folder.inbox.rglob("*") if path.is_file())
    return tuple(path for path in there if path not in read and not path.name.startswith((".", "~$")))


def imported(campaign: Campaign) -> frozenset[tuple[str, str]]:
    """Return importer and digest of each file that was imported."""
    i = campaign.ledger.tables.imports
    return frozenset((row[0], row[1]) for row in campaign.ledger.select(sa.select(i.c.importer, i.c.digest)))


def read_all(
    files: Iterable[tuple[Path, Importer]], plan: CampaignPlan, *, strict: bool, progress: Progress
) -> tuple[Parcel, ...]:
    """Read files, all of them before anything is recorded.

    Raises:
        BadInputError: A file that cannot be read, or (strict) has a bad row.
    """
    waiting = list(files)
    return tuple(
        Parcel(path=path, importer=importer, reading=importer.read(path, plan, strict))
        for path, importer in progress(waiting, label="read", total=len(waiting))
    )


def check_all(plan: CampaignPlan, campaign: Campaign | None, parcels: Sequence[Parcel], today: date) -> None:
    """Refuse parcels that name what neither the ledger nor one of them knows; the file is named.

    Args:
        plan: The plan.
        campaign: What is recorded; None before the first import.
        parcels: Everything that is new.
        today: Nothing may be later.

    Raises:
        InFileError: With the first thing that cannot be used.
    """
    known = roster_ids(plan, campaign, [p.reading.items for p in parcels if p.importer.makes == "roster"])
    for parcel in parcels:
        try:
            check_items(plan, known, parcel.importer.makes, parcel.reading.items, today)
        except BadInputError as error:
            raise parcel.blamed(error) from error


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
