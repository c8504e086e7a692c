"""What every test may ask for: Hypothesis profiles, and published data where there is some."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

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
