"""The house rules, read from the code.

Who imports whom, one home per library, nothing that does not belong.
"""

from __future__ import annotations

import ast
import csv
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.project

HOMES = {
    "requests": ("kca_etl/landing",),
    "python_calamine": ("kca_etl/extract",),
    "pandera": ("schemas", "kca_etl/validate"),
    "sqlalchemy": ("kca_etl/warehouse",),
    "alembic": ("kca_etl/warehouse",),
    "prefect": ("flows",),
    "xlsxwriter": ("kca_etl/samples", "kca_etl/report", "kca_etl/site"),
    "jinja2": ("kca_etl/report", "kca_etl/site"),
    "polars": ("kca_etl/open_data",),
    "rdflib": (),
    "sdmx": (),
}
GROUND = {"model", "german", "schemas", "settings", "offices"}
READING = {"cells", "extract", "tidy", "sources", "landing.archive", "landing.guard"}
# The house, from the top floor down: what each package may import.
MAY_IMPORT: dict[str, set[str]] = {
    "schemas": set(),
    "model": {"schemas"},
    "german": {"model"},
    "settings": {"model"},
    "offices": {"model", "settings", "schemas"},
    "samples": {"model", "german", "offices"},
    "sources": {"model", "german", "schemas", "offices"},
    "cells": {"model", "german", "sources"},
    "landing.guard": {"model"},
    "landing.archive": {"model"},
    "landing.fetch": {"landing.guard", "model", "sources"},
    "landing.inbox": {"landing.guard", "landing.archive", "model"},
    "extract": {"cells", "german", "model", "sources", "schemas"},
    "tidy": {"cells", "german", "model", "sources", "schemas"},
    "validate": {"model", "sources", "schemas"},
    "learn": {"validate", "sources"} | GROUND,
    "warehouse": {"validate", "sources"} | GROUND,
    "workplace": {"warehouse", "landing.archive"} | GROUND,
    "report": {"warehouse", "sources"} | GROUND,
    "open_data": {"warehouse", "sources"} | GROUND,
    "site": {"report", "open_data", "warehouse", "sources"} | GROUND,
    "textcheck": {"warehouse", "sources", "landing.guard"} | GROUND,
    "propose": {"cells", "extract", "tidy", "sources"} | GROUND,
    "prefect_server": {"warehouse", "report"} | GROUND,
    "reading": {"validate"} | READING | GROUND,
    "pipeline": {"reading", "validate", "warehouse", "workplace"} | READING | GROUND,
}
MAY_IMPORT["runs"] = set(MAY_IMPORT)  # pages mark the samples' invented values
MAY_IMPORT["cli"] = set(MAY_IMPORT)
MAY_IMPORT["flows"] = set(MAY_IMPORT) - {"cli"}
MAY_IMPORT["__main__"] = {"cli"}
MAY_IMPORT["__init__"] = {"runs"}
MAX_LOOSE_MODULES = 6
NOQA = re.compile(r"# noqa: [A-Z]+\d+(?:, ?[A-Z]+\d+)* - \S")
TYPE_IGNORE = re.compile(r"# type: ignore\[[\w, -]+\]  # \S")
MIN_NAME_LENGTH = 9
HARD_COMPLEXITY, USUAL_COMPLEXITY, SHARE_ABOVE_USUAL = 15, 10, 0.02
OFFICE_WORDS = ("KCA", "Kommunales Center", "06435", "43102")
BRANCHES = (
    ast.If,
    ast.For,
    ast.While,
    ast.ExceptHandler,
    ast.IfExp,
    ast.comprehension,
    ast.BoolOp,
    ast.match_case,
)


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    for folder in folders or ("kca_etl", "schemas", "flows"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[str]:
    """Names imported at run time; blocks under TYPE_CHECKING do not run."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield from imports(node)


def package(name: str) -> str:
    """Name the package of a dotted name; a wing of `landing` is one of its own."""
    parts = name.split(".")
    if parts[0] != "kca_etl" or len(parts) == 1:
        return parts[0]
    if parts[1] == "landing" and len(parts) > 2:
        return f"landing.{parts[2]}"
    return parts[1]


def edges(found: Iterable[tuple[str, ast.Module]]) -> set[tuple[str, str]]:
    """Which package imports which, in functions, too."""
    return {
        (package(path.removesuffix(".py").replace("/", ".")), package(name))
        for path, tree in found
        for name in imports(tree)
        if name.split(".")[0] in ("kca_etl", "schemas", "flows")
    }


def forbidden(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The edges that the house does not draw."""
    return {
        (one, other)
        for one, other in found
        if other not in (one, "kca_etl") and other not in MAY_IMPORT.get(one, set())
    }


def cycles(drawn: dict[str, set[str]]) -> set[str]:
    """The packages that cannot be put on any floor: each waits for another."""
    left = {one: set(others) for one, others in drawn.items()}
    while free := {one for one, others in left.items() if not others & left.keys()}:
        left = {one: others for one, others in left.items() if one not in free}
    return set(left)


def test_arrows_go_down_only() -> None:
    assert forbidden(edges(modules())) == set()


def test_the_house_has_no_cycle_and_knows_every_package() -> None:
    assert cycles(MAY_IMPORT) == set()
    met = {package(path.removesuffix(".py").replace("/", ".")) for path, _ in modules()}
    assert met - MAY_IMPORT.keys() - {"__init__", "landing.__init__"} == set()


def test_the_guard_of_arrows_sees_what_is_wrong() -> None:
    upwards = ast.parse("def late():\n    from kca_etl.cli.main import app\n")
    assert forbidden(edges([("kca_etl/runs/x.py", upwards)])) == {("runs", "cli")}
    hidden = ast.parse("if TYPE_CHECKING:\n    from kca_etl.cli import main\n")
    assert edges([("kca_etl/runs/x.py", hidden)]) == set()
    unknown = ast.parse("from kca_etl.newcomer import thing")
    assert forbidden(edges([("kca_etl/cli/x.py", unknown)])) == {("cli", "newcomer")}
    assert cycles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == {"a", "b", "c"}


def test_few_modules_stand_loose() -> None:
    loose = [p.name for p in (ROOT / "kca_etl").glob("*.py") if p.name != "__init__.py"]
    assert len(loose) <= MAX_LOOSE_MODULES, sorted(loose)


def test_every_library_has_one_home() -> None:
    for path, tree in modules():
        for name in imports(tree):
            homes = HOMES.get(name.split(".")[0])
            assert homes is None or path.startswith(homes), (path, name)


def test_the_lock_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    entries = re.findall(r"^(\S+==[^\\\n]+)\\?\n((?:    --hash=.*\n?)*)", text, re.MULTILINE)
    assert len(entries) > 100
    assert all("--hash=sha256:" in hashes for _, hashes in entries)


def test_the_lock_keeps_what_pyproject_asks() -> None:
    from packaging.requirements import Requirement

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pinned = {
        name.lower(): version
        for name, version in re.findall(r"^([\w.-]+)==([^ ;\\\n]+)", lock, re.MULTILINE)
    }
    for text in (*project["dependencies"], *project["optional-dependencies"]["dev"]):
        wanted = Requirement(text)
        assert wanted.specifier.contains(pinned[wanted.name.lower()]), text


def without_reason(text: str) -> list[int]:
    """The lines whose `noqa` or `type: ignore` gives no reason."""
    return [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if ("# noqa" in line and not NOQA.search(line))
        or ("# type: ignore" in line and not TYPE_IGNORE.search(line))
    ]


def test_every_ignore_has_a_reason() -> None:
    for path, _ in modules("kca_etl", "schemas", "flows", "benchmarks"):
        assert without_reason((ROOT / path).read_text(encoding="utf-8")) == [], path


def test_the_guard_of_reasons_sees_what_is_wrong() -> None:
    bare = "x = 1  # no" + "qa: F401\ny = 2  # type: ig" + "nore[misc]\n"
    assert without_reason(bare) == [1, 2]
    assert without_reason("x = 1  # no" + "qa: F401, E501 - needed\n") == []
    assert without_reason("x = 1  # type: ig" + "nore[misc]  # needed\n") == []


def complexity(function: ast.AST) -> int:
    """One, and one more for every branch in a function, hidden ones included."""
    return 1 + sum(_ways(node) for node in ast.walk(function) if isinstance(node, BRANCHES))


def _ways(node: ast.AST) -> int:
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    return 1 + (len(node.ifs) if isinstance(node, ast.comprehension) else 0)


def complexities(found: Iterable[tuple[str, ast.Module]]) -> list[tuple[int, str]]:
    """Every function's complexity and place."""
    return [
        (complexity(node), f"{path}:{node.lineno} {node.name}")
        for path, tree in found
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def test_functions_hold_few_thoughts() -> None:
    found = sorted(complexities(modules()), reverse=True)
    hard = [f for f in found if f[0] > HARD_COMPLEXITY]
    usual = [f for f in found if f[0] > USUAL_COMPLEXITY]
    assert hard == []
    assert len(usual) <= SHARE_ABOVE_USUAL * len(found), usual


def test_the_guard_of_complexity_counts_hidden_branches() -> None:
    def counted(body: str) -> int:
        return complexities([("x.py", ast.parse(f"def f(a):\n    {body}\n"))])[0][0]

    assert counted("return a") == 1
    assert counted("return [x for x in a if x if not x]") == 4
    assert counted("return a and a or not a") == 3
    assert counted("return [1 if x else 2 for x in a]") == 3


def office_words() -> re.Pattern[str]:
    """Names and codes of single Jobcenter and Kreise, as whole words."""
    names = set()
    for file in ("jobcenter.csv", "kreise.csv"):
        with (ROOT / "schemas" / "regions" / file).open(encoding="utf-8", newline="") as rows:
            names |= {row["name"] for row in csv.DictReader(rows)}
    # Short names are words of their own: Essen, Hof, Halle.
    long = {name for name in names if len(name) >= MIN_NAME_LENGTH}
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, (*OFFICE_WORDS, *long)))})(?![\w-])")


def office_lines(text: str, words: re.Pattern[str]) -> int:
    """How many lines speak of one Jobcenter or Kreis."""
    return sum(bool(words.search(line)) for line in text.splitlines())


def test_the_program_speaks_of_no_single_office() -> None:
    words = office_words()
    found = {
        path.relative_to(ROOT).as_posix(): office_lines(path.read_text(encoding="utf-8"), words)
        for folder in ("kca_etl", "schemas", "flows")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in (".py", ".yaml", ".j2", ".typ", ".css", ".csv")
    }
    places = ("kca_etl/offices/kca/", "kca_etl/samples/published_figures.csv", "schemas/regions/")
    assert [path for path, n in found.items() if n and not path.startswith(places)] == []


def test_the_guard_of_names_sees_what_is_wrong() -> None:
    words = office_words()
    assert office_lines("Kommunales Center für Arbeit\nags:06435\nMain-Kinzig-Kreis\n", words) == 3
    assert office_lines("KCA_HOME kca_etl 1064350\n", words) == 0


def test_nothing_speaks_of_a_machine() -> None:
    if shutil.which("git") is None:
        pytest.skip("git is not installed: nothing says which files are the project's")
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - git of the developer
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.suffix in (".png", ".ico") or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")  # publishers write Latin-1 too
        for forbidden in ("/wo" + "rk/", "/ro" + "ot/", "pythonhos" + "ted", "pypi." + "org"):
            assert forbidden not in text, (name, forbidden)


def test_modules_and_functions_stay_small() -> None:
    for path, tree in modules():
        lines = (ROOT / path).read_text(encoding="utf-8").count("\n")
        assert lines < 500, path
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.end_lineno is not None:
                assert node.end_lineno - node.lineno < 60, (path, node.name)
