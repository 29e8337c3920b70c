"""The house rules, read from the code.

Who imports whom, one home per library, nothing that does not belong.
"""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.project

STAGES = ("landing", "extract", "tidy", "validate", "warehouse", "report", "textcheck", "open_data")
HOMES = {
    "requests": ("kca_etl/landing",),
    "python_calamine": ("kca_etl/extract",),
    "pandera": ("schemas", "kca_etl/validate"),
    "sqlalchemy": ("kca_etl/warehouse",),
    "alembic": ("kca_etl/warehouse",),
    "prefect": ("flows",),
    "xlsxwriter": ("kca_etl/samples", "kca_etl/report"),
    "jinja2": ("kca_etl/report",),
    "polars": ("kca_etl/open_data",),
}
# The command line and reports may ask the published views; landing's guard is what extraction
# relies on.
SIDEWAYS = {
    ("report", "warehouse"),
    ("open_data", "warehouse"),
    ("textcheck", "warehouse"),
    ("warehouse", "validate"),
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("kca_etl", "schemas", "flows"):
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


def test_schemas_are_a_leaf_and_flows_are_imported_by_nobody() -> None:
    for path, tree in modules():
        for name in imports(tree):
            top = name.split(".")[0]
            assert not (path.startswith("schemas/") and top in ("kca_etl", "flows")), (path, name)
            assert not (path.startswith("kca_etl/") and top == "flows"), (path, name)


def test_stages_meet_in_the_pipeline_only() -> None:
    for path, tree in modules():
        parts = path.split("/")
        if parts[0] != "kca_etl" or len(parts) < 3 or parts[1] not in STAGES:
            continue
        for name in imports(tree):
            found = re.match(r"kca_etl\.(\w+)", name)
            if found and found[1] in STAGES and found[1] != parts[1]:
                assert (parts[1], found[1]) in SIDEWAYS, (path, name)


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


def test_every_ignore_has_a_reason() -> None:
    for path in sorted(
        [
            *(ROOT / "kca_etl").rglob("*.py"),
            *(ROOT / "flows").rglob("*.py"),
            *(ROOT / "schemas").rglob("*.py"),
        ]
    ):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if "# noqa" in line:
                first_of_kind = re.search(r"# noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*( - \S+)?", line)
                assert first_of_kind, (path.name, number)
            if "type: ignore" in line:
                assert re.search(r"type: ignore\[[\w-]+\]  # \S", line), (path.name, number)


def test_nothing_speaks_of_a_machine() -> None:
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
                assert node.end_lineno - node.lineno < 80, (path, node.name)
