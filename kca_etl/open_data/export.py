"""Open data: the published views of a warehouse as files that explain themselves."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import Month
from kca_etl.offices import folder as offices
from kca_etl.open_data import columns, dcat, describe, files
from kca_etl.open_data.protect import Mask, Protected, findings, protect
from kca_etl.sources import registry
from kca_etl.warehouse.views import queries
from kca_etl.warehouse.views.contract import FIGURES
from kca_etl.warehouse.views.frames import Versions

if TYPE_CHECKING:
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
    """Write CSV, Parquet, datapackage.json, dcat.jsonld and README.md into a folder.

    Raises KcaError NOTHING_TO_EXPORT, FOREIGN_FOLDER.

    The files appear when all are complete; those of an earlier export are replaced.
    """
    _check(folder)
    every = queries.found(
        engine,
        source=wanted.source,
        month_from=wanted.month_from,
        month_to=wanted.month_to,
        history=True,
    )
    kennzahlen = queries.kennzahlen(engine)
    protected = protect(every, wanted.as_of, {k["code"] for k in kennzahlen if k["additive"]})
    if not protected.shown.any():
        raise KcaError(Finding(Code.NOTHING_TO_EXPORT, "the warehouse holds no figures that fit"))
    known = _until(every, wanted.as_of)
    quellen = _quellen(every.where(protected.shown))
    about = _about(engine, every.where(known), kennzahlen)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as place:
        inside = Path(place)
        counts = _figures(inside, every, protected, known, wanted.as_of) | _others(
            inside, {"quellen": quellen, **about}
        )
        _explain(
            inside, quellen, counts, int(protected.withheld[protected.shown].sum()), wanted.as_of
        )
        paths = [path.replace(folder / path.name) for path in sorted(inside.iterdir())]
    return Exported(paths, counts, list(findings(every, protected)))


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


def _figures(
    folder: Path, every: Versions, protected: Protected, known: Mask, as_of: str | None
) -> dict[str, int]:
    """Write the figures of the day and all versions known by then; return their numbers of rows."""
    counts = {}
    for name, chosen in (("figures", protected.shown), ("figures_history", known)):
        frame = files.figures(every.where(chosen), protected.withheld[chosen], FIGURES, as_of)
        files.write(frame, folder, name)
        counts[name] = len(frame)
    return counts


def _others(folder: Path, tables: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    for name, given in tables.items():
        files.write(files.rows(given, columns.TABLES[name].columns), folder, name)
    return {name: len(given) for name, given in tables.items()}


def _until(every: Versions, as_of: str | None) -> Mask:
    """Choose the versions known on a day."""
    texts, codes = every.column("known_from")
    return np.array(
        [day is not None and (as_of is None or day <= as_of) for day in texts.tolist()], bool
    )[codes]


def _about(
    engine: Engine, known: Versions, kennzahlen: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """What belongs to some versions: their kennzahlen, documents and months."""
    used = {
        name: _used(known, name)
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


def _used(known: Versions, name: str) -> set[str]:
    texts, codes = known.column(name)
    return set(texts[np.unique(codes)].tolist())


def _quellen(now: Versions) -> list[dict[str, Any]]:
    """Say of each source whose it is, under which licence, and from when to when."""
    (sources, source), (months, month), (days, day) = (
        now.column(name) for name in ("source", "berichtsmonat", "datenstand")
    )
    owner = sources[source]
    counted = Counter(owner.tolist())
    out = []
    for name in sorted(counted):
        own = owner == name
        inside, stated = months[np.unique(month[own])].tolist(), days[np.unique(day[own])].tolist()
        about = _declared(name)
        said = (
            f"{about['publisher']}: {about['title']}, Datenstand {max(stated)}; "
            f"Zusammenstellung: {offices.current().publisher}."
        )
        spans = {
            "first_month": min(inside),
            "last_month": max(inside),
            "datenstand": max(stated),
            "figures": counted[name],
        }
        out.append(
            {
                "source": name,
                **about,
                "licence_uri": dcat.licence_uri(about["licence"]),
                "attribution": said,
                **spans,
            }
        )
    return out


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
