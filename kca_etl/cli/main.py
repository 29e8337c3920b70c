"""The command line: thin; every body imports what it needs, so that `--help` stays quick."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from kca_etl.cli import console
from kca_etl.cli.groups import GROUPS, Json, Month
from kca_etl.model.findings import KcaError

app = typer.Typer(
    help="Carries a Jobcenter's monthly figures from the publisher's cell to the printed page.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for _name, _group in GROUPS.items():
    app.add_typer(_group, name=_name)


@app.callback()
def _options(
    debug: Annotated[bool, typer.Option("--debug", help="Show stack traces.")] = False,
) -> None:
    console.debug = debug


@app.command()
def demo(as_json: Json = False) -> None:
    """Generate sample documents, run the flow `monthly` for November 2020, show the overview."""
    from kca_etl.cli import demo as body

    body.main(as_json=as_json)


@app.command()
def samples(folder: Path, as_json: Json = False) -> None:
    """Write the bundled sample documents into FOLDER."""
    from kca_etl.samples import write_samples

    folder.mkdir(parents=True, exist_ok=True)
    console.listing([{"file": str(path)} for path in write_samples(folder)], as_json=as_json)


@app.command()
def run(
    source: str,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Documents; none: fetch the month's from its publisher."),
    ] = None,
    month: Month = None,
    issue: Annotated[
        int | None,
        typer.Option(
            min=1, help="Fetch this re-issue of the month, where the address counts them."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Load FILES of SOURCE; without files fetch the document of --month.

    With files, --month says which month they must be.
    """
    from kca_etl.cli import commands, obtain_commands

    if files:
        commands.run(source, files, month, as_json=as_json)
    else:
        obtain_commands.run(source, month, issue, as_json=as_json)


@app.command()
def inspect(
    file: Path,
    source: Annotated[str | None, typer.Option(help="Read it as this source.")] = None,
    as_json: Json = False,
) -> None:
    """Say what FILE is and what would be loaded; load nothing."""
    from kca_etl.cli import commands

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
    history: Annotated[
        bool, typer.Option("--history", help="All versions, not only the current ones.")
    ] = False,
    layout: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    as_json: Json = False,
) -> None:
    """Print figures from the warehouse."""
    from kca_etl.cli import commands

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
    from kca_etl.cli import commands

    commands.explain(kennzahl, month, region, gliederung, as_json=as_json)


@app.command()
def backfill(  # noqa: PLR0913 - one option per field of the form
    sources: Annotated[
        list[str], typer.Option("--source", help="Declared source; may be given several times.")
    ],
    first: Annotated[str, typer.Option("--from-month", help="First month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to-month", help="Last month, YYYY-MM.")],
    folder: Annotated[
        str, typer.Option(help="Look for documents here too, recognised by content.")
    ] = "",
    mode: Annotated[
        Literal["only_missing", "only_failed", "reload_all"],
        typer.Option(help="Which documents to load of those that are there."),
    ] = "only_missing",
    ask: Annotated[
        bool,
        typer.Option("--ask/--no-ask", help="Ask the publisher for months that are not at hand."),
    ] = True,
    reason: Annotated[str, typer.Option(help="Why; stands in the record of the run.")] = "",
    distribute: Annotated[
        int,
        typer.Option(
            min=1, max=64, help="Let Prefect's workers do it in so many parts; see `kca serve`."
        ),
    ] = 1,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would happen and why.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fill the gaps of SOURCES in a range of months from the archive or a folder.

    Ends with the matrix.
    """
    from kca_etl.cli import operate_commands as commands

    given = {
        "sources": sources,
        "first_month": first,
        "last_month": last,
        "folder": folder,
        "mode": mode,
        "reason": reason,
    }
    commands.backfill(
        given | {"ask_publisher": ask, "distribute": distribute}, dry_run=dry_run, as_json=as_json
    )


@app.command()
def report(
    month: Annotated[str | None, typer.Argument(help="YYYY-MM.")] = None,
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    form: Annotated[
        list[str] | None,
        typer.Option(
            "--format", help="pdf, html, xlsx, csv or json; may be repeated. All by default."
        ),
    ] = None,
    changed: Annotated[
        bool,
        typer.Option("--changed", help="List the rendered reports that later corrections touch."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Render the overview of MONTH into the reports folder, or list with --changed which rendered ones are outdated."""
    from kca_etl.cli import report_commands

    if wrong := set(form or []) - {"pdf", "html", "xlsx", "csv", "json", "txt"}:
        raise typer.BadParameter(
            f"no such format: {', '.join(sorted(wrong))}", param_hint="--format"
        )
    if changed == (month is not None):
        raise typer.BadParameter("give either a month or --changed", param_hint="MONTH")
    if month is None:
        report_commands.changed(as_json=as_json)
    else:
        report_commands.report(month, as_of, form or [], as_json=as_json)


@app.command()
def compare(  # noqa: PLR0913 - one option per choice
    kennzahl: str,
    month: str,
    gliederung: Annotated[str, typer.Option(help="Breakdown, e.g. alter=u25.")] = "insgesamt",
    source: Annotated[
        str | None, typer.Option(help="Declared source; needed if several have the figure.")
    ] = None,
    land: Annotated[str, typer.Option(help="Compare within this Land, two digits.")] = "06",
    everywhere: Annotated[bool, typer.Option("--all", help="Compare all of Germany.")] = False,
    region: Annotated[
        str | None, typer.Option(help="Highlight this region, system:code; default the KCA.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    form: Annotated[
        list[str] | None,
        typer.Option("--format", help="pdf, html, csv or json; may be repeated. All by default."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Compare KENNZAHL in MONTH (YYYY-MM) over all Jobcenter or Kreise.

    Write the page into the reports folder.
    """
    from kca_etl.cli import compare_commands

    if wrong := set(form or []) - {"pdf", "html", "csv", "json"}:
        raise typer.BadParameter(
            f"no such format: {', '.join(sorted(wrong))}", param_hint="--format"
        )
    where = {"source": source, "land": None if everywhere else land, "region": region}
    compare_commands.compare(
        kennzahl,
        month,
        gliederung=gliederung,
        **where,
        as_of=as_of,
        wanted=form or [],
        as_json=as_json,
    )


@app.command()
def export(
    folder: Path,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    first: Annotated[str | None, typer.Option("--from-month", help="First month, YYYY-MM.")] = None,
    last: Annotated[str | None, typer.Option("--to-month", help="Last month, YYYY-MM.")] = None,
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    as_json: Json = False,
) -> None:
    """Write the open data into FOLDER: CSV, Parquet, datapackage.json, DCAT-AP.de, README."""
    from kca_etl.cli import publish_commands

    publish_commands.run(folder, source, first, last, as_of, as_json=as_json)


@app.command()
def quality(month: Annotated[str, typer.Argument(help="YYYY-MM.")], as_json: Json = False) -> None:
    """Write the quality report of MONTH.

    Completeness, punctuality, revisions, warnings, suppressed cells, documents put aside.
    """
    from kca_etl.cli import quality_commands

    quality_commands.quality(month, as_json=as_json)


@app.command()
def catalogue(as_json: Json = False) -> None:
    """Write the data catalogue.

    Every kennzahl, source, sign and breakdown, with what is at hand.
    """
    from kca_etl.cli import quality_commands

    quality_commands.catalogue(as_json=as_json)


@app.command()
def watch(
    folder: Annotated[
        Path | None, typer.Argument(help="The inbox; default KCA_HOME/inbox.")
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Pick up what is complete, then end.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Pick up the documents that people drop into FOLDER.

    To `done/`, or with a note to `quarantine/`.
    """
    from kca_etl.cli import watch_commands

    watch_commands.watch(folder, once=once, as_json=as_json)


@app.command()
def calendar(
    year: Annotated[int | None, typer.Option(min=1900, max=2100)] = None, as_json: Json = False
) -> None:
    """List what is due in a year and when it counts as overdue."""
    from kca_etl.cli import calendar_commands

    calendar_commands.calendar(year, as_json=as_json)


@app.command()
def status(
    year: Annotated[int | None, typer.Option(min=1900, max=2100)] = None, as_json: Json = False
) -> None:
    """Draw source × month of a year.

    Not due, due, waiting, overdue, loaded, revised, quarantined, withheld.
    """
    from kca_etl.cli import calendar_commands

    calendar_commands.status(year, as_json=as_json)


@app.command()
def reconcile(month: str, as_json: Json = False) -> None:
    """Hold the figures of MONTH (YYYY-MM) that two sources state against each other, within declared tolerances."""
    from kca_etl.cli import reconcile_commands

    reconcile_commands.compare(month, as_json=as_json)


@app.command()
def rebuild(
    into: Annotated[
        str | None,
        typer.Option(
            help="URL of a fresh database; default a new SQLite file beside the warehouse."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Build the warehouse anew from the archive alone and prove that its figures are the same."""
    from kca_etl.cli import archive_commands

    archive_commands.rebuild(into, as_json=as_json)


@app.command("check-text")
def check_text(
    file: Path,
    month: Annotated[str, typer.Option("--month", help="The month the text speaks of, YYYY-MM.")],
    region: Annotated[
        str, typer.Option(help="The region the text speaks of, system:code.")
    ] = "ags:06435",
    as_json: Json = False,
) -> None:
    """Check every figure and claim of a German text against the warehouse."""
    from kca_etl.cli import report_commands

    report_commands.check_text(file, month, region, as_json=as_json)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port of UI and API on 127.0.0.1.")] = 4200,
) -> None:
    """Bring up Prefect on this machine: server with UI, work pool, worker, deployments.

    Ctrl-C ends it.
    """
    from kca_etl.prefect_server.serve import serve as body

    body(port)


@app.command()
def deploy(as_json: Json = False) -> None:
    """Bring work pool, deployments and automations of the server at PREFECT_API_URL up to date."""
    from kca_etl.cli import operate_commands as commands

    commands.deploy(as_json=as_json)


@app.command()
def browse(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8001,
) -> None:
    """Show the embedded warehouse in a web browser, read-only.

    Needs the extra `browse`; Ctrl-C ends it.
    """
    from kca_etl.cli import browse_commands

    browse_commands.browse(port)


@app.command()
def doctor(
    port: Annotated[
        int | None,
        typer.Option(help="Where `kca serve` serves; default PREFECT_API_URL, else 4200."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Look at Python, versions, folder, disk, database, clock, server, worker, scheduler.

    Say what to do.
    """
    from kca_etl.cli import operate_commands as commands

    commands.doctor(port, as_json=as_json)


@app.command()
def rules(source: str, as_json: Json = False) -> None:
    """List the rules that documents of SOURCE are checked by."""
    from kca_etl.cli import source_commands

    source_commands.rules(source, as_json=as_json)


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
