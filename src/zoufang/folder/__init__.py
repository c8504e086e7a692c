"""The campaign's folder: an office's files in, ledgers and dispatches out."""

from zoufang.folder.files import LEDGER, Folder
from zoufang.folder.planning import WorkDone, explain_by, explain_in, hand_over, plan_work, read_roster
from zoufang.folder.running import FileDone, RunDone, open_campaign, run

__all__ = [
    "LEDGER",
    "FileDone",
    "Folder",
    "RunDone",
    "WorkDone",
    "explain_by",
    "explain_in",
    "hand_over",
    "open_campaign",
    "plan_work",
    "read_roster",
    "run",
]
