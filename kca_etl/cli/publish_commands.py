"""The bodies of `kca export` and `kca db grant-readers`: what others may read."""

from __future__ import annotations

from pathlib import Path

from kca_etl.cli import console
from kca_etl.cli.commands import day, month_id
from kca_etl.model.catalogue import sentence
from kca_etl.model.month import month_date
from kca_etl.open_data.export import Wanted, export
from kca_etl.runs.outcomes import finding_row
from kca_etl.runs.record import warehouse
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse.roles import grant_readers
from kca_etl.warehouse.views import ddl
from kca_etl.warehouse.views.contract import READER_TIMEOUT

SHOWN = 10  # warnings printed one by one; --json has all


def run(
    folder: Path,
    source: str | None,
    month_from: str | None,
    month_to: str | None,
    as_of: str | None,
    *,
    as_json: bool,
) -> None:
    """Write the open data into a folder and say what was withheld."""
    if source is not None:
        registry.load(source)
    first, last = (
        None if month is None else f"{month_date(month_id(month)):%Y-%m}"
        for month in (month_from, month_to)
    )
    done = export(warehouse(Settings()), folder, Wanted(source, first, last, day(as_of)))
    if as_json:
        found = [finding_row(f) for f in done.findings]
        console.listing(
            [{"files": [str(path) for path in done.paths], "rows": done.counts, "findings": found}],
            as_json=True,
        )
        return
    print(f"{folder}: {len(done.paths)} files")
    console.listing(
        [{"table": name, "rows": count} for name, count in done.counts.items()], as_json=False
    )
    print(
        *(sentence(finding) for finding in done.findings[:SHOWN]),
        sep="\n",
        end="\n" if done.findings else "",
    )
    if len(done.findings) > SHOWN:
        print(
            f"… and {len(done.findings) - SHOWN} more withheld for the same reason; column `withheld`, or --json"
        )


def readers(role: str, *, as_json: bool) -> None:
    """Make a role that reads the published views and nothing else."""
    settings = Settings()
    password = settings.reader_password.get_secret_value() if settings.reader_password else None
    grant_readers(warehouse(settings), role, ddl.NAMES, READER_TIMEOUT, password)
    console.listing(
        [{"role": role, "reads": ", ".join(ddl.NAMES), "login": "yes" if password else "no"}],
        as_json=as_json,
    )
