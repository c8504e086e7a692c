"""Ingest: tables into the ledger and out of it, a workbook into visits, the proof that all is as it was recorded."""

from benchmarks.ingest.beside import DJANGO, MAPPED, PEEWEE
from benchmarks.ingest.commits import FOUR, SINGLE
from benchmarks.ingest.growth import MEMORY, STRAIGHT, VERIFY_MILLION
from benchmarks.ingest.postgres import POSTGRES
from benchmarks.ingest.recording import COMMIT, FRAME, VALUES
from benchmarks.ingest.tables import FRAMES, REGISTER, STEPS, TICKETS
from benchmarks.ingest.verifying import VERIFY
from benchmarks.ingest.workbook import WORKBOOK

BENCHES = (
    VALUES,
    FRAME,
    COMMIT,
    REGISTER,
    TICKETS,
    STEPS,
    FRAMES,
    DJANGO,
    MAPPED,
    PEEWEE,
    POSTGRES,
    SINGLE,
    FOUR,
    STRAIGHT,
    MEMORY,
    VERIFY_MILLION,
    VERIFY,
    WORKBOOK,
)

__all__ = ["BENCHES"]
