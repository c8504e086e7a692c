"""The campaign's folder: an office's files in, ledgers and dispatches out."""

from zoufang.folder.files import LEDGER, Folder
from zoufang.folder.planning import WorkDone, explain_by, hand_over, plan_work, read_roster
from zoufang.folder.running import FileDone, RunDone, clock_at, open_campaign, run
from zoufang.folder.witnesses import checkpoint_of, known_keys, signature_line

__all__ = [
    "LEDGER",
    "FileDone",
    "Folder",
    "RunDone",
    "WorkDone",
    "checkpoint_of",
    "clock_at",
    "explain_by",
    "hand_over",
    "known_keys",
    "open_campaign",
    "plan_work",
    "read_roster",
    "run",
    "signature_line",
]
