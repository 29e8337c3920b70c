"""`kca demo` and `kca samples`: the sample documents, and the whole way on one screen."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

if TYPE_CHECKING:
    from kca_etl.report import overview
    from kca_etl.settings import Settings


MONTH = date(2020, 11, 1)


NOTICE = "Beispieldaten: Die Dokumente sind für diese Vorführung erzeugt."
PARTLY = " Werte aus Pressemitteilungen sind echt,\nalle übrigen sind erfunden und gekennzeichnet."
WHOLLY = " Alle Werte sind erfunden."


# Prefect on one machine: a temporary server that needs time on its first start, and no word to
# anybody outside.
PREFECT = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "DO_NOT_TRACK": "1",
}


def demo(as_json: AsJson = False) -> None:
    """Generate sample documents, run the flow `monthly` for November 2020, show the overview.

    Example: kca demo
    """
    from kca_etl.offices import folder as offices
    from kca_etl.report import html, terminal
    from kca_etl.samples import write_samples
    from kca_etl.settings import Settings

    settings = Settings(database_url=None)
    _only_samples(settings)
    if not as_json:
        print(
            NOTICE + (PARTLY if offices.current().samples.published else WHOLLY),
            "",
            (
                "Prefect: Flow »monthly« für 2020-11 läuft (der erste Start dauert bis zu einer"
                " halben Minute) …"
            ),
            sep="\n",
            flush=True,
        )
    files = write_samples(settings.home / "samples")
    _run_flow(files, settings)
    page = _overview(settings)
    target = settings.reports / f"Ueberblick_{MONTH:%Y-%m}.html"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(html.render_html(page), encoding="utf-8")
    if as_json:
        console.listing([_row(row) for row in page.rows], as_json=True)
        return
    print("", terminal.render_text(page), sep="\n")
    print(
        f"Seite:      {target}\nWarehouse:  {settings.home / 'warehouse.db'}\n"
        f"Dokumente:  {settings.home / 'samples'}"
    )
    print(f"Woher kommt eine Zahl?  {sys.argv[0]} explain arbeitslose_sgb2 2020-11")


def samples(folder: Path, as_json: AsJson = False) -> None:
    """Write the bundled sample documents into FOLDER.

    Example: kca samples SAMPLES
    """
    from kca_etl.samples import write_samples

    folder.mkdir(parents=True, exist_ok=True)
    console.listing([{"file": str(path)} for path in write_samples(folder)], as_json=as_json)


def _only_samples(settings: Settings) -> None:
    """Invented figures must not mix with an office's own."""
    from kca_etl.runs.record import warehouse
    from kca_etl.sources.registry import jobcenter_source
    from kca_etl.warehouse.views import queries

    if not (settings.home / "warehouse.db").exists():
        return
    names = {path.name for path in (settings.home / "samples").glob("*.xlsx")}
    own = [
        d
        for d in queries.documents(warehouse(settings))
        if d["source"] == jobcenter_source() and d["file_name"] not in names
    ]
    if own:
        what = (
            f"the warehouse under {settings.home} holds documents of the Jobcenter; the demo's"
            " invented figures must not mix with them"
        )
        raise KcaError(Finding(Code.DEMO_REFUSED, what, found=str(own[0]["file_name"])))


def _run_flow(files: list[Path], settings: Settings) -> None:
    """Run the flow as its own process: Prefect reads its settings once, when it is imported."""
    home = settings.home.resolve()
    environment = (
        PREFECT
        | {"PREFECT_HOME": str(home / "prefect")}
        | dict(os.environ)
        | {"KCA_HOME": str(home)}
    )
    environment.pop("KCA_DATABASE_URL", None)
    command = [sys.executable, "-m", "flows.monthly", f"{MONTH:%Y-%m}", *map(str, files)]
    done = subprocess.run(command, env=environment, check=False)  # noqa: S603 - our own module with our own files
    if done.returncode:
        raise KcaError(
            Finding(
                Code.FLOW_FAILED,
                "the flow »monthly« did not finish",
                found=f"exit code {done.returncode}",
            )
        )


def _overview(settings: Settings) -> overview.Overview:
    from kca_etl.report import overview
    from kca_etl.runs.record import warehouse
    from kca_etl.samples import figures
    from kca_etl.warehouse.views import queries

    engine = warehouse(settings)
    month = f"{MONTH:%Y-%m}"
    current, history = queries.figures(engine), queries.figures(engine, history=True)
    return overview.build(
        current, MONTH, history=history, invented=figures.invented(), notes=figures.notes(month)
    )


def _row(row: overview.OverviewRow) -> dict[str, object]:
    numbers = {
        "value": row.value,
        "change_previous": row.change_previous,
        "change_year": row.change_year,
    }
    exact = {key: None if number is None else float(number) for key, number in numbers.items()}
    marks = [f.month.isoformat()[:7] for f in row.figures if f.invented]
    return (
        {"kennzahl": row.kennzahl, "label": row.label, "unit": row.unit}
        | exact
        | {"invented_months": marks}
    )
