"""The campaign's folder: an office's files in, ledgers and dispatches out."""

from zoufang.folder.files import LEDGER, Folder
from zoufang.folder.running import FileDone, RunDone, open_campaign, run

__all__ = ["LEDGER", "FileDone", "Folder", "RunDone", "open_campaign", "run"]
