"""The command line: thin; every body imports what it needs, so that `--help` stays quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kca_etl import console
from kca_etl.model import KcaError

app = typer.Typer(
    help="Carries a Jobcenter's monthly figures from the publisher's cell to the printed page.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
quarantine_app = typer.Typer(help="Documents put aside, with their findings.", no_args_is_help=True, rich_markup_mode=None)
db_app = typer.Typer(help="The warehouse's schema.", no_args_is_help=True, rich_markup_mode=None)
sources_app = typer.Typer(help="The declared sources, and drafts for new ones.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(quarantine_app, name="quarantine")
app.add_typer(sources_app, name="sources")
app.add_typer(db_app, name="db")

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Month = Annotated[str | None, typer.Option("--month", help="Month as YYYY-MM.")]


@app.callback()
def _options(debug: Annotated[bool, typer.Option("--debug", help="Show stack traces.")] = False) -> None:
    console.debug = debug


@app.command()
def demo(as_json: Json = False) -> None:
    """Generate sample documents, run the flow `monthly` for November 2020, show the overview."""
    from kca_etl import demo as body  # noqa: PLC0415 - quick --help

    body.main(as_json=as_json)


@app.command()
def samples(folder: Path, as_json: Json = False) -> None:
    """Write the bundled sample documents into FOLDER."""
    from kca_etl.samples import write_samples  # noqa: PLC0415 - quick --help

    folder.mkdir(parents=True, exist_ok=True)
    console.listing([{"file": str(path)} for path in write_samples(folder)], as_json=as_json)


@app.command()
def run(source: str, files: list[Path], month: Month = None, as_json: Json = False) -> None:
    """Load FILES of SOURCE. --month says which month they must be."""
    from kca_etl import commands  # noqa: PLC0415 - quick --help

    commands.run(source, files, month, as_json=as_json)


@app.command()
def inspect(file: Path, source: Annotated[str | None, typer.Option(help="Read it as this source.")] = None, as_json: Json = False) -> None:
    """Say what FILE is and what would be loaded; load nothing."""
    from kca_etl import commands  # noqa: PLC0415 - quick --help

    commands.inspect(file, source, as_json=as_json)


@app.command()
def figures(  # noqa: PLR0913 - one option per filter
    source: str | None = None,
    kennzahl: str | None = None,
    region: Annotated[str | None, typer.Option(help="Code (43102, traeger:43102) or name.")] = None,
    gliederung: str | None = None,
    month: Month = None,
    month_from: Annotated[str | None, typer.Option("--from", help="First month, YYYY-MM.")] = None,
    month_to: Annotated[str | None, typer.Option("--to", help="Last month, YYYY-MM.")] = None,
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    history: Annotated[bool, typer.Option("--history", help="All versions, not only the current ones.")] = False,
    layout: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    as_json: Json = False,
) -> None:
    """Print figures from the warehouse."""
    from kca_etl import commands  # noqa: PLC0415 - quick --help

    if layout not in ("table", "csv", "json"):
        raise typer.BadParameter("choose table, csv or json", param_hint="--format")
    wanted = {
        "source": source,
        "kennzahl": kennzahl,
        "region": region,
        "gliederung": gliederung,
        "month": month,
        "month_from": month_from,
        "month_to": month_to,
        "as_of": as_of,
    }
    commands.figures(wanted, "json" if as_json else layout, history=history)


@app.command()
def explain(
    kennzahl: str,
    month: str,
    region: Annotated[str | None, typer.Option(help="Code (43102, traeger:43102) or name.")] = None,
    gliederung: str | None = None,
    as_json: Json = False,
) -> None:
    """Lead a figure back to its document, sheet and cell."""
    from kca_etl import commands  # noqa: PLC0415 - quick --help

    commands.explain(kennzahl, month, region, gliederung, as_json=as_json)


@quarantine_app.command("list")
def quarantine_list(as_json: Json = False) -> None:
    """List the documents put aside."""
    from kca_etl import commands  # noqa: PLC0415 - quick --help

    commands.quarantine_list(as_json=as_json)


@quarantine_app.command("show")
def quarantine_show(sha256: Annotated[str, typer.Argument(help="The document's hash or its beginning.")], as_json: Json = False) -> None:
    """Show a document's findings."""
    from kca_etl import commands  # noqa: PLC0415 - quick --help

    commands.quarantine_show(sha256, as_json=as_json)


@quarantine_app.command("replay")
def quarantine_replay(
    sha256: Annotated[str | None, typer.Argument(help="One document; all if none is given.")] = None,
    file: Annotated[Path | None, typer.Option(help="The amended file that takes its place.")] = None,
    as_json: Json = False,
) -> None:
    """Try documents again: after the declaration or the file was amended."""
    from kca_etl import commands  # noqa: PLC0415 - quick --help

    commands.quarantine_replay(sha256, file, as_json=as_json)


@sources_app.command("list")
def sources_list(as_json: Json = False) -> None:
    """List the declared sources."""
    from kca_etl import source_commands  # noqa: PLC0415 - quick --help

    source_commands.listing(as_json=as_json)


@sources_app.command("check")
def sources_check(
    files: Annotated[list[Path] | None, typer.Argument(help="Documents to read by the declarations.")] = None, as_json: Json = False
) -> None:
    """Check every declaration; with FILES also whether exactly one fits each and reads it."""
    from kca_etl import source_commands  # noqa: PLC0415 - quick --help

    source_commands.check(files or [], as_json=as_json)


@sources_app.command("propose")
def sources_propose(file: Path, as_json: Json = False) -> None:
    """Draft a declaration for FILE; for a known source that has drifted, print what changed and the patch."""
    from kca_etl import source_commands  # noqa: PLC0415 - quick --help

    source_commands.propose(file, as_json=as_json)


@sources_app.command("schema")
def sources_schema() -> None:
    """Print the JSON Schema of a declaration, for editors."""
    from kca_etl import source_commands  # noqa: PLC0415 - quick --help

    source_commands.schema()


@app.command()
def rules(source: str, as_json: Json = False) -> None:
    """List the rules that documents of SOURCE are checked by."""
    from kca_etl import source_commands  # noqa: PLC0415 - quick --help

    source_commands.rules(source, as_json=as_json)


@db_app.command("upgrade")
def db_upgrade(as_json: Json = False) -> None:
    """Create the warehouse or bring it to this version's schema."""
    from kca_etl import commands  # noqa: PLC0415 - quick --help

    commands.db_upgrade(as_json=as_json)


@db_app.command("check")
def db_check(as_json: Json = False) -> None:
    """Tell whether code and database agree."""
    from kca_etl import commands  # noqa: PLC0415 - quick --help

    commands.db_check(as_json=as_json)


def main() -> NoReturn:
    """Entry point: errors become one plain sentence and an exit code; traces only with --debug."""
    try:
        app(standalone_mode=True)
    except KcaError as error:
        console.failed(error)
    except Exception as error:  # the person at the screen gets a sentence, not a trace
        if console.debug:
            raise
        console.unexpected(error)
    sys.exit(0)
