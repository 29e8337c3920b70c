"""Documentation is tested: generated pages are current, commands run, words are explained."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kca_etl.cli import pages
from kca_etl.cli.main import app
from kca_etl.model.catalogue import catalogue
from kca_etl.sources import registry
from kca_etl.warehouse.views import queries
from schemas import codelists

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.project
README = ROOT / "README.md"


def commands() -> list[str]:
    """Every command line in README and docs that begins with `kca`."""
    pages_ = [README, *sorted((ROOT / "docs").rglob("*.md"))]
    blocks = [
        b
        for page in pages_
        for b in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    ]
    return [
        line.split("#")[0].strip()
        for block in blocks
        for line in block.splitlines()
        if line.startswith("kca ")
    ]


def test_the_error_page_is_current() -> None:
    assert (ROOT / "docs/errors.md").read_text(encoding="utf-8") == pages.errors(), (
        "run `make docs`"
    )


def test_the_settings_page_is_current() -> None:
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    assert page == pages.settings(), "run `make docs`"
    assert "None" not in page  # a setting without description


@pytest.mark.parametrize("line", commands())
def test_documented_commands_exist_with_their_options(line: str) -> None:
    words = shlex.split(line)[1:]
    names = []
    for word in words:
        if not re.fullmatch(r"[a-z][a-z-]*", word):
            break
        names.append(word)
    for length in range(min(len(names), 2), 0, -1):
        shown = CliRunner().invoke(
            app, [*names[:length], "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}
        )
        if shown.exit_code == 0 and f"{' '.join(names[:length])} " in shown.output:
            break
    else:
        pytest.fail(f"no such command: {line}")
    for option in (w for w in words if w.startswith("--")):
        assert option in shown.output, line


def test_every_german_word_is_in_the_glossary() -> None:
    rows = re.findall(
        r"^\| (\S+) \|", (ROOT / "docs/glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    english = {
        "source",
        "region_system",
        "region_code",
        "region_name",
        "value",
        "unit",
        "status",
        "known_from",
        "known_to",
    }
    english |= {"document_sha256", "file_name", "sheet", "cell", "run_id"}
    wanted = (
        (set(queries.COLUMNS) - english)
        | set(codelists.STATUS)
        | set(codelists.KINDS)
        | set(codelists.REGION_SYSTEMS)
    )
    assert wanted <= set(rows), wanted - set(rows)


def test_codes_are_written_like_codes_and_give_a_next_step() -> None:
    for code, entry in catalogue().items():
        assert re.fullmatch(r"[A-Z][A-Z_]+", code)
        assert entry.title
        assert entry.next_step.endswith(".")


def test_every_code_raised_in_the_code_is_catalogued() -> None:
    used = set()
    for path in (ROOT / "kca_etl").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r"\bCode\.([A-Z_]+)", text))
    assert used <= set(catalogue()), used - set(catalogue())


@pytest.mark.parametrize("noun", ["source", "office"])
def test_the_schema_for_editors_is_current(noun: str) -> None:
    command = "sources" if noun == "source" else noun
    shown = CliRunner().invoke(app, [command, "schema"]).output
    page = ROOT / f"docs/{noun}.schema.json"
    assert page.read_text(encoding="utf-8") == shown, "run `make docs`"


def test_the_worked_example_is_the_declaration_in_use() -> None:
    page = (ROOT / "docs/adding-a-source.md").read_text(encoding="utf-8")
    example = re.search(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert example is not None
    assert registry.parse(example[1]).tables == registry.load("itnrw_koeln").tables


def test_the_first_screen_shows_what_its_commands_print(tmp_path: Path) -> None:
    """The sample documents loaded without Prefect; a run's id is drawn by chance."""
    shown = re.findall(
        r"^\$ (kca .+)\n((?:(?!\$ |```).*\n)*)", README.read_text("utf-8"), re.MULTILINE
    )
    assert len(shown) == 5
    printed_in(tmp_path, "samples .kca/samples")
    files = sorted((tmp_path / ".kca/samples").glob("*.xlsx"))
    printed_in(tmp_path, f"run kca_monatszahlen {shlex.join(map(str, files))}")
    for command, output in shown:
        printed = printed_in(tmp_path, command.removeprefix("kca "))
        assert without_run_id(printed) == without_run_id(output.strip()), command


def printed_in(folder: Path, words: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("KCA_")}
    command = [sys.executable, "-m", "kca_etl", *shlex.split(words)]
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return "\n".join(line.rstrip() for line in done.stdout.splitlines()).strip()


def without_run_id(text: str) -> str:
    return re.sub(r"· run [0-9a-f]{12}", "· run", text)


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    headings = re.findall(
        r"^## (\S+?),? ", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )
    assert headings[0] == project["version"]
