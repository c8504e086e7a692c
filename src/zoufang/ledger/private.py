"""The erasable side of a ledger in a database: private texts, in clear or under a key of their subject's own.

A ledger is begun with a master key or without, and remembers it. With one, each subject has a random key that the
master key wraps; a text and its salt are sealed under the subject's key, bound to its commitment and subject. So
destroying one small row makes all texts of a subject unreadable.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from attrs import evolve
from sqlalchemy.engine import Connection

from zoufang.errors import ErasedError, LockedError, MissingPackageError, NotEncryptedError, SealedTextError
from zoufang.facts import Tables, latest
from zoufang.ledger.base import PrivateText
from zoufang.ledger.cipher import KEY_BYTES, Cipher, aes_gcm, filled, opened, sealed, unfilled
from zoufang.ledger.keys import Keyring
from zoufang.ledger.places import Place
from zoufang.ledger.seal import chunks, commitment, seal_key_of
from zoufang.typing import Text

MASKED = "***"
"""What is shown of a text that cannot be opened, where reading is allowed."""

MANY = 5_000
"""Values that one statement names."""

LEDGER = "ledger"
"""The place of the wrapped key for keyed digests."""

NO_KEY = Text(
    "没有找到主密钥：请设置 ZOUFANG_MASTER_KEY_FILE（或 ZOUFANG_MASTER_KEY）",
    "no master key is at hand: set ZOUFANG_MASTER_KEY_FILE (or ZOUFANG_MASTER_KEY)",
)
OTHER_KEY = Text(
    "给出的主密钥不是本台账的（需要 {needed}）：请换用正确的密钥",
    "the master key at hand is not this ledger's (it needs {needed}): give the right one",
)
UNFINISHED = Text(
    "更换主密钥尚未完成：请同时用 ZOUFANG_FORMER_KEY_FILE 给出原密钥（{needed}），再运行 zoufang masterkey rotate",
    "a change of the master key is not at its end: give the former key ({needed}) too, by ZOUFANG_FORMER_KEY_FILE, "
    "and run zoufang masterkey rotate",
)
NO_LIBRARY = Text(
    '缺少加密程序包：请运行 pip install "zoufang[secure]"',
    'the package for encryption is missing: run pip install "zoufang[secure]"',
)

_KEY, _TEXT = Text("密钥", "key"), Text("个人文字", "private text")


class PrivateSide:
    """What a ledger in a database does with private texts; its storage says how to read and write.

    Args:
        keyring: The master keys at hand.
    """

    url: str
    tables: Tables
    _place: Place

    def __init__(self, keyring: Keyring | None) -> None:
        self._keyring = Keyring.of_environment() if keyring is None else keyring
        self._key = b""
        self.seal_key = b""
        """The key of the seal, in clear: whoever may read the facts may check them."""
        self._residue: frozenset[bytes] = frozenset()
        self.encrypted = False
        """True where private texts are encrypted."""
        self.locked: Text | None = None
        """Why private texts cannot be opened and nothing can be written; None where they can."""

    @property
    def _meta(self) -> sa.Table:
        return self.tables.ledger_meta

    # --- the ledger's own keys ------------------------------------------------------------------------------

    @property
    def key(self) -> bytes:
        """The ledger's own random key for keyed digests.

        Raises:
            LockedError: It is wrapped, and the master key is not at hand.
        """
        self._unlocked()
        return self._key

    def _unlocked(self) -> None:
        if self.locked is not None:
            raise LockedError(url=self.url, problem=self.locked)

    def _remember(self, connection: Connection, key: bytes) -> None:
        """Write down a new ledger's key for keyed digests: in clear, or wrapped by the master key."""
        self._key, self.seal_key, master = key, seal_key_of(key), self._keyring.current
        if master is None:
            rows = {"key": key.hex()}
        else:
            self.encrypted = True
            rows = {"wrapped_key": master.wrap(key, LEDGER), "wrapped_by": master.id, "begun_with": master.id}
        rows["seal"] = self.seal_key.hex()
        connection.execute(self._meta.insert(), [{"name": name, "value": value} for name, value in rows.items()])

    def _recall(self, connection: Connection, found: Mapping[str, str]) -> bool:
        """Take up the ledger's key again, and whether its private texts can be opened; False where it has none."""
        seal_key, key = _bytes(found.get("seal")), _bytes(found.get("key"))
        if not seal_key:
            return False
        self.seal_key = seal_key
        by = connection.execute(sa.select(self.tables.subject_keys.c.key_id).distinct()).scalars().all()
        if "key" in found:
            self._key = key
            return bool(key)
        if "wrapped_key" not in found or "wrapped_by" not in found:
            return False
        self.encrypted = True
        self.locked = self._missing({found["wrapped_by"], *by})
        if self.locked is None:
            try:
                self._key = self._unwrap(found["wrapped_by"], found["wrapped_key"], LEDGER)
            except MissingPackageError:
                self.locked = NO_LIBRARY
        return True

    def _remembered(self, connection: Connection) -> dict[str, str]:
        return {row.name: row.value for row in connection.execute(sa.select(self._meta))}

    def _missing(self, needed: set[str]) -> Text | None:
        lacking = "、".join(sorted(needed - set(self._keyring.keys)))
        if self._keyring.current is None:
            return NO_KEY
        if not lacking:
            return None
        said = OTHER_KEY if needed.isdisjoint(self._keyring.keys) and len(needed) == 1 else UNFINISHED
        return said.filled(needed=lacking)

    def _unwrap(self, key_id: str, wrapped: str, subject_id: str) -> bytes:
        master = self._keyring.keys.get(key_id)
        key = None if master is None else master.unwrap(wrapped, subject_id)
        if key is None:
            raise SealedTextError(url=self.url, kind=_KEY, id=subject_id)
        return key

    # --- texts ----------------------------------------------------------------------------------------------

    def _taken_in(self, connection: Connection, texts: Sequence[PrivateText]) -> Sequence[PrivateText]:
        """Return texts as they are kept, and keep what finds and opens them.

        Raises:
            ErasedError: One is of a subject that is erased.
        """
        if not texts:
            return texts
        self._refuse_erased(connection, {text.subject_id for text in texts})
        marks = [{"mark": self._mark(text.word), "ref": text.ref} for text in texts if text.word]
        for chunk in chunks(marks):
            connection.execute(self.tables.blind_index.insert(), chunk)
        if not self.encrypted:
            return texts
        ciphers = self._ciphers(connection, dict.fromkeys(text.subject_id for text in texts), new=True)
        return [_closed(ciphers[text.subject_id], text) for text in texts]

    def _refuse_erased(self, connection: Connection, subjects: set[str]) -> None:
        now = latest(self.tables.erasures, "subject_id")
        query = sa.select(now.c.subject_id).where(now.c.state == "erased")
        gone = subjects.intersection(connection.execute(query).scalars())
        if gone:
            raise ErasedError(id=min(gone))

    def _mark(self, word: str) -> str:
        """Return the blind index of a normalised telephone or address."""
        key = hmac.digest(self.key, b"zoufang blind index", "sha256")
        return hmac.new(key, word.encode("utf-8", "surrogatepass"), "sha256").hexdigest()

    def _ciphers(self, connection: Connection, subjects: Iterable[str], *, new: bool = False) -> dict[str, Cipher]:
        """Return the ciphers of some subjects; with ``new`` a subject that has no key gets one."""
        wanted, k = list(subjects), self.tables.subject_keys
        found: dict[str, Cipher] = {}
        for some in chunks(wanted, MANY):
            for row in connection.execute(sa.select(k).where(k.c.subject_id.in_(some))):
                found[row.subject_id] = aes_gcm(self._unwrap(row.key_id, row.wrapped, row.subject_id))
        master = self._keyring.current
        if not new or master is None:
            return found
        fresh = {subject: secrets.token_bytes(KEY_BYTES) for subject in wanted if subject not in found}
        for chunk in chunks(fresh.items()):
            rows = [{"subject_id": s, "key_id": master.id, "wrapped": master.wrap(key, s)} for s, key in chunk]
            connection.execute(k.insert(), rows)
        return found | {subject: aes_gcm(key) for subject, key in fresh.items()}

    def texts(self, refs: Sequence[str]) -> Mapping[str, str]:
        """Return private texts by their commitments, masked where the ledger is locked; what is erased is left out.

        Raises:
            SealedTextError: One that does not open; nothing is returned.
        """
        p = self.tables.private_texts
        found: dict[str, str] = {}
        with self._place.reading() as connection:
            for some in chunks(refs, MANY):
                rows = connection.execute(sa.select(p).where(p.c.ref.in_(some))).all()
                found |= self._opened(connection, rows)
        return found

    def _opened(self, connection: Connection, rows: Sequence[Any]) -> dict[str, str]:
        if not self.encrypted:
            return {row.ref: row.body for row in rows}
        if self.locked is not None:
            return {row.ref: MASKED for row in rows}
        ciphers = self._ciphers(connection, {row.subject_id for row in rows})
        found = {row.ref: _open(ciphers, row.ref, row.subject_id, row.body) for row in rows}
        for ref, words in found.items():
            if words is None:
                raise SealedTextError(url=self.url, kind=_TEXT, id=ref)
        return {ref: words[1] for ref, words in found.items() if words is not None}

    def refs(self, word: str) -> Sequence[str]:
        """Return the commitments of the texts that hold a normalised telephone or address.

        Raises:
            LockedError: The master key is not at hand.
        """
        b = self.tables.blind_index
        mark = self._mark(word)
        with self._place.reading() as connection:
            query = sa.select(b.c.ref).where(b.c.mark == mark).order_by(b.c.ref)
            found: Sequence[str] = connection.execute(query).scalars().all()
        return found

    def _unfit(self, connection: Connection, rows: Iterable[tuple[str, str, str, str]]) -> set[str]:
        """Return the commitments that their stored texts do not fit; a locked ledger's texts are not looked into."""
        if self.locked is not None:
            return set()
        unfit: set[str] = set()
        for chunk in chunks(rows):
            unfit |= {row[0] for row in chunk if not self._fits(row)} if not self.encrypted else set()
            if self.encrypted:
                unfit |= self._unfit_sealed(connection, chunk)
        return unfit

    def _unfit_sealed(self, connection: Connection, rows: Sequence[tuple[str, str, str, str]]) -> set[str]:
        k, subjects = self.tables.subject_keys, sorted({str(row[1]) for row in rows})
        ciphers: dict[str, Cipher] = {}
        for some in chunks(subjects, MANY):
            for row in connection.execute(sa.select(k).where(k.c.subject_id.in_(some))):
                master = self._keyring.keys.get(row.key_id)
                key = None if master is None else master.unwrap(row.wrapped, row.subject_id)
                if key is not None:
                    ciphers[row.subject_id] = aes_gcm(key)
        unfit: set[str] = set()
        for ref, subject_id, salt, body in rows:
            words = _open(ciphers, ref, subject_id, body)
            if salt or words is None or not self._fits((ref, subject_id, *words)):
                unfit.add(ref)
        return unfit

    @staticmethod
    def _fits(row: tuple[str, ...]) -> bool:
        ref, subject_id, salt, body = row
        return commitment(salt, subject_id, body) == ref

    # --- erasure --------------------------------------------------------------------------------------------

    def _destroy(self, connection: Connection, subjects: Sequence[str]) -> None:
        """Delete keys, texts and blind index of some subjects, and keep in mind what must not be found any more."""
        p, k, b = self.tables.private_texts, self.tables.subject_keys, self.tables.blind_index
        for some in chunks(subjects, MANY):
            texts = connection.execute(sa.select(p).where(p.c.subject_id.in_(some))).all()
            keys = connection.execute(sa.select(k.c.wrapped).where(k.c.subject_id.in_(some))).scalars().all()
            words = [word for row in texts for word in (row.salt, row.body)] + list(keys)
            self._residue |= {word.encode("utf-8", "surrogatepass") for word in words if word}
            connection.execute(k.delete().where(k.c.subject_id.in_(some)))
            connection.execute(p.delete().where(p.c.subject_id.in_(some)))
            for refs in chunks((row.ref for row in texts), MANY):
                connection.execute(b.delete().where(b.c.ref.in_(refs)))

    # --- rotation -------------------------------------------------------------------------------------------

    def rewrap(self, limit: int = 500) -> int:
        """Wrap at most so many keys anew with the current master key, in one transaction.

        Returns:
            How many were wrapped; 0 where all are, whoever wrapped them.

        Raises:
            NotEncryptedError: The ledger was begun without a master key.
            LockedError: The former key is not at hand.
        """
        if not self.encrypted:
            raise NotEncryptedError(url=self.url)
        self._unlocked()
        master, k = self._keyring.current, self.tables.subject_keys
        if master is None:
            raise LockedError(url=self.url, problem=NO_KEY)
        with self._place.writing() as connection:
            rows = connection.execute(sa.select(k).where(k.c.key_id != master.id).limit(limit)).all()
            for row in rows:
                wrapped = master.wrap(self._unwrap(row.key_id, row.wrapped, row.subject_id), row.subject_id)
                new = k.update().where(k.c.subject_id == row.subject_id)
                connection.execute(new.values(key_id=master.id, wrapped=wrapped))
            if rows or self._remembered(connection)["wrapped_by"] == master.id:
                return len(rows)
            for name, value in (("wrapped_key", master.wrap(self._key, LEDGER)), ("wrapped_by", master.id)):
                connection.execute(self._meta.update().where(self._meta.c.name == name).values(value=value))
            return 1

    def wrapping(self) -> tuple[str, int] | None:
        """Return the fingerprint of the master key with which the ledger was begun, and how many keys it wraps now."""
        if not self.encrypted:
            return None
        k = self.tables.subject_keys
        with self._place.reading() as connection:
            n = connection.execute(sa.select(sa.func.count()).select_from(k)).scalar_one()
            return self._remembered(connection)["begun_with"], n

    @property
    def key_id(self) -> str:
        """Fingerprint of the current master key; empty without one."""
        return "" if self._keyring.current is None else self._keyring.current.id


def _bytes(written: str | None) -> bytes:
    """Return the bytes that stand in a ledger as hexadecimal; none where that is damaged."""
    try:
        return bytes.fromhex(written or "")
    except ValueError:
        return b""


def _closed(cipher: Cipher, text: PrivateText) -> PrivateText:
    body = sealed(cipher, filled([text.salt, text.body]), text.ref, text.subject_id)
    return evolve(text, salt="", body=body)


def _open(ciphers: Mapping[str, Cipher], ref: str, subject_id: str, body: str) -> tuple[str, str] | None:
    cipher = ciphers.get(subject_id)
    data = None if cipher is None else opened(cipher, body, ref, subject_id)
    if data is None:
        return None
    salt, words = unfilled(data)
    return salt, words
