"""Ingest: tables into the ledger and out of it, a workbook into visits, the proof that all is as it was recorded."""

from benchmarks.ingest.recording import COMMIT, FRAME, VALUES
from benchmarks.ingest.tables import FRAMES, REGISTER, STEPS, TICKETS
from benchmarks.ingest.verifying import VERIFY
from benchmarks.ingest.workbook import WORKBOOK

BENCHES = (VALUES, FRAME, COMMIT, REGISTER, TICKETS, STEPS, FRAMES, VERIFY, WORKBOOK)

__all__ = ["BENCHES"]
