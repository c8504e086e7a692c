"""The sampling plans that the page on call-backs prints are the presets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from attrs import evolve

from zoufang.intake import parse_plan, plan_text
from zoufang.rules import CALLBACK_PRESETS, check_plan

PAGE = Path(__file__).resolve().parents[2] / "docs/how-to/call-back.md"
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("block", "name"), list(zip(BLOCKS, CALLBACK_PRESETS, strict=True)), ids=CALLBACK_PRESETS)
def test_a_printed_sampling_plan_is_the_preset_of_its_name(block: str, name: str) -> None:
    """Put into a plan in place of its own, it parses to the preset and has no error."""
    text, n = re.subn(
        r"^\[callbacks\]\n.*?(?=^# ───)", f"{block}\n", plan_text("huangtun-2023"), flags=re.DOTALL | re.MULTILINE
    )
    assert n == 1
    plan = parse_plan(text, file="plan.toml")
    assert plan.callbacks == evolve(CALLBACK_PRESETS[name], clause="五(三)")
    assert [remark for remark in check_plan(plan) if remark.level == "error"] == []
