"""The erasable side of a ledger: encrypted where it was begun with a master key, gone where somebody was erased."""

from __future__ import annotations

import builtins
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from zoufang.errors import (
    ErasedError,
    LockedError,
    MissingPackageError,
    NotEncryptedError,
    SealedTextError,
    ZoufangError,
)
from zoufang.ledger import MASKED, Draft, Keyring, Ledger, MasterKey, MemoryLedger, SqlLedger, private_text
from zoufang.ledger.scrub import stands
from zoufang.model import Actor, Role
from zoufang.testing import KEY, LedgerConformance
from zoufang.typing import Seq, WireRow

OLD, NEW, WRONG = (MasterKey(bytes([n]) * 32) for n in (1, 2, 3))
PLAIN, SEALED = Keyring(), Keyring(OLD)
OFFICE = Actor(id="office", role=Role.OFFICE)
AT = datetime(2023, 3, 1, 1, 2, 3, 4, tzinfo=UTC)

NAME, PHONE, WORDS = "金丝雀王桂英", "13900001234", "我家的金丝雀被噪音吓坏了，请管一管"


class TestEncryptedLedger(LedgerConformance):
    """An encrypted ledger keeps what every ledger keeps, to the same chain."""

    @pytest.fixture
    def new_ledger(self, tmp_path: Path) -> Iterator[Callable[[], Ledger]]:
        """Makes encrypted ledgers in files of their own."""
        numbers = count(1)
        with ExitStack() as stack:

            def make() -> Ledger:
                url = f"sqlite:///{tmp_path / f'ledger-{next(numbers)}.sqlite'}"
                ledger = SqlLedger.create(url, KEY, keyring=SEALED)
                stack.callback(ledger.close)
                return ledger

            yield make


def family(number: int, *, name: str = NAME, phone: str = PHONE) -> Draft:
    """Return a change that registers one household with name and telephone."""
    subject = f"H-{number:04}"
    texts = [
        private_text(f"{number:032x}", subject, name),
        private_text(f"{number + (1 << 64):032x}", subject, phone, f"telephone:{phone}"),
    ]
    row: WireRow = (
        subject, 1, "household", "C01-G1", "2023-02-27", "", None, texts[0].ref, None, texts[1].ref, "c",
    )  # fmt: skip
    return Draft(verb="register", actor=OFFICE, at=AT, facts={"targets": [row]}, private=texts)


def erasure(ledger: Ledger, subject: str, version: int = 1) -> Draft:
    """Return the change that erases one subject."""
    p = ledger.tables.private_texts
    refs = ledger.select(sa.select(p.c.ref, p.c.subject_id).where(p.c.subject_id == subject).order_by(p.c.ref))
    row: WireRow = (subject, version, "erased", "2023-03-01", "本人申请")
    facts: dict[str, Sequence[WireRow]] = {"erasures": [row], "erased_texts": refs}
    return Draft(verb="erase", actor=OFFICE, at=AT, facts=facts, erase=(subject,))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger of a test is."""
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def made(path: Path) -> Callable[..., SqlLedger]:
    """Makes the ledger with some families in it."""

    def make(keyring: Keyring, families: int = 3) -> SqlLedger:
        ledger = SqlLedger.create(f"sqlite:///{path}", keyring=keyring)
        for number in range(families):
            ledger.commit(family(number, name=f"{NAME}{number}", phone=f"139{number:08}"))
        return ledger

    return make


def opened(path: Path, keyring: Keyring) -> SqlLedger:
    """Open the ledger with some keys."""
    return SqlLedger.open(f"sqlite:///{path}", keyring=keyring)


def spoil(path: Path, statement: str, *values: Any) -> None:
    """Change a ledger's file behind its back."""
    with closing(sqlite3.connect(path)) as raw, raw:
        assert raw.execute(statement, values).rowcount > 0


def all_refs(ledger: Ledger) -> list[str]:
    """Return the commitments of all texts that are kept."""
    p = ledger.tables.private_texts
    return [row[0] for row in ledger.select(sa.select(p.c.ref).order_by(p.c.ref))]


# --- encrypted ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("keyring", "plain"), [(PLAIN, 1), (SEALED, 0)], ids=["plain", "encrypted"])
def test_the_file_of_an_encrypted_ledger_holds_no_word_no_salt_and_no_key(
    made: Callable[..., SqlLedger], path: Path, keyring: Keyring, plain: int
) -> None:
    """Neither the file nor its log; in a plain ledger the same search finds them, so the search works."""
    ledger = made(keyring)
    salt = f"{0:032x}"
    secrets = [f"{NAME}0".encode(), b"13900000000", salt.encode(), ledger.key.hex().encode(), ledger.key, b"\x01" * 32]
    assert [stands(path, [secret]) for secret in secrets] == [plain, plain, plain, plain, False, False]
    assert min(ledger.texts(all_refs(ledger)).values()) == "13900000000"
    ledger.close()
    assert stands(path, secrets) == plain


def test_an_encrypted_ledger_has_the_chain_of_a_plain_one(tmp_path: Path) -> None:
    """Nothing that is digested depends on encryption; with one key, two ledgers come to one link."""
    ledgers = [
        SqlLedger.create(f"sqlite:///{tmp_path / name}", KEY, keyring=ring)
        for name, ring in (("a.sqlite", PLAIN), ("b.sqlite", SEALED))
    ]
    heads = [ledger.commit(family(1)).chain for ledger in ledgers]
    assert heads[0] == heads[1]


@pytest.mark.parametrize("ring", [PLAIN, Keyring(WRONG), Keyring(None, (OLD,))], ids=["no key", "wrong key", "former"])
def test_without_its_key_nothing_is_written_and_only_masks_are_read(
    made: Callable[..., SqlLedger], path: Path, ring: Keyring
) -> None:
    """Facts and chain are open, private texts are masked, and the refusal says which key it needs."""
    ledger = made(SEALED)
    head, refs = ledger.head, all_refs(ledger)
    ledger.close()
    locked = opened(path, ring)
    assert locked.encrypted
    assert locked.locked is not None
    for write in (
        lambda: locked.commit(family(9)),
        lambda: locked.key,
        lambda: locked.refs("telephone:1"),
        locked.rewrap,
    ):
        with pytest.raises(LockedError) as refused:
            write()
        assert "密钥" in refused.value.said_in("zh")
        assert "key" in refused.value.said_in("en")
    assert set(locked.texts(refs).values()) == {MASKED}
    assert locked.head == head
    assert locked.verify().ok
    locked.close()
    again = opened(path, SEALED)
    assert again.locked is None
    assert again.commit(family(9)).seq == head.seq + 1


def test_without_the_library_an_encrypted_ledger_is_locked_and_none_is_begun(
    made: Callable[..., SqlLedger], path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no falling back to plain text: nothing is written at all."""
    made(SEALED).close()
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    fresh = Keyring(MasterKey(bytes([1]) * 32))
    locked = opened(path, fresh)
    with pytest.raises(LockedError) as refused:
        locked.commit(family(9))
    assert "zoufang[secure]" in refused.value.said_in("zh")
    with pytest.raises(MissingPackageError):
        SqlLedger.create(f"sqlite:///{tmp_path / 'new.sqlite'}", keyring=Keyring(MasterKey(bytes([1]) * 32)))
    with closing(sqlite3.connect(tmp_path / "new.sqlite")) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)


def test_a_plain_ledger_stays_plain(made: Callable[..., SqlLedger], path: Path) -> None:
    """Opened with a master key at hand it is what it was: the ledger remembers how it was begun."""
    made(PLAIN, 1).close()
    ledger = opened(path, SEALED)
    assert not ledger.encrypted
    ledger.commit(family(7))
    assert PHONE in ledger.texts(all_refs(ledger)).values()
    assert ledger.wrapping() is None
    with pytest.raises(NotEncryptedError):
        ledger.rewrap()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE private_texts SET body = body || 'A' WHERE rowid = 1",
        "UPDATE private_texts SET body = 'zf1.AAAA' WHERE rowid = 1",
        "UPDATE private_texts SET body = '王桂英' WHERE rowid = 1",
        "UPDATE private_texts SET salt = '00' WHERE rowid = 1",
        "UPDATE private_texts SET subject_id = 'H-0001' WHERE rowid = 1",
        "UPDATE private_texts SET body = (SELECT body FROM private_texts WHERE rowid = 2) WHERE rowid = 1",
        "DELETE FROM private_texts WHERE rowid = 1",
        "DELETE FROM subject_keys WHERE subject_id = 'H-0000'",
        "UPDATE subject_keys SET wrapped = (SELECT wrapped FROM subject_keys WHERE rowid = 2) WHERE rowid = 1",
    ],
)
def test_what_is_changed_in_an_encrypted_ledger_is_found(
    made: Callable[..., SqlLedger], path: Path, statement: str
) -> None:
    """A text, its place or its key: verify names the commit of the household, and no reading gives other words."""
    made(SEALED).close()
    spoil(path, statement)
    ledger = opened(path, SEALED)
    assert ledger.verify().first_bad == 1
    with suppress(SealedTextError):
        assert "王桂英" not in ledger.texts(all_refs(ledger)).values()


# --- look-up --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ring", [PLAIN, SEALED, None], ids=["plain", "encrypted", "memory"])
def test_a_number_is_found_by_its_word_and_the_index_does_not_show_it(
    made: Callable[..., SqlLedger], path: Path, ring: Keyring | None
) -> None:
    """Two households with one telephone are both found; another ledger's index has other marks for the same number."""
    ledger: Ledger = MemoryLedger() if ring is None else made(ring, 0)
    for number, phone in enumerate((PHONE, "13900000002", PHONE)):
        ledger.commit(family(number, phone=phone))
    wanted = sorted(family(number).private[1].ref for number in (0, 2))
    assert list(ledger.refs(f"telephone:{PHONE}")) == wanted
    assert list(ledger.refs("telephone:13900000009")) == []
    if ring is not None:
        b = ledger.tables.blind_index
        marks = {row[0] for row in ledger.select(sa.select(b.c.mark))}
        assert len(marks) == 2
        assert all(len(mark) == 64 for mark in marks)


# --- erasure --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ring", [PLAIN, SEALED, None], ids=["plain", "encrypted", "memory"])
def test_an_erasure_is_a_fact_and_a_missing_text_is_not(
    made: Callable[..., SqlLedger], path: Path, ring: Keyring | None
) -> None:
    """Texts, key and index are gone in the commit that says so; the chain verifies, and the others' texts are there."""
    ledger: Ledger = MemoryLedger() if ring is None else made(ring, 0)
    for number in range(3):
        ledger.commit(family(number, phone=f"139{number:08}"))
    refs = [text.ref for text in family(1, phone="13900000001").private]
    ledger.commit(erasure(ledger, "H-0001"))
    assert ledger.verify().ok
    assert dict(ledger.texts(refs)) == {}
    assert list(ledger.refs("telephone:13900000001")) == []
    assert len(ledger.texts(all_refs(ledger))) == 4
    k = ledger.tables.subject_keys
    keys = [row[0] for row in ledger.select(sa.select(k.c.subject_id).order_by(k.c.subject_id))]
    assert keys == (["H-0000", "H-0002"] if ring is SEALED else [])
    if ring is not None:
        spoil(path, "DELETE FROM private_texts WHERE subject_id = 'H-0002'")
        assert ledger.verify().first_bad == 3, "a text that is gone without an erasure is still a bad commit"


def test_an_erased_text_that_comes_back_is_found(made: Callable[..., SqlLedger], path: Path) -> None:
    """Put back from a copy behind the ledger's back, it is named by the commit that erased it."""
    ledger = made(PLAIN)
    ledger.close()
    shutil.copy(path, path.with_name("copy.sqlite"))
    ledger = opened(path, PLAIN)
    ledger.commit(erasure(ledger, "H-0001"))
    assert ledger.verify().ok
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("ATTACH ? AS copy", (str(path.with_name("copy.sqlite")),))
        raw.execute("INSERT INTO private_texts SELECT * FROM copy.private_texts WHERE subject_id = 'H-0001'")
    assert ledger.verify().first_bad == 4


@pytest.mark.parametrize("ring", [PLAIN, SEALED, None], ids=["plain", "encrypted", "memory"])
def test_the_ledger_itself_takes_no_text_of_an_erased_subject(
    made: Callable[..., SqlLedger], ring: Keyring | None
) -> None:
    """The last door, should two writers cross: refused whole; after the end of the erasure it is taken."""
    ledger: Ledger = MemoryLedger() if ring is None else made(ring, 0)
    ledger.commit(family(1))
    ledger.commit(erasure(ledger, "H-0001"))
    head = ledger.head
    text = private_text("00", "H-0001", NAME)
    note: WireRow = ("P9", 1, "C01", "viewer", None, 0, text.ref, None, "c")
    again = Draft(verb="register", actor=OFFICE, at=AT, facts={"people": [note]}, private=[text])
    with pytest.raises(ErasedError) as refused:
        ledger.commit(again)
    assert ledger.head == head
    assert NAME not in str(refused.value)
    back: WireRow = ("H-0001", 2, "readmitted", "2023-03-02", "新住户")
    ledger.commit(Draft(verb="readmit", actor=OFFICE, at=AT, facts={"erasures": [back]}))
    ledger.commit(again)
    assert ledger.verify().ok
    assert list(ledger.texts([text.ref]).values()) == [NAME]


@pytest.mark.parametrize("ring", [PLAIN, SEALED], ids=["plain", "encrypted"])
@pytest.mark.parametrize("seed", range(5))
def test_the_bytes_of_an_erased_person_are_in_no_file(path: Path, ring: Keyring, seed: int) -> None:
    """After texts of every length around them: not in the file, its log or its index; before it they were there."""
    made_up = random.Random(seed)
    ledger = SqlLedger.create(f"sqlite:///{path}", keyring=ring)
    at = made_up.randrange(300)
    for number in range(300):
        name = f"{NAME}甲" if number == at else "无名" * made_up.randrange(1, 400)
        ledger.commit(family(number, name=name, phone="13777770000" if number == at else f"138{number:08}"))
    subject, p, k = f"H-{at:04}", ledger.tables.private_texts, ledger.tables.subject_keys
    kept = ledger.select(sa.select(p.c.body, p.c.salt).where(p.c.subject_id == subject))
    needles = [word.encode() for row in kept for word in row if word]
    needles += [row[0].encode() for row in ledger.select(sa.select(k.c.wrapped).where(k.c.subject_id == subject))]
    assert len(needles) == (4 if ring is PLAIN else 3)
    assert all(stands(path, [needle]) for needle in needles)
    ledger.commit(erasure(ledger, subject))
    assert ledger.scrub()
    for needle in [*needles, f"{NAME}甲".encode(), b"13777770000"]:
        assert not stands(path, [needle])
    assert ledger.verify().ok
    ledger.close()
    assert not stands(path, needles)


def test_a_reader_in_the_way_is_said_and_the_next_call_finishes(made: Callable[..., SqlLedger], path: Path) -> None:
    """Another program's open read keeps the log: scrub says so, and once it is gone so are the bytes."""
    ledger = made(PLAIN)
    with ledger._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM private_texts").fetchone()
        ledger.commit(erasure(ledger, "H-0001"))
        assert not ledger.scrub()
        assert stands(path, [b"13900000001"])
    assert ledger.scrub()
    assert not stands(path, [b"13900000001"])


# --- rotation -------------------------------------------------------------------------------------------------------


def masters(path: Path) -> list[str]:
    """Return the fingerprint of the master key of each wrapped key, the ledger's own first."""
    with closing(sqlite3.connect(path)) as raw:
        own = raw.execute("SELECT value FROM ledger_meta WHERE name = 'wrapped_by'").fetchone()[0]
        return [own, *(row[0] for row in raw.execute("SELECT key_id FROM subject_keys ORDER BY subject_id"))]


def test_a_rotation_goes_in_batches_and_is_whole_in_between(made: Callable[..., SqlLedger], path: Path) -> None:
    """Seven households by twos: after each batch all texts are read and written with both keys, and verify is good."""
    made(SEALED, 7).close()
    ledger = opened(path, Keyring(NEW, (OLD,)))
    refs, steps = all_refs(ledger), []
    while n := ledger.rewrap(2):
        steps.append(n)
        assert ledger.verify().ok
        assert len(ledger.texts(refs)) == 14
        ledger.close()
        only_new = opened(path, Keyring(NEW))
        done = set(masters(path)) == {NEW.id}
        assert (only_new.locked is None) == done
        assert done or "ZOUFANG_FORMER_KEY_FILE" in only_new.locked.zh  # type: ignore[union-attr]
        only_new.close()
        ledger = opened(path, Keyring(NEW, (OLD,)))
    assert steps == [2, 2, 2, 1, 1], "the ledger's own key comes last"
    assert ledger.rewrap(2) == 0
    ledger.close()
    before = path.read_bytes()
    assert opened(path, Keyring(OLD)).locked is not None
    ledger = opened(path, Keyring(NEW))
    assert len(ledger.texts(refs)) == 14
    assert ledger.refs("telephone:13900000003"), "the blind index needs no rotation"
    ledger.close()
    assert path.read_bytes() == before


ROTATE = """
import sys
from zoufang.ledger import Keyring, MasterKey, SqlLedger

ledger = SqlLedger.open(sys.argv[1], keyring=Keyring(MasterKey(bytes([2]) * 32), (MasterKey(bytes([1]) * 32),)))
print("ready", flush=True)
while ledger.rewrap(5):
    pass
print("done", flush=True)
"""


def test_a_rotation_that_is_killed_at_random_goes_on(made: Callable[..., SqlLedger], path: Path) -> None:
    """SIGKILL at fifteen random moments of a rotation of 400 keys: no text is ever lost, and it comes to its end."""
    ledger = made(SEALED, 0)
    with ledger.together():
        for number in range(400):
            ledger.commit(family(number, phone=f"139{number:08}"))
    refs = all_refs(ledger)
    ledger.close()
    made_up, landed = random.Random(4), 0
    for _ in range(15):
        child = subprocess.Popen([sys.executable, "-c", ROTATE, f"sqlite:///{path}"], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(made_up.uniform(0, 0.03))
        child.send_signal(signal.SIGKILL)
        finished = "done" in child.stdout.read()
        child.stdout.close()
        child.wait()
        landed += not finished
        ledger = opened(path, Keyring(NEW, (OLD,)))
        assert len(ledger.texts(refs)) == 800
        assert ledger.verify().ok
        ledger.close()
        if finished:
            break
    assert landed > 0, "no kill came before the end"
    ledger = opened(path, Keyring(NEW, (OLD,)))
    while ledger.rewrap(100):
        pass
    ledger.close()
    assert set(masters(path)) == {NEW.id}
    ledger = opened(path, Keyring(NEW))
    assert ledger.verify().ok
    assert set(ledger.texts(refs)) == set(refs)
    ledger.close()


# --- canary ---------------------------------------------------------------------------------------------------------


def test_no_error_of_the_private_side_shows_a_word_a_key_or_a_number(
    made: Callable[..., SqlLedger], path: Path
) -> None:
    """Locked, altered, erased, refused: sentences, reprs and tracebacks are searched for everything that is secret."""
    ledger = made(SEALED)
    phone = f"139{0:08}"  # not written out: a traceback shows the lines of this test
    refs, shown = all_refs(ledger), [repr(ledger), repr(family(1)), repr(SEALED), str(ledger.wrapping())]
    secrets = [NAME, phone, ledger.key.hex(), repr(ledger.key), "01" * 16, repr(b"\x01" * 16)[2:-1]]
    ledger.commit(erasure(ledger, "H-0001"))
    ledger.close()
    spoil(path, "UPDATE private_texts SET body = ? WHERE subject_id = 'H-0000'", NAME)
    ledger, locked = opened(path, SEALED), opened(path, PLAIN)
    for wrong in (
        lambda: ledger.texts(refs),
        lambda: ledger.commit(family(1)),
        lambda: locked.commit(family(2)),
        lambda: locked.refs(f"telephone:{phone}"),
    ):
        with pytest.raises(ZoufangError) as refused:
            wrong()
        error = refused.value
        shown += [repr(error), error.said_in("zh"), error.said_in("en"), "".join(traceback.format_exception(error))]
    assert [secret for secret in secrets if any(secret in one for one in shown)] == []
    assert ledger.verify().first_bad == Seq(1)
