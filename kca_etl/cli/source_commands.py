"""The bodies of `kca sources …` and `kca rules`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kca_etl import pipeline
from kca_etl.cli import console
from kca_etl.landing.archive.files import document_of
from kca_etl.model.catalogue import catalogue, sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.observations import Observations
from kca_etl.propose import drift
from kca_etl.propose.draft import propose as draft_of
from kca_etl.sources import registry
from kca_etl.sources.spec import Check, Coord, Source
from kca_etl.tidy.regions import sharing
from kca_etl.warehouse import reconcile
from schemas.codelists import ZEICHEN

PREVIEW = 10
EVERYWHERE = {  # rule → finding, what it says
    "double_fact": (
        Code.DOUBLE_FACT,
        "a fact stands once, and in further tables with the same figure",
    ),
    "contract": (Code.CONTRACT, "bounds, whole numbers, value or sign, known codes (schemas)"),
    "shared_name": (Code.AMBIGUOUS_REGION, "no name alone stands for a Kreis if two are called so"),
    "lost_zero": (
        Code.LOST_ZERO,
        "a code without its leading zero is in the register with it, and existed in that month",
    ),
    "known_kreis": (Code.UNKNOWN_KREIS, "a Kreis is in the register"),
    "kreis_then": (
        Code.KREIS_NOT_THEN,
        "a Kreis existed in the last month for which the document has a figure of it",
    ),
    "same_content": (
        Code.SAME_CONTENT,
        "the figures of a month (four or more) are not all those of another month",
    ),
    "unit": (
        Code.WRONG_UNIT,
        "no column's figures are all off by 100 or 1000 against the twelve months before and after",
    ),
    "swapped": (Code.SWAPPED, "no two columns each fit the other's past far better than their own"),
}
JUMP = "a figure is no farther from the usual range of its series than that is wide; at most {limit:.0%} until twelve changes are known"
ROUNDS = 3


def listing(*, as_json: bool) -> None:
    """List the declared sources."""
    rows = [
        {"source": s.source, "title": s.title, "publisher": s.publisher, "tables": len(s.tables)}
        for s in map(registry.load, registry.names())
    ]
    console.listing(rows, as_json=as_json)


def check(files: list[Path], *, as_json: bool) -> None:
    """Load every declaration and its kennzahlen; read the given documents.

    Exits with the gravest verdict.
    """
    rows = [
        {"source": name, "state": "valid", "problem": _problem(name)} for name in registry.names()
    ]
    for row in rows:
        row["state"] = "invalid" if row["problem"] else "valid"
    worst = console.OTHER if any(row["problem"] for row in rows) else console.OK
    read = []
    for file in files:
        reading = pipeline.read(_received(file))
        source = reading.source.source if reading.source else ""
        facts = len(reading.observations) if reading.observations is not None else 0
        read.append(
            {"file": file.name, "source": source, "verdict": str(reading.verdict), "facts": facts}
        )
        worst = max(worst, console.EXIT[reading.verdict])
    console.listing(read or rows, as_json=as_json)
    sys.exit(worst)


def _problem(name: str) -> str:
    try:
        source = registry.load(name)
    except (ValidationError, ValueError) as error:
        return str(error).splitlines()[0]
    known = registry.kennzahlen(source)
    coords = [
        c
        for t in source.tables
        for c in (t.set, *t.columns.values(), *t.rows.values(), *t.sections.values())
    ]
    unknown = sorted(
        {c.kennzahl for c in coords if c.kennzahl and not c.kennzahl.startswith("+")} - known.keys()
    )
    shared = sorted(
        text for text, place in source.regions.items() if ":" in place and sharing(text)
    )
    problems = {"not in the catalogue": unknown, "names that two Kreise share": shared}
    return "; ".join(
        f"{problem}: {', '.join(names)}" for problem, names in problems.items() if names
    )


def propose(file: Path, *, as_json: bool) -> None:
    """Print a draft with a preview of ten facts, or what drifted and the patch."""
    received = _received(file)
    if received.book is None:
        raise KcaError(*received.findings)
    known = pipeline.read(received)
    source = known.source or drift.nearest(
        received.book, [registry.load(name) for name in registry.names()]
    )
    if source is not None:
        _drift(received, source, as_json=as_json)
        return
    draft = draft_of(received.book, file.stem)
    reading, problem = None, ""
    try:
        reading = pipeline.read(received, registry.parse(draft.text))
    except (ValidationError, ValueError) as error:
        problem = str(error).splitlines()[0]
    preview = (
        [] if reading is None or reading.observations is None else _preview(reading.observations)
    )
    open_ends = (
        [problem]
        if problem
        else [sentence(f) for f in (reading.findings if reading else [])][:PREVIEW]
    )
    if as_json:
        console.listing(
            [
                {
                    "declaration": draft.text,
                    "todo": draft.todo,
                    "problems": open_ends,
                    "preview": preview,
                }
            ],
            as_json=True,
        )
        return
    print(draft.text)
    print(
        f"# Facts read by this draft: {len(reading.observations) if reading and reading.observations is not None else 0}; the first ten:"
    )
    print(
        "\n".join("# " + line for line in console.table(preview).splitlines())
        if preview
        else "# none"
    )
    print("\n".join(f"# TODO: {text}" for text in open_ends))


def _drift(received: pipeline.Received, source: Source, *, as_json: bool) -> None:
    """Print what changed and the patch.

    What one change brings to light is changed as well, a few times over.
    """
    name, book = source.source, received.book
    before = text = (registry.FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    reading = pipeline.read(received, source)
    lines, verdict = drift.report(reading.findings), reading.verdict
    for _ in range(ROUNDS):
        if book is None or reading.verdict is not Verdict.QUARANTINE:
            break
        text = drift.amended(text, source, book, reading.findings)
        source = registry.parse(text)
        reading = pipeline.read(received, source)
        lines += [line for line in drift.report(reading.findings) if line not in lines]
    patch = drift.diff(name, before, text)
    facts = 0 if reading.observations is None else len(reading.observations)
    if as_json:
        after = {"verdict": str(reading.verdict), "facts": facts} if patch else None
        console.listing(
            [{"source": name, "drift": lines, "patch": patch, "patched": after}], as_json=True
        )
    elif not lines:
        hint = " See `kca inspect` for its findings." if reading.findings else ""
        print(f"# The document is of source {name}; its layout is as declared.{hint}")
    else:
        print(
            f"# The document is of source {name}; its layout has drifted:",
            *(f"#   {line}" for line in lines),
            "#",
            sep="\n",
        )
        if patch:
            print(
                f"# With this patch, from the folder above kca_etl by `git apply`: {reading.verdict}, {facts} facts."
            )
            print(
                "#   New columns, rows and sheets are ignored by name until you say what they are; vanished ones may be absent."
            )
        print(
            *(
                f"#   {sentence(f)}"
                for f in reading.findings[:PREVIEW]
                if patch and reading.verdict is Verdict.QUARANTINE
            ),
            sep="\n",
        )
        print(patch or "# no patch can be told from this; edit the declaration by hand")
    sys.exit(console.EXIT[verdict] if lines else 0)


def _preview(o: Observations) -> list[dict[str, Any]]:
    step = max(1, len(o) // PREVIEW)
    return [
        {
            "month": str(o.month_of(n)),
            "kennzahl": o.series_list[o.series[n]].kennzahl,
            "gliederung": o.series_list[o.series[n]].gliederung,
            "region": f"{o.regions[o.region[n]].system}:{o.regions[o.region[n]].code} {o.regions[o.region[n]].name}",
            "value": ZEICHEN[o.zeichen[n]] or console.text(float(o.value[n])),
            "sheet": o.sheet_of(n),
            "cell": o.cell_of(n),
        }
        for n in range(0, len(o), step)
    ][:PREVIEW]


def schema() -> None:
    """Print the JSON Schema of a declaration."""
    print(json.dumps(Source.model_json_schema(), ensure_ascii=False, indent=1))


def rules(source: str, *, as_json: bool) -> None:
    """List a source's rules by name."""
    declared = registry.load(source)
    verdict = {True: str(Verdict.WARN), False: str(Verdict.QUARANTINE)}
    rows = [
        {"rule": _rule(c), "what": _words(c), "verdict": verdict[bool(c.base_month)]}
        for c in declared.checks
    ]
    rows += [
        {"rule": rule, "what": what, "verdict": str(catalogue()[code].verdict)}
        for rule, (code, what) in EVERYWHERE.items()
    ]
    if declared.jump:
        rows.append(
            {"rule": "jump", "what": JUMP.format(limit=declared.jump), "verdict": str(Verdict.WARN)}
        )
    rows += [
        {"rule": "reconcile", "what": pair.words, "verdict": str(Verdict.WARN)}
        for pair in reconcile.pairs()
        if source in pair.sources
    ]
    console.listing(rows, as_json=as_json)


def _rule(check: Check) -> str:
    forms = {
        "regions": check.regions,
        "total": check.total,
        "equal": check.equal,
        "base": check.base_month,
    }
    return next((form for form, declared in forms.items() if declared), "ratio")


def _words(check: Check) -> str:
    if check.regions:
        return "Deutschland = West + Ost = sum of the Länder; a Land = sum of its parts, where the kennzahl adds up"
    if check.total:
        return f"{_coord(check.total)} = " + " + ".join(_coord(p) for p in check.parts)
    if check.equal:
        return " = ".join(map(_coord, check.equal))
    if check.base_month:
        return f"{_coord(check.of)} / {_coord(check.ratio)} implies one base from month {check.base_month} to the next year's"
    return f"{_coord(check.ratio)} = {_coord(check.of)} / {_coord(check.to)} × 100"


def _coord(coord: Coord | None) -> str:
    if coord is None:
        return "?"
    pairs = ",".join(f"{k}={v}" for k, v in coord.gliederung)
    return coord.kennzahl + (f"[{pairs}]" if pairs else "")


def _received(file: Path) -> pipeline.Received:
    if not file.is_file():
        raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(file)!r}"))
    return pipeline.open_document(document_of(file), file)
