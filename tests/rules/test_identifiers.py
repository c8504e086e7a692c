"""Numbers in spoken words: found in every writing, checked by their own check digits, and masked before print."""

from __future__ import annotations

import csv
import os
import random
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoufang.rules import MASKS, Identifier, fit_to_publish, household_key, identifiers, personal_number, telephone_key
from zoufang.rules.identifiers import is_citizen_number, is_credit_code
from zoufang.rules.masks import Show, masked_address, masked_name, masked_phone, masked_words

CITIZEN, CREDIT, MOBILE, LANDLINE, LONG = Identifier

VALID_CITIZENS = ("11010519491231002X", "440524188001010014")
"""Neither belongs to anybody living. The first sums up to 167 = 15 · 11 + 2, so that its check is X."""

INVALID_CITIZENS = (
    "110105194912310021",  # another check digit
    "11010519491331002X",  # a thirteenth month
    "11010519491231002",  # a digit short
    "110105194912310O2X",  # a letter O
)


def shown(words: str) -> list[tuple[Identifier, str]]:
    """Return what is found in some words, as it is written there."""
    return [(one.kind, words[one.start : one.end]) for one in identifiers(words)]


@pytest.mark.parametrize("number", VALID_CITIZENS)
def test_the_standards_own_citizen_numbers_are_valid(number: str) -> None:
    """A small x at the end is the same."""
    assert is_citizen_number(number)
    assert is_citizen_number(number.lower())


@pytest.mark.parametrize("number", INVALID_CITIZENS)
def test_a_slip_in_a_citizen_number_is_seen(number: str) -> None:
    """By the check digit, the date, the length or a letter."""
    assert not is_citizen_number(number)


def test_the_standards_own_credit_code_is_valid() -> None:
    """GB 32100-2015 gives 91350100M000100Y43; with any other last character, or a letter left out, it is none."""
    code = "91350100M000100Y43"
    assert is_credit_code(code)
    assert is_credit_code(code.lower())
    others = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") - {"3"}
    assert not any(is_credit_code(code[:-1] + other) for other in others)
    assert not is_credit_code("91350100O000100Y43")


def test_a_village_collectives_code_begins_with_n() -> None:
    """N2370800MF1234567 has the weighted sum that its check character, worked out below by the table, completes."""
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # 3^i mod 31
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "N2370800MF1234567"
    check = alphabet[(31 - sum(w * alphabet.index(c) for w, c in zip(weights, body, strict=True)) % 31) % 31]
    assert is_credit_code(body + check)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("请回电13800001234，谢谢", [(MOBILE, "13800001234")]),
        ("请回电１３８００００１２３４", [(MOBILE, "１３８００００１２３４")]),
        ("138 0000 1234或139-0000-1234", [(MOBILE, "138 0000 1234"), (MOBILE, "139-0000-1234")]),
        ("+86 138-0000-1234", [(MOBILE, "+86 138-0000-1234")]),
        ("8613800001234", [(MOBILE, "8613800001234")]),
        ("138\u200b0000\u200b1234", [(MOBILE, "138\u200b0000\u200b1234")]),
        ("12800001234号件", []),
        ("0537-2345678", [(LANDLINE, "0537-2345678")]),
        ("（0537）2345678", [(LANDLINE, "（0537）2345678")]),
        ("010 62345678", [(LANDLINE, "010 62345678")]),
        ("电话：2345678", [(LANDLINE, "2345678")]),
        ("编号2345678", []),
        ("400-810-1234", [(LANDLINE, "400-810-1234")]),
        ("身份证11010519491231002X。", [(CITIZEN, "11010519491231002X")]),
        ("身份证110105 19491231 002x", [(CITIZEN, "110105 19491231 002x")]),
        ("身份证110105194912310021", [(LONG, "110105194912310021")]),
        ("91350100M000100Y43", [(CREDIT, "91350100M000100Y43")]),
        ("卡号6222 0210 0111 4567 890", [(LONG, "6222 0210 0111 4567 890")]),
        ("2023-03-01至2023-04-30，共300户，每户1200元，占30.5%", []),
        ("黄屯街道370871005", []),
    ],
)
def test_a_number_is_found_in_every_writing(words: str, found: list[tuple[Identifier, str]]) -> None:
    """With its place in the words as they were written; days, sums and area codes are not taken for one."""
    assert shown(words) == found


@pytest.mark.parametrize(
    ("words", "zh"),
    [
        ("李大姐13800001234说路灯不亮", "李大姐〔手机号〕说路灯不亮"),
        ("0537-2345678、11010519491231002X", "〔电话号码〕、〔身份证号〕"),
        ("没有号码", "没有号码"),
        ("", ""),
    ],
)
def test_published_words_have_tags_in_the_place_of_numbers(words: str, zh: str) -> None:
    """The rest of the words stays, character by character."""
    assert fit_to_publish(words).zh == zh


writings = st.tuples(
    st.sampled_from(["", "+86", "86 ", "0086-"]),
    st.builds("1{}{:09}".format, st.integers(3, 9), st.integers(0, 10**9 - 1)),
    st.sampled_from(["", " ", "-", "\u3000", "—"]),
    st.booleans(),
)


@given(writing=writings, before=st.text("说路灯，。 ", max_size=5))
def test_no_writing_of_a_mobile_is_left_in_published_words(writing: tuple[str, str, str, bool], before: str) -> None:
    """Whatever stands around it, no four digits of it are left; and it is looked up as one and the same number."""
    code, plain, gap, wide = writing
    written = f"{code}{plain[:3]}{gap}{plain[3:7]}{gap}{plain[7:]}"
    if wide:
        written = written.translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"})
    published = fit_to_publish(f"{before}{written}，谢谢").zh
    assert published.count("〔手机号〕") == 1
    assert not re.search(r"\d{4}", published)
    assert telephone_key(written) == plain


@given(words=st.text("0123456789Xx+- ０１３８电话：一", max_size=60))
def test_what_is_found_lies_in_the_words_in_order_and_only_that_is_replaced(words: str) -> None:
    """No two overlap, and the words between them stand in the published ones as they were."""
    found = identifiers(words)
    assert all(0 <= one.start < one.end <= len(words) for one in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    ends = [0, *(one.end for one in found)]
    between = [words[a:b] for a, b in zip(ends, [*(one.start for one in found), len(words)], strict=True)]
    assert re.split("〔[^〕]+〕", fit_to_publish(words).zh) == between


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("0537-2345678", "05372345678"),
        ("+86 537 2345678", "05372345678"),
        ("（0537）2345678", "05372345678"),
        ("王先生 138 0000 1234（晚上打）", "13800001234"),
        ("1380537", "1380537"),
        ("没有电话", ""),
        ("", ""),
    ],
)
def test_a_telephone_is_looked_up_in_one_form(written: str, key: str) -> None:
    """Country code, brackets, blanks and words around it make no difference."""
    assert telephone_key(written) == key


def test_a_household_is_looked_up_by_its_area_and_folded_address() -> None:
    """Blanks, punctuation and width make no difference; the grid does."""
    assert household_key("C01-G1", "幸福路 1 号，2-301") == household_key("C01-G1", "幸福路１号２－３０１")
    assert household_key("C01-G1", "幸福路1号") != household_key("C01-G2", "幸福路1号")
    assert household_key("C01-G1", " ") == ""


@pytest.mark.parametrize(
    ("name", "shown_"), [("张三", "张**"), ("张三丰", "张**"), ("欧阳修", "欧阳**"), ("欧阳", "欧**"), ("", "")]
)
def test_a_masked_name_is_the_surname_and_two_stars(name: str, shown_: str) -> None:
    """How long the name is does not show."""
    assert masked_name(name, Show.PART) == shown_


@pytest.mark.parametrize(
    ("phone", "shown_"),
    [
        ("13812340000", "138****0000"),
        ("+86 138-1234-0000", "138****0000"),
        ("0537-2345678", "0537****"),
        ("010-62345678", "010****"),
        ("王先生", "***"),
        ("1380537", "***"),
        ("", ""),
    ],
)
def test_a_masked_telephone_is_its_ends(phone: str, shown_: str) -> None:
    """Of a landline the area code; of anything else nothing."""
    assert masked_phone(phone, Show.PART) == shown_


def test_the_policies_are_three_and_only_none_shows_something_as_it_is() -> None:
    """Whatever is clear is recorded when it is read."""
    assert [(name, mask.clear) for name, mask in MASKS.items()] == [("none", True), ("initial", False), ("full", False)]
    assert masked_address("幸福路1号", "第一社区", Show.PART) == "第一社区"
    assert masked_address("幸福路1号", "第一社区", Show.NOTHING) == "***"
    assert masked_words("打13812340000", Show.PART).zh == "打〔手机号〕"
    assert masked_words("打13812340000", Show.NOTHING).zh == "***"


# --- how many are found, and how many are found that are none -------------------------------------------------------


def citizen(made_up: random.Random) -> str:
    """Return a made-up citizen number of a person born in the nineteenth century."""
    born = date(1800, 1, 1) + timedelta(made_up.randrange(36_000))
    body = f"370871{born:%Y%m%d}{made_up.randrange(1000):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]


def test_all_of_a_thousand_planted_numbers_are_found_and_none_beside_them() -> None:
    """Made-up hotline rows of which a third carry a number: each is found, of its own sort, and nothing else is."""
    made_up, planted, found = random.Random(23), Counter[str](), Counter[str]()
    noise = ("2023年3月1日起停水3天", "A3区12号楼2单元301室", "每月多收120.50元，共36个月", "工单JN20230301号", "3户")
    for row in range(3000):
        words = f"{made_up.choice(noise)}，{made_up.choice(noise)}"
        if row % 3 == 0:
            kind = made_up.choice((MOBILE, LANDLINE, CITIZEN))
            number = {
                MOBILE: f"1{made_up.randrange(3, 10)}{made_up.randrange(10**9):09}",
                LANDLINE: f"0537-{made_up.randrange(2 * 10**6, 9 * 10**6)}",
                CITIZEN: citizen(made_up),
            }[kind]
            planted[kind] += 1
            words = f"{words}，请联系{number}"
            assert [text for _, text in shown(words)] == [number]
        found.update(str(one.kind) for one in identifiers(words))
    assert found == {str(kind): n for kind, n in planted.items()}
    assert sum(found.values()) == 1000


@pytest.mark.published
def test_real_titles_hold_no_number_and_none_is_seen_in_them() -> None:
    """8,929 titles of citizens' messages, cleaned before they were published: whatever is found is a slip."""
    home = os.environ.get("ZOUFANG_DATA")
    if not home:
        pytest.skip("ZOUFANG_DATA is not set")
    n_rows, found = 0, Counter[str]()
    for name in ("messages_dated.csv", "titles_labelled.csv"):
        with (Path(home) / "citizen-messages" / name).open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                n_rows += 1
                found.update(str(one.kind) for one in identifiers(row["留言主题"]))
    print(f"{n_rows} titles: {dict(found)}")  # noqa: T201 - the count is what the test shows
    assert n_rows == 8929
    assert not found


@pytest.mark.parametrize(
    ("id_", "kind"),
    [
        ("13812340000", MOBILE),
        ("H-13812340000", MOBILE),
        ("１３８ １２３４ ００００", MOBILE),
        ("11010519491231002X", CITIZEN),
        ("户11010519491231002x", CITIZEN),
        ("H-0001", None),
        ("张三", None),
        ("91110105MA00000000", None),
        ("DH20230301123456789", None),
        ("370871005001020301", None),
    ],
)
def test_an_id_that_tells_a_person_is_seen(id_: str, kind: Identifier | None) -> None:
    """A mobile or a citizen number within an id; not an order's number, nor a code of places with a house in it."""
    assert personal_number(["C01", id_]) == kind
