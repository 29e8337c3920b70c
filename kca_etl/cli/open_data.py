"""`kca export`: the open data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.catalogue import sentence

if TYPE_CHECKING:
    from kca_etl.open_data.export import Exported

MAX_LISTED_WARNINGS = 10  # --json has all


def export(
    folder: Path,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    first: Annotated[str | None, typer.Option("--from-month", help="First month, YYYY-MM.")] = None,
    last: Annotated[str | None, typer.Option("--to-month", help="Last month, YYYY-MM.")] = None,
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the open data into FOLDER: CSV, Parquet, SDMX-CSV, datapackage.json, DCAT-AP.de.

    Example: kca export OPEN
    """
    from kca_etl.open_data.export import Wanted, lacking
    from kca_etl.open_data.export import export as write_all
    from kca_etl.runs.arguments import day, month_id
    from kca_etl.runs.outcomes import finding_row
    from kca_etl.runs.record import reading
    from kca_etl.settings import Settings
    from kca_etl.sources import registry

    if source is not None:
        registry.load(source)
    from_month, to_month = (None if month is None else month_id(month) for month in (first, last))
    wanted = Wanted(source, from_month, to_month, day(as_of))
    with console.busy("writing the open data", quiet=as_json):
        done = write_all(reading(Settings()), folder, wanted)
    if as_json:
        found = [finding_row(f) for f in (*lacking(), *done.findings)]
        console.listing(
            [{"files": [str(path) for path in done.paths], "rows": done.counts, "findings": found}],
            as_json=True,
        )
        return
    print(f"{folder}: {len(done.paths)} files")
    _print(done)
    print(*map(sentence, lacking()), sep="\n")


def _print(done: Exported) -> None:
    rows = [{"table": name, "rows": count} for name, count in done.counts.items()]
    console.listing(rows, as_json=False)
    for finding in done.findings[:MAX_LISTED_WARNINGS]:
        print(sentence(finding))
    if (more := len(done.findings) - MAX_LISTED_WARNINGS) > 0:
        print(f"… and {more} more withheld for the same reason; column `withheld`, or --json")
