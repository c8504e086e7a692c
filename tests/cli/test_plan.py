"""`zoufang plan check` and `zoufang plan show`, as a user types them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from zoufang.cli.plan import plan
from zoufang.intake.plans import plan_text

TEXT = plan_text("huangtun-2023")


def _run(*words: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(plan, list(words), env={"ZOUFANG_LANG": None, **(env or {})})


@pytest.fixture
def spoilt(tmp_path: Path) -> Path:
    """A plan in which nobody answers for households and two days belong to no phase."""
    path = tmp_path / "plan.toml"
    text = TEXT.replace('kinds = ["household"]', 'kinds = ["enterprise"]', 1)
    path.write_text(text.replace("ends_on = 2023-04-30", "ends_on = 2023-04-27"), encoding="utf-8")
    return path


def test_a_good_plan_passes_with_its_remarks() -> None:
    """Remarks do not make a plan unusable."""
    done = _run("check", "huangtun-2023")
    assert done.exit_code == 0
    assert "102 天" in done.stdout
    assert "错误" not in done.stdout
    assert done.stdout.endswith("方案 huangtun-2023 可以使用。\n")


def test_the_language_is_chosen_by_option_or_by_environment() -> None:
    """Chinese is the default; the option is stronger than the environment."""
    assert "102 days" in _run("check", "huangtun-2023", "--lang", "en").stdout
    assert "102 days" in _run("check", "huangtun-2023", env={"ZOUFANG_LANG": "en"}).stdout
    assert "102 天" in _run("check", "huangtun-2023", "--lang", "zh", env={"ZOUFANG_LANG": "en"}).stdout


def test_errors_are_told_with_line_and_clause_and_end_with_code_2(spoilt: Path) -> None:
    """Two faults, both named, before anything else."""
    done = _run("check", str(spoilt))
    assert done.exit_code == 2
    assert "“居民户”没有责任单位" in done.stdout
    assert "2023-04-28 至 2023-04-29 不属于任何阶段" in done.stdout
    line = next(n for n, text in enumerate(TEXT.split("\n"), 1) if text == "starts_on = 2023-04-30")
    assert f"$.phases[2].starts_on（第 {line} 行，方案 四(三)）" in done.stdout


def test_a_file_that_is_no_plan_is_told_on_stderr_with_code_2(tmp_path: Path) -> None:
    """Nothing on the standard output, so that a script is not misled."""
    path = tmp_path / "plan.toml"
    path.write_text(TEXT.replace("2023-02-28", "2023-02-30"), encoding="utf-8")
    for command in ("check", "show"):
        done = _run(command, str(path))
        assert (done.exit_code, done.stdout) == (2, "")
        assert "$.phases[0].ends_on" in done.stderr
        assert "没有 2023-02-30 这一天" in done.stderr


def test_a_missing_file_is_one_sentence_and_code_2() -> None:
    """With the name that was probably meant."""
    done = _run("check", "huangtun2023", "--lang", "en")
    assert done.exit_code == 2
    assert "did you mean huangtun-2023?" in done.stderr


def test_show_draws_the_phases_with_their_days() -> None:
    """61 days and 43 working days of visits, in dispatches 1 to 9."""
    done = _run("show", "huangtun-2023")
    assert done.exit_code == 0
    row = next(line for line in done.stdout.split("\n") if "集中走访阶段" in line and "2023-03-01" in line)
    assert row.split() == ["集中走访阶段", "2023-03-01", "2023-04-30", "61", "1–9", "43", "四(二)"]


def test_show_draws_fifteen_weeks() -> None:
    """The week before Labour Day belongs to two phases and is dispatched on 1 May."""
    lines = _run("show", "huangtun-2023").stdout.split("\n")
    weeks = [line.split() for line in lines if " – " in line]
    assert len(weeks) == 15
    assert weeks[8] == ["9", "04-24", "–", "04-30", "5", "■", "■", "2023-05-01"]
    assert weeks[9] == ["10", "05-01", "–", "05-07", "3", "■", "2023-05-08"]


def test_show_draws_the_matrix() -> None:
    """Two joint leads for shops, two kinds for 建设办."""
    lines = [line.split() for line in _run("show", "huangtun-2023").stdout.split("\n")]
    assert ["综合执法大队", "共同牵头", "二"] in lines
    assert ["市场监督管理所", "共同牵头", "二"] in lines
    assert ["建设办", "牵头", "牵头", "二"] in lines


def test_show_draws_limits_and_gates() -> None:
    """Five working days and ten more; a visit in the phase of rectification is recorded and marked."""
    lines = _run("show", "huangtun-2023").stdout.split("\n")
    assert any("5 个工作日，可延长 10 个，退单 2 个工作日（shandong-2020）" in line for line in lines)
    assert any("登记走访" in line and "整改反馈阶段：登记并加标记" in line for line in lines)


def test_show_draws_masks(tmp_path: Path) -> None:
    """Where, to whom, and how much; in both languages."""
    path = tmp_path / "p.toml"
    line = '\n[[masks]]\nwhere = "words"\nmask = "initial"\nroles = ["grid_worker"]\nclause = "五(一)"\n'
    path.write_text(TEXT + line, encoding="utf-8")
    lines = _run("show", str(path)).stdout.split("\n")
    assert any("查看原话" in one and "网格员：留姓氏和号码首尾" in one and "五(一)" in one for one in lines)
    assert "grid_worker: surname, and both ends of a number" in _run("show", str(path), "--lang", "en").stdout


def test_a_year_is_written_as_a_plan_has_it() -> None:
    """2023 is official; 2040 is assumed, and says so in the reader's language."""
    pytest.importorskip("chinese_calendar")
    pytest.importorskip("holidays")
    (table,) = tomllib.loads(_run("year", "2023").stdout)["calendar"]
    assert table == tomllib.loads(TEXT)["calendar"][0] | {"off": table["off"], "working": table["working"]}
    assert set(table["off"]) == set(tomllib.loads(TEXT)["calendar"][0]["off"])
    for words, said in (((), "以下为推定"), (("--source", "holidays"), "以下为推定"), (("--lang", "en"), "assumed")):
        done = _run("year", "2040", *words)
        assert done.exit_code == 0
        assert said in done.stdout.split("\n")[0]
        assert tomllib.loads(done.stdout)["calendar"][0]["status"] == "assumed"


def test_show_does_not_cut_chinese_words_off() -> None:
    """Long cells are folded; an ellipsis would hide what the street declared."""
    for language in ("zh", "en"):
        assert "…" not in _run("show", "huangtun-2023", "--lang", language).stdout


def test_show_refuses_a_plan_with_errors(spoilt: Path) -> None:
    """A calendar with a hole in it is not drawn."""
    done = _run("show", str(spoilt))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "zoufang plan check" in done.stderr


def test_square_brackets_in_a_plan_are_not_read_as_markup(tmp_path: Path) -> None:
    """What the plan says is what is drawn."""
    path = tmp_path / "plan.toml"
    path.write_text(TEXT.replace('name = "建设办"', 'name = "建设办[red]"'), encoding="utf-8")
    assert "建设办[red]" in _run("show", str(path)).stdout


def test_the_help_teaches_in_both_languages() -> None:
    """Chinese first, then English, and the packaged plans by name."""
    said = _run("check", "--help").stdout
    assert said.index("检查方案") < said.index("check a plan")
    assert "huangtun-2023" in said
