"""The signed checkpoint on the page is a test vector: it is checked by three programs, none of which made it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from zoufang.proof import checker, checkpoint_from

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/how-to/check-a-ledger.md").read_text(encoding="utf-8")
(SHOWN,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
VALUES = json.loads(SHOWN)
NAMES = ("format", "ledger", "seq", "chain", "signed_at", "public_key")
SIGNED = "".join(f"{VALUES[name]}\n" for name in NAMES).encode("ascii")


def test_the_vector_is_a_genuine_checkpoint() -> None:
    """To the library, and to the checker in plain Python."""
    read = checkpoint_from(SHOWN.encode(), file="page")
    assert read.genuine
    assert read.message == SIGNED
    assert checker.signature(VALUES, [str(VALUES[name]) for name in NAMES])
    assert read.to_json() == SHOWN


def test_the_page_says_what_is_signed() -> None:
    """How many bytes, and their digest; the key's id; the RFC's own public key."""
    assert f"the {len(SIGNED)} bytes" in PAGE.replace("\n", " ")
    assert f"`{hashlib.sha256(SIGNED).hexdigest()[:16]}`" in PAGE
    assert VALUES["key_id"] == hashlib.sha256(bytes.fromhex(VALUES["public_key"])).hexdigest()[:16]
    assert VALUES["public_key"].startswith("d75a980182b10ab7d54bfed3c964073a")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the program openssl")
def test_openssl_says_the_same(tmp_path: Path) -> None:
    """Another program of another maker, in another language."""
    der = bytes.fromhex("302a300506032b6570032100" + VALUES["public_key"])
    pem = f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(der).decode()}\n-----END PUBLIC KEY-----\n"
    (tmp_path / "key.pem").write_text(pem, encoding="ascii")
    (tmp_path / "message").write_bytes(SIGNED)
    (tmp_path / "signature").write_bytes(bytes.fromhex(VALUES["signature"]))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin", "-in", "message"]
    done = subprocess.run(
        [*command, "-sigfile", "signature"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "Signature Verified Successfully" in done.stdout, done.stderr
