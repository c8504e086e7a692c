"""The project's chores. `nox --list` prints them; `nox` alone runs the tests and the lint."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.download_python = "never"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["tests", "lint"]

HERE = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
CONSTRAINTS = "constraints.txt"
PLUGINS = sorted(str(p.parent.relative_to(HERE)) for p in HERE.glob("plugins/*/pyproject.toml"))


@nox.session
def demo(session: nox.Session) -> None:
    """Run a made-up street's hundred days, from its files to its last weekly dispatch."""
    install_project(session)
    session.run("zoufang", "demo", "--out", "demo-out", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run every test that a change must pass."""
    install_project(session, "tests")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session
def sweep(session: nox.Session) -> None:
    """Run the tests again with far more examples, and with those too long for every change."""
    install_project(session, "tests")
    session.run("pytest", "-n", "2", "-m", "not faults", *session.posargs, env={"HYPOTHESIS_PROFILE": "sweep"})


@nox.session
def faults(session: nox.Session) -> None:
    """Kill, tear, tamper, fill the disk, each as often as promised, and print what was lost; `-- release` for hours."""
    install_project(session, "tests")
    words = [word for word in session.posargs if word != "release"]
    env = {"ZOUFANG_FAULTS": "release"} if "release" in session.posargs else {}
    session.run("pytest", "tests/faults", "-n", "2", "-m", "faults or not often", *words, env=env)


@nox.session
def canaries(session: nox.Session) -> None:
    """Run the tests with every logger at DEBUG level; one that lets a private word into the log fails."""
    install_project(session, "tests")
    session.run("pytest", "-n", "2", "--log-level=DEBUG", "--show-capture=no", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run the tests and print which lines and branches none of them reached."""
    install_project(session, "tests")
    session.run("pytest", "-n", "2", "--cov", "--cov-report=term", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, layout, types, and that imports flow down."""
    install_project(session, "lint")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy", "src", *(f"{plugin}/src" for plugin in PLUGINS))
    session.run("lint-imports")


@nox.session
def pages(session: nox.Session) -> None:
    """Write the reference pages anew from the code; the tests refuse a page that differs."""
    install_project(session)
    session.run("python", "-m", "docs.generate")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; a warning is an error."""
    install_project(session, "docs")
    session.run("sphinx-build", "-W", "--keep-going", "-E", "-b", "html", "docs", "docs/_build/html")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure against the named baselines; `-- NAME` for one, never on CI."""
    install_project(session, "bench")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Build the distributions, then run demo and tests from the bare wheel, outside the repository."""
    session.install("-c", CONSTRAINTS, *group("build"))
    dist = HERE / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    for project in (".", *PLUGINS):
        session.run("python", "-m", "build", "--outdir", str(dist), project, silent=True)
    session.run("twine", "check", "--strict", *map(str, sorted(dist.iterdir())))

    wheels = [f"{wheel}[all]" if wheel.name.startswith("zoufang-") else str(wheel) for wheel in dist.glob("*.whl")]
    with tempfile.TemporaryDirectory(prefix="zoufang-wheel-") as outside, session.chdir(outside):
        bare = bare_environment(session, Path(outside))
        pip = [str(bare / "python"), "-m", "pip", "install", "--quiet", "-c", str(HERE / CONSTRAINTS)]
        session.run(*pip, *wheels, external=True)
        session.run(str(bare / "python"), "-c", WHEEL_CHECK, external=True, log=False)
        session.run(str(bare / "zoufang"), "demo", "--out", "demo-out", *session.posargs, external=True)
        session.run(*pip, *group("tests"), external=True)
        session.run(*suite_against(bare), external=True, env={"ZOUFANG_DATA": published_data()})


@nox.session
def constraints(session: nox.Session) -> None:
    """Write constraints.txt anew: the versions known to work together, and no index's address."""
    session.install("uv")
    groups = [f"--group={name}" for name in ("tests", "lint", "docs", "build")]
    options = (
        "--universal",
        "--all-extras",
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "--upgrade",
    )
    found = session.run("uv", "pip", "compile", "pyproject.toml", *groups, *options, silent=True)
    pins = [line for line in str(found).splitlines() if "==" in line and not line.startswith(" ")]
    Path(CONSTRAINTS).write_text("\n".join([CONSTRAINTS_HEADER, *pins, ""]), encoding="utf-8")


# --- what the sessions above are made of --------------------------------------------------------------------

CONSTRAINTS_HEADER = (
    "# Versions known to work together. Written by `nox -s constraints`; names no index, so any mirror will do."
)

WHEEL_CHECK = """
import importlib.resources, pathlib, sys
import zoufang
home = pathlib.Path(zoufang.__file__).parent
assert "site-packages" in home.parts, f"not the installed wheel: {home}"
heavy = {"pandas", "sqlalchemy"} & set(sys.modules)
assert not heavy, f"import zoufang alone loads {sorted(heavy)}"
files = {p.relative_to(home).as_posix() for p in home.rglob("*") if p.is_file() and p.suffix != ".pyc"}
wanted = {"py.typed", "plans/huangtun-2023.toml"}
assert wanted <= files, f"missing from the wheel: {sorted(wanted - files)}"
assert any(f.endswith(".html.j2") for f in files), "no page template in the wheel"
foreign = sorted(f for f in files if f.endswith((".sqlite", ".xlsx", ".orig")))
assert not foreign, f"should not be in the wheel: {foreign}"
print(f"wheel: {len(files)} files, all that is wanted, nothing foreign")
"""


def install_project(session: nox.Session, *groups: str) -> None:
    """Install the package with every extra, each plugin beside it, and the named dependency groups.

    Everything is editable: a session that is used again must see the source as it is now.
    """
    editable = [word for path in (".[all]", *PLUGINS) for word in ("-e", path)]
    session.install("-c", CONSTRAINTS, *editable, *(need for name in groups for need in group(name)))


def group(name: str) -> tuple[str, ...]:
    """Return a dependency group's requirements; an older pip has no `--group` of its own."""
    return nox.project.dependency_groups(PYPROJECT, name)


def bare_environment(session: nox.Session, outside: Path) -> Path:
    """Make an environment with nothing in it and return the folder of its programs."""
    session.run("python", "-m", "venv", str(outside / "bare"))
    return outside / "bare" / ("Scripts" if os.name == "nt" else "bin")


def suite_against(bare: Path) -> list[str]:
    """Return the command that runs the repository's tests against what `bare` has installed."""
    folders = [str(HERE / "tests"), *(str(HERE / plugin / "tests") for plugin in PLUGINS)]
    settings = ["-c", str(HERE / "pyproject.toml"), f"--rootdir={HERE}"]
    return [str(bare / "python"), "-m", "pytest", "-n", "2", *settings, *folders]


def published_data() -> str:
    """Return where published data lies, named absolutely because the tests will run from elsewhere."""
    return os.environ.get("ZOUFANG_DATA", str(HERE.parent / "shared" / "data"))


def follow_pip() -> None:
    """Let uv use what pip on this machine was told: the system's certificates and the nearest mirror.

    uv reads no pip.conf. Behind a proxy with its own certificate it could not connect, and in an office that
    has set a mirror it would go the long way round. What uv itself was told is left as it is.
    """
    os.environ.setdefault("UV_SYSTEM_CERTS", "1")
    if not {"UV_DEFAULT_INDEX", "UV_INDEX_URL"} & set(os.environ):
        asked = [sys.executable, "-m", "pip", "config", "list"]
        told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
        # The environment is listed before the files, and counts before them.
        for mirror in re.findall(r"^[\w:]+\.index-url='(.+)'$", told, re.MULTILINE)[:1]:
            os.environ["UV_DEFAULT_INDEX"] = mirror


follow_pip()
