"""`kca run` and `kca inspect`: documents into the warehouse, or only looked at."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson, OnMonth
from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.month import month_date
from kca_etl.model.states import RunState

if TYPE_CHECKING:
    from kca_etl import pipeline
    from kca_etl.runs.fetch_month import Obtained


ENDED = {  # how a run ends to which no document came
    Verdict.WAIT: RunState.WAITING,
    Verdict.RETRY: RunState.FAILED,
    Verdict.REJECT: RunState.FAILED,
}


def run(
    source: str,
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Documents; none: fetch the month's from its publisher."),
    ] = None,
    month: OnMonth = None,
    issue: Annotated[
        int | None,
        typer.Option(
            min=1, help="Fetch this re-issue of the month, where the address counts them."
        ),
    ] = None,
    plan_hash: Annotated[
        str | None, typer.Option("--plan-hash", help="Load only if `kca plan` still says this.")
    ] = None,
    reread: Annotated[
        bool, typer.Option("--reread", help="Read also what is loaded already, byte for byte.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Load FILES of SOURCE; without files fetch the document of --month.

    With files, --month says which month they must be.

    Example: kca run ba_sanktionen sanktionen-d-0-201901-xlsx.xlsx
    """
    if files:
        if plan_hash is not None:
            _hold_to_plan(source, files, plan_hash)
        _load(source, files, month, reread=reread, as_json=as_json)
    else:
        _fetch(source, month, issue, as_json=as_json)


def _hold_to_plan(source: str, files: list[Path], plan_hash: str) -> None:
    """Raise KcaError PLAN_CHANGED unless loading would change what a plan said."""
    from kca_etl.cli.plan import documents
    from kca_etl.runs import plan as planning
    from kca_etl.runs.record import warehouse
    from kca_etl.settings import Settings

    settings = Settings()
    plans = planning.plan(documents(files), warehouse(settings), settings, source)
    if (found := planning.fingerprint(plans)) != plan_hash:
        what = "loading would change something else than the plan said"
        raise KcaError(Finding(Code.PLAN_CHANGED, what, found=found, expected=plan_hash))


def _load(
    source: str, files: list[Path], month: str | None, *, reread: bool, as_json: bool
) -> None:
    """Load documents; exit with the gravest outcome."""
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.outcomes import as_row, lines, summary
    from kca_etl.runs.record import load_all, warehouse
    from kca_etl.settings import Settings

    _check_files(source, files)
    wanted = None if month is None else month_id(month)
    settings = Settings()
    engine = warehouse(settings)
    loaded = load_all(files, engine, settings, source, wanted, reread=reread)
    outcomes: list[pipeline.Outcome] = []
    with (
        console.interruptible(lambda: len(outcomes), len(files)),
        console.progress("loading", len(files), quiet=as_json) as advance,
    ):
        for outcome in loaded:
            outcomes.append(outcome)
            advance()
            if not as_json:
                print(*lines(outcome), sep="\n")
    if as_json:
        console.listing([as_row(outcome) for outcome in outcomes], as_json=True)
    else:
        print(summary(outcomes))
    sys.exit(max((console.EXIT[o.reading.verdict] for o in outcomes), default=console.OK))


def _check_files(source: str, files: list[Path]) -> None:
    """Raise KcaError NO_SOURCE or NO_FILE before anything is loaded."""
    from kca_etl.sources import registry

    registry.load(source)
    missing = [f for f in files if not f.is_file()]
    if missing:
        raise KcaError(*(Finding(Code.NO_FILE, f"there is no file {str(f)!r}") for f in missing))


def _fetch(source: str, month: str | None, issue: int | None, *, as_json: bool) -> None:
    """Fetch a source's month, or a re-issue of it, and load it; exit with what it came to."""
    from kca_etl.runs import publishers as asking
    from kca_etl.runs.arguments import month_id
    from kca_etl.runs.fetch_month import obtain
    from kca_etl.runs.record import recorded, warehouse
    from kca_etl.settings import Settings

    if month is None:
        raise KcaError(Finding(Code.NO_FILE, "give files, or --month for the month to fetch"))
    wanted, settings = month_id(month), Settings()
    asking.endpoint(source, issue)
    engine = warehouse(settings)
    with recorded(engine, settings, "run", source) as work:
        got = obtain(source, wanted, work, asking.session(settings), issue=issue)
        if got.outcome is not None:
            work.run.outcomes.append(got.outcome)
        else:
            work.run.state = ENDED.get(got.verdict)
    if as_json:
        console.listing([row(got)], as_json=True)
    else:
        print(*words(got), sep="\n")
    sys.exit(console.EXIT[got.verdict])


def words(got: Obtained) -> list[str]:
    """What a request came to, for a terminal."""
    from kca_etl.runs.outcomes import UNTOUCHED, lines

    name = f"{got.source} {month_date(got.month):%Y-%m}"
    if got.outcome is not None:
        again = (
            ["  a re-issue with the same figures: nothing changed but the document"]
            if got.same_figures
            else []
        )
        return [*lines(got.outcome), *again]
    if not got.findings:
        return [
            (
                f"nothing new: {name} · the publisher says that its document has not changed"
                " since it was loaded"
            )
        ]
    return [sentence(f, name, UNTOUCHED) for f in got.findings]


def row(got: Obtained) -> dict[str, Any]:
    """What a request came to, for JSON."""
    from kca_etl.runs.outcomes import as_row, finding_row

    came = (
        as_row(got.outcome) if got.outcome else {"findings": [finding_row(f) for f in got.findings]}
    )
    asked = {
        "source": got.source,
        "asked": f"{month_date(got.month):%Y-%m}",
        "state": got.state,
        "verdict": str(got.verdict),
    }
    return came | asked | {"same_figures": got.same_figures}


def inspect(
    file: Path,
    source: Annotated[str | None, typer.Option(help="Read it as this source.")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what FILE is and what would be loaded; load nothing.

    Example: kca inspect "Monatszahlen November.xlsx"
    """
    from kca_etl import pipeline
    from kca_etl.runs.arguments import opened
    from kca_etl.runs.outcomes import finding_row

    reading = pipeline.read(opened(file), source)
    about, tables = _about(reading), _tables(reading)
    if as_json:
        found = [finding_row(finding) for finding in reading.findings]
        console.listing([about | {"tables": tables, "findings": found}], as_json=True)
    else:
        shown = {key: "?" if value is None else value for key, value in about.items()}
        print("\n".join(f"{key:<14} {value}" for key, value in shown.items()))
        console.listing(tables, as_json=False)
        for finding in reading.findings:
            print("  " + sentence(finding, file.name, "inspected only, nothing was loaded"))
    sys.exit(console.EXIT[reading.verdict])


def _about(reading: pipeline.Reading) -> dict[str, Any]:
    """What a document says of itself."""
    source, month, datenstand = reading.source, reading.month, reading.datenstand
    return {
        "file": reading.path.name,
        "source": source.source if source else None,
        "title": source.title if source else None,
        "berichtsmonat": None if month is None else str(month),
        "datenstand": datenstand.isoformat() if datenstand else None,
        "facts": 0 if reading.observations is None else len(reading.observations),
        "verdict": str(reading.verdict),
    }


def _tables(reading: pipeline.Reading) -> list[dict[str, Any]]:
    if (o := reading.observations) is None:
        return []
    return [
        {"table": b.table, "sheet": b.sheet, "facts": int((o.block == i).sum())}
        for i, b in enumerate(o.blocks)
    ]
