"""One figure as a bundle: the list of its cases under pseudonyms, bound to a checkpoint; and the slip for one case."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from zoufang.analysis import Grain, Metric, Window
from zoufang.errors import BundleError, NotInChainError, UnknownIdError
from zoufang.ledger import Ledger, keyed_digest
from zoufang.proof import checker
from zoufang.proof.bundles import CONTENT, packed, unpacked
from zoufang.proof.checkpoints import SignedCheckpoint, checkpoint_at, ledger_id, sign_checkpoint
from zoufang.proof.signing import SigningKey
from zoufang.typing import Salt

SLIP = "zoufang slip 1"


def figure_bundle(
    ledger: Ledger,
    metric: Metric,
    window: Window,
    *,
    key: SigningKey | None,
    at: datetime,
    salt: Salt,
    by: Sequence[Grain] = (),
    checkpoint: SignedCheckpoint | None = None,
) -> bytes:
    """Return a bundle that lists the cases of a figure without saying whose they are.

    Each case stands under a pseudonym of this bundle alone: the digest of its id with an *opening* that only
    :func:`slip` hands out. So the list can be counted by anybody, and each person concerned can find their own case in
    it; two bundles cannot be laid side by side.

    Args:
        ledger: The ledger.
        metric: The definition.
        window: Which facts count; its commit is the checkpoint, the ledger's last if None.
        key: Signs the bundle, and the checkpoint where none is given; None leaves it unsigned.
        at: When it is signed, aware.
        salt: Gives the bundle's number.
        by: Grains to split by; the group of each case is then shown.
        checkpoint: A checkpoint of that commit that was signed before.

    Returns:
        The bytes of a ZIP file.

    Raises:
        UnknownIdError: The metric cannot be split by one of the grains.
        NotInChainError: The ledger does not hold the commit, or the checkpoint is of another.

    Plan: 一, 五(三)
    """
    for grain in by:
        if grain not in metric.grains:
            raise UnknownIdError(what="grain", id=grain, known=metric.grains)
    end = checkpoint_at(ledger, window.as_of)
    if checkpoint is not None and checkpoint.checkpoint != end:
        raise NotInChainError(seq=end.seq)
    number = salt()
    cases = _cases(ledger, metric, Window(end.seq, window.from_on, window.to_on, window.final), by, number)
    content: dict[str, Any] = {
        "kind": "figure",
        "ledger": ledger_id(ledger),
        "number": number,
        "metric": metric.id,
        "version": metric.version,
        "clause": metric.clause,
        "label": {"zh": metric.label.zh, "en": metric.label.en},
        "definition": {"zh": metric.doc.zh, "en": metric.doc.en},
        "window": {
            "from_on": window.from_on.isoformat() if window.from_on else None,
            "to_on": window.to_on.isoformat() if window.to_on else None,
            "final": window.everything_due,
        },
        "by": list(by),
        "n": sum(case[1] for case in cases),
        "of": len(cases),
        "groups": _groups(cases),
        "cases": cases,
        "as_of": end.seq,
        "chain": end.chain,
        "code": end.code,
    }
    signed = sign_checkpoint(ledger, key, at, end.seq) if checkpoint is None and key is not None else checkpoint
    return packed(content, checkpoint=signed, key=key, at=at)


def slip(ledger: Ledger, bundle: bytes, case_id: str, *, file: str) -> str:
    """Return the slip with which a person finds their own case in a figure's bundle.

    Args:
        ledger: The ledger that the bundle was made from.
        bundle: The bundle's bytes.
        case_id: The case: a ticket, visit or target, as the metric counts.
        file: The bundle's name, for messages.

    Returns:
        A small JSON text; give it to nobody but the person concerned.

    Raises:
        BundleError: It is no bundle of a figure of this ledger.
        UnknownIdError: The case is not in it.

    Plan: 一
    """
    files = unpacked(bundle, file=file)
    try:
        content = json.loads(files[CONTENT])
        number, names = content["number"], {case[0] for case in content["cases"]}
        there = content["ledger"] == ledger_id(ledger) and isinstance(number, str)
    except (LookupError, TypeError, ValueError):
        there, number, names = False, "", set()
    if not there:
        raise BundleError(file=file, problem_zh="不是本台账的指标证明包", problem_en="not a figure of this ledger")
    opening = _opening(ledger, number, case_id)
    if _pseudonym(opening, case_id) not in names:
        raise UnknownIdError(what="case", id=case_id)
    figure = checker.sha(files[CONTENT])
    return (
        json.dumps({"format": SLIP, "figure": figure, "case": case_id, "opening": opening}, ensure_ascii=False) + "\n"
    )


def _opening(ledger: Ledger, number: str, case_id: str) -> str:
    return keyed_digest(ledger.key, [SLIP, number, case_id])


def _pseudonym(opening: str, case_id: str) -> str:
    return checker.sha(checker.canonical([opening, case_id]))


def _cases(ledger: Ledger, metric: Metric, window: Window, by: Sequence[Grain], number: str) -> list[list[Any]]:
    """Return pseudonym, hit and group of each case, in the order of pseudonyms."""
    cases = metric.cases(ledger.tables, window).subquery("cases")
    query: sa.Select[Any] = sa.select(cases.c.case_id, cases.c.hit, *(cases.c[grain] for grain in by))
    found = [
        [_pseudonym(_opening(ledger, number, str(case_id)), str(case_id)), int(hit), *group]
        for case_id, hit, *group in ledger.select(query)
    ]
    return sorted(found, key=lambda case: case[0])


def _groups(cases: Sequence[Sequence[Any]]) -> list[list[Any]]:
    counted: dict[tuple[Any, ...], list[int]] = {}
    for _, hit, *group in cases:
        one = counted.setdefault(tuple(group), [0, 0])
        one[0], one[1] = one[0] + hit, one[1] + 1
    return [
        [*group, *counts]
        for group, counts in sorted(counted.items(), key=lambda g: [(v is not None, v or "") for v in g[0]])
    ]
