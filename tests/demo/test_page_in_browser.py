"""The weekly dispatch, opened in a real browser without a network."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps",
    "--hide-scrollbars", "--window-size=1000,1400", "--proxy-server=127.0.0.1:9", "--enable-logging=stderr",
)  # fmt: skip

BROWSER = "not an origin"
"""Who asks for what the browser wants for itself."""


def looked_at(chromium: str, page: Path, home: Path, *what: str) -> subprocess.CompletedProcess[str]:
    """Open a page and note every request in a log."""
    line = [chromium, *QUIET, f"--user-data-dir={home / 'profile'}", f"--log-net-log={home / 'net.json'}", *what]
    return subprocess.run([*line, page.as_uri()], capture_output=True, text=True, check=True, timeout=100)


def requested(log: Path) -> set[str]:
    """Return what the page asked for beyond this machine; the browser's own errands do not count."""
    events = json.loads(log.read_text(encoding="utf-8"))["events"]
    asked = (event["params"] for event in events if isinstance(event.get("params"), dict))
    urls = {str(one["url"]) for one in asked if "url" in one and one.get("initiator", BROWSER) != BROWSER}
    return {url for url in urls if not url.startswith(("file:", "data:"))}


def inked(png: Path) -> tuple[int, int]:
    """Return how many rows of a picture hold more than one byte value, and how many rows there are."""
    data, place, packed, height, width = png.read_bytes(), 8, b"", 0, 0
    while place < len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        name, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + size]
        if name == b"IHDR":
            width, height = struct.unpack(">II", body[:8])
        packed += body if name == b"IDAT" else b""
        place += size + 12
    raw = zlib.decompress(packed)
    wide = len(raw) // height
    assert wide > width
    return sum(len(set(raw[n * wide + 1 : (n + 1) * wide])) > 1 for n in range(height)), height


def test_a_dispatch_opens_offline_without_a_complaint(demo: Any, chromium: str, tmp_path: Path) -> None:
    """No request leaves the page, the console stays empty, and Chinese text stands in what was drawn."""
    page = demo.folder / "dispatches" / "dispatch-05.html"
    done = looked_at(chromium, page, tmp_path, "--dump-dom")
    assert "周调度通报" in done.stdout
    assert "入户走访率" in done.stdout
    assert [line for line in done.stderr.splitlines() if "CONSOLE" in line] == []
    assert requested(tmp_path / "net.json") == set()


def test_a_page_that_asks_for_something_is_caught(chromium: str, tmp_path: Path) -> None:
    """The test above can fail: a style sheet and a picture from elsewhere are seen in the log."""
    page = tmp_path / "page.html"
    page.write_text(
        '<link rel="stylesheet" href="https://fonts.googleapis.com/css"><img src="http://example.invalid/x.png">'
    )
    looked_at(chromium, page, tmp_path, "--dump-dom")
    assert requested(tmp_path / "net.json") == {"https://fonts.googleapis.com/css", "http://example.invalid/x.png"}


def test_a_dispatch_is_more_than_an_empty_page(demo: Any, chromium: str, tmp_path: Path) -> None:
    """Most lines of the picture hold ink."""
    picture = tmp_path / "page.png"
    looked_at(chromium, demo.folder / "dispatches" / "dispatch-05.html", tmp_path, f"--screenshot={picture}")
    some, of = inked(picture)
    assert of == 1400
    assert some > of // 2


COUNT_LINES = """<script>
addEventListener("load", () => {
  const lines = (cell) => { const all = document.createRange(); all.selectNodeContents(cell);
    return new Set([...all.getClientRects()].map((box) => Math.round(box.bottom / 4))).size; };
  const rows = [...document.querySelectorAll("section:not(.appendix) table.wide tbody tr")];
  const cells = rows.map((row) => row.lastElementChild);
  const table = rows.length ? rows[0].closest("table") : document.body;
  document.title = JSON.stringify({ cells: cells.length, lines: Math.max(...cells.map(lines)),
    fits: table.scrollWidth <= document.body.clientWidth });
});
</script>"""


def test_in_print_the_last_column_of_the_estimates_keeps_to_one_line(demo: Any, chromium: str, tmp_path: Path) -> None:
    """With the style of paper on 176 mm, what A4 leaves between its margins: no cell wraps, nothing sticks out."""
    page = (demo.folder / "dispatches" / "dispatch-12.html").read_text(encoding="utf-8")
    assert page.count("@media print") == 1
    head, _, rest = page.replace("@media print", "@media all").partition("</head>")
    unguarded = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", head)
    paper = tmp_path / "paper.html"
    width = "<style>body { width: 176mm !important; margin: 0 !important; }</style>"
    paper.write_text(f"{unguarded}{width}{COUNT_LINES}</head>{rest}", encoding="utf-8")
    done = looked_at(chromium, paper, tmp_path, "--dump-dom")
    (said,) = re.findall(r"<title>(.*?)</title>", done.stdout)
    found = json.loads(said)
    assert found["cells"] > 1
    assert (found["lines"], found["fits"]) == (1, True)
