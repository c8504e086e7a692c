"""A small plan, and workbooks written cell by cell with another library than the one we write with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from zoufang.intake import AREAS, FINDINGS, PEOPLE, TARGETS, VISITS, load_plan
from zoufang.model import CampaignPlan

Write = Callable[..., Path]


@pytest.fixture(scope="session")
def plan() -> CampaignPlan:
    """The packaged plan of 2023."""
    return load_plan("huangtun-2023")


@pytest.fixture
def visits_file(tmp_path: Path) -> Write:
    """Write a workbook of visits and findings from rows, with openpyxl."""

    def write(visits: Sequence[Sequence[Any]], findings: Sequence[Sequence[Any]] = (), **change: Any) -> Path:
        book = openpyxl.Workbook()
        first, second = book.active, book.create_sheet(FINDINGS.title)
        first.title = VISITS.title
        for page, headers, rows in (
            (first, change.get("headers", VISITS.headers), visits),
            (second, FINDINGS.headers, findings),
        ):
            page.append(list(headers))
            for row in rows:
                page.append(list(row))
        change.get("finish", lambda book: None)(book)
        path = tmp_path / change.get("name", "visits-C01-w01.xlsx")
        book.save(path)
        return path

    return write


@pytest.fixture
def register_file(tmp_path: Path) -> Write:
    """Write a register from rows of its three sheets, with openpyxl."""

    def write(areas: Sequence[Any], people: Sequence[Any] = (), targets: Sequence[Any] = ()) -> Path:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for spec, rows in ((AREAS, areas), (PEOPLE, people), (TARGETS, targets)):
            page = book.create_sheet(spec.title)
            page.append(list(spec.headers))
            for row in rows:
                page.append(list(row))
        path = tmp_path / "register.xlsx"
        book.save(path)
        return path

    return write
