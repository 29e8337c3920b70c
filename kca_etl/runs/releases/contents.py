"""What goes into a release: the page, its figures, and all that they were made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kca_etl.landing.archive import files, provenance
from kca_etl.model.codes import Code
from kca_etl.model.decision import to_row
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date
from kca_etl.offices import folder as offices
from kca_etl.report import render
from kca_etl.report.data import csv_text
from kca_etl.report.overview import Overview
from kca_etl.runs import reports
from kca_etl.runs.arguments import month_id
from kca_etl.runs.record import reading
from kca_etl.runs.releases.package import as_json
from kca_etl.runs.texts import check_file
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.textcheck import show
from kca_etl.textcheck.page import render_page
from kca_etl.textcheck.results import CheckedClaim
from kca_etl.warehouse import decisions
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine

PAGE, TEXT, FIGURES, DOCUMENTS = "seite", "text", "zahlen", "dokumente"
DECLARATIONS, DECISIONS, OFFICE = "deklarationen", "entscheidungen", "office"
README = "LIESMICH.txt"
# Who loaded a figure and what came later are no part of it.
COLUMNS = [c for c in queries.COLUMNS if c not in ("run_id", "known_to")]
Members = dict[str, bytes | Path]


@dataclass(slots=True)
class Contents:
    """The members of a release but its manifest, and the page they are about."""

    page: Overview
    forms: dict[str, bytes]
    members: Members = field(default_factory=dict)


def collect(
    settings: Settings, month: str, as_of: str | None = None, text: Path | None = None
) -> Contents:
    """Gather the members of a month's release, in the order of the archive.

    Raises KcaError TEXT_CONTRADICTED, ARCHIVE_DAMAGED, NOT_IN_ARCHIVE, and what building the
    page or checking the text raises.
    """
    page = reports.build(settings, month_date(month_id(month)), as_of)
    made = Contents(page, render.files(page))
    engine = reading(settings)
    made.members |= {README: _readme(page).encode()}
    made.members |= {f"{PAGE}/{name}": content for name, content in made.forms.items()}
    if text is not None:
        made.members |= _checked_text(settings, text, month)
    made.members |= figures(engine, page, as_of)
    made.members |= _documents(settings, _behind(engine, page, as_of))
    made.members |= _declared()
    made.members |= _decided(engine)
    made.members |= _office()
    return made


def figures(engine: Engine, page: Overview, as_of: str | None) -> dict[str, bytes | Path]:
    """Return the figures that a page is made of, with their cells, as CSV and JSON."""
    rows = queries.records(_of_page(queries.figures(engine, **_own(), as_of=as_of), page)[COLUMNS])
    shown = csv_text(COLUMNS, rows).encode()
    return {f"{FIGURES}/figures.csv": shown, f"{FIGURES}/figures.json": as_json(rows)}


def _own() -> dict[str, Any]:
    return {"source": registry.jobcenter_source(), "region": offices.current().region_key}


def _of_page(frame: pd.DataFrame, page: Overview) -> pd.DataFrame:
    """Choose the rows of the kennzahlen and months that a page uses."""
    months = {f.month.isoformat() for row in page.rows for f in row.used}
    kennzahlen = {row.kennzahl for row in page.rows}
    found: pd.DataFrame = frame[
        frame["berichtsmonat"].astype(str).isin(months)
        & frame["kennzahl"].isin(kennzahlen)
        & (frame["gliederung"] == "insgesamt")
    ]
    return found


def _behind(engine: Engine, page: Overview, as_of: str | None) -> list[str]:
    """Return the hashes of the documents of all versions that were known, sorted."""
    versions = _of_page(queries.figures(engine, **_own(), history=True), page)
    if as_of is not None:
        versions = versions[versions["known_from"].astype(str) <= as_of]
    return sorted(set(map(str, versions["document_sha256"])))


def _documents(settings: Settings, hashes: list[str]) -> Members:
    """Return archived bytes and the archive's notes; where a person's file lay is left out."""
    found: Members = {}
    for sha256 in hashes:
        try:
            path = files.sound(sha256, settings.landing)
        except FileNotFoundError:
            what = "a document of the page is not in the archive"
            finding = Finding(Code.NOT_IN_ARCHIVE, what, found=f"sha256 {sha256}")
            raise KcaError(finding) from None
        note = provenance.read(sha256, settings.landing)
        if not str(note.get("origin", "")).startswith("https://"):
            note.pop("origin", None)
        found[f"{DOCUMENTS}/{path.name}"] = path
        found[f"{DOCUMENTS}/{sha256}.note.json"] = as_json(note)
    return found


def _declared() -> Members:
    """Return the declaration with all that the office adds to a shipped one."""
    import yaml

    name = registry.jobcenter_source()
    whole = yaml.safe_dump(registry.whole(name), allow_unicode=True, sort_keys=False, width=100)
    return {f"{DECLARATIONS}/{name}.yaml": whole.encode()}


def _decided(engine: Engine) -> Members:
    own = [d for d in decisions.everything(engine) if d.source == registry.jobcenter_source()]
    return {f"{DECISIONS}/{one.id}.json": as_json(to_row(one)) for one in own}


def _office() -> Members:
    """Return the office's folder as it is used: what the program reads of it, nothing else."""
    place, logo = offices.folder(), offices.current().look.logo
    names = (offices.OFFICE, offices.KENNZAHLEN, offices.TILES, *((logo,) if logo else ()))
    own = [place / name for name in names if (place / name).is_file()]
    own += offices.declarations().values()
    return {f"{OFFICE}/{p.relative_to(place).as_posix()}": p.read_bytes() for p in own}


def _checked_text(settings: Settings, text: Path, month: str) -> Members:
    """Check a text; return it with what was found, as data and as a page to read."""
    checked = check_file(settings, text, month)
    if found := contradicted(checked.claims, text.name):
        raise KcaError(*found)
    page = render_page(checked.claims, checked.text, text.name, checked.month)
    rows = [_claim(claim) for claim in checked.claims]
    return {
        f"{TEXT}/text{text.suffix.lower()}": text.read_bytes(),
        f"{TEXT}/pruefung.json": as_json(rows),
        f"{TEXT}/pruefung.html": page.encode(),
    }


def contradicted(claims: list[CheckedClaim], name: str) -> list[Finding]:
    """Say that a text contradicts the figures: such a text is not released."""
    if not show.exit_code(claims):
        return []
    what = f"{name} says what the figures do not say"
    return [Finding(Code.TEXT_CONTRADICTED, what)]


def _claim(claim: CheckedClaim) -> dict[str, Any]:
    from dataclasses import asdict

    return {key: value if _is_plain(value) else str(value) for key, value in asdict(claim).items()}


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool | int | float | str)


def _readme(page: Overview) -> str:
    return f"""\
Freigabe der Monatsübersicht {page.month:%Y-%m}, {page.region_name}

{PAGE}/            die Übersicht, wie sie veröffentlicht ist
{TEXT}/             der geprüfte Text und was die Prüfung ergab, falls einer dabei ist
{FIGURES}/           die Werte der Übersicht mit Dokument, Blatt und Zelle
{DOCUMENTS}/        die Dokumente, aus denen sie stammen, unverändert; der Name ist ihr SHA-256
{DECLARATIONS}/    wie die Dokumente zu lesen sind
{DECISIONS}/  was Menschen dazu entschieden haben
{OFFICE}/           Angaben der Stelle, die die Übersicht herausgibt
manifest.json     SHA-256 jeder Datei und der Freigabe davor

Prüfen, ohne Netz und ohne Zugang zu einer Datenbank:  kca verify DATEI
"""
