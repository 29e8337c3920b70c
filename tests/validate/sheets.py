"""A made-up Jobcenter's sheets of many months, and loading them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.model.findings import Verdict
from kca_etl.model.month import month_date, month_number
from kca_etl.runs.record import recorded
from kca_etl.settings import Settings
from kca_etl.sources.spec import Source

FIRST = month_number(2019, 1)
RATE, PERSONS, RECEIVERS = (
    "Arbeitslosenquote SGB II",
    "Arbeitslose SGB II",
    "Leistungsbezieher SGB II",
)
JOINED, APPLIED, MEASURES = "Integrationen", "Neuanträge", "Maßnahmeteilnehmer"
LABELS = (RATE, PERSONS, RECEIVERS, JOINED, APPLIED, MEASURES)  # rows 3 to 8 of a sheet
WORDS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
BASE = 230_000
Figures = dict[str, float]

SEXES = """
source: probe_geschlecht
title: probe
publisher: made up
recognise: [{text: Probe}]
berichtsmonat: {text: "Monat {monat}"}
datenstand: {rule: month_end}
regions: {'\\d{5}': ags}
tables:
  - id: t
    stub: {Schlüssel: region_code, Gebiet: region_name}
    columns:
      Insgesamt: arbeitslose
      Männer: "arbeitslose[geschlecht=maenner]"
      Frauen: "arbeitslose[geschlecht=frauen]"
checks:
  - {total: arbeitslose, parts: ["[geschlecht=maenner]", "[geschlecht=frauen]"]}
"""


def written(month: int) -> str:
    """`November 2020`."""
    return f"{WORDS[month % 12]} {month // 12}"


def true(month: int) -> Figures:
    """Return a month's figures: a slow course with a ripple, no two months alike."""
    n = month - FIRST
    persons = 7000 + 11 * n + 40 * (n % 4)
    steady = {
        RATE: round(100 * persons / BASE, 1),
        PERSONS: persons,
        RECEIVERS: 24000 + 17 * n + 90 * (n % 3),
    }
    return steady | {
        JOINED: 300 + 2 * n + 5 * (n % 3),
        APPLIED: 500 + n + 6 * (n % 4),
        MEASURES: 900 + 3 * n + 9 * (n % 5),
    }


def sheet(folder: Path, month: int, columns: dict[str, Figures] | None = None) -> Path:
    """Write a monthly sheet; `columns`.

    Header → figures (default Monat and Vormonat, as they are).
    """
    columns = columns or {"Monat": true(month), "Vormonat": true(month - 1)}
    lines = [f"Monatszahlen {written(month)}" + ";" * len(columns), ";".join(["Merkmal", *columns])]
    lines += [
        ";".join([label, *(f"{c[label]:.10g}".replace(".", ",") for c in columns.values())])
        for label in LABELS
    ]
    path = folder / f"{month_date(month):%Y-%m}-{len(list(folder.iterdir()))}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def by_sex(
    folder: Path,
    month: int,
    men: Sequence[float],
    women: Sequence[float],
    headers: str = "Männer;Frauen",
) -> Path:
    """Write a table of areas by sex."""
    areas = [
        "06434;Hochtaunuskreis",
        "06435;Main-Kinzig-Kreis",
        "06440;Wetteraukreis",
        "06438;Offenbach",
    ]
    lines = [f"Probe;Monat {month_date(month):%Y-%m};;;", f"Schlüssel;Gebiet;Insgesamt;{headers}"]
    lines += [
        f"{area};{m + w:.10g};{m:.10g};{w:.10g}".replace(".", ",")
        for area, m, w in zip(areas, men, women, strict=False)
    ]
    path = folder / f"sex-{month_date(month):%Y-%m}-{len(list(folder.iterdir()))}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def load(
    path: Path, engine: Engine, settings: Settings, source: Source | None = None
) -> pipeline.Outcome:
    """Carry one document through all stages; its source is recognised if none is given."""
    with recorded(engine, settings, "run") as work:
        outcome = pipeline.keep(
            pipeline.read(pipeline.receive(pipeline.Incoming(path), settings.landing), source), work
        )
        work.run.outcomes.append(outcome)
    return outcome


def past(folder: Path, engine: Engine, settings: Settings, months: int) -> int:
    """Load the first months, one sheet each; return the month that comes next."""
    for month in range(FIRST, FIRST + months):
        outcome = load(sheet(folder, month, {"Monat": true(month)}), engine, settings)
        assert outcome.reading.verdict is Verdict.ACCEPT, outcome.reading.findings
    return FIRST + months


def codes(outcome: pipeline.Outcome) -> list[str]:
    """Return the finding codes without the lesser leniencies."""
    return [f.code for f in outcome.reading.findings if f.code != "TEXT_NUMBER"]
