"""`kca sources`: the declared sources, and drafts for new ones."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.catalogue import sentence
from kca_etl.model.findings import KcaError, Verdict
from kca_etl.model.observations import Observations

if TYPE_CHECKING:
    from kca_etl import pipeline
    from kca_etl.learn.trial import Learned, Lesson
    from kca_etl.runs import drafts
    from kca_etl.sources.spec import Source


PREVIEW = 10


def show_all(as_json: AsJson = False) -> None:
    """List the declared sources.

    Example: kca sources list
    """
    from kca_etl.sources import registry

    rows = [_listed(registry.load(name), more=as_json) for name in registry.names()]
    console.listing(rows, as_json=as_json)


def _listed(source: Source, *, more: bool) -> dict[str, Any]:
    from kca_etl.sources import registry

    row: dict[str, Any] = {
        "source": source.source,
        "title": source.title,
        "publisher": source.publisher,
        "followed": "yes" if registry.is_followed(source.source) else "no",
        "tables": len(source.tables),
    }
    about = {"summary": source.summary, "url": source.url}
    return row | about | {"file": str(registry.path(source.source))} if more else row


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
    from kca_etl.runs.arguments import opened
    from kca_etl.runs.declarations import problem
    from kca_etl.sources import registry

    problems = {name: problem(name) for name in registry.names()}
    rows: list[dict[str, Any]] = [
        {"source": name, "state": "invalid" if found else "valid", "problem": found}
        for name, found in problems.items()
    ]
    readings = [pipeline.read(opened(file)) for file in files or []]
    worst = console.OTHER if any(problems.values()) else console.OK
    worst = max(worst, *(console.EXIT[reading.verdict] for reading in readings), console.OK)
    console.listing(list(map(_read, readings)) or rows, as_json=as_json)
    sys.exit(worst)


def _read(reading: pipeline.Reading) -> dict[str, Any]:
    return {
        "file": reading.path.name,
        "source": reading.source.source if reading.source else "",
        "verdict": str(reading.verdict),
        "facts": _facts(reading),
    }


def propose(
    file: Path,
    into: Annotated[
        Path | None,
        typer.Option(help="An office's folder: write the draft, FILE as its sample, its facts."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draft a declaration for FILE.

    For a known source that has drifted, print what changed and the patch. The patch is tried on
    FILE and on every archived document of the source.

    Example: kca sources propose "neue Datei.xlsx"
    """
    from kca_etl.runs import drafts
    from kca_etl.runs.arguments import opened

    received = opened(file)
    source = drafts.source_of(received)
    if source is not None:
        _show_drift(drafts.drift_of(received, source, _archived(source.source)), as_json=as_json)
        return
    drafted = drafts.draft_of(received, file.stem)
    written = drafts.write_into(into, drafted, file) if into else []
    if not written:
        _show_draft(drafted, as_json=as_json)
        return
    console.listing([{"file": str(path)} for path in written], as_json=as_json)
    if not as_json:
        print("Settle its TODO lines, then: kca sources check", file.name)


def _archived(source: str) -> list[Path]:
    """The loaded documents of a source that lie in the archive."""
    from kca_etl.landing.archive.files import find_or_none
    from kca_etl.model.states import DocumentState
    from kca_etl.runs.record import reading
    from kca_etl.settings import Settings
    from kca_etl.warehouse.views import queries

    settings = Settings()
    try:
        rows = queries.documents(reading(settings))
    except KcaError:  # there is no warehouse yet
        return []
    loaded = [d for d in rows if (d["source"], d["state"]) == (source, DocumentState.LOADED)]
    return list(filter(None, (find_or_none(d["sha256"], settings.landing) for d in loaded)))


def _show_draft(drafted: drafts.Drafted, *, as_json: bool) -> None:
    o, problems = drafted.observations, drafted.problems[:PREVIEW]
    preview = [] if o is None else _preview(o)
    if as_json:
        row = {"declaration": drafted.text, "todo": drafted.todo, "problems": problems}
        console.listing([row | {"preview": preview}], as_json=True)
        return
    lines = console.table(preview).splitlines() if preview else ["none"]
    print(drafted.text)
    print(f"# Facts read by this draft: {0 if o is None else len(o)}; the first ten:")
    print("\n".join(f"# {line}" for line in lines))
    print("\n".join(f"# TODO: {text}" for text in problems))


def _show_drift(found: drafts.Drifted, *, as_json: bool) -> None:
    """Print what changed and the patch; exit with what the document comes to without it."""
    if as_json:
        after = {"verdict": str(found.after.verdict), "facts": _facts(found.after)}
        row = {"source": found.source, "drift": found.changes, "patch": found.patch}
        row |= {"refused": found.refused} if found.refused else {}
        console.listing([row | {"patched": after if found.patch else None}], as_json=True)
    elif found.changes:
        _print_drift(found)
    else:
        print(f"# The document is of source {found.source}; its layout is as declared.")
        print(*(f"#   {sentence(f)}" for f in found.before.findings[:PREVIEW]), sep="\n")
    sys.exit(console.EXIT[found.before.verdict])


def _print_drift(found: drafts.Drifted) -> None:
    from kca_etl.sources import registry

    print(f"# The document is of source {found.source}; its layout has drifted:")
    print(*(f"#   {line}" for line in found.changes), "#", sep="\n")
    if not found.patch:
        why = f"a patch was told, but {found.refused}" if found.refused else "no patch can be told"
        print(f"\n# {why}; answer its questions (`kca questions`) or edit the declaration")
        return
    verdict = found.after.verdict
    print(
        f"# With this patch, from {registry.patched_path(found.source)[0]} by `git apply`:"
        f" {verdict}, {_facts(found.after)} facts."
    )
    print(
        "#   New columns, rows and sheets are ignored by name until you say what they are;"
        " vanished ones may be absent."
    )
    left = found.after.findings[:PREVIEW] if verdict is Verdict.QUARANTINE else []
    print(*(f"#   {sentence(finding)}" for finding in left), sep="\n")
    print(found.patch)


def _facts(reading: pipeline.Reading) -> int:
    return 0 if reading.observations is None else len(reading.observations)


def _preview(o: Observations) -> list[dict[str, Any]]:
    from schemas.codelists import ZEICHEN

    step = max(1, len(o) // PREVIEW)
    return [
        {
            "month": str(o.month_of(n)),
            "kennzahl": o.series_list[o.series[n]].kennzahl,
            "gliederung": o.series_list[o.series[n]].gliederung,
            "region": (
                f"{o.regions[o.region[n]].system}:{o.regions[o.region[n]].code}"
                f" {o.regions[o.region[n]].name}"
            ),
            "value": ZEICHEN[o.zeichen[n]] or console.text(float(o.value[n])),
            "sheet": o.sheet_of(n),
            "cell": o.cell_of(n),
        }
        for n in range(0, len(o), step)
    ][:PREVIEW]


def learn(
    source: str,
    files: Annotated[
        list[Path] | None, typer.Argument(help="Issues to learn from; default the archived ones.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="First month as YYYY-MM.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last month as YYYY-MM.")] = None,
    declared: Annotated[bool, typer.Option("--declared", help="Print those, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look for relations that hold in every issue of SOURCE, and print those not yet declared.

    What holds in the issues of the months given is tried on all others.

    Example: kca sources learn ba_sanktionen --from 2017-01 --to 2017-12
    """
    from kca_etl.learn import patch
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.lessons import lesson
    from kca_etl.settings import Settings

    months = [month_id(text) if text else None for text in (first, last)]
    taught = lesson(source, files or [], Settings().landing, *months)
    shown = [one for one in taught.relations if declared or not one.declared]
    if as_json:
        console.listing([patch.row(one) for one in shown], as_json=True)
        return
    _print_lesson(source, taught, shown)


def _print_lesson(source: str, taught: Lesson, shown: list[Learned]) -> None:
    from kca_etl.learn import patch

    held = [one for one in taught.relations if not one.against]
    said = sum(one.declared for one in held)
    print(
        f"# {source}: {taught.learned} issues learned from, {taught.tried} others tried.",
        f"# {len(held)} relations hold, {said} of them follow from the declaration.",
        "# Lines for `checks:`" if shown else "# Nothing is missing under `checks:`.",
        sep="\n",
    )
    for one in shown:
        refuted = "# refuted: " if one.against else ""
        print(f"  # {patch.support(one)}", f"{refuted}{patch.line(one.check)}", sep="\n")


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
