"""What stands where in a campaign's folder."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from zoufang.errors import FileError, NoLedgerYetError, NotACampaignError
from zoufang.intake import load_plan, plan_text
from zoufang.ledger import begun
from zoufang.model import CampaignPlan
from zoufang.reports import put_in_place, write_templates

LEDGER = "ledger.sqlite"


@frozen
class Folder:
    """A campaign's folder.

    Args:
        path: Where it is.
    """

    path: Path

    @classmethod
    def init(cls, path: Path, plan: str | Path) -> Folder:
        """Make a new folder: the plan, empty templates, an inbox.

        Args:
            path: A folder that does not exist yet or is empty.
            plan: A packaged name or a plan file.

        Returns:
            The folder.

        Raises:
            FileError: There is something in the folder already, or its name cannot be used; nothing was written.
            PlanProblemsError: The plan cannot be used; nothing was written.

        Plan: 四(一)
        """
        text = plan_text(plan)
        parsed = load_plan(plan)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise FileError(
                file=str(path),
                problem_zh="已有内容；请指定新的空文件夹，原有文件未改动",
                problem_en="has something in it already; name a new or empty folder, nothing was changed",
            )
        folder = cls(_speakable(path))
        folder.templates.mkdir(parents=True)
        for place in ("visits", "replies", "problems", "callbacks"):
            (folder.inbox / place).mkdir(parents=True)
        write_templates(parsed, folder.templates)
        with put_in_place(folder.plan_file) as draft:
            draft.write_text(text, encoding="utf-8")
        return folder

    @classmethod
    def at(cls, path: Path) -> Folder:
        """Return the campaign in a folder.

        Raises:
            FileError: Its name cannot be used.
            NotACampaignError: There is no plan in it.
        """
        folder = cls(_speakable(path))
        if not folder.plan_file.is_file():
            raise NotACampaignError(folder=str(path))
        return folder

    def plan(self) -> CampaignPlan:
        """Return the plan in the folder.

        Raises:
            PlanProblemsError: It cannot be used.
        """
        return load_plan(self.plan_file)

    @property
    def plan_file(self) -> Path:
        """The plan."""
        return self.path / "plan.toml"

    @property
    def ledger_url(self) -> str:
        """Where the ledger is."""
        return f"sqlite:///{self.ledger_file}"

    @property
    def ledger_file(self) -> Path:
        """The ledger's file."""
        return self.path / LEDGER

    @property
    def has_ledger(self) -> bool:
        """True where there is a ledger, or anything else in its place; not for what a killed first run left."""
        return begun(self.ledger_url)

    def need_ledger(self) -> None:
        """Refuse a campaign's folder into which nothing was imported yet.

        Raises:
            NoLedgerYetError: With what to do first.
        """
        if not self.has_ledger:
            raise NoLedgerYetError(url=self.ledger_url)

    def take_back_ledger(self) -> None:
        """Remove a ledger that a refused first run had just begun, so that nothing of it stays."""
        for suffix in ("", "-wal", "-shm"):
            self.ledger_file.with_name(f"{LEDGER}{suffix}").unlink(missing_ok=True)

    @property
    def inbox(self) -> Path:
        """Where the office puts its files."""
        return self.path / "inbox"

    @property
    def outbox(self) -> Path:
        """Where the lists for units and callers are."""
        return self.path / "outbox"

    @property
    def dispatches(self) -> Path:
        """Where the weekly dispatches are."""
        return self.path / "dispatches"

    @property
    def keys(self) -> Path:
        """Where the public keys of those who sign are (``*.pub.pem``)."""
        return self.path / "keys"

    def checkpoint_file(self, number: int) -> Path:
        """Return where the signed checkpoint of a dispatch stands."""
        return self.path / "checkpoints" / f"dispatch-{number:02d}.json"

    @property
    def templates(self) -> Path:
        """Where the empty workbooks are."""
        return self.path / "templates"

    @property
    def quarantine(self) -> Path:
        """Where the lists of rows that were set aside are."""
        return self.path / "quarantine"


def _speakable(path: Path) -> Path:
    """Return a path that can stand in a ledger's URL; one with a question mark would end there and lead elsewhere."""
    if "?" in str(path.absolute()):
        raise FileError(
            file=str(path),
            problem_zh="路径中有问号“?”，台账会写到别处；请改用不含问号的文件夹名",
            problem_en="the path has a question mark, and the ledger would go elsewhere; name a folder without one",
        )
    return path
