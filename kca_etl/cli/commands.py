"""The bodies of the commands: from arguments to pipeline, warehouse and console."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

from kca_etl import pipeline
from kca_etl.cli import console
from kca_etl.german.text import month_of
from kca_etl.model.address import a1
from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import Month, month_date
from kca_etl.runs import replay as replays
from kca_etl.runs.outcomes import UNTOUCHED, as_row, finding_row, lines, summary
from kca_etl.runs.record import load_all, recorded, warehouse
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import gebietsstand, queries


def run(source: str, files: list[Path], month: str | None, *, as_json: bool) -> None:
    """Load documents; exit with the gravest outcome."""
    registry.load(source)
    missing = [f for f in files if not f.is_file()]
    if missing:
        raise KcaError(*(Finding(Code.NO_FILE, f"there is no file {str(f)!r}") for f in missing))
    wanted = None if month is None else month_id(month)
    settings = Settings()
    engine = warehouse(settings)
    outcomes = []
    for outcome in _progress(
        load_all(files, engine, settings, source, wanted), len(files), quiet=as_json
    ):
        outcomes.append(outcome)
        if not as_json:
            print(*lines(outcome), sep="\n")
    rows = [as_row(o) for o in outcomes]
    if as_json:
        console.listing(rows, as_json=True)
    else:
        print(summary(outcomes))
    sys.exit(max((console.EXIT[o.reading.verdict] for o in outcomes), default=console.OK))


def _progress(outcomes: Any, total: int, *, quiet: bool) -> Any:  # noqa: ANN401 - passes outcomes through
    """Show a bar on a terminal; elsewhere the plain lines suffice."""
    if quiet or total < 2 or not sys.stderr.isatty():  # noqa: PLR2004 - a single file needs no bar
        return outcomes
    import typer

    def passed() -> Any:  # noqa: ANN401 - a generator of outcomes
        with typer.progressbar(outcomes, length=total, file=sys.stderr) as bar:
            yield from bar

    return passed()


def inspect(file: Path, source: str | None, *, as_json: bool) -> None:
    """Say what a document is and what would be loaded."""
    from kca_etl.landing.archive.files import document_of

    if not file.is_file():
        raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(file)!r}"))
    reading = pipeline.read(pipeline.open_document(document_of(file), file), source)
    o = reading.observations
    tables = (
        []
        if o is None
        else [
            {"table": b.table, "sheet": b.sheet, "facts": int((o.block == i).sum())}
            for i, b in enumerate(o.blocks)
        ]
    )
    about = {
        "file": file.name,
        "source": reading.source.source if reading.source else None,
        "title": reading.source.title if reading.source else None,
        "berichtsmonat": f"{month_date(reading.month):%Y-%m}"
        if reading.month is not None
        else None,
        "datenstand": reading.datenstand.isoformat() if reading.datenstand else None,
        "facts": 0 if o is None else len(o),
        "verdict": str(reading.verdict),
    }
    if as_json:
        console.listing(
            [about | {"tables": tables, "findings": [finding_row(f) for f in reading.findings]}],
            as_json=True,
        )
    else:
        print(
            "\n".join(
                f"{key:<14} {value if value is not None else '?'}" for key, value in about.items()
            )
        )
        console.listing(tables, as_json=False)
        for finding in reading.findings:
            print("  " + sentence(finding, file.name, "inspected only, nothing was loaded"))
    sys.exit(console.EXIT[reading.verdict])


def figures(wanted: dict[str, str | None], layout: str, *, history: bool) -> None:
    """Print figures as a table, CSV or JSON."""
    for key in ("month", "month_from", "month_to"):
        if wanted[key] is not None:
            month_id(str(wanted[key]))
    wanted = wanted | {"as_of": day(wanted["as_of"])}
    engine = warehouse(Settings())
    frame = queries.figures(engine, history=history, **wanted)
    for note in gebietsstand.crossed(frame):
        print(note, file=sys.stderr)
    if layout == "csv":
        queries.write_csv(frame, sys.stdout)
        return
    rows = queries.records(frame)
    if layout == "json":
        console.listing(rows, as_json=True)
        return
    shown = [
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
    ]
    console.listing(
        [{k: r[k] for k in (["source", *shown, "known_to"] if history else shown)} for r in rows],
        as_json=False,
        empty="no figures fit",
    )


def explain(
    kennzahl: str, month: str, region: str | None, gliederung: str | None, *, as_json: bool
) -> None:
    """Print a figure's vintages and, for each, the cell it was read from and the words around it."""
    month_id(month)
    settings = Settings()
    found = queries.explain(
        warehouse(settings), kennzahl, month, region=region, gliederung=gliederung
    )
    rows = [
        row
        | {
            "around": around(
                row["document_sha256"], row["source"], row["sheet"], row["cell"], settings
            )
        }
        for row in found
    ]
    if as_json:
        console.listing(rows, as_json=True)
        return
    if not rows:
        print("no figure fits; see `kca figures --month …`")
    for row in rows:
        value = row["zeichen"] or console.text(row["value"])
        current = "current" if row["known_to"] is None else f"until {row['known_to']}"
        region = f"{row['region_name']} ({row['region_system']}:{row['region_code']})"
        print(f"{row['kennzahl']} [{row['gliederung']}] {region} {row['berichtsmonat'][:7]}")
        print(
            f"  value      {value} {row['unit']} · {current}, known from {row['known_from']} (Datenstand {row['datenstand']})"
        )
        print(f"  document   {row['file_name']} · sha256 {row['document_sha256']}")
        print(f"  cell       {row['sheet']!r} {row['cell']} · run {row['run_id']}")
        for key, text in row["around"].items():
            print(f"  {key:<10} {text}")
        for change in _within_a_year(row):
            print(f"  {gebietsstand.note(change, [region])}")


def _within_a_year(row: dict[str, Any]) -> tuple[gebietsstand.Break, ...]:
    """The breaks between a figure and the same month a year before, which it is usually compared with."""
    month = date.fromisoformat(row["berichtsmonat"])
    return gebietsstand.breaks_between(
        f"{row['region_system']}:{row['region_code']}", month.replace(year=month.year - 1), month
    )


def around(sha256: str, source: str, sheet: str, cell: str, settings: Settings) -> dict[str, str]:
    """Read the row's and the column's words around a cell from the archived document.

    Empty if it is gone.
    """
    from kca_etl.landing.archive.files import find

    try:
        tables = pipeline.tables_of(find(sha256, settings.landing), registry.load(source))
    except (KcaError, FileNotFoundError):
        return {"row": "(the archived document cannot be read)"}
    for raw in tables:
        for column in raw.columns:
            for row, labels in zip(raw.rows, raw.stub_cells, strict=True):
                if raw.grid.name == sheet and a1(row, column.col) == cell:
                    return {
                        "row": " | ".join(str(v) for v in labels),
                        "header": " > ".join(column.head.path),
                        "shown": repr(raw.grid.rows[row][column.col]),
                    }
    return {"row": "(the cell is not in a declared table any more)"}


def quarantine_list(*, as_json: bool) -> None:
    """List documents put aside."""
    rows = [
        r
        for r in queries.documents(warehouse(Settings()))
        if r["state"] in ("quarantined", "rejected")
    ]
    keys = ("sha256", "file_name", "source", "state", "received_at", "findings")
    listed = [
        {k: str(r[k])[:12] if k == "sha256" and not as_json else r[k] for k in keys} for r in rows
    ]
    console.listing(listed, as_json=as_json, empty="nothing is quarantined")


def quarantine_show(sha256: str, *, as_json: bool) -> None:
    """Show a document's findings as sentences."""
    engine = warehouse(Settings())
    for document in replays.quarantined(engine, sha256):
        rows = queries.findings(engine, document["sha256"])
        if as_json:
            console.listing(rows, as_json=True)
            continue
        print(f"{document['file_name']} · {document['state']} · sha256 {document['sha256']}")
        for row in rows:
            told = (row[k] or "" for k in ("what", "sheet", "cell", "found", "expected"))
            finding = Finding(Code(row["code"]), *told)
            print("  " + sentence(finding, "", UNTOUCHED))


def quarantine_replay(sha256: str | None, file: Path | None, *, as_json: bool) -> None:
    """Load documents again that were put aside.

    Where the file was amended since, the amended one.
    """
    settings = Settings()
    engine = warehouse(settings)
    with recorded(engine, settings, "replay") as work:
        again = work.run
        for outcome in replays.replay(work, sha256 or "", file):
            if not as_json:
                print(*lines(outcome), sep="\n")
    if as_json:
        console.listing([as_row(o) for o in again.outcomes], as_json=True)
    elif not again.outcomes:
        print("nothing is quarantined")
    sys.exit(max((console.EXIT[o.reading.verdict] for o in again.outcomes), default=console.OK))


def db_upgrade(*, as_json: bool) -> None:
    """Create or upgrade the schema."""
    engine = open_engine(Settings().url)
    revision = migrate.upgrade(engine)
    console.listing(
        [{"database": engine.url.render_as_string(hide_password=True), "revision": revision}],
        as_json=as_json,
    )


def db_check(*, as_json: bool) -> None:
    """Say whether code and database agree; raises KcaError if not."""
    engine = open_engine(Settings().url)
    revision = migrate.check_schema(engine)
    console.listing(
        [
            {
                "database": engine.url.render_as_string(hide_password=True),
                "revision": revision,
                "state": "current",
            }
        ],
        as_json=as_json,
    )


def day(text: str | None) -> str | None:
    """Return a day as ISO text; raises KcaError BAD_DAY."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise KcaError(
            Finding(Code.BAD_DAY, f"{text!r} is no day", expected="YYYY-MM-DD, e.g. 2020-12-10")
        ) from None


def month_id(text: str) -> Month:
    """Read YYYY-MM (or any written month) as a month number; raises KcaError BAD_MONTH."""
    found = month_of(text)
    if found is None:
        raise KcaError(
            Finding(Code.BAD_MONTH, f"{text!r} is no month", expected="YYYY-MM, e.g. 2020-11")
        )
    return Month.of(*found)
