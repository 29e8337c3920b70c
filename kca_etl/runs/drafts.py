"""Drafts of declarations: a whole one for an unknown document, a patch for a drifted layout."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.observations import Observations
from kca_etl.propose import drift
from kca_etl.propose.draft import propose
from kca_etl.sources import registry
from schemas.codelists import ZEICHEN

if TYPE_CHECKING:
    from kca_etl.sources.spec import Source

# As `expected.csv` of a sample document names them.
FACT_COLUMNS = (
    "berichtsmonat", "kennzahl", "gliederung", "region", "value", "zeichen", "sheet", "cell",
)  # fmt: skip
MAX_ROUNDS = 3  # what one change brings to light is changed as well


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft, what a person must settle, and what the document reads like by it.

    `problems`: why the draft is no declaration, or the findings of reading by it.
    """

    text: str
    todo: list[str]
    problems: list[str]
    observations: Observations | None


@dataclass(frozen=True, slots=True)
class Drifted:
    """What changed in a known source's document, and the patch to its declaration.

    `before` is the document read by the declaration, `after` read by the patched one. `refused`:
    why a patch that could be told is not given.
    """

    source: str
    changes: list[str]
    patch: str
    before: pipeline.Reading
    after: pipeline.Reading
    refused: str = ""


def source_of(received: pipeline.Received) -> Source | None:
    """Return the source that a document is of, or comes nearest to.

    Raises KcaError with the guard's findings where the document was refused.
    """
    if received.book is None:
        raise KcaError(*received.findings)
    known = pipeline.read(received).source
    return known or drift.nearest(received.book, [*map(registry.load, registry.names())])


def draft_of(received: pipeline.Received, name: str) -> Drafted:
    """Draft a declaration of that name; it is tried on the document."""
    if received.book is None:
        raise KcaError(*received.findings)
    draft = propose(received.book, name)
    try:
        reading = pipeline.read(received, registry.parse(draft.text))
    except (ValidationError, ValueError) as error:
        return Drafted(draft.text, draft.todo, [" · ".join(str(error).splitlines()[:3])], None)
    problems = [sentence(finding) for finding in reading.findings]
    return Drafted(draft.text, draft.todo, problems, reading.observations)


def drift_of(received: pipeline.Received, source: Source, archived: Iterable[Path] = ()) -> Drifted:
    """Say what changed in a source's document; the patch is tried on it, a few times over.

    No patch is given under which the document holds no figure, or under which one of the
    `archived` documents of the source reads otherwise than before.
    """
    declared = source
    name, book = source.source, received.book
    given = text = registry.path(name).read_text(encoding="utf-8")
    before = reading = pipeline.read(received, source)
    changes = drift.report(reading.findings)
    for _ in range(MAX_ROUNDS):
        if book is None or reading.verdict is not Verdict.QUARANTINE:
            break
        text = drift.amended(text, source, book, reading.findings)
        source = registry.parse(text)
        reading = pipeline.read(received, source)
        changes += [line for line in drift.report(reading.findings) if line not in changes]
    refused = _harm(declared, source, reading, archived) if text != given else ""
    patch = "" if refused else drift.diff(name, given, text)
    return Drifted(name, changes, patch, before, reading, refused)


def _harm(
    declared: Source, patched: Source, reading: pipeline.Reading, archived: Iterable[Path]
) -> str:
    """Say why a patched declaration is worse than none; '' if it only adds a way to read."""
    if reading.observations is None or not len(reading.observations):
        return "by it the document would hold no figure"
    for path in archived:
        received = pipeline.open_document(document_of(path), path)
        if _told(pipeline.read(received, declared)) != _told(pipeline.read(received, patched)):
            return f"by it the archived document {path.name} would read otherwise"
    return ""


def _told(reading: pipeline.Reading) -> tuple[Verdict, list[list[object]]]:
    o = reading.observations
    return reading.verdict, [] if o is None else fact_rows(o)


def fact_rows(o: Observations) -> list[list[object]]:
    """Return every fact as FACT_COLUMNS name it."""
    return [
        [
            str(o.month_of(n)),
            o.series_list[int(o.series[n])].kennzahl,
            o.series_list[int(o.series[n])].gliederung,
            f"{o.regions[int(o.region[n])].system}:{o.regions[int(o.region[n])].code}",
            "" if o.zeichen[n] else repr(float(o.value[n])),
            ZEICHEN[o.zeichen[n]],
            o.sheet_of(n),
            o.cell_of(n),
        ]
        for n in range(len(o))
    ]


def write_into(office: Path, drafted: Drafted, document: Path) -> list[Path]:
    """Write a draft, its document as a sample and the facts it reads into an office's folder.

    Returns the files. Raises KcaError BAD_OFFICE where one of them is there.
    """
    name = registry.parse(drafted.text).source
    samples = office / "samples" / name
    files = [
        office / "sources" / f"{name}.yaml",
        samples / document.name,
        samples / "expected.csv",
    ]
    if there := [str(path) for path in files if path.exists()]:
        what = "a file that the draft would be written to is there already"
        raise KcaError(Finding(Code.BAD_OFFICE, what, found=", ".join(there)))
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
    files[0].write_text(drafted.text, encoding="utf-8")
    shutil.copyfile(document, files[1])
    with files[2].open("w", encoding="utf-8", newline="") as file:
        rows = [] if drafted.observations is None else fact_rows(drafted.observations)
        csv.writer(file, lineterminator="\n").writerows([list(FACT_COLUMNS), *rows])
    return files
