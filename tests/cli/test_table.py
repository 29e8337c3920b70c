"""Every command of the table: it is there, explains itself, and can speak JSON."""

from __future__ import annotations

import shlex
import subprocess
import sys
from importlib import import_module

import pytest
from typer.testing import CliRunner

from kca_etl.cli.main import app
from kca_etl.cli.table import GROUPS, SECTIONS, Command, commands

WIDE = {"COLUMNS": "200", "NO_COLOR": "1"}
HEAVY = ("pandas", "prefect", "pandera", "sqlalchemy", "numpy", "requests", "rich")


def shown(*arguments: str) -> str:
    """Return what a command line prints that must succeed."""
    done = CliRunner().invoke(app, [*arguments, "--help"], env=WIDE)
    assert done.exit_code == 0, done.output
    return done.output


def example_of(command: Command) -> list[str]:
    """Return the words of the example in a command's help."""
    lines = [line.strip() for line in shown(*command.words).splitlines()]
    (example,) = [line for line in lines if line.startswith("Example: kca ")]
    return shlex.split(example.removeprefix("Example: kca "))


@pytest.mark.parametrize("command", commands().values(), ids=commands())
def test_every_command_speaks_json_and_gives_an_example(command: Command) -> None:
    assert "--json" in shown(*command.words)
    example = example_of(command)
    assert tuple(example[: len(command.words)]) == command.words
    options = [word for word in example if word.startswith("--")]
    assert all(option in shown(*command.words) for option in options)


def test_the_table_names_each_command_once_and_all_of_its_module() -> None:
    listed = [command for section in SECTIONS.values() for command in section]
    assert len(listed) == len(commands())
    for command in listed:
        function = getattr(import_module(f"kca_etl.cli.{command.module}"), command.function)
        assert function.__doc__, command.name
        assert command.help.endswith(".")
        assert len(command.help) + len(command.name) <= 77
    assert {command.words[0] for command in listed if len(command.words) > 1} == set(GROUPS)


def test_the_help_prints_every_section() -> None:
    top = shown()
    for title, section in SECTIONS.items():
        assert f"{title}:" in top
        assert all(f"  {command.name} " in top for command in section)


def test_a_mistyped_command_is_answered_with_the_nearest() -> None:
    done = CliRunner().invoke(app, ["figurs"], env=WIDE)
    assert done.exit_code == 2
    assert "Did you mean figures?" in done.output


@pytest.mark.parametrize("words", ["--help", "figures --help", "run --help", "report --help"])
def test_help_imports_no_heavy_library(words: str) -> None:
    code = (
        "import sys\nfrom kca_etl.cli.main import app\n"
        f"try:\n    app({shlex.split(words)!r})\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"
