"""From claims to exactly one lead and any co."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoufang.errors import ContestedLeadError
from zoufang.model import Claim, Part
from zoufang.rules import Claimed, resolve, without_refused
from zoufang.testing import claims
from zoufang.typing import UnitId

LEAD, CO = Part.LEAD, Part.CO
PRECEDENCE = ("zoufang-huangtun", "zoufang")
SUBJECTS = ("T1", "T2", "T3", "T4")


def claimed(subject: str, unit: str, part: Part, plugin: str = "zoufang", rule: str = "r") -> Claimed:
    """Return one claim of a plugin."""
    return Claimed(claim=Claim(subject, UnitId(unit), part, rule, "why"), plugin=plugin, version="1")


def led_by(subjects: Sequence[str], *given_: Claimed, precedence: Sequence[str] = PRECEDENCE) -> dict[str, list[str]]:
    """Return lead and co of each subject, in short: ``lead`` first, then the co."""
    found: dict[str, list[str]] = {}
    for one in resolve(subjects, given_, precedence).assignments:
        assert (one.part is LEAD) == (one.subject_id not in found)
        found.setdefault(one.subject_id, []).append(one.unit_id)
    return found


def test_the_plugin_that_the_plan_names_first_has_the_lead() -> None:
    """Not the first that was asked, nor the first by name; the weaker claim to lead is no co claim."""
    weak, strong = claimed("T1", "zhifa", LEAD), claimed("T1", "shichang", LEAD, "zoufang-huangtun")
    assert led_by(["T1"], weak, strong) == {"T1": ["shichang"]}
    assert led_by(["T1"], strong, weak) == {"T1": ["shichang"]}
    assert led_by(["T1"], strong, weak, precedence=["zoufang", "zoufang-huangtun"]) == {"T1": ["zhifa"]}


def test_a_plugin_that_the_plan_does_not_name_is_the_weakest() -> None:
    """It decides only where no named plugin does."""
    stranger = claimed("T1", "x", LEAD, "aaa")
    assert led_by(["T1"], stranger, claimed("T1", "zhifa", LEAD)) == {"T1": ["zhifa"]}
    assert led_by(["T1"], stranger) == {"T1": ["x"]}


def test_two_of_one_rank_that_want_different_leads_are_refused_by_name() -> None:
    """The sentence names the subject, both plugins with their rules and both units."""
    one, other = claimed("T1", "A", LEAD, "aaa", "r1"), claimed("T1", "B", LEAD, "bbb", "r2")
    for given_ in ([one, other], [other, one]):
        with pytest.raises(ContestedLeadError) as refused:
            resolve(["T1"], given_, PRECEDENCE)
        for word in ("T1", "aaa/r1", "A", "bbb/r2", "B"):
            assert word in refused.value.said_in("en")
            assert word in refused.value.said_in("zh")


def test_two_of_one_rank_that_agree_are_no_contest() -> None:
    """One unit, claimed twice, leads once."""
    assert led_by(["T1"], claimed("T1", "A", LEAD, "aaa"), claimed("T1", "A", LEAD, "bbb")) == {"T1": ["A"]}


def test_a_contest_below_a_stronger_claim_does_not_matter() -> None:
    """What the plan has decided is not contested."""
    weak = (claimed("T1", "A", LEAD, "aaa"), claimed("T1", "B", LEAD, "bbb"))
    assert led_by(["T1"], claimed("T1", "C", LEAD), *weak) == {"T1": ["C"]}
    assert led_by(["T1"], *weak, claimed("T1", "C", LEAD)) == {"T1": ["C"]}


def test_co_claims_of_every_plugin_count_but_the_lead_is_not_its_own_co() -> None:
    """Each co unit once, in the order of units."""
    found = led_by(
        ["T1"],
        claimed("T1", "B", CO, "aaa"),
        claimed("T1", "C", LEAD),
        claimed("T1", "A", CO),
        claimed("T1", "B", CO),
        claimed("T1", "C", CO, "aaa"),
    )
    assert found == {"T1": ["C", "A", "B"]}


def test_what_nobody_leads_is_listed_never_dropped() -> None:
    """A subject without any claim, and one with co claims only, in the order given."""
    resolved = resolve(["T3", "T1", "T2"], [claimed("T1", "A", LEAD), claimed("T2", "B", CO)], PRECEDENCE)
    assert resolved.unrouted == ("T3", "T2")
    assert [a.subject_id for a in resolved.assignments] == ["T1"]


def test_an_assignment_says_who_decided_it_and_by_which_rule() -> None:
    """Plugin, version, rule and reason are kept with it."""
    (one,) = resolve(["T1"], [claimed("T1", "A", LEAD, "zoufang", "matrix:shops")], PRECEDENCE).assignments
    assert (one.plugin, one.plugin_version, one.rule, one.reason) == ("zoufang", "1", "matrix:shops", "why")


# --- returned tickets -------------------------------------------------------------------------------------------


def test_a_unit_that_returned_a_ticket_is_not_asked_again() -> None:
    """Another lead claim holds, else the first co unit moves up, and its rule says so."""
    given_ = [claimed("T1", "A", LEAD), claimed("T1", "B", CO), claimed("T1", "C", CO)]
    kept = without_refused(given_, {"T1": frozenset({UnitId("A")})})
    assert [(c.claim.unit_id, c.claim.part) for c in kept] == [("B", LEAD), ("C", CO)]
    assert kept[0].claim.rule == "r:returned"
    assert without_refused(given_, {}) == given_
    assert without_refused(given_, {"T1": frozenset(map(UnitId, "ABC"))}) == []


def test_a_returned_ticket_with_another_lead_claim_goes_there() -> None:
    """The co unit does not move up while somebody claims to lead."""
    given_ = [claimed("T1", "A", LEAD), claimed("T1", "B", CO), claimed("T1", "C", LEAD, "zoufang-huangtun")]
    kept = without_refused(given_, {"T1": frozenset({UnitId("A")})})
    assert [(c.claim.unit_id, c.claim.part) for c in kept] == [("B", CO), ("C", LEAD)]


# --- properties -------------------------------------------------------------------------------------------------

batches = st.lists(
    st.builds(
        Claimed,
        claim=claims(SUBJECTS),
        plugin=st.sampled_from([*PRECEDENCE, "other"]),
        version=st.just("1"),
    ),
    max_size=20,
)


def outcome(subjects: Sequence[str], given_: Sequence[Claimed]) -> object:
    """Return what is decided on each subject by itself, or the contest."""
    try:
        resolved = resolve(subjects, given_, PRECEDENCE)
    except ContestedLeadError as refused:
        return "contested", refused.subject_id
    return sorted(resolved.assignments, key=str), sorted(resolved.unrouted)


@given(given_=batches)
def test_each_subject_has_exactly_one_lead_or_is_listed(given_: list[Claimed]) -> None:
    """One lead, no unit twice, and whoever is not led is unrouted; unless the lead is contested."""
    try:
        resolved = resolve(SUBJECTS, given_, PRECEDENCE)
    except ContestedLeadError:
        return
    for subject in SUBJECTS:
        mine = [a for a in resolved.assignments if a.subject_id == subject]
        leads = [a for a in mine if a.part is LEAD]
        assert len(leads) == (0 if subject in resolved.unrouted else 1)
        assert bool(mine) == bool(leads), "nobody helps where nobody leads"
        assert len({a.unit_id for a in mine}) == len(mine)
        wanted = {c.claim.unit_id for c in given_ if c.claim.subject_id == subject and c.claim.part is LEAD}
        assert {a.unit_id for a in leads} <= wanted
        assert bool(wanted) == bool(leads)


@given(given_=batches, data=st.data())
def test_the_order_of_claims_does_not_matter(given_: list[Claimed], data: st.DataObject) -> None:
    """Neither the order in which plugins answer nor that of the subjects changes what is decided."""
    shuffled = data.draw(st.permutations(given_))
    subjects = data.draw(st.permutations(SUBJECTS))
    one, other = outcome(SUBJECTS, given_), outcome(subjects, shuffled)
    if one[0] != "contested":
        assert one == other
    else:
        assert other[0] == "contested"


@given(given_=batches, cut=st.integers(0, len(SUBJECTS)))
def test_a_batch_may_be_cut_in_two(given_: list[Claimed], cut: int) -> None:
    """Two batches decide as one does."""
    parts = []
    for subjects in (SUBJECTS[:cut], SUBJECTS[cut:]):
        mine = [c for c in given_ if c.claim.subject_id in subjects]
        parts.append(outcome(subjects, mine))
    whole = outcome(SUBJECTS, given_)
    if whole[0] == "contested":
        assert "contested" in {part[0] for part in parts if part[0] == "contested"}
    else:
        assert whole == (sorted([*parts[0][0], *parts[1][0]], key=str), sorted([*parts[0][1], *parts[1][1]]))


@given(given_=batches, more=batches)
def test_another_plugin_never_takes_coverage_away(given_: list[Claimed], more: list[Claimed]) -> None:
    """Whoever had a lead still has one when a further plugin is installed."""
    added = [Claimed(claim=c.claim, plugin="new", version="1") for c in more if c.claim.part is CO]
    before, after = outcome(SUBJECTS, given_), outcome(SUBJECTS, [*given_, *added])
    if before[0] != "contested":
        assert before[1] == after[1]
