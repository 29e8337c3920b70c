"""Open data: the published views of a warehouse as files that explain themselves."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import Month
from kca_etl.offices import folder as offices
from kca_etl.open_data import columns, dcat, describe, files, sdmx
from kca_etl.open_data.portions import Portions, until
from kca_etl.open_data.protect import Protected, Rules, findings, protect
from kca_etl.sources import registry
from kca_etl.warehouse.views import chosen, frames, queries
from kca_etl.warehouse.views.contract import FIGURES
from kca_etl.warehouse.views.frames import Versions

if TYPE_CHECKING:
    import polars as pl
    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures to publish.

    Of one source or all, of months, as known on an ISO day or now.
    """

    source: str | None = None
    month_from: Month | None = None
    month_to: Month | None = None
    as_of: str | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """The files written, rows by table, and a warning for each number withheld."""

    paths: list[Path]
    counts: dict[str, int]
    findings: list[Finding]


def export(engine: Engine, folder: Path, wanted: Wanted) -> Exported:
    """Write CSV, Parquet, SDMX-CSV, datapackage.json, dcat.jsonld and README.md into a folder.

    Raises KcaError NOTHING_TO_EXPORT, FOREIGN_FOLDER.

    The files appear when all are complete; those of an earlier export are replaced.
    """
    _check(folder)
    of = versions(wanted)
    if not frames.is_there(engine, replace(of, as_of=wanted.as_of, history=False)):
        raise KcaError(Finding(Code.NOTHING_TO_EXPORT, "the warehouse holds no figures that fit"))
    kennzahlen = queries.kennzahlen(engine)
    additive = {k["code"] for k in kennzahlen if k["additive"]}
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as place:
        inside = Path(place)
        portions = Portions(inside / ".portions", frames.stream(engine, of), wanted.as_of)
        written = _figures(inside, portions, portions.rules(additive), wanted.as_of)
        quellen = [_quelle(*about) for about in portions.sources()]
        about = _about(engine, portions, kennzahlen)
        counts = written.counts | _others(inside, {"quellen": quellen, **about})
        portions.discard()
        _explain(inside, quellen, counts, written.withheld, wanted.as_of)
        paths = [path.replace(folder / path.name) for path in sorted(inside.iterdir())]
    return Exported(paths, counts, written.findings)


def lacking() -> list[Finding]:
    """Say what the office's folder must still name before a portal takes the record."""
    if offices.current().open_data.contributor_id:
        return []
    what = "the record for portals lacks dcatde:contributorID, which GovData demands"
    expected = "open_data: {contributor_id: http://dcat-ap.de/def/contributors/…} in office.yaml"
    return [Finding(Code.NO_CONTRIBUTOR, what, expected=expected)]


def versions(wanted: Wanted) -> chosen.Wanted:
    """Return which versions have to be read: also those that are no longer shown."""
    return chosen.Wanted(
        source=wanted.source,
        month_from=wanted.month_from,
        month_to=wanted.month_to,
        history=True,
    )


def _check(folder: Path) -> None:
    """Refuse a folder that holds something else: its README.md may be somebody's own."""
    there = (
        [path for path in folder.glob("*") if not path.name.startswith(".")]
        if folder.exists()
        else []
    )
    try:
        ours = (
            not there
            or json.loads((folder / "datapackage.json").read_text(encoding="utf-8")).get("id")
            == describe.identifier()
        )
    except (OSError, ValueError, AttributeError):
        ours = False
    if not ours:
        raise KcaError(
            Finding(
                Code.FOREIGN_FOLDER,
                f"{folder} holds something else",
                found=there[0].name,
                expected="an empty folder",
            )
        )


@dataclass(slots=True)
class Written:
    """Rows by table, how many figures of the day are withheld, and why."""

    counts: dict[str, int]
    withheld: int = 0
    findings: list[Finding] = field(default_factory=list)


def _figures(
    folder: Path, portions: Portions, rules: dict[str, Rules], as_of: str | None
) -> Written:
    """Write the figures of the day and all versions known by then, portion by portion."""
    now, past = (files.Growing(folder, name) for name in ("figures", "figures_history"))
    observed, done = sdmx.Growing(folder), Written({})
    for source, every, seen in portions:
        current = _add(every, protect(every, seen, rules[source]), (now, past), done, as_of)
        observed.add(current)
    for table in (now, past):
        table.close()
    done.counts = {"figures": now.rows, "figures_history": past.rows}
    return done


def _add(
    every: Versions,
    decided: Protected,
    tables: tuple[files.Growing, files.Growing],
    done: Written,
    as_of: str | None,
) -> pl.DataFrame:
    """Write one portion into both tables; return its rows of the first."""
    added = []
    for table, lines in zip(tables, (decided.shown, until(every, as_of)), strict=True):
        added.append(files.figures(every.where(lines), decided.withheld[lines], FIGURES, as_of))
        table.add(added[-1])
    done.withheld += int(decided.withheld[decided.shown].sum())
    done.findings += findings(every, decided)
    return added[0]


def _others(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    for name, given in tables.items():
        files.write(files.rows(given, columns.TABLES[name].columns), folder, name)
    return {name: len(given) for name, given in tables.items()}


def _about(
    engine: Engine, portions: Portions, kennzahlen: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """What belongs to the versions: their kennzahlen, documents and months."""
    used = {
        name: portions.used(name)
        for name in ("kennzahl", "document_sha256", "source", "berichtsmonat")
    }
    return {
        "kennzahlen": [k for k in kennzahlen if k["code"] in used["kennzahl"]],
        "documents": _documents(engine, used["document_sha256"]),
        "coverage": [
            c
            for c in queries.coverage(engine)
            if c["source"] in used["source"] and c["berichtsmonat"] in used["berichtsmonat"]
        ],
    }


def _documents(engine: Engine, used: set[str]) -> list[dict[str, Any]]:
    """Return the documents of these hashes.

    Where a person's file lay is nobody's business; a publisher's address is.
    """
    documents = [d for d in queries.documents(engine) if d["sha256"] in used]
    for document in documents:
        if not document["origin"].startswith("https://"):
            document["origin"] = ""
    return sorted(documents, key=lambda d: str(d["sha256"]))


def _quelle(name: str, months: list[str], days: list[str], figures: int) -> dict[str, Any]:
    """Say of a source whose it is, under which licence, and from when to when."""
    about = _declared(name)
    said = (
        f"{about['publisher']}: {about['title']}, Datenstand {max(days)}; "
        f"Zusammenstellung: {offices.current().publisher}."
    )
    spans = {
        "first_month": min(months),
        "last_month": max(months),
        "datenstand": max(days),
        "figures": figures,
    }
    return {
        "source": name,
        **about,
        "licence_uri": dcat.licence_uri(about["licence"]),
        "attribution": said,
        **spans,
    }


def _declared(source: str) -> dict[str, str]:
    try:
        spec = registry.load(source)
    except KcaError:  # loaded once, declared no more
        return {"title": source, "publisher": source, "licence": "unbekannt"}
    return {
        "title": spec.title,
        "publisher": spec.publisher,
        "licence": spec.licence or f"© {spec.publisher}",
    }


def _explain(
    folder: Path,
    quellen: list[dict[str, Any]],
    counts: dict[str, int],
    withheld: int,
    as_of: str | None,
) -> None:
    """Write what describes the tables; last, since it holds their hashes."""
    state = as_of or max(q["datenstand"] for q in quellen)
    (folder / sdmx.STRUCTURE).write_text(sdmx.structure(state), encoding="utf-8")
    package = describe.datapackage(folder, quellen, state)
    for name, content in (
        ("datapackage.json", package),
        ("dcat.jsonld", dcat.record(quellen, package)),
    ):
        (folder / name).write_text(
            json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    (folder / "README.md").write_text(
        describe.readme(quellen, counts, withheld, state), encoding="utf-8"
    )
