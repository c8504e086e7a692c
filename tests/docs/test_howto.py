"""The programs in the how-to pages run, each page in an empty folder."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zoufang.errors import BadInputError
from zoufang.intake import parse_plan, plan_text

HOW_TO = Path(__file__).resolve().parents[2] / "docs/how-to"

# What a page takes as given.
GIVEN = {
    "import-other-files.md": {
        "mailbox.csv": (
            "编号,时间,标题,办结日期\nL-1,2023/03/02 08:30,楼道垃圾,2023-03-04\nL-2,2023/03/03 09:00,路灯,2023-03-01\n"
        )
    }
}


def _blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


PAGES = [page.name for page in sorted(HOW_TO.glob("*.md")) if _blocks(page, "python")]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_followed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page's Python blocks run one after the other, and what they assert is true."""
    monkeypatch.chdir(tmp_path)
    for file, content in GIVEN.get(name, {}).items():
        Path(file).write_text(content, encoding="utf-8")
    for block in _blocks(HOW_TO / name, "toml"):
        Path("town-mailbox.toml").write_text(block, encoding="utf-8")
    exec(compile("\n".join(_blocks(HOW_TO / name, "python")), name, "exec"), {})  # noqa: S102 - our own pages


def test_the_impossible_letter_is_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page on other systems' files prints the letter that was closed before it was written."""
    test_a_page_can_be_followed("import-other-files.md", tmp_path, monkeypatch)
    assert capsys.readouterr().out == "3 办结日期 closed_before_written closed before it was written\n"


def test_the_refusal_that_the_page_on_plans_shows_is_the_real_one(tmp_path: Path) -> None:
    """A mistyped entry of a plan is refused with its line and a suggestion, as the page says."""
    text = plan_text("blank").replace("\nweekday", "\nweekdai")
    with pytest.raises(BadInputError) as refused:
        parse_plan(text, file="my-street/plan.toml")
    (shown,) = _blocks(HOW_TO / "write-a-plan.md", "text")
    assert shown.strip() in str(refused.value)
