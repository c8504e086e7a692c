"""What every ledger must keep: inherit the class, override one fixture, and pytest finds the rest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zoufang.errors import BadValueError, RefusedFactError, SubmissionConflictError
from zoufang.facts import Block
from zoufang.ledger import GENESIS, Draft, Ledger, outline_of, private_text
from zoufang.testing.delivery import DeliveryConformance
from zoufang.testing.drafts import AT, OFFICE, area, draft_of, drawn
from zoufang.testing.stores import KEY
from zoufang.testing.strategies import chinese
from zoufang.typing import Seq, WireRow

NewLedger = Callable[[], Ledger]


class LedgerConformance(DeliveryConformance):
    """The promises of :class:`zoufang.ledger.Ledger`; override the fixture ``new_ledger``."""

    @pytest.fixture
    def new_ledger(self) -> NewLedger:
        """Give a function that makes an empty ledger with the key ``KEY``."""
        raise NotImplementedError

    @pytest.fixture
    def ledger(self, new_ledger: NewLedger) -> Ledger:
        """Give an empty ledger."""
        return new_ledger()

    def test_it_keeps_the_protocol(self, ledger: Ledger) -> None:
        """It has every member of the protocol, and the key that it was made with."""
        assert isinstance(ledger, Ledger)
        assert ledger.key == KEY

    def test_a_new_ledger_is_empty_and_in_order(self, ledger: Ledger) -> None:
        """Before the first commit it stands at number 0 with the empty chain."""
        assert ledger.head == GENESIS
        assert list(ledger.commits()) == []
        verdict = ledger.verify()
        assert (verdict.ok, verdict.n_commits, verdict.n_facts, verdict.head) == (True, 0, 0, GENESIS)

    def test_commits_are_numbered_from_one_without_gaps(self, ledger: Ledger) -> None:
        """Each accepted change is the next number, and the head is the last receipt."""
        receipts = [ledger.commit(draft_of(areas=[area(f"C{n}")])) for n in range(5)]
        assert [receipt.seq for receipt in receipts] == [1, 2, 3, 4, 5]
        assert [commit.seq for commit in ledger.commits()] == [1, 2, 3, 4, 5]
        assert (ledger.head.seq, ledger.head.chain) == (receipts[-1].seq, receipts[-1].chain)
        assert [commit.seq for commit in ledger.commits(Seq(3))] == [4, 5]

    def test_the_header_says_who_what_and_when(self, ledger: Ledger) -> None:
        """A header holds the draft's actor, verb and instant as wire text in UTC."""
        ledger.commit(draft_of("s1", areas=[area("C1"), area("C2")], draws=[drawn("K1")]))
        (header,) = ledger.commits()
        assert (header.recorded_at, header.actor, header.role) == ("2023-03-01T01:02:03.000004Z", "office", "office")
        assert (header.unit, header.verb, header.submission_id, header.n_facts) == ("wangge", "record", "s1", 3)

    def test_the_chain_is_the_documented_one(self, ledger: Ledger) -> None:
        """Outline, body and link can be computed again with nothing but SHA-256 and JSON."""
        ledger.commit(draft_of(draws=[drawn("K1"), drawn("K2")], areas=[area("C1", name='引"号')]))
        ledger.commit(draft_of("s2", areas=[area("C2")]))
        previous = ""
        for commit in ledger.commits():
            outline = _json(outline_of(ledger.facts_of(commit.seq), ledger.seal_key))
            assert commit.facts_digest == _sha(outline)
            header = (commit.recorded_at, commit.actor, commit.role, commit.unit, commit.verb, commit.submission_id)
            body = _sha(_json([*header, commit.content, commit.n_facts, commit.facts_digest]))
            assert commit.chain == _sha(_json([previous, commit.seq, body]))
            previous = commit.chain

    def test_columns_are_taken_like_rows(self, ledger: Ledger, new_ledger: NewLedger) -> None:
        """The same rows handed over column by column give the same digest, and come back the same."""
        rows = [area(f"C{n}", name=f"第{n}社区") for n in range(12_345)]
        ledger.commit(draft_of(areas=rows))
        other = new_ledger()
        try:
            other.commit(
                Draft(verb="record", actor=OFFICE, at=AT, facts={"areas": Block(tuple(zip(*rows, strict=True)))})
            )
            assert other.head == ledger.head
            assert list(map(tuple, other.facts_of(Seq(1))["areas"])) == rows
            assert other.verify().ok
        finally:
            other.close()

    def test_the_same_submission_again_has_no_second_effect(self, ledger: Ledger) -> None:
        """The first receipt comes back, marked as a duplicate, and nothing is written."""
        first = ledger.commit(draft_of("s1", areas=[area("C1")]))
        ledger.commit(draft_of(areas=[area("C2")]))
        head = ledger.head
        again = ledger.commit(draft_of("s1", areas=[area("C1")]))
        assert again.duplicate
        assert (again.seq, again.chain, again.n_facts) == (first.seq, first.chain, first.n_facts)
        assert ledger.head == head
        found = ledger.submission("s1")
        assert found is not None
        assert found.seq == first.seq
        assert ledger.submission("s9") is None

    def test_other_content_under_a_submission_id_is_a_conflict(self, ledger: Ledger) -> None:
        """It is refused with the number of the first commit, and nothing is overwritten."""
        ledger.commit(draft_of("s1", areas=[area("C1")]))
        head = ledger.head
        with pytest.raises(SubmissionConflictError) as refused:
            ledger.commit(draft_of("s1", areas=[area("C2")]))
        assert (refused.value.submission_id, refused.value.seq) == ("s1", 1)
        assert ledger.head == head
        assert list(ledger.facts_of(Seq(1))["areas"]) == [area("C1")]

    def test_a_refused_key_leaves_nothing(self, ledger: Ledger) -> None:
        """Where one row's key is taken, no row of the change is kept, and no number is used up."""
        ledger.commit(draft_of(areas=[area("C1")]))
        with pytest.raises(RefusedFactError) as refused:
            ledger.commit(draft_of("s1", draws=[drawn("K1")], areas=[area("C2"), area("C1", name="别名")]))
        assert refused.value.table == "areas"
        assert ledger.head.seq == 1
        assert ledger.submission("s1") is None
        assert ledger.select(sa.select(ledger.tables.draws)) == []
        assert ledger.select(sa.select(ledger.tables.areas.c.area_id)) == [("C1",)]
        assert ledger.commit(draft_of(areas=[area("C2")])).seq == 2
        assert ledger.verify().ok

    def test_a_key_twice_in_one_change_is_refused(self, ledger: Ledger) -> None:
        """Two rows of one change may not bear the same key."""
        with pytest.raises(RefusedFactError):
            ledger.commit(draft_of(areas=[area("C1"), area("C1")]))
        assert ledger.head == GENESIS

    def test_commits_together_are_all_kept(self, ledger: Ledger) -> None:
        """Within the block each is read by the next; a refused one among them takes nothing else with it."""
        count = sa.select(sa.func.count()).select_from(ledger.tables.areas)
        with ledger.together():
            ledger.commit(draft_of("s1", areas=[area("C1")]))
            assert ledger.select(count) == [(1,)]
            assert ledger.head.seq == 1
            assert ledger.commit(draft_of("s1", areas=[area("C1")])).duplicate
            with pytest.raises(RefusedFactError):
                ledger.commit(draft_of(draws=[drawn("K1")], areas=[area("C1")]))
            assert ledger.commit(draft_of(areas=[area("C2")])).seq == 2
        assert ledger.select(count) == [(2,)]
        assert ledger.verify().n_commits == 2

    def test_of_commits_together_none_is_kept_where_the_block_fails(self, ledger: Ledger) -> None:
        """The ledger stands where it stood before, and goes on from there."""
        ledger.commit(draft_of(areas=[area("C1")]))
        head, count = ledger.head, sa.select(sa.func.count()).select_from(ledger.tables.areas)
        text = private_text("00ff", "P1", "王桂英")
        person: WireRow = ("P1", 1, "C01", "viewer", None, 0, text.ref, None, "c")

        def fail() -> None:
            with ledger.together():
                ledger.commit(draft_of("s1", areas=[area("C2")]))
                ledger.commit(Draft(verb="register", actor=OFFICE, at=AT, facts={"people": [person]}, private=[text]))
                assert ledger.select(count) == [(2,)]
                raise LookupError

        with pytest.raises(LookupError):
            fail()
        assert ledger.head == head
        assert ledger.select(count) == [(1,)]
        assert ledger.submission("s1") is None
        ledger.commit(Draft(verb="register", actor=OFFICE, at=AT, facts={"people": [person]}, private=[text]))
        verdict = ledger.verify()
        assert (verdict.ok, verdict.n_commits) == (True, 2)

    def test_facts_come_back_cell_by_cell(self, ledger: Ledger) -> None:
        """The rows of a commit are those that were given, in their order, tables without rows left out."""
        ledger.commit(draft_of(areas=[area("C2"), area("C1")], draws=[drawn("K1")], visits=[]))
        assert {name: [tuple(row) for row in rows] for name, rows in ledger.facts_of(Seq(1)).items()} == {
            "areas": [("C2", 1, "第一社区", "community", None, "C2"), ("C1", 1, "第一社区", "community", None, "C1")],
            "draws": [("K1", 8, "2023-03-06", "建设办/sample", 1, 10, 1, 1, None)],
        }

    def test_selects_give_days_as_dates_and_count_from_the_place(self, ledger: Ledger) -> None:
        """A select gives dates for days, and each row its commit and its place in it."""
        ledger.commit(draft_of(draws=[drawn("K1"), drawn("K2", "2023-03-07")]))
        d = ledger.tables.draws
        found = ledger.select(sa.select(d.c.commit_seq, d.c.ord, d.c.ticket_id, d.c.on).order_by(d.c.ord))
        assert found == [(1, 0, "K1", date(2023, 3, 6)), (1, 1, "K2", date(2023, 3, 7))]

    def test_selects_see_each_commit_at_once(self, ledger: Ledger) -> None:
        """What was committed is there for the next select, also between selects."""
        count = sa.select(sa.func.count()).select_from(ledger.tables.areas)
        for n in range(1, 4):
            ledger.commit(draft_of(areas=[area(f"C{n}")]))
            assert ledger.select(count) == [(n,)]

    def test_texts_sort_by_code_point(self, ledger: Ledger) -> None:
        """Whatever language a server was set up for: digits, capitals, small letters, then Chinese as in Unicode."""
        names = ["一", "b", "B", "丁", "10", "9", "é", "a-b", "ab", "\U00020000"]
        ledger.commit(draft_of(areas=[area(f"C{n}", name=name) for n, name in enumerate(names)]))
        a = ledger.tables.areas
        assert [row[0] for row in ledger.select(sa.select(a.c.name).order_by(a.c.name))] == sorted(names)

    def test_sums_are_whole_numbers(self, ledger: Ledger) -> None:
        """The sum of whole numbers is an ``int`` and exact."""
        ledger.commit(draft_of(areas=[area("C1", 2**62), area("C2", 3)]))
        a = ledger.tables.areas
        ((total,),) = ledger.select(sa.select(sa.func.sum(a.c.version)))
        assert total == 2**62 + 3
        assert type(total) is int

    @pytest.mark.parametrize(
        "facts",
        [
            {"areas": [area("C1"), area("C2", name="路\0灯")]},
            {"areas": [area("C1"), area("C2", name="路\ud83d灯")]},
            {"areas": [area("C1"), area("C2", 2**63)]},
            {"areas": [area("C1"), area("C2", -(2**63) - 1)]},
            {"areas": [area("C1")], "draws": [drawn("K1", "2023-02-29")]},
            {"areas": [area("C1")], "draws": [drawn("K1", "2023-W01-1")]},
        ],
        ids=["nul", "half a pair", "too large", "too small", "no such day", "not so written"],
    )
    def test_what_some_database_cannot_keep_is_refused_by_all(self, ledger: Ledger, facts: Any) -> None:
        """It is refused before anything is written, and the sentence does not hold the text."""
        with pytest.raises(BadValueError) as refused:
            ledger.commit(draft_of("s1", **facts))
        assert "灯" not in str(refused.value) + refused.value.said_in("zh")
        assert ledger.head == GENESIS
        assert ledger.commit(draft_of("s1", areas=[area("C1", 2**63 - 1), area("C2", 1 - 2**63)])).seq == 1
        assert ledger.verify().ok

    def test_a_private_text_or_a_header_that_cannot_be_kept_is_refused(self, ledger: Ledger) -> None:
        """A NUL in a spoken word or in a submission id is refused like one in a fact."""
        text = private_text("00ff", "P1", "王\0桂英")
        person: WireRow = ("P1", 1, "C01", "viewer", None, 0, text.ref, None, "c")
        with pytest.raises(BadValueError) as refused:
            ledger.commit(Draft(verb="register", actor=OFFICE, at=AT, facts={"people": [person]}, private=[text]))
        assert "桂英" not in refused.value.said_in("zh")
        with pytest.raises(BadValueError):
            ledger.commit(draft_of("s\0", areas=[area("C1")]))
        assert ledger.head == GENESIS

    def test_a_private_text_that_is_not_there_is_found(self, ledger: Ledger) -> None:
        """A fact that points to no private text is named by verify; one that points to its own is in order."""
        text = private_text("00ff", "P1", "王桂英")
        good: WireRow = ("P1", 1, "C01", "viewer", None, 0, text.ref, None, "c")
        ledger.commit(Draft(verb="register", actor=OFFICE, at=AT, facts={"people": [good]}, private=[text]))
        assert ledger.verify().ok
        lost: WireRow = ("P2", 1, "C01", "viewer", None, 0, "f" * 64, None, "c")
        ledger.commit(draft_of(areas=[area("C1")]))
        ledger.commit(draft_of(people=[lost]))
        verdict = ledger.verify()
        assert not verdict.ok
        assert verdict.first_bad == 3

    def test_an_erased_text_is_gone_and_the_ledger_in_order(self, ledger: Ledger) -> None:
        """What a draft erases is destroyed with it: text and look-up; a fact names it, so verify misses nothing."""
        texts = [private_text(f"0{n}", f"P{n}", "王桂英", "telephone:13800000000") for n in (1, 2)]
        rows: list[WireRow] = [(f"P{n}", 1, "C01", "viewer", None, 0, texts[n - 1].ref, None, "c") for n in (1, 2)]
        ledger.commit(Draft(verb="register", actor=OFFICE, at=AT, facts={"people": rows}, private=texts))
        assert dict(ledger.texts([text.ref for text in texts])) == {text.ref: "王桂英" for text in texts}
        assert list(ledger.refs("telephone:13800000000")) == sorted(text.ref for text in texts)
        facts: dict[str, list[WireRow]] = {
            "erasures": [("P1", 1, "erased", "2023-03-01", "本人申请")],
            "erased_texts": [(texts[0].ref, "P1")],
        }
        ledger.commit(Draft(verb="erase", actor=OFFICE, at=AT, facts=facts, erase=("P1",)))
        assert list(ledger.texts([text.ref for text in texts])) == [texts[1].ref]
        assert list(ledger.refs("telephone:13800000000")) == [texts[1].ref]
        assert ledger.verify().ok

    def test_a_text_that_is_destroyed_without_a_fact_is_found(self, ledger: Ledger) -> None:
        """Only a fact tells erased from lost: a draft that destroys and names nothing leaves a bad commit."""
        text = private_text("01", "P1", "王桂英")
        row: WireRow = ("P1", 1, "C01", "viewer", None, 0, text.ref, None, "c")
        ledger.commit(Draft(verb="register", actor=OFFICE, at=AT, facts={"people": [row]}, private=[text]))
        ledger.commit(Draft(verb="erase", actor=OFFICE, at=AT, facts={"areas": [area("C1")]}, erase=("P1",)))
        assert ledger.verify().first_bad == 1

    def test_an_erasure_that_is_taken_back_leaves_everything(self, ledger: Ledger) -> None:
        """In a block that fails, the text is there again, and may still be written."""
        text = private_text("01", "P1", "王桂英")
        row: WireRow = ("P1", 1, "C01", "viewer", None, 0, text.ref, None, "c")
        ledger.commit(Draft(verb="register", actor=OFFICE, at=AT, facts={"people": [row]}, private=[text]))
        facts: dict[str, list[WireRow]] = {
            "erasures": [("P1", 1, "erased", "2023-03-01", "本人申请")],
            "erased_texts": [(text.ref, "P1")],
        }

        def fail() -> None:
            with ledger.together():
                ledger.commit(Draft(verb="erase", actor=OFFICE, at=AT, facts=facts, erase=("P1",)))
                assert dict(ledger.texts([text.ref])) == {}
                raise LookupError

        with pytest.raises(LookupError):
            fail()
        assert dict(ledger.texts([text.ref])) == {text.ref: "王桂英"}
        assert ledger.verify().ok
        other = private_text("02", "P1", "王桂英")
        again: WireRow = ("P1", 2, "C01", "viewer", None, 0, other.ref, None, "c")
        ledger.commit(Draft(verb="register", actor=OFFICE, at=AT, facts={"people": [again]}, private=[other]))
        assert ledger.verify().ok

    # Inherited by many classes, and each example makes a ledger of its own.
    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
    )
    @given(names=st.lists(chinese(), min_size=1, max_size=5), number=st.integers(-(2**53), 2**53))
    def test_any_text_and_number_survives(self, new_ledger: NewLedger, names: list[str], number: int) -> None:
        """Whatever people write comes back as it was, and the ledger is in order."""
        ledger = new_ledger()
        try:
            rows = [area(f"C{n}", number, name) for n, name in enumerate(names)]
            ledger.commit(draft_of(areas=rows))
            assert list(ledger.facts_of(Seq(1))["areas"]) == rows
            assert ledger.verify().ok
        finally:
            ledger.close()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sha(written: str) -> str:
    return hashlib.sha256(written.encode()).hexdigest()
