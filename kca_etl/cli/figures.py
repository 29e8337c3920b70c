"""`kca figures` and `kca explain`: figures from the warehouse, and the cells they come from."""

from __future__ import annotations

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson, OnMonth
from kca_etl.model.foreign import visible

if TYPE_CHECKING:
    from kca_etl.warehouse.views import frames, gebietsstand


SHOWN = (
    "berichtsmonat",
    "kennzahl",
    "gliederung",
    "region_code",
    "region_name",
    "value",
    "zeichen",
    "unit",
    "datenstand",
    "sheet",
    "cell",
    "file_name",
)


def figures(  # noqa: PLR0913 - one option per filter
    source: str | None = None,
    kennzahl: str | None = None,
    region: Annotated[str | None, typer.Option(help="Code (41110, traeger:41110) or name.")] = None,
    gliederung: str | None = None,
    month: OnMonth = None,
    month_from: Annotated[str | None, typer.Option("--from", help="First month, YYYY-MM.")] = None,
    month_to: Annotated[str | None, typer.Option("--to", help="Last month, YYYY-MM.")] = None,
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="All versions, not only the current ones.")
    ] = False,
    layout: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    as_json: AsJson = False,
) -> None:
    """Print figures from the warehouse.

    Example: kca figures --kennzahl elb --region 41110 --format csv
    """
    from kca_etl.runs.arguments import day, month_id
    from kca_etl.runs.names import refuse_unknown
    from kca_etl.runs.record import reading
    from kca_etl.settings import Settings
    from kca_etl.warehouse.views import gebietsstand, queries

    if layout not in ("table", "csv", "json"):
        raise typer.BadParameter("choose table, csv or json", param_hint="--format")
    months = {"month": month, "month_from": month_from, "month_to": month_to}
    engine = reading(Settings())
    found = queries.found(
        engine,
        source=source,
        kennzahl=kennzahl,
        region=region,
        gliederung=gliederung,
        **{name: month_id(text) for name, text in months.items() if text is not None},
        as_of=day(as_of),
        history=history,
    )
    if not len(found):
        refuse_unknown(engine, source=source, kennzahl=kennzahl, region=region)
    for note in gebietsstand.crossed(found):
        print(note, file=sys.stderr)
    _show(
        found, "json" if as_json else layout, ("source", *SHOWN, "known_to") if history else SHOWN
    )


def _show(found: frames.Versions, layout: str, keys: tuple[str, ...]) -> None:
    from kca_etl.warehouse.views import frames, queries

    if layout == "json":
        console.listing(frames.records(found, queries.COLUMNS), as_json=True)
    elif layout == "csv":
        frames.write_csv(found, sys.stdout, queries.COLUMNS)
    else:
        console.listing(frames.records(found, keys), as_json=False, empty="no figures fit")


def explain(
    kennzahl: str,
    month: str,
    region: Annotated[
        str | None,
        typer.Option(help="Code (41110, traeger:41110) or name; default the office's own."),
    ] = None,
    everywhere: Annotated[bool, typer.Option("--all", help="Explain every region's.")] = False,
    gliederung: str | None = None,
    as_json: AsJson = False,
) -> None:
    """Lead a figure back to its document, sheet and cell.

    Example: kca explain elb 2019-01 --region 41110
    """
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.explain import explained, own_regions
    from kca_etl.runs.names import refuse_unknown
    from kca_etl.runs.record import reading
    from kca_etl.settings import Settings

    wanted, settings = month_id(month), Settings()
    engine = reading(settings)
    own: list[str | None] = [] if region or everywhere else [*own_regions()]
    about = (engine, settings, kennzahl, wanted)
    rows = explained(*about, regions=own or [region], gliederung=gliederung)
    if not rows:
        refuse_unknown(engine, kennzahl=kennzahl, region=region)
    if as_json:
        console.listing(rows, as_json=True)
        return
    if not rows:
        whose = f" {' or '.join(filter(None, own))} (--all for every region)" if own else ""
        print(f"no figure fits{whose}; see `kca figures --kennzahl {kennzahl} --month {wanted}`")
        console.nowhere()
    for row in rows:
        print("\n".join(_explanation(row)))


def _explanation(row: dict[str, Any]) -> list[str]:
    """Say in lines where a version of a figure comes from."""
    from kca_etl.warehouse.views import gebietsstand

    value = row["zeichen"] or console.text(row["value"])
    current = "current" if row["known_to"] is None else f"until {row['known_to']}"
    region = f"{row['region_name']} ({row['region_system']}:{row['region_code']})"
    when = f"{current}, known from {row['known_from']} (Datenstand {row['datenstand']})"
    lines = [
        f"{row['kennzahl']} [{row['gliederung']}] {region} {row['berichtsmonat'][:7]}",
        f"  value      {value} {row['unit']} · {when}",
    ]
    if row["was_empty"]:
        lines.append("  empty      the cell is empty; the source means 0 by that")
    lines.append(f"  document   {visible(row['file_name'])} · sha256 {row['document_sha256']}")
    lines.append(f"  cell       {row['sheet']!r} {row['cell']} · run {row['run_id']}")
    lines += [f"  {key:<10} {visible(str(text))}" for key, text in row["around"].items()]
    return lines + [f"  {gebietsstand.note(c, [region])}" for c in _within_a_year(row)]


def _within_a_year(row: dict[str, Any]) -> tuple[gebietsstand.Break, ...]:
    """The breaks between a figure and the one a year before, with which it is usually compared."""
    from kca_etl.warehouse.views import gebietsstand

    month = date.fromisoformat(row["berichtsmonat"])
    return gebietsstand.breaks_between(
        f"{row['region_system']}:{row['region_code']}", month.replace(year=month.year - 1), month
    )
