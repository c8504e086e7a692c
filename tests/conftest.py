"""What every test may ask for: Hypothesis profiles, and published data where there is some."""

from __future__ import annotations

import csv
import os
import sqlite3
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from zoufang import intake
from zoufang.cli import main
from zoufang.intake import SheetSpec
from zoufang.ledger.turns import Turns
from zoufang.testing import NoServerError, new_schema, start_postgres

# No deadlines: a shared two-core machine is slow at times, and a slow example is not a false one.
settings.register_profile("change", deadline=None, print_blob=True)
settings.register_profile(
    "sweep",
    deadline=None,
    print_blob=True,
    max_examples=2_000,
    stateful_step_count=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "change"))

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def published_data() -> Path:
    """The folder of published data, from ZOUFANG_DATA or beside the repository.

    A test that asks for it is skipped, with this reason, where there is none.
    """
    folder = Path(os.environ.get("ZOUFANG_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no published data at {folder}; set ZOUFANG_DATA to the folder that holds it")
    return folder


# --- a real PostgreSQL ---------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of one PostgreSQL server for the whole run, all its workers together; it ends with the run.

    A test that asks for it is skipped where there is no such server; on CI that is a failure.
    """
    worker = "PYTEST_XDIST_WORKER" in os.environ
    shared = tmp_path_factory.getbasetemp().parent if worker else tmp_path_factory.getbasetemp()
    note = shared / "postgres.url"
    try:
        with Turns(shared / "postgres", wait=120).taken():
            if not note.exists():
                note.write_text(start_postgres(until=os.getppid() if worker else os.getpid()), encoding="utf-8")
            return note.read_text(encoding="utf-8")
    except NoServerError as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must not skip the tests of PostgreSQL: {error}", pytrace=False)
        pytest.skip(f"POSTGRESQL IS NOT TESTED: {error}")


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """The URL of an empty schema of PostgreSQL, this test's own."""
    with new_schema(postgres_server) as url:
        yield url


# --- an office's own folder ----------------------------------------------------------------------------------

AREAS = [
    ("370871005", "某街道", "街道", None),
    ("C01", "东社区", "社区", "370871005"),
    ("C01-G01", "东一网格", "网格", "C01"),
    ("C02", "西社区", "社区", "370871005"),
    ("C02-G01", "西一网格", "网格", "C02"),
]
PEOPLE = [
    ("P-1", "欧阳走访", "13800000001", "C01", "网格员", "C01-G01", 20),
    ("P-2", "司徒经办", "13800000002", "shichang", "承办人", None, 10),
    ("P-3", "诸葛主任", "13800000003", "wangge", "办公室", None, 0),
]
TARGETS = [
    ("H-1", "居民户", "C01-G01", "上官甲", "东路一号", "13900000001", None, None, None),
    ("H-2", "居民户", "C02-G01", "皇甫乙", "西路二号", "13900000002", None, None, None),
    ("S-1", "沿街门店", "C01-G01", "令狐饭庄", "东路三号", "13900000003", "餐饮", None, None),
]
VISITS = [
    ("V-1", "2023-03-01", "09:30", 15, "H-1", "P-1", "C01", "上门", "见到", "是", None, None),
    ("V-2", "2023-03-02", "10:00", 20, "S-1", "P-1", "C01", "上门", "见到", None, None, None),
    ("V-3", "2023-03-02", "11:00", 5, "H-2", "P-1", "C01", "上门", "不在家", None, None, None),
]
FINDINGS = [("V-2", 1, "诉求", "education", "门前的路灯坏了三天", None, None)]
CALLS = [
    ("HL-1", "2023-03-01", "慕容丙", "13700000001", "C01-G01", "H-1", "education", "放学路上太堵"),
    ("HL-2", "2023-03-03", "", "", "C02", "", "medical", "卫生室周末不开门"),
]


PRIVATE_WORDS = frozenset(
    str(cell)
    for rows, columns in ((PEOPLE, (1, 2)), (TARGETS, (3, 4, 5)), (FINDINGS, (4,)), (CALLS, (2, 3, 7)))
    for row in rows
    for column in columns
    if (cell := row[column])
) | {"幸福路", "1380537", "1390537"}
"""What must stand in no log, whichever test ran: the names, telephones, addresses and words of the office's files, and
how those of `zoufang.testing.little_roster` begin. `nox -s canaries` lets everything be logged at DEBUG level."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Fail any test that lets a private word of the office's files into the log, over the whole suite."""
    report = yield
    logged = "".join(text for name, text in report.sections if name == f"Captured log {report.when}")
    if report.passed and (told := sorted(word for word in PRIVATE_WORDS if word in logged)):
        report.outcome, report.longrepr = "failed", f"private words stand in the log: {told}"
    return report


class Office:
    """A street office with a campaign folder: writes its files by hand and types commands."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def cli(self, *words: object, env: dict[str, str] | None = None) -> Result:
        """Type a command."""
        asked = {"ZOUFANG_LANG": None, "ZOUFANG_NO_PLUGINS": None, **(env or {})}
        return CliRunner().invoke(main, [str(word) for word in words], env=asked, catch_exceptions=False)

    def run(self, *words: str, today: str = "2023-03-06") -> Result:
        """Type `zoufang run` for this folder."""
        return self.cli("run", self.path, "--today", today, *words)

    def book(self, name: str, sheets: Sequence[tuple[SheetSpec, Iterable[Sequence[Any]]]]) -> Path:
        """Write a workbook of the inbox, cell by cell, with another library than the one we write with."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        for spec, rows in sheets:
            page = book.create_sheet(spec.title)
            page.append(list(spec.headers))
            for row in rows:
                page.append(list(row))
        path = self.path / "inbox" / name
        book.save(path)
        return path

    def register(self, *, areas: Any = AREAS, people: Any = PEOPLE, targets: Any = TARGETS) -> Path:
        """Write the register."""
        sheets = ((intake.AREAS, areas), (intake.PEOPLE, people), (intake.TARGETS, targets))
        return self.book("register.xlsx", sheets)

    def visits(self, visits: Any = VISITS, findings: Any = FINDINGS, name: str = "visits-C01-w01.xlsx") -> Path:
        """Write a workbook of visits."""
        return self.book(f"visits/{name}", ((intake.VISITS, visits), (intake.FINDINGS, findings)))

    def hotline(self, calls: Iterable[Sequence[str]] = CALLS) -> Path:
        """Export the hotline."""
        path = self.path / "inbox" / "hotline.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([intake.CALLS.headers, *calls])
        return path

    def fill(self) -> None:
        """Write every file of a small first week."""
        self.register()
        self.visits()
        self.hotline()

    def ledger(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the ledger's file, without our own library."""
        with closing(sqlite3.connect(f"{(self.path / 'ledger.sqlite').as_uri()}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()

    def tree(self) -> dict[str, str]:
        """Return every file and folder below the folder, each file with the digest of its bytes."""
        return {
            str(path.relative_to(self.path)): sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
            for path in sorted(self.path.rglob("*"))
        }


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A new campaign folder, made by `zoufang init`, nothing in its inbox yet."""
    made = Office(tmp_path / "大走访")
    assert made.cli("init", made.path).exit_code == 0
    return made
