"""Compare a ledger with checkpoints that were kept outside of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from attrs import frozen

from zoufang.ledger import Ledger, Verdict
from zoufang.proof.checkpoints import ShortCode, SignedCheckpoint, ledger_id, links
from zoufang.proof.signing import PublicKey
from zoufang.typing import Seq, Text


class Found(StrEnum):
    """What a ledger has to say to a checkpoint."""

    CONTAINED = "contained"
    BROKEN = "broken"
    CHANGED = "changed"
    CUT_OFF = "cut_off"
    OTHER_LEDGER = "other_ledger"


class Signed(StrEnum):
    """What a checkpoint's signature is worth."""

    BY_KNOWN = "by_known"
    BY_UNKNOWN = "by_unknown"
    FORGED = "forged"
    UNSIGNED = "unsigned"


FOUND: Mapping[Found, Text] = {
    Found.CONTAINED: Text(
        "台账原样包含它，第 {seq} 号提交及此前的内容与当时一致",
        "the ledger contains it unchanged: commit {seq} and all before it are what they were",
    ),
    Found.BROKEN: Text(
        "链值虽同，但第 {bad} 号提交已不完好，台账不再是当时那一份",
        "the link is the same, but commit {bad} is not in order: the ledger is not what it was",
    ),
    Found.CHANGED: Text(
        "台账已不是当时那一份，第 {seq} 号提交的链值不同，此处或此前的内容被整体改写过",
        "the ledger is not what it was: commit {seq} has another link, so it or something before it was rewritten",
    ),
    Found.CUT_OFF: Text(
        "台账缺了末尾，当时已有第 {seq} 号提交，现在只到第 {head} 号",
        "the ledger was cut off: it had {seq} commits then and has {head} now",
    ),
    Found.OTHER_LEDGER: Text(
        "它是另一份台账的检查点（台账标识不同），不能用来核对这一份",
        "it is of another ledger (the identities differ) and says nothing about this one",
    ),
}
SIGNED: Mapping[Signed, Text] = {
    Signed.BY_KNOWN: Text("签名有效，密钥 {key_id}", "signature good, key {key_id}"),
    Signed.BY_UNKNOWN: Text(
        "签名与其自带公钥相符，但密钥 {key_id} 不在已知公钥之列；请向签发人核对公钥，再用 --key 给出",
        "the signature fits the key in the file, but key {key_id} is not known; compare it with the signer's and give "
        "it with --key",
    ),
    Signed.FORGED: Text("签名是假的：内容与签名不符", "the signature is forged: it does not fit what the file says"),
    Signed.UNSIGNED: Text("无签名（短码）", "unsigned (a short code)"),
}


@frozen
class Witness:
    """What came of one checkpoint.

    Args:
        checkpoint: What was given.
        signed: What its signature is worth.
        found: What the ledger has to say to it.
        head: The last commit of the ledger.
        bad: The first commit that is not in order, as far as that was looked for.
    """

    checkpoint: SignedCheckpoint | ShortCode
    signed: Signed
    found: Found
    head: int
    bad: int | None = None

    @property
    def ok(self) -> bool:
        """True where the ledger contains it, and its signature, if any, is that of a known key."""
        return self.found is Found.CONTAINED and self.signed in {Signed.BY_KNOWN, Signed.UNSIGNED}

    @property
    def sentence(self) -> Text:
        """Both findings in words; of a forged checkpoint nothing else is said."""
        key = getattr(self.checkpoint, "key_id", "")
        parts = [SIGNED[self.signed]] if self.signed is Signed.FORGED else [FOUND[self.found], SIGNED[self.signed]]
        values = {"seq": self.checkpoint.seq, "head": self.head, "bad": self.bad, "key_id": key}
        return Text("；".join(p.zh for p in parts).format(**values), "; ".join(p.en for p in parts).format(**values))


def compare(
    ledger: Ledger,
    checkpoints: Iterable[SignedCheckpoint | ShortCode],
    keys: Mapping[str, PublicKey],
    verdict: Verdict | None = None,
) -> tuple[Witness, ...]:
    """Say for each checkpoint whether a ledger contains it.

    Links alone are compared. Whether the ledger's own rows still fit its links says
    :meth:`zoufang.ledger.Ledger.verify`: only both together show that nothing was changed.

    Args:
        ledger: The ledger.
        checkpoints: Signed ones, or short codes.
        keys: The public keys that are known, by id.
        verdict: What checking the ledger came to; None where that was not done.

    Raises:
        MissingPackageError: A signed one is given and the extra ``secure`` is not installed.

    Plan: 五(三)
    """
    given = list(checkpoints)
    known = links(ledger, [one.seq for one in given])
    head, identity = ledger.head.seq, ledger_id(ledger)
    bad = None if verdict is None else verdict.first_bad
    return tuple(Witness(one, _signed(one, keys), _found(one, known, identity, bad), head, bad) for one in given)


def _signed(one: SignedCheckpoint | ShortCode, keys: Mapping[str, PublicKey]) -> Signed:
    if isinstance(one, ShortCode):
        return Signed.UNSIGNED
    if not one.genuine:
        return Signed.FORGED
    known = keys.get(one.key_id)
    return Signed.BY_KNOWN if known is not None and known.raw.hex() == one.public_key else Signed.BY_UNKNOWN


def _found(one: SignedCheckpoint | ShortCode, known: Mapping[Seq, str], identity: str, bad: Seq | None) -> Found:
    if isinstance(one, SignedCheckpoint) and one.ledger != identity:
        return Found.OTHER_LEDGER
    chain = known.get(one.seq)
    if chain is None:
        return Found.CUT_OFF
    same = chain.startswith(one.digits) if isinstance(one, ShortCode) else chain == one.chain
    if same and bad is not None and bad <= one.seq:
        return Found.BROKEN
    return Found.CONTAINED if same else Found.CHANGED
