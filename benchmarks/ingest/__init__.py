"""Ingest: visits into the ledger, a workbook into visits, and the proof that all is as it was recorded."""

from benchmarks.ingest.recording import COMMIT, FRAME, VALUES
from benchmarks.ingest.verifying import VERIFY
from benchmarks.ingest.workbook import WORKBOOK

BENCHES = (VALUES, FRAME, COMMIT, VERIFY, WORKBOOK)

__all__ = ["BENCHES"]
