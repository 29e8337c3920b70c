"""Load changed documents over a past, and sort what becomes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from kca_etl import pipeline
from kca_etl.landing.archive.files import document_of
from kca_etl.model.catalogue import catalogue, verdict_of
from kca_etl.model.findings import Finding, Verdict
from kca_etl.runs.record import load_all, warehouse
from kca_etl.settings import Settings
from kca_etl.warehouse.past import stated
from tests.mutate.documents import Mutant, Original, mutant, original, same
from tests.mutate.earlier import load_earlier
from tests.mutate.kinds import KINDS, STILL_OPEN, WITHOUT_EVIDENCE

OUTCOMES = ("harmless", "stopped", "warned", "silent")
PASTS = (0, 1, 12)
TARGETS = ("201712", "201811", "202001")
DRAWS = 2
LOADS = (Verdict.ACCEPT, Verdict.WARN)


@dataclass(slots=True)
class Sorted:
    """How many changed documents of each kind came to which end; and which were silent."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    silent: list[str] = field(default_factory=list)
    by_past: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, kind: str, outcome: str, where: str) -> None:
        """Count one."""
        self.counts.setdefault(kind, Counter())[outcome] += 1
        past = where.partition(",")[0].rpartition(" over ")[2]
        self.by_past.setdefault(past, Counter())[outcome] += 1
        if outcome == "silent":
            self.silent.append(f"{kind} · {where}")

    def total(self, outcome: str = "") -> int:
        """How many there were, or how many came to one end."""
        return sum(c[outcome] if outcome else c.total() for c in self.counts.values())


def _revised(reading: pipeline.Reading, engine: Engine) -> set[tuple[int, str, str]]:
    """Return the known figures that a document would revise: what loads it names each."""
    o = reading.observations
    if o is None or reading.source is None:
        return set()
    known = stated(engine, reading.source.source, o)
    keys = zip(known.month.tolist(), known.series.tolist(), known.region.tolist(), strict=True)
    before = dict(zip(keys, known.value.tolist(), strict=True))
    mine = zip(
        o.month.tolist(), o.series.tolist(), o.region.tolist(), o.value.tolist(), strict=True
    )
    return {
        (m, o.series_list[s].name, o.regions[r].code)
        for m, s, r, value in mine
        if (m, s, r) in before and before[m, s, r] != value
    }


def _read(received: pipeline.Received, engine: Engine) -> tuple[pipeline.Reading, list[Finding]]:
    reading = pipeline.read(received)
    return reading, reading.findings + pipeline.against_warehouse(reading, engine)


def _warnings(findings: Iterable[Finding]) -> Counter[tuple[str, str]]:
    warning = (f for f in findings if catalogue()[f.code].verdict is Verdict.WARN)
    return Counter((f.code, f.sheet) for f in warning)


def judge(copy: Mutant, engine: Engine, base: tuple[pipeline.Reading, list[Finding]]) -> str:
    """Say what becomes of a changed document, beside what becomes of the unchanged one.

    A known figure that is revised is told as well: the run names it with both its values.
    """
    reading, findings = _read(copy.received(), engine)
    if verdict_of(findings) not in LOADS:
        return "stopped"
    if same(base[0], reading):
        return "harmless"
    told = _warnings(findings) - _warnings(base[1])
    if told or _revised(reading, engine) - _revised(base[0], engine):
        return "warned"
    return "silent"


def run(of: Original, engine: Engine, into: Sorted, draws: int, about: str) -> None:
    """Change a document in every way, some times each."""
    name = of.document.file_name
    base = _read(mutant_free(of), engine)
    assert verdict_of(base[1]) in LOADS, base[1]
    for kind, change in KINDS.items():
        for draw in range(draws):
            copy = mutant(of, change, f"{kind} {name} {about} {draw}")
            if copy is not None:
                outcome = judge(copy, engine, base)
                into.add(kind, outcome, f"{name} over {about}, {draw}: {', '.join(copy.changed)}")


def mutant_free(of: Original) -> pipeline.Received:
    """The unchanged document, received as its changed copies are."""
    copy = mutant(of, lambda _: True, "")
    assert copy is not None
    return copy.received()


def warehouse_with(files: list[Path], home: Path) -> Engine:
    """Open a warehouse that holds some issues."""
    settings = Settings(home=home, database_url=None)
    engine = warehouse(settings)
    states = {str(outcome.state) for outcome in load_all(files, engine, settings)}
    assert states <= {"loaded"}, states
    return engine


def over_pasts(
    files: list[Path], target: Path, into: Sorted, draws: int, pasts: tuple[int, ...] = PASTS
) -> None:
    """Change an issue over no, one and twelve months of past."""
    earlier = sorted(path for path in files if path.name < target.name)
    of = original(target, original(earlier[-1]) if earlier else None)
    for months in pasts:
        with TemporaryDirectory() as home:
            known = earlier[len(earlier) - months :] if months else []
            engine = warehouse_with(known, Path(home))
            run(of, engine, into, draws, f"{months} months")
            engine.dispose()


def over_earlier(path: Path, into: Sorted, draws: int, pasts: tuple[int, ...] = PASTS) -> None:
    """Change a document over no, one and twelve earlier issues, which are made up."""
    of = original(path)
    reading = pipeline.read(pipeline.open_document(document_of(path), path))
    assert reading.source is not None
    assert reading.month is not None
    for months in pasts:
        with TemporaryDirectory() as home:
            engine = warehouse_with([], Path(home))
            load_earlier(of, reading.source.source, int(reading.month), months, engine)
            run(of, engine, into, draws if months == 0 else 1, f"{months} months")
            engine.dispose()


def everything(real: Path, samples: Iterable[Path], draws: int = DRAWS) -> Sorted:
    """Change the real issues and the samples in every way."""
    into = Sorted()
    issues = sorted((real / "ba-sanktionen").glob("*.xlsx"))
    for target in [path for path in issues if any(name in path.name for name in TARGETS)]:
        over_pasts(issues, target, into, draws)
    for path in filter(_loads, [*_others(real), *samples]):
        over_earlier(path, into, draws)
    return into


def _others(real: Path) -> Iterator[Path]:
    """The documents of the other sources."""
    for name in (
        "ba-kurzarbeit",
        "destatis",
        "dresden",
        "it-nrw-koeln",
        "ba-interaktiv",
        "inkar",
        "kiel",
    ):
        yield from sorted((real / name).glob("*.*"))
    yield real / "regionalstatistik" / "13211-02-05-4_2025.csv"


def _loads(path: Path) -> bool:
    """Tell whether a document loads as it is: a sample of twelve rows may be too small to."""
    return pipeline.read(pipeline.open_document(document_of(path), path)).verdict in LOADS


def _reason(kind: str) -> str:
    """Say why a kind may pass in silence."""
    usual = "a table without sums and without a past, or a cell beside hidden ones"
    return WITHOUT_EVIDENCE.get(kind) or STILL_OPEN.get(kind, usual)


def table(found: Sorted) -> str:
    """The outcome of every kind as a table in Markdown."""
    head = ["Kind", *OUTCOMES, "why it may be silent"]
    lines = [head, ["---", *["---:"] * len(OUTCOMES), "---"]]
    for kind in sorted(found.counts):
        numbers = [str(found.counts[kind][outcome]) for outcome in OUTCOMES]
        lines.append([kind, *numbers, _reason(kind) if found.counts[kind]["silent"] else ""])
    totals = [str(found.total(outcome)) for outcome in OUTCOMES]
    lines.append([f"**{len(found.counts)} kinds**", *totals, ""])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
