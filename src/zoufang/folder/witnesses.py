"""A folder's public keys, and the signed checkpoint of each dispatch."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from zoufang.campaign import Campaign
from zoufang.errors import FileError
from zoufang.folder.files import Folder
from zoufang.proof import (
    Found,
    PublicKey,
    Signed,
    SignedCheckpoint,
    SigningKey,
    checkpoint_from,
    compare,
    load_public_keys,
)
from zoufang.reports import put_in_place
from zoufang.reports.words import SIGNED_BY
from zoufang.typing import Language


def known_keys(folder: Folder) -> Mapping[str, PublicKey]:
    """Return the public keys that lie in a folder, by id.

    Raises:
        FileError: One of the files is no public key.
    """
    return load_public_keys(sorted(folder.keys.glob("*.pub.pem")))


def sign_dispatches(folder: Folder, campaign: Campaign, key: SigningKey | None) -> Iterator[Path]:
    """Sign the state that each dispatch shows, where that was not done yet; without a key nothing is signed.

    Args:
        folder: The campaign's folder.
        campaign: The campaign in it.
        key: Who signs.

    Returns:
        The files that were written.

    Plan: 五(二), 五(三)
    """
    for made in campaign.dispatches() if key is not None else ():
        path = folder.checkpoint_file(made.week.number)
        if key is not None and not path.exists():
            with put_in_place(path) as draft:
                draft.write_text(campaign.checkpoint(key, made.as_of).to_json(), encoding="ascii")
            yield path


def checkpoint_of(folder: Folder, campaign: Campaign, number: int) -> SignedCheckpoint | None:
    """Return the signed checkpoint of a dispatch, or None where there is none.

    Raises:
        FileError: The file is there, and is not a genuine checkpoint of what the dispatch shows.
    """
    path = folder.checkpoint_file(number)
    if not path.is_file():
        return None
    signed = checkpoint_from(path.read_bytes(), file=str(path))
    as_of = next((made.as_of for made in campaign.dispatches() if made.week.number == number), None)
    (witness,) = compare(campaign.ledger, [signed], {})
    if signed.seq != as_of or witness.signed is Signed.FORGED or witness.found is not Found.CONTAINED:
        raise FileError(
            file=str(path),
            problem_zh=f"与第 {number} 期通报不符（{witness.sentence.zh}）；请运行 zoufang verify 查明，勿直接删除",
            problem_en=f"does not fit dispatch {number} ({witness.sentence.en}); check with zoufang verify first",
        )
    return signed


def signature_line(signed: SignedCheckpoint | None, language: Language) -> str:
    """Return what a dispatch prints of its signed checkpoint; nothing where there is none."""
    if signed is None:
        return ""
    words = SIGNED_BY.said_in(language)
    return words.format(key_id=signed.key_id, signed_at=signed.signed_at, signature=signed.signature)
