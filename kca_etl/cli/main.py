"""The command line: commands are found by name in the table and imported when asked for."""

from __future__ import annotations

import os
import stat
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
import typer.core

from kca_etl.cli import console
from kca_etl.cli.table import GROUPS, SECTIONS, Command, commands
from kca_etl.model.findings import KcaError
from kca_etl.model.foreign import Shown

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_NEAREST_NAMES = 3
FOR_THE_PUBLIC = {"export", "release", "site"}  # commands that write what others are to read
SHARED, PRIVATE = 0o027, 0o077  # what is taken from the mode of new files and folders


def _load(found: Iterable[Command], about: str) -> Any:  # noqa: ANN401 - a command of Typer's own Click
    """Import commands and build what the command line calls: a group where `about` says of what."""
    app = typer.Typer(help=about or None, no_args_is_help=bool(about), rich_markup_mode=None)
    if about:
        app.callback()(lambda: None)  # a group stays one, even of a single command
    for command in found:
        function = getattr(import_module(f"kca_etl.cli.{command.module}"), command.function)
        app.command(command.words[-1])(function)
    return typer.main.get_command(app)


class Commands(typer.core.TyperGroup):
    """The commands of the table, none of them imported before it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002 - Typer's own Click
        """Return the first words of all commands, in the order of the help."""
        return list(dict.fromkeys(command.words[0] for command in commands().values()))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401, ARG002 - see above
        """Import a command, or the commands of a group."""
        found = [c for c in commands().values() if c.words[0] == cmd_name]
        return _load(found, GROUPS.get(cmd_name, "")) if found else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - see above
        """Find a command; answer a mistyped name with the nearest ones."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            near = get_close_matches(args[0], known, MAX_NEAREST_NAMES)
            hint = f" Did you mean {' or '.join(near)}?" if near else " See kca --help."
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - see above
        """Print the table, section by section."""
        for title, found in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(command.name, command.help) for command in found])


app = typer.Typer(
    cls=Commands,
    help="Carries a Jobcenter's monthly figures from the publisher's cell to the printed page.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer hands the option's value over so
    """Print the version of the program and end."""
    if wanted:
        from importlib.metadata import version

        print(f"kca-etl {version('kca-etl')}")
        raise typer.Exit


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show stack traces.")] = False,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    del version  # its callback has answered
    console.debug = debug


def _keep_private(command: str) -> None:
    """Let other accounts read nothing new; the group reads what it may read in the home folder."""
    if not command or command in FOR_THE_PUBLIC:
        return
    from kca_etl.settings import Settings

    home, entered = Settings().home, stat.S_IRGRP | stat.S_IXGRP
    is_shared = home.is_dir() and home.stat().st_mode & entered == entered
    os.umask(SHARED if is_shared else PRIVATE)


def main() -> NoReturn:
    """Run a command; errors become one plain sentence and an exit code."""
    if sys.stdout.isatty():
        sys.stdout = Shown(sys.stdout)
    try:
        _keep_private(next((word for word in sys.argv[1:] if not word.startswith("-")), ""))
        app(standalone_mode=True)
    except KcaError as error:
        console.failed(error)
    except Exception as error:  # the person at the screen gets a sentence, not a trace
        if console.debug:
            raise
        console.unexpected(error)
    sys.exit(0)
