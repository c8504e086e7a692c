"""`python -m docs.generate` writes the pages that differ from the code and names them."""

from __future__ import annotations

from docs.generate import REFERENCE, stale

for name, text in stale().items():
    (REFERENCE / name).write_text(text, encoding="utf-8")
    print(f"written: docs/reference/{name}")  # noqa: T201 - its result is what it prints
