"""Beginning and going on: plans, ledgers, and any set of plugins."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from zoufang.analysis import Window, catalogue, sheet
from zoufang.builtin import core
from zoufang.campaign import Campaign
from zoufang.errors import (
    NotALedgerError,
    NotAllowedError,
    NothingDueError,
    OccupiedError,
    OtherPlanError,
    PlanProblemsError,
    UnknownIdError,
)
from zoufang.intake import plan_text
from zoufang.ledger import MemoryLedger
from zoufang.model import Actor, CallBack, CallOutcome, Role, Status
from zoufang.reports import canonical, digest
from zoufang.sdk import Plugins
from zoufang.testing import KEY, KeyedStores, little_roster, replay

CORE = Plugins.of(core, KeyedStores())


@pytest.fixture
def lived(new_street: Callable[..., Any], tmp_path: Path) -> Any:
    """A street in a file, with two weeks of visits, calls, handling, a call-back and a dispatch."""
    street = new_street(f"keyed-sqlite:///{tmp_path / 'ledger.sqlite'}")
    visits = [
        street.visit("V1", "T-shop-1"),
        street.visit("V2", "T-building_firm-1"),
        street.visit("V3", no_demand=True),
    ]
    street.campaign.record(visits, [street.demand("V1", solved=True), street.demand("V2", topic="labour")])
    street.campaign.raise_tickets([street.call("K1"), street.call("K2", "other", None)])
    street.campaign.route()
    street.to("V2-1", Status.CLOSED)
    street.to("K1", Status.FED_BACK)
    street.campaign.draw()
    said = CallBack("V2-1", street.today, CallOutcome.REACHED, solved=False)
    street.campaign.call_back([said])
    street.clock.pass_days(7)
    street.campaign.dispatch()
    return street


def everything(campaign: Campaign) -> dict[str, Any]:
    """Return every figure of the catalogue, in all and by unit, the gaps of the goals, and every report."""
    whole = sheet(campaign.ledger, catalogue(campaign.plan).values(), Window(), ("unit_id",))
    found: dict[str, Any] = {"figures": whole}
    for goal in campaign.plan.goals:
        found[goal.metric] = campaign.figures(goal.metric), campaign.gap(goal.metric)
    for made in campaign.dispatches():
        for language in ("zh", "en"):
            found[f"{made.week.number} {language}"] = canonical(campaign.report(made.week.number, language=language))
    return found


def test_a_campaign_goes_on_where_it_stood(lived: Any, tmp_path: Path) -> None:
    """Opened again, it has the same head, plan and figures."""
    again = Campaign.open(f"keyed-sqlite:///{tmp_path / 'ledger.sqlite'}", plugins=lived.campaign.plugins)
    assert again.head == lived.campaign.head
    assert again.plan == lived.campaign.plan
    assert everything(again) == everything(lived.campaign)
    again.close_ledger()


def test_the_figures_are_the_same_without_the_streets_plugin(
    lived: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading never asks a plugin: registered by hand, switched off by the environment, or not there."""
    whole = everything(lived.campaign)
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    bare = Campaign.open(url, plugins=Plugins.of(core))
    monkeypatch.setenv("ZOUFANG_NO_PLUGINS", "1")
    switched_off = Campaign.open(url)
    assert [p.plugin for p in switched_off.plugins.loaded] == ["zoufang"]
    monkeypatch.setenv("ZOUFANG_NO_PLUGINS", "0")
    installed = Campaign.open(url)
    assert "zoufang-huangtun" in [p.plugin for p in installed.plugins.loaded]
    for campaign in (bare, switched_off, installed):
        assert everything(campaign) == whole
        campaign.close_ledger()


def test_every_change_can_be_committed_again_without_plugins(lived: Any) -> None:
    """Replayed into the model in memory, the chain and all figures come out the same."""
    copy = replay(lived.campaign.ledger, MemoryLedger(KEY))
    assert copy.head == lived.campaign.head
    assert everything(Campaign.open(copy, plugins=CORE)) == everything(lived.campaign)
    copy.close()


def test_the_ledger_names_the_plugin_that_decided(lived: Any) -> None:
    """Long after it was uninstalled, each assignment says whose rule it was."""
    rows = lived.rows("assignments", "subject_id", "part", "plugin", "rule", "plugin_version")
    assert [r[2:4] for r in rows if r[:2] == ("V2-1", "lead")] == [("zoufang-huangtun", "firm-topic")]
    assert [r[2:4] for r in rows if r[:2] == ("K1", "lead")] == [("zoufang", "topic:roads")]


# --- dispatches -------------------------------------------------------------------------------------------------


def test_a_dispatch_is_the_same_whenever_it_is_printed(lived: Any) -> None:
    """What is recorded later, also for days that it covers, changes no byte of it; its seal is its digest."""
    made, before = lived.campaign.dispatches()[0], canonical(lived.campaign.report(1))
    assert made.digest == digest(lived.campaign.report(1))
    late = lived.visit("V9", "T-household-2", on=made.week.from_on)
    lived.campaign.record([late], [lived.demand("V9")])
    lived.campaign.register(little_roster(lived.campaign.plan, each=5))
    lived.clock.pass_days(7)
    lived.campaign.dispatch()
    assert canonical(lived.campaign.report(1)) == before
    assert [d.week.number for d in lived.campaign.dispatches()] == [1, 2]


def test_no_dispatch_is_made_before_its_day(new_street: Callable[..., Any]) -> None:
    """On Sunday 5 March none is due; on Monday the first; after the fifteenth there is none left."""
    street = new_street()
    street.clock.pass_days(6)
    street.refuses(NothingDueError, street.campaign.dispatch)
    street.clock.pass_days(1)
    assert street.campaign.dispatch().week.number == 1
    street.refuses(NothingDueError, street.campaign.dispatch)
    street.clock.pass_days(7 * 20)
    assert [street.campaign.dispatch().week.number for _ in street.campaign.due()] == list(range(2, 16))
    street.refuses(NothingDueError, street.campaign.dispatch)


def test_a_report_that_was_not_made_is_refused_with_those_that_were(lived: Any) -> None:
    """There is no report of a week to come; nor a metric of that name, nor a format."""
    assert lived.refuses(UnknownIdError, lambda: lived.campaign.report(2)).known == ("1",)
    lived.refuses(UnknownIdError, lambda: lived.campaign.figures("happiness"))
    lived.refuses(UnknownIdError, lambda: lived.campaign.plugins.format("papyrus"))


# --- refused ----------------------------------------------------------------------------------------------------


@pytest.fixture
def other_plan(tmp_path: Path) -> Path:
    """Another plan: the same but for its id."""
    path = tmp_path / "other.toml"
    text = plan_text("huangtun-2023")
    assert text.count('id = "huangtun-2023"') == 1
    path.write_text(text.replace('id = "huangtun-2023"', 'id = "other-2024"'), encoding="utf-8")
    return path


def test_a_ledger_of_another_plan_is_refused(lived: Any, tmp_path: Path, other_plan: Path) -> None:
    """The sentence names the plan that it holds and the one that was asked for, and nothing was changed."""
    head = lived.campaign.head
    with pytest.raises(OtherPlanError) as refused:
        Campaign.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}", plan=other_plan, plugins=CORE)
    assert (refused.value.holds, refused.value.wanted) == ("huangtun-2023 v1", "other-2024 v1")
    assert lived.campaign.head == head


def test_a_plan_that_was_changed_under_its_name_is_refused(lived: Any, tmp_path: Path) -> None:
    """The same id and version with other content is another plan."""
    path = tmp_path / "changed.toml"
    path.write_text(plan_text("huangtun-2023").replace("handle_days = 5", "handle_days = 6"), encoding="utf-8")
    with pytest.raises(OtherPlanError) as refused:
        Campaign.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}", plan=path, plugins=CORE)
    for language in ("zh", "en"):
        assert refused.value.said_in(language).count("huangtun-2023 v1") == 2
    assert "huangtun-2023 v1 (" in refused.value.said_in("en"), "with the remark that it was changed"


def test_the_plan_of_the_ledger_is_accepted_by_name(lived: Any, tmp_path: Path) -> None:
    """Also where its file has another layout."""
    path = tmp_path / "plan.toml"
    path.write_text("# 抄自街道文件\n" + plan_text("huangtun-2023"), encoding="utf-8")
    for plan in ("huangtun-2023", path):
        Campaign.open(f"sqlite:///{tmp_path / 'ledger.sqlite'}", plan=plan, plugins=CORE).close_ledger()


def test_a_campaign_is_not_begun_over_another(lived: Any, tmp_path: Path) -> None:
    """Where a ledger stands already, it is left as it is."""
    with pytest.raises(OccupiedError, match=r"holds something already; open it with Campaign\.open"):
        Campaign.create("huangtun-2023", f"sqlite:///{tmp_path / 'ledger.sqlite'}", plugins=CORE)
    assert lived.campaign.verify().ok


def test_a_bad_plan_begins_no_campaign(tmp_path: Path) -> None:
    """No ledger is made for a plan that cannot be read."""
    (tmp_path / "plan.toml").write_text("id = 3\n", encoding="utf-8")
    with pytest.raises(PlanProblemsError):
        Campaign.create(tmp_path / "plan.toml", f"sqlite:///{tmp_path / 'ledger.sqlite'}", plugins=CORE)
    assert not (tmp_path / "ledger.sqlite").exists()


def test_an_empty_ledger_is_no_campaign() -> None:
    """A ledger without a plan in it cannot be gone on with."""
    with pytest.raises(NotALedgerError):
        Campaign.open(MemoryLedger(), plugins=CORE)


def test_a_scheme_that_no_plugin_provides_is_refused() -> None:
    """With those that are there."""
    with pytest.raises(UnknownIdError) as refused:
        Campaign.create("huangtun-2023", "oracle://street", plugins=CORE)
    assert set(refused.value.known) == {
        "sqlite",
        "postgresql",
        "memory",
        "keyed-sqlite",
        "keyed-postgresql",
        "keyed-memory",
    }


def test_a_viewer_begins_no_campaign(tmp_path: Path) -> None:
    """To begin one is the office's verb, and no file is left behind."""
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    with pytest.raises(NotAllowedError):
        Campaign.create("huangtun-2023", url, plugins=CORE, actor=Actor(id="P1", role=Role.VIEWER))
    assert list(tmp_path.iterdir()) == []
