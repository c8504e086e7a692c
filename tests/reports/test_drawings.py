from __future__ import annotations

import re
from itertools import pairwise
from xml.etree.ElementTree import fromstring

import pytest

from zoufang.reports.document import Chart, ChartKind, Series, Share
from zoufang.reports.drawing import cut, ticks, width_of
from zoufang.reports.svg import draw

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</text><script>alert(1)</script>"


def _chart(kind: ChartKind, categories: tuple[str, ...], *series: Series) -> Chart:
    return Chart(kind, "标题", "说明", categories, series, axis="周次", unit="件")


@pytest.mark.parametrize("kind", list(ChartKind))
def test_no_name_becomes_markup(kind: ChartKind) -> None:
    """A hostile unit name is a text in every kind of chart."""
    root = fromstring(draw(_chart(kind, (HOSTILE, "乙"), Series(HOSTILE, (3, 5))), "c"))  # noqa: S314
    assert {e.tag for e in root.iter()} <= {
        "svg", "title", "desc", "text", "line", "rect", "polyline", "polygon", "circle",
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(ChartKind))
def test_every_chart_says_what_it_is_to_those_who_hear_it(kind: ChartKind) -> None:
    """Title and description are named by the picture itself."""
    root = fromstring(draw(_chart(kind, ("1",), Series("件", (3,))), "c7"))  # noqa: S314
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c7-title c7-desc"
    assert [root.find(t).text for t in ("title", "desc")] == ["标题", "说明"]  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_chart_without_data_or_with_gaps_is_drawn(kind: ChartKind) -> None:
    """An empty week, or a campaign that has not begun, is no error."""
    assert draw(_chart(kind, (), Series("件", ())), "c").startswith("<svg")
    assert draw(_chart(kind, ("1", "2", "3"), Series("件", (1, None, Share(0, 0, "无案例")))), "c")


def test_labels_at_the_ends_of_lines_keep_apart() -> None:
    """Three lines that end at nearly one height have three labels at least one line apart."""
    chart = _chart(ChartKind.LINES, ("1", "2"), *(Series(f"线{i}", (5, 50 + i)) for i in range(3)))
    found = re.findall(r'y="([\d.]+)"[^>]*>(5[012])<', draw(chart, "c"))
    heights = sorted(float(y) for y, _ in found)
    assert len(heights) == 3
    assert min(b - a for a, b in pairwise(heights)) >= 13


def test_labels_along_the_axis_do_not_touch() -> None:
    """With forty weeks only so many numbers are written as have room."""
    chart = _chart(ChartKind.STACKED, tuple(f"第{i}周" for i in range(40)), Series("件", (1,) * 40))
    xs = sorted(float(x) for x in re.findall(r'<text x="([\d.]+)"[^>]*>第\d+周<', draw(chart, "c")))
    assert len(xs) >= 5
    assert min(b - a for a, b in pairwise(xs)) >= width_of("第39周", 11)


def test_a_long_name_is_cut_to_its_room() -> None:
    """A name longer than its room ends with an ellipsis and fits."""
    assert cut("安全装备产业园管委会", 60) == "安全装备…"
    assert cut("建设办", 60) == "建设办"


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(0, (0, 1)), (1, (0, 1)), (7, (0, 2, 4, 6, 8)), (80, (0, 20, 40, 60, 80)), (2781, (0, 1000, 2000, 3000))],
)
def test_axes_have_round_numbers_up_to_the_highest_value(highest: int, expected: tuple[int, ...]) -> None:
    """Steps are 1, 2 or 5 times a power of ten, and the last is not below the data."""
    assert ticks(highest) == expected


def test_the_same_chart_is_the_same_picture() -> None:
    """Nothing in a picture depends on when or how often it is drawn."""
    chart = _chart(ChartKind.TILES, ("田厂社区",), Series("率", (Share(1, 3, "33.33%"),)))
    assert draw(chart, "c") == draw(chart, "c")
