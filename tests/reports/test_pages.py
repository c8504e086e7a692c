from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import attrs
import pytest

from zoufang.model import CampaignPlan
from zoufang.reports.document import Report
from zoufang.reports.html import to_html

HOSTILE = '"><script>alert(1)</script><img src=http://evil.example/x onerror=alert(2)>'
Compose = Callable[..., Report]


class _Page(HTMLParser):
    """Collects tags and attributes as a browser would see them."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def test_a_page_runs_nothing_and_loads_nothing(composed: Compose) -> None:
    """No script, no link, no image, no address of any other machine; the policy forbids them too."""
    page = to_html(composed(2))
    seen = _Page(page)
    assert not {"script", "link", "img", "iframe", "object", "form", "a"} & set(seen.tags)
    assert not {n for n, _ in seen.attributes} & {"src", "href", "onload", "onclick", "style", "srcset"}
    assert not re.search(rb"https?://|@import|url\(", page)
    assert any(value.startswith("default-src 'none';") for name, value in seen.attributes if name == "content")


def test_a_hostile_name_of_a_unit_or_community_stays_a_text(composed: Compose, street: Any) -> None:
    """Names come from a register that anybody may have filled in."""
    street.seq = 1
    street.put("units", unit_id="C01", version=2, name=HOSTILE)
    street.put("areas", area_id="C01", version=2, name=HOSTILE, level="community", community="C01")
    seen = _Page(to_html(composed(2)))
    assert not {"script", "img"} & set(seen.tags)
    assert not [n for n, _ in seen.attributes if n.startswith("on")]


def test_a_hostile_word_of_the_plan_stays_a_text(street: Any, plan: CampaignPlan, composed: Compose) -> None:
    """Topics, titles and warnings are escaped like everything else."""
    report = attrs.evolve(composed(2, warnings=(HOSTILE,)), title=HOSTILE, issuer=HOSTILE, period=HOSTILE)
    seen = _Page(to_html(report))
    assert not {"script", "img"} & set(seen.tags)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_report_is_the_same_page(composed: Compose, language: str) -> None:
    """Two renderings differ in no byte."""
    assert to_html(composed(2, language)) == to_html(composed(2, language))


def test_a_page_names_its_checkpoint_and_its_language(composed: Compose) -> None:
    """Each paper copy is a witness of the ledger's state."""
    assert "3-9f3c-5b7a-1d2e" in to_html(composed(2)).decode()
    assert '<html lang="zh-CN">' in to_html(composed(2)).decode()
    assert '<html lang="en">' in to_html(composed(2, "en")).decode()


def test_the_ids_on_a_page_are_unique(composed: Compose) -> None:
    """Each chart's title and description belong to that chart alone."""
    ids = [value for name, value in _Page(to_html(composed(2))).attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert ids


def test_every_printed_page_bears_the_checkpoint(composed: Compose) -> None:
    """In the page's margin, which a browser prints on each sheet; whatever the code is, it ends no style sheet."""
    page = to_html(composed(2)).decode()
    code = composed(2).checkpoint
    assert f'@page {{ @bottom-left {{ content: "检查点 {code}"' in page
    hostile = to_html(attrs.evolve(composed(2), checkpoint='1"; } </style>\\', signature=HOSTILE))
    (margin,) = re.findall(r"@bottom-left \{ content: (.*?);", hostile.decode())
    assert margin == '"检查点 1  style"'
    assert not {"script", "img"} & set(_Page(hostile).tags)
