"""Keys, checkpoints and bundles as an office types them: exit codes, sentences in two languages, files that stay."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from zoufang.facts import FACT_TABLES

PASSPHRASE = {"ZOUFANG_KEY_PASSPHRASE": "geheim"}
WHO = ("--person", "P-3", "--purpose", "答复审计")
CODE = r"\d+-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}"


@pytest.fixture
def key(office: Any, tmp_path: Path) -> Path:
    """A signing key of the office, whose public half lies in the folder."""
    path = tmp_path / "safe" / "office.pem"
    assert office.cli("keys", "new", path, env=PASSPHRASE).exit_code == 0
    (office.path / "keys").mkdir()
    shutil.copy(path.with_suffix(".pub.pem"), office.path / "keys")
    return path


@pytest.fixture
def week(office: Any, key: Path) -> Any:
    """The office's folder after its first week, the dispatch signed."""
    office.fill()
    ran = office.cli("run", office.path, "--today", "2023-03-06", "--key", key, env=PASSPHRASE)
    assert ran.exit_code == 0, ran.output
    return office


def kept(office: Any, key: Path, tmp_path: Path, name: str = "kept.json") -> Path:
    """Sign where the ledger stands and keep it outside of the folder."""
    path = tmp_path / name
    done = office.cli("checkpoint", office.path, "--key", key, "--out", path, env=PASSPHRASE)
    assert done.exit_code == 0, done.output
    return path


def test_a_key_is_made_once(office: Any, tmp_path: Path) -> None:
    """Mode 600, both halves named, never overwritten; without a passphrase a warning is printed."""
    made = office.cli("keys", "new", tmp_path / "k.pem", env=PASSPHRASE)
    assert made.exit_code == 0
    assert stat.S_IMODE((tmp_path / "k.pem").stat().st_mode) == 0o600
    before = (tmp_path / "k.pem").read_bytes()
    again = office.cli("keys", "new", tmp_path / "k.pem", env=PASSPHRASE)
    assert (again.exit_code, (tmp_path / "k.pem").read_bytes()) == (2, before)
    assert "密钥不会被覆盖" in again.output
    (shown,) = re.findall(r"密钥编号 ([0-9a-f]{16})", made.output)
    assert office.cli("keys", "show", tmp_path / "k.pub.pem").output.split()[0] == shown
    open_ = office.cli("keys", "new", tmp_path / "open.pem", "--no-passphrase", "--lang", "en")
    assert open_.exit_code == 0
    assert "no passphrase" in open_.stderr


def test_a_wrong_passphrase_is_bad_input(office: Any, key: Path, tmp_path: Path) -> None:
    """Nothing is signed."""
    office.fill()
    office.run()
    out = tmp_path / "c.json"
    done = office.cli("checkpoint", office.path, "--key", key, "--out", out, env={"ZOUFANG_KEY_PASSPHRASE": "falsch"})
    assert done.exit_code == 2
    assert "口令打不开签名密钥" in done.output
    assert not out.exists()


def test_without_the_package_it_says_what_to_install(
    office: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 2, in both languages."""
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    for lang in ("zh", "en"):
        done = office.cli("keys", "new", tmp_path / "k.pem", "--lang", lang, env=PASSPHRASE)
        assert done.exit_code == 2
        assert 'pip install "zoufang[secure]"' in done.output


def test_verify_finds_the_checkpoint(week: Any, key: Path, tmp_path: Path) -> None:
    """The signed file, the printed code, several at once; with the folder's key, or one that is given."""
    path = kept(week, key, tmp_path)
    code = re.findall(CODE, (week.path / "dispatches/dispatch-01.html").read_text(encoding="utf-8"))[0]
    done = week.cli("verify", week.path, "--checkpoint", path, "--checkpoint", code)
    assert done.exit_code == 0, done.output
    assert done.output.count("台账原样包含它") == 2
    assert "签名有效" in done.output
    given = week.cli(
        "verify",
        week.path / "ledger.sqlite",
        "--checkpoint",
        path,
        "--key",
        key.with_suffix(".pub.pem"),
        "--lang",
        "en",
    )
    assert given.exit_code == 0
    assert "contains it unchanged" in given.output
    assert "signature good" in given.output


def test_verify_tells_an_unknown_key_apart(week: Any, key: Path, tmp_path: Path) -> None:
    """A ledger's file alone has no keys beside it; a stranger's key is no help."""
    path = kept(week, key, tmp_path)
    week.cli("keys", "new", tmp_path / "other.pem", "--no-passphrase")
    for words in ((), ("--key", tmp_path / "other.pub.pem")):
        done = week.cli("verify", week.path / "ledger.sqlite", "--checkpoint", path, *words)
        assert done.exit_code == 1
        assert "不在已知公钥之列" in done.output


def test_verify_tells_a_forged_signature_apart(week: Any, key: Path, tmp_path: Path) -> None:
    """One digit of the link changed in the file."""
    path = kept(week, key, tmp_path)
    values = json.loads(path.read_text(encoding="ascii"))
    values["chain"] = values["chain"][:-1] + ("0" if values["chain"][-1] != "0" else "1")
    path.write_text(json.dumps(values), encoding="ascii")
    done = week.cli("verify", week.path, "--checkpoint", path)
    assert done.exit_code == 1
    assert "签名是假的" in done.output
    assert "forged" in week.cli("verify", week.path, "--checkpoint", path, "--lang", "en").output


def test_verify_finds_a_ledger_that_was_cut_off(week: Any, key: Path, tmp_path: Path) -> None:
    """The last commit deleted with plain SQL: in order by itself, and shorter than it was."""
    path = kept(week, key, tmp_path)
    last = json.loads(path.read_text(encoding="ascii"))["seq"]
    with closing(sqlite3.connect(week.path / "ledger.sqlite")) as raw, raw:
        raw.execute("DELETE FROM commits WHERE seq = ?", (last,))
        for table in FACT_TABLES:
            raw.execute(f'DELETE FROM "{table.name}" WHERE commit_seq = ?', (last,))
    assert week.cli("verify", week.path).exit_code == 0
    done = week.cli("verify", week.path, "--checkpoint", path)
    assert done.exit_code == 1
    assert f"现在只到第 {last - 1} 号" in done.output


def test_a_kept_link_does_not_excuse_a_changed_row(week: Any, key: Path, tmp_path: Path) -> None:
    """A row of an early commit changed, the links left alone: the checkpoint does not hold, and the commit is named."""
    path = kept(week, key, tmp_path)
    with closing(sqlite3.connect(week.path / "ledger.sqlite")) as raw, raw:
        (seq,) = raw.execute("SELECT min(commit_seq) FROM visits").fetchone()
        raw.execute("UPDATE visits SET outcome = 'met'")
    code = f"{seq - 1}-" + "-".join(re.findall("....", week.ledger("SELECT chain FROM commits")[seq - 2][0][:12]))
    done = week.cli("verify", week.path, "--checkpoint", path, "--checkpoint", code)
    assert done.exit_code == 1
    assert f"链值虽同，但第 {seq} 号提交已不完好" in done.output
    assert f"检查点 {code}：台账原样包含它" in done.output, "what stood before the change is what it was"


def test_verify_tells_another_ledger_apart(week: Any, key: Path, tmp_path: Path) -> None:
    """A second campaign of the same plan: its checkpoint says nothing about this one."""
    path = kept(week, key, tmp_path)
    second = tmp_path / "second"
    week.cli("init", second)
    shutil.copytree(week.path / "inbox", second / "inbox", dirs_exist_ok=True)
    assert week.cli("run", second, "--today", "2023-03-06").exit_code == 0
    done = week.cli("verify", second, "--checkpoint", path, "--key", key.with_suffix(".pub.pem"))
    assert done.exit_code == 1
    assert "另一份台账" in done.output
    code = json.loads(path.read_text(encoding="ascii"))
    short = f"{code['seq']}-{code['chain'][:4]}-{code['chain'][4:8]}-{code['chain'][8:12]}"
    assert week.cli("verify", second, "--checkpoint", short).exit_code == 1


@pytest.mark.parametrize("given", ["nowhere.json", "12-34", ""])
def test_what_is_no_checkpoint_is_bad_input(week: Any, given: str) -> None:
    """Exit code 2, and the ledger is not read."""
    done = week.cli("verify", week.path, "--checkpoint", given)
    assert done.exit_code == 2
    assert "台账完好" not in done.output


def test_a_checkpoint_is_not_replaced(week: Any, key: Path, tmp_path: Path) -> None:
    """A witness stays what it was."""
    path = kept(week, key, tmp_path)
    before = path.read_bytes()
    done = week.cli("checkpoint", week.path, "--key", key, "--out", path, env=PASSPHRASE)
    assert (done.exit_code, path.read_bytes()) == (2, before)


def test_the_dispatch_says_who_signed_it(week: Any, tmp_path: Path) -> None:
    """In the page and in the workbook; printed again it is the same, and the seal does not change."""
    signed = json.loads((week.path / "checkpoints/dispatch-01.json").read_text(encoding="ascii"))
    page = (week.path / "dispatches/dispatch-01.html").read_text(encoding="utf-8")
    assert signed["signature"] in page
    assert signed["key_id"] in page
    book = openpyxl.load_workbook(week.path / "dispatches/dispatch-01.xlsx")
    last = [cell.value for row in book.worksheets[-1].iter_rows() for cell in row if cell.value]
    assert any(signed["signature"] in str(value) for value in last)
    again = week.cli("dispatch", week.path, 1, "--out", tmp_path / "again.html")
    assert again.exit_code == 0
    assert "不符" not in again.output
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page
    assert week.cli("verify", week.path, "--checkpoint", week.path / "checkpoints/dispatch-01.json").exit_code == 0


def test_a_dispatch_does_not_print_a_forged_signature(week: Any, tmp_path: Path) -> None:
    """Its checkpoint's file was changed: refused, and nothing is written."""
    path = week.path / "checkpoints/dispatch-01.json"
    values = json.loads(path.read_text(encoding="ascii"))
    path.write_text(json.dumps({**values, "signed_at": "2023-03-05T00:00:00.000000Z"}), encoding="ascii")
    done = week.cli("dispatch", week.path, 1, "--out", tmp_path / "again.html")
    assert done.exit_code == 2
    assert "与第 1 期通报不符" in done.output
    assert not (tmp_path / "again.html").exists()


def test_the_checkpoint_stands_on_every_sheet(week: Any) -> None:
    """At the foot of every sheet of every workbook that goes out, and in its properties; and in each page's margin."""
    commits = dict(week.ledger("SELECT seq, substr(chain, 1, 12) FROM commits"))
    books = sorted([*week.path.glob("outbox/*.xlsx"), *week.path.glob("dispatches/*.xlsx")])
    assert len(books) >= 6
    for path in books:
        book = openpyxl.load_workbook(path)
        (code,) = re.findall(CODE, book.properties.description or "")
        seq, *digits = code.split("-")
        assert commits[int(seq)] == "".join(digits), path.name
        for sheet in book.worksheets:
            assert code in str(sheet.oddFooter.left.text), f"{path.name}: {sheet.title}"
    page = (week.path / "dispatches/dispatch-01.html").read_text(encoding="utf-8")
    (foot,) = re.findall(rf'@bottom-left {{ content: "检查点 ({CODE})"', page)
    assert page.count(foot) == 2


# --- bundles -----------------------------------------------------------------------------------------------------


def test_a_figure_is_proved_and_checked(week: Any, key: Path, tmp_path: Path) -> None:
    """Signed, by unit, as in the first dispatch; checked without the ledger; and each person finds their case."""
    out = tmp_path / "f.zip"
    words = ("--figure", "received", "--as-of", 1, "--by", "unit", "--out", out, "--key", key)
    made = week.cli("proof", week.path, *WHO, *words, env=PASSPHRASE)
    assert made.exit_code == 0, made.output
    assert "P-3，用途：答复审计" in made.stderr
    assert week.ledger('SELECT "by", n_found, purpose FROM lookups') == [("figure:received", 3, "答复审计")]
    checked = week.cli("verify-proof", out, "--key", key.with_suffix(".pub.pem"))
    assert checked.exit_code == 0, checked.output
    assert "received = 3/3" in checked.output
    page = (week.path / "dispatches/dispatch-01.html").read_text(encoding="utf-8")
    assert re.findall(CODE, page)[0] in checked.output
    for one in ("HL-1", "HL-2", "V-2-1"):
        paper = tmp_path / f"{one}.json"
        assert week.cli("proof", week.path, *WHO, one, "--in", out, "--out", paper).exit_code == 0
        mine = week.cli("verify-proof", out, "--slip", paper, "--lang", "en")
        assert mine.exit_code == 0
        assert f"case {one} is in the list, counted as a hit" in mine.output


def test_a_ticket_of_a_file_is_proved_alone(week: Any, key: Path, tmp_path: Path) -> None:
    """The hotline's file was recorded in one commit; the bundle shows one call of it, and no word of anybody."""
    out = tmp_path / "t.zip"
    done = week.cli("proof", week.path, *WHO, "HL-1", "--out", out, "--key", key, env=PASSPHRASE)
    assert done.exit_code == 0, done.output
    checked = week.cli("verify-proof", out, "--key", key.with_suffix(".pub.pem"), "--lang", "en")
    assert checked.exit_code == 0, checked.output
    assert "only rows of this ticket" in checked.output
    with ZipFile(out) as archive:
        text = archive.read("content.json").decode()
    assert '"HL-1"' in text
    for other in ("HL-2", "V-2-1", "V-1", "慕容", "137", "放学路上", "上官"):
        assert f'"{other}' not in text


def test_a_spoilt_bundle_is_not_in_order(week: Any, key: Path, tmp_path: Path) -> None:
    """Exit code 1; what is no bundle has 2."""
    out = tmp_path / "f.zip"
    week.cli("proof", week.path, *WHO, "--figure", "received", "--out", out, "--key", key, env=PASSPHRASE)
    week.cli("keys", "new", tmp_path / "other.pem", "--no-passphrase")
    done = week.cli("verify-proof", out, "--key", tmp_path / "other.pub.pem")
    assert done.exit_code == 1
    assert "不在已知公钥之列" in done.output
    assert "不能采信" in done.output
    assert week.cli("verify-proof", week.path / "ledger.sqlite").exit_code == 2
    assert week.cli("verify-proof", tmp_path / "none.zip").exit_code == 2


def test_an_unsigned_bundle_says_so(week: Any, tmp_path: Path) -> None:
    """When it is made and when it is checked; it is not replaced."""
    out = tmp_path / "f.zip"
    made = week.cli("proof", week.path, *WHO, "--figure", "visited", "--out", out, "--lang", "en")
    assert made.exit_code == 0
    assert "unsigned" in made.stderr
    checked = week.cli("verify-proof", out, "--lang", "en")
    assert checked.exit_code == 0
    assert "unsigned" in checked.stderr
    before = out.read_bytes()
    assert week.cli("proof", week.path, *WHO, "--figure", "visited", "--out", out).exit_code == 2
    assert out.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("HL-1", "--figure", "visited"),
        ("HL-1", "--as-of", "1"),
        ("--figure", "visited", "--in", "x.zip"),
        ("--figure", "no such"),
        ("--figure", "visited", "--as-of", "9"),
        ("nobody",),
        ("HL-1", "--checkpoint", "1-0000-0000-0000"),
    ],
)
def test_a_wrong_question_is_bad_input(week: Any, tmp_path: Path, words: tuple[str, ...]) -> None:
    """Exit code 2, and nothing is written."""
    done = week.cli("proof", week.path, *WHO, *words, "--out", tmp_path / "o.zip")
    assert done.exit_code == 2
    assert not (tmp_path / "o.zip").exists()


@pytest.mark.parametrize("person", ["P-2", "nobody"])
def test_who_may_not_give_proof_gets_none(week: Any, tmp_path: Path, person: str) -> None:
    """A handler, and somebody who is not in the register: exit code 2, nothing written, nothing recorded."""
    before = week.ledger("SELECT count(*) FROM commits")
    out = tmp_path / "o.zip"
    done = week.cli("proof", week.path, "HL-1", "--out", out, "--person", person, "--purpose", "看看")
    assert done.exit_code == 2
    assert not out.exists()
    assert week.ledger("SELECT count(*) FROM commits") == before
