"""The warehouse anew from the archive alone, and the proof that it is the same.

The figures are read anew from the archived bytes, in the order in which they came. What was
found when they came, the decisions, the runs, the publishers' answers and the register of pages
are the archive's own record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import StringIO
from itertools import count, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from kca_etl import pipeline
from kca_etl.landing.archive import decisions as copies
from kca_etl.landing.archive import files, journal, provenance
from kca_etl.model.codes import Code
from kca_etl.model.document import Document
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.states import DocumentState, RunState
from kca_etl.runs.record import recorded
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse import decisions, migrate, restored, sameness
from kca_etl.warehouse.engine import Busy, open_engine
from kca_etl.warehouse.views import frames, queries

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.warehouse.views.frames import Versions


ORDER = {
    DocumentState.REPLACED.value: 0,
    DocumentState.LOADED.value: 1,
    DocumentState.QUARANTINED.value: 2,
    DocumentState.REJECTED.value: 2,
    DocumentState.REFUSED.value: 2,
    DocumentState.WITHDRAWN.value: 2,
}
HALF, WHOLE = ".rebuilding.db", "rebuilt.db"


@dataclass(frozen=True, slots=True)
class Archived:
    """A document as the archive alone knows it.

    `state` is empty where no run came to its end with it. `note` holds all that is noted.
    """

    document: Document
    path: Path
    source: str
    state: str
    received_at: str = ""
    note: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_judged(self) -> bool:
        """Whether the note says what was found; earlier versions did not note it."""
        return "findings" in self.note

    @property
    def states_figures(self) -> bool:
        """Whether the document must be read: it was loaded, or nobody noted how it was judged."""
        return self.state == DocumentState.LOADED or not self.is_judged


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild loaded, and what it could not."""

    loaded: int = 0
    findings: list[Finding] = field(default_factory=list)


@contextmanager
def fresh_file(home: Path) -> Iterator[Path]:
    """Yield the file to rebuild into; at its end it is `rebuilt.db`, or numbered, and whole.

    What a killed rebuild left is removed. Raises Busy while another rebuild is at work.
    """
    half = home / HALF
    home.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home / f"{HALF}.lock", timeout=0):
            _remove(half)
            try:
                yield half
            finally:
                open_engine(f"sqlite:///{half}").dispose()
    except Timeout:
        raise Busy("another rebuild is at work") from None


def put_in_place(half: Path) -> Path:
    """Give a rebuilt database its name, which is never one that is taken; return its path."""
    open_engine(f"sqlite:///{half}").dispose()  # the last connection joins the log to the file
    plain = half.with_name(WHOLE)
    names = (plain if n == 1 else plain.with_stem(f"{plain.stem} ({n})") for n in count(1))
    target = next(path for path in names if not path.exists())
    return half.replace(target)


def _remove(half: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        half.with_name(half.name + end).unlink(missing_ok=True)


def archived(landing: Path) -> Iterator[Archived]:
    """Read the archive.

    Every document with what its note says, in the order of their hashes, which is none.
    """
    for path in provenance.documents(landing):
        sha256 = path.name.split(".")[0]
        known = provenance.read(sha256, landing)
        if known.get("state") != provenance.PACKAGE:
            document = Document(
                sha256,
                str(known.get("file_name", path.name)),
                path.stat().st_size,
                str(known.get("origin", "")),
                provenance.moment_of_receipt(sha256, landing),
            )
            source, state, at = (
                str(known.get(key, "")) for key in ("source", "state", "received_at")
            )
            yield Archived(document, path, source, state, at, known)


def wanted(documents: Sequence[Archived], before: Engine | None) -> list[Archived]:
    """Choose what a run came to an end with, in the order in which it is carried in again.

    First what was replaced, then what was loaded, then what stayed quarantined; each in the
    order of receipt. Where the archive cannot tell, since a run was killed, the warehouse can;
    without one, the document is tried.
    """
    there = {d["sha256"] for d in queries.documents(before)} if before is not None else None
    known = [
        d
        for d in documents
        if d.state in ORDER or (not d.state and (there is None or d.document.sha256 in there))
    ]
    return sorted(known, key=lambda d: (ORDER.get(d.state, 1), d.received_at, d.document.sha256))


def rebuild(documents: Sequence[Archived], into: Engine, settings: Settings) -> Rebuilt:
    """Carry documents into a fresh database, in the order given. Raises KcaError NOT_EMPTY.

    What states no figure is not read, only hashed: its note says all that counts.
    """
    migrate.upgrade(into)
    if queries.documents(into):
        raise KcaError(
            Finding(Code.NOT_EMPTY, "the database to rebuild into holds documents already")
        )
    done = Rebuilt()
    decisions.store(into, copies.read(settings.landing))
    read = [one for one in documents if one.states_figures]
    sound = [one for one in documents if not one.states_figures and _is_sound(one, done)]
    with recorded(into, settings, sameness.REBUILD, writes_notes=False) as work:
        outcomes = pipeline.carry(map(_incoming, read), work)
        for one, outcome in zip(read, outcomes, strict=True):
            done.loaded += outcome.result is not None
            found = _differs(one, outcome)
            done.findings += found
            if not found:
                sound.append(one)
        noted = [restored.Noted(d.document, dict(d.note)) for d in sound if d.is_judged]
        restored.restore(into, noted, journal.entries(settings.landing))
        if done.findings:
            work.run.state = RunState.FAILED
    return done


def _is_sound(one: Archived, done: Rebuilt) -> bool:
    """Hash a document that is not read; damage is a finding."""
    try:
        files.sound(one.document.sha256, one.path.parent.parent)
    except KcaError as error:
        done.findings += error.findings
        return False
    return True


def _incoming(one: Archived) -> pipeline.Incoming:
    source = one.source if one.source in registry.names() else None
    return pipeline.Incoming(one.path, archived=one.document, source=source, became=one.state)


def _differs(one: Archived, outcome: pipeline.Outcome) -> list[Finding]:
    """Say what became of a document this time, where that is not what the archive notes."""
    first = next(iter(outcome.reading.findings), None)
    if outcome.state is DocumentState.MISSING and first is not None:
        return [first]
    loads = outcome.result is not None
    if not one.state or loads == (one.state == DocumentState.LOADED):
        return []
    name = one.document.file_name
    if loads or first is None:
        what = f"{name} was {one.state} once and is loaded now"
        return [Finding(Code.REBUILD_DIFFERS, what)]
    what = f"{name} was loaded once and is quarantined now: [{first.code}] {first.what}"
    return [
        Finding(Code.REBUILD_DIFFERS, what, first.sheet, first.cell, first.found, first.expected)
    ]


def difference(before: Engine, after: Engine) -> list[Finding]:
    """Compare all that both warehouses hold: figures, histories, and what `sameness` names.

    Return the first difference, or nothing.
    """
    there = _loaded(before)
    if lost := sorted(there.keys() - _loaded(after).keys()):
        what = f"{there[lost[0]]} is loaded, but the archive did not yield it"
        return [
            Finding(
                Code.NOT_IN_ARCHIVE, what, found=f"sha256 {lost[0]}; {len(lost)} such documents"
            )
        ]
    if not sameness.have_same_facts(before, after) and (found := _other_figures(before, after)):
        return [found]
    for kind, old, new in sameness.differences(before, after):
        return [Finding(Code.REBUILD_DIFFERS, f"a {kind} differs", found=new, expected=old)]
    return []


def _other_figures(before: Engine, after: Engine) -> Finding | None:
    """Compare figures and histories month by month, as they are exported; name the first line."""
    months = sorted({m for engine in (before, after) for m in queries.months(engine)})
    for month in months:
        for history in (True, False):
            found = _first(
                *(queries.found(e, month=month, history=history) for e in (before, after))
            )
            if found:
                what = f"{'figures_history' if history else 'figures'} {month} differ"
                return Finding(Code.REBUILD_DIFFERS, what, found=found[1], expected=found[0])
    return None


def _loaded(engine: Engine) -> dict[str, str]:
    return {
        d["sha256"]: d["file_name"]
        for d in queries.documents(engine)
        if d["state"] == DocumentState.LOADED
    }


def _first(old: Versions, new: Versions) -> tuple[str, str] | None:
    """Return the first line that differs, as the two warehouses export it without the run."""
    one, other = _text(old), _text(new)
    if one == other:
        return None
    lines = zip_longest(one.split("\n"), other.split("\n"), fillvalue="(no more figures)")
    return next(pair for pair in lines if pair[0] != pair[1])


def _text(found: Versions) -> str:
    out = StringIO()
    frames.write_csv(found, out, [c for c in queries.COLUMNS if c != "run_id"])
    return out.getvalue()
