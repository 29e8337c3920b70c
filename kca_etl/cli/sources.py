"""`kca sources`: the declared sources, and drafts for new ones."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.landing.archive.files import document_of
from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.observations import Observations

if TYPE_CHECKING:
    from kca_etl import pipeline
    from kca_etl.sources.spec import Source


PREVIEW = 10


ROUNDS = 3


def show_all(as_json: AsJson = False) -> None:
    """List the declared sources.

    Example: kca sources list
    """
    from kca_etl.sources import registry

    rows = [
        {"source": s.source, "title": s.title, "publisher": s.publisher, "tables": len(s.tables)}
        for s in map(registry.load, registry.names())
    ]
    console.listing(rows, as_json=as_json)


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Documents to read by the declarations.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every declaration; with FILES also whether exactly one fits each and reads it.

    Example: kca sources check
    """
    from kca_etl import pipeline
    from kca_etl.sources import registry

    files = files or []
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
    from pydantic import ValidationError

    from kca_etl.sources import registry
    from kca_etl.tidy.regions import sharing

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


def propose(file: Path, as_json: AsJson = False) -> None:
    """Draft a declaration for FILE.

    For a known source that has drifted, print what changed and the patch.

    Example: kca sources propose "neue Datei.xlsx"
    """
    from pydantic import ValidationError

    from kca_etl import pipeline
    from kca_etl.propose import drift
    from kca_etl.propose.draft import propose as draft_of
    from kca_etl.sources import registry

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
    from kca_etl import pipeline
    from kca_etl.propose import drift
    from kca_etl.sources import registry

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
    from schemas.codelists import ZEICHEN

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


def _received(file: Path) -> pipeline.Received:
    from kca_etl import pipeline

    if not file.is_file():
        raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(file)!r}"))
    return pipeline.open_document(document_of(file), file)


def probe(
    source: str,
    month: Annotated[str, typer.Option("--month", help="Month as YYYY-MM.")],
    as_json: AsJson = False,
) -> None:
    """Ask the publisher of SOURCE once and print what came back; store nothing.

    Example: kca sources probe ba_eckwerte --month 2026-02
    """
    from kca_etl.landing.fetch.fetch import probe as try_once
    from kca_etl.runs import publishers as asking
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.outcomes import finding_row
    from kca_etl.settings import Settings

    spec, wanted = asking.endpoint(source), month_id(month)
    seen = try_once(spec, wanted, asking.session(Settings()))
    about = {
        "source": source,
        "month": str(wanted),
        "expected": spec.kind,
        "tried_before": spec.tried,
        "begins_as": seen.kind,
    }
    if as_json:
        finding = finding_row(seen.finding) if seen.finding else None
        hops = [{"status": status, "url": url} for status, url in seen.hops]
        console.listing(
            [
                about
                | {
                    "hops": hops,
                    "headers": seen.headers,
                    "beginning": seen.beginning,
                    "finding": finding,
                }
            ],
            as_json=True,
        )
    else:
        print("\n".join(f"{key:<14} {value}" for key, value in about.items()))
        print(*(f"{status:<14} {url}" for status, url in seen.hops), sep="\n")
        print(*(f"{name:<14} {value}" for name, value in seen.headers.items()), sep="\n")
        print(
            f"{'beginning':<14} {seen.beginning}",
            *([sentence(seen.finding, source)] if seen.finding else []),
            sep="\n",
        )
    fine = seen.finding is None and seen.hops[-1][0] == 200  # noqa: PLR2004 - OK
    sys.exit(console.OK if fine else console.OTHER)


def schema(as_json: AsJson = False) -> None:
    """Print the JSON Schema of a declaration, for editors.

    Example: kca sources schema
    """
    from kca_etl.sources.spec import Source

    del as_json  # a JSON Schema is JSON in any case
    print(json.dumps(Source.model_json_schema(), ensure_ascii=False, indent=1))
