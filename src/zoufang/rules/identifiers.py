"""Numbers that name a person or a firm, found in free words: telephones, citizen numbers, credit codes, long numbers.

People write them with blanks and dashes, in full-width digits, with +86 before them. Words are looked at in a folded
form of the same length, so that what is found has its place in the words as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from unicodedata import normalize

from attrs import frozen

from zoufang.typing import Text


class Identifier(StrEnum):
    """What a number is."""

    CITIZEN = "citizen"
    CREDIT = "credit"
    MOBILE = "mobile"
    LANDLINE = "landline"
    LONG = "long"
    """Fifteen digits and more that are none of the others: a bank card, or a citizen number with a slip in it."""


TAGS = {
    Identifier.CITIZEN: Text("〔身份证号〕", "[citizen number]"),
    Identifier.CREDIT: Text("〔信用代码〕", "[credit code]"),
    Identifier.MOBILE: Text("〔手机号〕", "[mobile number]"),
    Identifier.LANDLINE: Text("〔电话号码〕", "[telephone number]"),
    Identifier.LONG: Text("〔长号码〕", "[long number]"),
}
"""What stands in an identifier's place when words are published."""


@frozen
class Found:
    """One identifier in some words.

    Args:
        kind: What it is.
        start: Where it begins, from 0.
        end: Where it ends, exclusive.
    """

    kind: Identifier
    start: int
    end: int


CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CITIZEN_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Digits and letters without I, O, S, V and Z."""

_GAP = r"[ \-.·\u200b\u200c\u200d\ufeff\u00ad]?"
_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9])"
_CITIZEN = re.compile(_BEFORE + rf"(?:[0-9]{_GAP}){{17}}[0-9Xx]" + r"(?![0-9A-Za-z])")
_CREDIT = re.compile(
    _BEFORE + rf"(?:[{CREDIT_ALPHABET}{CREDIT_ALPHABET.lower()}]{_GAP}){{17}}[0-9A-Za-z](?![0-9A-Za-z])"
)
_MOBILE = re.compile(rf"(?<![0-9])(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}" + _AFTER)
_LANDLINE = re.compile(
    r"(?<![0-9])(?:"
    rf"(?:(?:\+|00)86{_GAP})?\(?0(?:10|2[0-9]|[3-9][0-9]{{2}})\)?{_GAP}[2-9](?:{_GAP}[0-9]){{6,7}}"
    rf"|(?:\+|00)86{_GAP}(?:10|2[0-9]|[3-9][0-9]{{2}}){_GAP}[2-9](?:{_GAP}[0-9]){{6,7}}"
    r"|(?:(?<=电话)|(?<=座机)|(?<=电话[:是为])|(?<=座机[:是为]))[2-9][0-9]{6,7}|[48]00-[0-9]{3,4}-[0-9]{3,4}"
    r")" + _AFTER
)
_LONG = re.compile(r"(?<![0-9])(?:[0-9]{15,}|[0-9]{17}[Xx]|[0-9]{4}(?:[ -][0-9]{4}){2,}[ -][0-9]{3,7})" + _AFTER)

_PLAIN = re.compile(r"1[3-9][0-9]{9}")
_SHORT = re.compile(r"[0-9 ()+.\-]{1,16}")

_SUSPECT = re.compile(r"(?:\d[ \-.]?){11}")

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLD = _WIDE | {ord("\u3000"): " ", ord("\u00a0"): " ", **dict.fromkeys(map(ord, "—–‐‑−"), "-")}


def folded(words: str) -> str:
    """Return words with full-width digits, letters and signs as narrow ones, each in its own place."""
    return words.translate(_FOLD)


def is_citizen_number(number: str) -> bool:
    """Say whether eighteen characters are a citizen number by GB 11643: check digit and a real date.

    The place is not asked: codes of places come and go.
    """
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(CITIZEN_WEIGHTS, number, strict=False))
    if CITIZEN_CHECKS[total % 11] != number[17].upper():
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def is_credit_code(code: str) -> bool:
    """Say whether eighteen characters are a unified social credit code by GB 32100, by its check character."""
    upper = code.upper()
    if len(upper) != len(CITIZEN_WEIGHTS) + 1 or any(letter not in CREDIT_ALPHABET for letter in upper):
        return False
    total = sum(CREDIT_ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(upper[:17]))
    return CREDIT_ALPHABET[-total % 31] == upper[17]


def identifiers(words: str) -> tuple[Found, ...]:
    """Find the identifiers in some words, in their order and without overlaps.

    What is found first is what says most: a citizen number, a credit code, a mobile, a landline, then any long number.

    Args:
        words: As they were spoken or written.
    """
    text = folded(words)
    found: list[Found] = []
    for kind, start, end in _candidates(text):
        if all(end <= one.start or start >= one.end for one in found):
            found.append(Found(kind, start, end))
    return tuple(sorted(found, key=lambda one: one.start))


def _candidates(text: str) -> Iterator[tuple[Identifier, int, int]]:
    for match in _CITIZEN.finditer(text):
        if is_citizen_number(_bare(match[0])):
            yield Identifier.CITIZEN, *match.span()
    for match in _CREDIT.finditer(text):
        if is_credit_code(_bare(match[0])):
            yield Identifier.CREDIT, *match.span()
    for kind, pattern in (
        (Identifier.MOBILE, _MOBILE),
        (Identifier.LANDLINE, _LANDLINE),
        (Identifier.LONG, _LONG),
    ):
        for match in pattern.finditer(text):
            yield kind, *match.span()


def _bare(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", text)


def personal_number(ids: Sequence[str]) -> Identifier | None:
    """Return what the first of some ids is that holds a telephone or a citizen number; None where none does.

    An id is not private: it stands in facts that cannot be erased, in figures, lists and messages. A credit code is a
    firm's public number, and a long number is one of many systems' own. A run of eighteen digits with a date before
    1900 in it is a code of places.

    Args:
        ids: The ids as they were given.

    Plan: 五(二)
    """
    for one in ids:
        if _SUSPECT.search(one) is None:
            continue
        for found in identifiers(one):
            born = _bare(folded(one)[found.start : found.end])[6:10]
            if found.kind is Identifier.MOBILE or (found.kind is Identifier.CITIZEN and born >= "1900"):
                return found.kind
    return None


def fit_to_publish(words: str) -> Text:
    """Return spoken words with a tag in the place of each identifier, in both languages' tags.

    Names and addresses in running words are not found: somebody has to read what is published.

    Plan: 四(二), 五(二)
    """
    return Text(_tagged(words, "zh"), _tagged(words, "en"))


def _tagged(words: str, language: str) -> str:
    parts, at = [], 0
    for one in identifiers(words):
        tag = TAGS[one.kind]
        parts += [words[at : one.start], tag.zh if language == "zh" else tag.en]
        at = one.end
    return "".join([*parts, words[at:]])


def telephone_key(words: str) -> str:
    """Return a telephone as it is looked up: digits only, without +86; empty where there is none.

    Full-width digits, blanks, dashes and brackets make no difference. Of several numbers the first counts.

    Args:
        words: A number, perhaps with words around it.
    """
    if _PLAIN.fullmatch(words):
        return words
    text = folded(words)
    numbers = [one for one in identifiers(words) if one.kind in {Identifier.MOBILE, Identifier.LANDLINE}]
    if numbers:
        text = text[numbers[0].start : numbers[0].end]
    elif not _SHORT.fullmatch(text):
        return ""
    abroad = text.lstrip(" (").startswith(("+86", "0086"))
    digits = re.sub(r"[^0-9]", "", text)
    if abroad:
        digits = digits.removeprefix("00").removeprefix("86")
        return digits if re.fullmatch(r"1[3-9][0-9]{9}", digits) or digits.startswith("0") else f"0{digits}"
    return re.sub(r"^86(?=1[3-9][0-9]{9}$)", "", digits)


def household_key(area_id: str, address: str) -> str:
    """Return a household's address as it is looked up: folded, without blanks and punctuation, within its area.

    Args:
        area_id: The grid or community it stands in.
        address: As it was written; empty gives an empty key.
    """
    text = "".join(letter for letter in normalize("NFKC", address).casefold() if letter.isalnum())
    return f"{area_id}/{text}" if text else ""
