"""The bodies of `kca run SOURCE --month` without files and of `kca sources probe`."""

from __future__ import annotations

import sys
from typing import Any

from kca_etl.cli import console
from kca_etl.cli.commands import month_id
from kca_etl.landing.fetch.fetch import probe as try_once
from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.month import month_date
from kca_etl.model.states import RunState
from kca_etl.runs import publishers as asking
from kca_etl.runs.fetch_month import Obtained, obtain
from kca_etl.runs.outcomes import UNTOUCHED, as_row, finding_row, lines
from kca_etl.runs.record import recorded, warehouse
from kca_etl.settings import Settings

# How a run ends to which no document came.
ENDED = {
    Verdict.WAIT: RunState.WAITING,
    Verdict.RETRY: RunState.FAILED,
    Verdict.REJECT: RunState.FAILED,
}


def run(source: str, month: str | None, issue: int | None, *, as_json: bool) -> None:
    """Fetch a source's month, or a re-issue of it, and load it; exit with what it came to."""
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
            f"nothing new: {name} · the publisher says that its document has not changed since it was loaded"
        ]
    return [sentence(f, name, UNTOUCHED) for f in got.findings]


def row(got: Obtained) -> dict[str, Any]:
    """What a request came to, for JSON."""
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


def probe(source: str, month: str, *, as_json: bool) -> None:
    """Ask a source's endpoint once and print what came back; store nothing."""
    spec, wanted = asking.endpoint(source), month_id(month)
    seen = try_once(spec, wanted, asking.session(Settings()))
    about = {
        "source": source,
        "month": f"{month_date(wanted):%Y-%m}",
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
