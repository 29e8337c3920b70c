"""Kinds carried in by the two ways that people take, each with a good document behind it."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.landing.archive import attempts
from kca_etl.landing.archive import files as archive
from kca_etl.landing.inbox.claimed_files import MAX_NAME_BYTES, NOTE_SUFFIX, SHORT_NAME_BYTES
from kca_etl.landing.inbox.folder import Inbox
from kca_etl.landing.inbox.folder import work as hand_over
from kca_etl.runs.inbox import MACHINE_FAILURES, handler
from kca_etl.runs.outcomes import lines
from kca_etl.runs.record import load_all, recorded
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine
from kca_etl.warehouse.views import queries
from tests.faults.corpus.kind import SOURCE, Kind
from tests.sources.office import Shape, write

FIRST_YEAR, MONTHS = 2006, 12
OBEYED = set(map(chr, [*range(9), 11, 12, *range(14, 32), 127, *range(0x80, 0xA0), 0x202E]))


@dataclass(slots=True)
class Carried:
    """What became of a kind by one of the ways; `faults` say what should have been otherwise."""

    kind: Kind
    way: str
    state: str
    codes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def good(folder: Path, number: int) -> Path:
    """Draw a sound sheet of a month of its own."""
    year, month = divmod(number, MONTHS)
    own = {
        ("Arbeitslose SGB II", "Monat"): 7000 + number,
        ("Leistungsbezieher SGB II", "Monat"): 24000 + number,
        ("Neuanträge", "Monat"): 500 + number,
        ("Integrationen", "Monat"): 300 + number,
        ("Maßnahmeteilnehmer", "Monat"): 900 + number,
    }
    stated = f"Berichtsmonat: {month + 1:02}/{FIRST_YEAR + year}"
    return write(folder / f"gut-{number}.xlsx", Shape(month=stated, order=(0, 1), cells=own))


def by_command(
    kinds: list[Kind], settings: Settings, folder: Path, every: int = 1
) -> list[Carried]:
    """Load the kinds as `kca run` does, a good document behind them; `every`: how many kinds."""
    engine, carried = open_engine(settings.url), []
    for source in sorted({kind.source for kind in kinds}):
        files, meant = [], []
        for number, kind in enumerate(kinds):
            if kind.source == source:
                place = folder / str(number)
                place.mkdir()
                kind.put(place / kind.file_name)
                meant.append(kind)
                files.append(place / kind.file_name)
        if source == SOURCE:
            carried += _with_good(files, meant, folder, every, engine, settings)
        else:
            outcomes = load_all(files, engine, settings, source)
            carried += [_judged(k, "run", o) for k, o in zip(meant, outcomes, strict=True)]
    return _afterwards(carried, engine, settings)


def _with_good(
    files: list[Path],
    kinds: list[Kind],
    folder: Path,
    every: int,
    engine: Engine,
    settings: Settings,
) -> list[Carried]:
    """Load documents, a good one behind every so many."""
    groups = [files[n : n + every] for n in range(0, len(files), every)]
    mixed = [[*group, good(folder, number)] for number, group in enumerate(groups)]
    outcomes = list(load_all(list(chain.from_iterable(mixed)), engine, settings, SOURCE))
    behind: list[pipeline.Outcome | None] = [*outcomes[every :: every + 1]]
    if len(files) % every:
        behind.append(outcomes[-1])
    good_ones = set(map(id, behind))
    bad = [o for o in outcomes if id(o) not in good_ones]
    carried = [_judged(k, "run", o) for k, o in zip(kinds, bad, strict=True)]
    _behind(carried, behind, every)
    return carried


def by_inbox(kinds: list[Kind], settings: Settings, every: int = 1) -> list[Carried]:
    """Drop the kinds into an inbox, a good document behind every so many; pick all of them up."""
    engine, box = open_engine(settings.url), settings.inbox
    box.mkdir(parents=True)
    for number, kind in enumerate(kinds):
        kind.put(box / kind.file_name)
        _aged(box / kind.file_name, 2 * number)
        if number % every == every - 1 or number == len(kinds) - 1:
            _aged(good(box, number // every), 2 * number + 1)
    with recorded(engine, settings, "watch") as work, Inbox(box, settle=0, patience=0) as inbox:
        inbox.look()
        for _ in hand_over(inbox.pick(), handler(box, work), MACHINE_FAILURES):
            pass
        by_name = {o.reading.document.file_name: o for o in work.run.outcomes}
    carried = [_judged(k, "inbox", by_name.get(_stored(k.file_name))) for k in kinds]
    count = -(-len(kinds) // every)
    _behind(carried, [by_name.get(f"gut-{n}.xlsx") for n in range(count)], every)
    for one in carried:
        _check_inbox(one, box)
    return _afterwards(carried, engine, settings)


def _aged(path: Path, age: int) -> None:
    """Let documents be of different seconds: the inbox takes the oldest first."""
    if path.is_file() and not path.is_symlink():
        os.utime(path, (10**9 + age, 10**9 + age))


def _stored(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def _judged(kind: Kind, way: str, outcome: pipeline.Outcome | None) -> Carried:
    """Hold what became of a kind against what it should have become."""
    if outcome is None:
        faults = [] if kind.state == "absent" or kind.code == "LINK" else ["it was not carried"]
        return Carried(kind, way, "absent", [], faults)
    findings = outcome.reading.findings
    state = "loaded" if outcome.result is not None else str(outcome.state)
    found = Carried(kind, way, state, [f.code for f in findings])
    code = (way == "inbox" and kind.in_inbox) or kind.code
    wanted = "missing" if kind.state == "absent" else kind.state
    if state != wanted:
        found.faults.append(f"{state}, not {wanted}: {[str(f) for f in findings][:2]}")
    fitting = [f for f in findings if f.code == code]
    if code and not fitting:
        found.faults.append(f"no {code}, but {[str(f) for f in findings][:3]}")
    if code and kind.cell and code == kind.code and all(f.cell != kind.cell for f in fitting):
        found.faults.append(f"cell {[f.cell for f in fitting]}, not {kind.cell}")
    if kind.says and all(kind.says not in f.what for f in fitting):
        found.faults.append(f"says {[f.what for f in fitting]}")
    if state != "loaded" and not findings:
        found.faults.append("refused without a finding")
    if orders := set("".join(lines(outcome))) & OBEYED:
        found.faults.append(f"prints {orders}")
    return found


def _behind(carried: list[Carried], behind: list[pipeline.Outcome | None], every: int) -> None:
    """Tell of each good document that did not load behind the kinds before it."""
    for number, outcome in enumerate(behind):
        if outcome is None or outcome.result is None or outcome.result.already:
            said = [str(f) for f in outcome.reading.findings[:2]] if outcome else "not carried"
            last = carried[min(len(carried), (number + 1) * every) - 1]
            last.faults.append(f"the good document behind it did not load: {said}")


def _check_inbox(one: Carried, box: Path) -> None:
    """The document lies where it belongs, a refused one with a note that names the code."""
    if one.state == "absent":
        return
    place = box / ("done" if one.state == "loaded" else "quarantine")
    held = [p for p in place.iterdir() if _is_of(p.name, one.kind)] if place.is_dir() else []
    notes = [p for p in held if p.name.endswith(NOTE_SUFFIX)]
    if not held or bool(notes) != (one.state != "loaded"):
        one.faults.append(f"in {place.name}: {[p.name for p in held]}")
    for note in notes[:1]:
        text = note.read_text("utf-8-sig")
        if set(text) & OBEYED or not any(code in text for code in one.codes):
            one.faults.append(f"the note says {text[:300]!r}")


def _is_of(name: str, kind: Kind) -> bool:
    """Tell whether a file is a kind's document or its note; long names are cut."""
    if len(os.fsencode(kind.file_name)) > MAX_NAME_BYTES:
        return name.startswith(kind.file_name[:SHORT_NAME_BYTES])
    return name.removesuffix(NOTE_SUFFIX) == kind.file_name


def _afterwards(carried: list[Carried], engine: Engine, settings: Settings) -> list[Carried]:
    """Nothing of a refused document is in the warehouse; nothing is left lying about."""
    loaded = {_stored(c.kind.file_name) for c in carried if c.state == "loaded"}
    loaded |= {f"gut-{n}.xlsx" for n in range(len(carried))}
    names = set(queries.figures(engine, history=True)["file_name"])
    left = [*settings.landing.glob(".incoming-*"), *settings.inbox.glob("claimed/[!.]*")]
    faults = [f"figures of {name}" for name in sorted(names - loaded)]
    faults += [f"left behind: {path.name}" for path in left]
    faults += [f"changed in the archive: {path.name}" for path in archive.verify(settings.landing)]
    if attempts.left_behind(settings.landing):
        faults.append("the mark of a document being read")
    if faults:
        carried[-1].faults += faults
    engine.dispose()
    return carried
