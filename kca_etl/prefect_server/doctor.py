"""`kca doctor`: what a newcomer gets wrong, each line with the next step.

Prefect is asked, not imported.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kca_etl.model.catalogue import catalogue
from kca_etl.model.findings import Finding, KcaError
from kca_etl.offices import folder as offices
from kca_etl.prefect_server.api import POOL, WATCHMAN, Api
from kca_etl.report.pdf import FACES, faces
from kca_etl.settings import Settings
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine

OLDEST, NEWEST = (3, 11), (3, 13)
ROOM = 1 << 30  # bytes below which a disk counts as full: a year of documents and figures
SLOW = 120  # seconds that a clock may differ
# What pip installs side by side without a word and what then fails, with the first version that
# does.
APART = {
    "fastapi": ((0, 151), "Prefect's server fails at import"),
    "sqlalchemy": ((2, 1), "Prefect's scheduler crashes in every loop and creates no runs"),
    "prefect": ((4,), "another flow API"),
    "pandas": ((3, 2), "untested with pandera 0.35"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing looked at; `next_step` is empty where all is well."""

    check: str
    found: str
    next_step: str = ""

    @property
    def state(self) -> str:
        """Ok or problem."""
        return "problem" if self.next_step else "ok"


def examine(
    settings: Settings, api: Api, misfits: Callable[[], list[Finding]] = list
) -> Iterator[Line]:
    """Look at everything; one line each, a problem with its next step.

    `misfits` says where archive and warehouse are of different days.
    """
    looks: tuple[Callable[[], Line], ...] = (
        _python,
        _versions,
        _office,
        lambda: _home(settings.home),
        lambda: _disk(settings.home),
        lambda: _database(settings),
        lambda: _archive(misfits),
        _fonts,
        _time_zone,
        lambda: _server(api),
        lambda: _worker(api),
        lambda: _scheduler(api),
        lambda: _watchman(api),
    )
    for look in looks:
        yield look()


def _python() -> Line:
    found = ".".join(map(str, sys.version_info[:3]))
    fits = OLDEST <= sys.version_info[:2] <= NEWEST
    return Line(
        "python", found, "" if fits else "Make the environment anew with Python 3.11, 3.12 or 3.13."
    )


def _versions() -> Line:
    bad, seen = [], []
    for name, (limit, why) in APART.items():
        try:
            found = version(name)
        except PackageNotFoundError:
            bad.append(f"{name} is not installed")
            continue
        seen.append(f"{name} {found}")
        if tuple(int(part) for part in found.split(".")[: len(limit)] if part.isdigit()) >= limit:
            bad.append(f"{name} {found}: {why}")
    return Line(
        "versions",
        "; ".join(bad or seen),
        "Install what requirements.lock names: pip install -r requirements.lock." if bad else "",
    )


def _office() -> Line:
    try:
        name = offices.current().name
    except KcaError as error:
        return Line("office", error.findings[0].found, "Run kca office check, or set KCA_OFFICE.")
    return Line("office", f"{name} ({offices.folder()})")


def _home(home: Path) -> Line:
    place = next(p for p in (home.resolve(), *home.resolve().parents) if p.exists())
    fits = place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return Line(
        "KCA_HOME",
        str(home.resolve()),
        "" if fits else f"Let this user write to {place}, or set KCA_HOME to another folder.",
    )


def _disk(home: Path) -> Line:
    place = next(p for p in (home.resolve(), *home.resolve().parents) if p.exists())
    free = shutil.disk_usage(place).free
    return Line(
        "disk",
        f"{free / ROOM:.1f} GiB free",
        "" if free >= ROOM else "Free some space, or move KCA_HOME to a larger disk.",
    )


def _database(settings: Settings) -> Line:
    name = "PostgreSQL" if settings.url.startswith("postgres") else "SQLite"
    if settings.database_url is None and not (settings.home / "warehouse.db").exists():
        return Line("database", f"{name}: made on first use")
    try:
        revision = migrate.check_schema(open_engine(settings.url))
        return Line("database", f"{name}: schema {revision}")
    except KcaError as error:
        return Line(
            "database",
            f"{name}: {error.findings[0].what}",
            catalogue()[error.findings[0].code].next_step,
        )
    except Exception as error:  # noqa: BLE001 - each driver has its own
        return Line(
            "database",
            f"{name}: {str(error).splitlines()[0]}",
            "Start the database; check host, user and password in KCA_DATABASE_URL.",
        )


def _archive(misfits: Callable[[], list[Finding]]) -> Line:
    """Say whether archive and warehouse belong together; a broken database has its own line."""
    try:
        found = misfits()
    except Exception:  # noqa: BLE001 - each driver has its own
        return Line("archive", "not known without the database")
    if not found:
        return Line("archive", "fits the warehouse")
    said = "; ".join(f"{f.what}: {f.found}" for f in found)
    return Line("archive", said, catalogue()[found[0].code].next_step)


def _fonts() -> Line:
    try:
        found = [face for face in faces() if face.is_file()]
    except ModuleNotFoundError:
        found = []
    fits = (
        ""
        if len(found) == len(FACES)
        else "Install what requirements.lock names: it brings font-source-sans-pro for the PDF."
    )
    return Line("fonts", ", ".join(face.stem for face in found) or "none of the report's", fits)


def _time_zone() -> Line:
    try:
        now = datetime.now(ZoneInfo("Europe/Berlin"))
    except ZoneInfoNotFoundError:
        return Line("time zone", "Europe/Berlin is not known here", "Install the package tzdata.")
    return Line("time zone", f"{now:%Y-%m-%d %H:%M} in Europe/Berlin")


def _server(api: Api) -> Line:
    place = api.address
    if not api.answers():
        return Line("server", f"nobody answers at {place}", "Start it: kca serve.")
    if not api.admits():
        return Line(
            "server",
            f"{place} refuses us",
            "Set PREFECT_API_AUTH_STRING as the server has it: user:password.",
        )
    off = abs((datetime.now(UTC) - parsedate_to_datetime(api.clock())).total_seconds())
    return Line(
        "server",
        f"answers at {place}",
        "" if off < SLOW else f"Set the clock: it differs from the server's by {off:.0f} seconds.",
    )


def _worker(api: Api) -> Line:
    if not api.admits():
        return Line("worker", "not known without the server", "Start it: kca serve.")
    try:
        found = api.ask(f"work_pools/{POOL}/workers/filter", {})
    except OSError:
        return Line("worker", f"there is no work pool {POOL!r}", "Start it: kca serve.")
    alive = [w["name"] for w in found if w["status"] == "ONLINE"]
    return Line(
        "worker",
        ", ".join(alive) or "none is online",
        "" if alive else f"Start one: prefect worker start --pool {POOL}",
    )


def _scheduler(api: Api) -> Line:
    if not api.admits():
        return Line("scheduler", "not known without the server", "Start it: kca serve.")
    ahead = {
        "state": {"type": {"any_": ["SCHEDULED"]}},
        "expected_start_time": {"after_": datetime.now(UTC).isoformat()},
    }
    coming = api.ask("flow_runs/count", {"flow_runs": ahead})
    fits = (
        ""
        if coming
        else (
            "Deploy the schedules: kca deploy; if no runs appear within a minute, see versions"
            " above."
        )
    )
    return Line("scheduler", f"{coming} runs to come", fits)


def _watchman(api: Api) -> Line:
    if not api.admits():
        return Line("dead runs", "not known without the server", "Start it: kca serve.")
    found = {a["name"] for a in api.ask("automations/filter", {}) if a["enabled"]}
    fits = "" if WATCHMAN in found else "Let them be found: kca automations apply."
    return Line(
        "dead runs",
        "are marked crashed by an automation" if WATCHMAN in found else "nobody looks for them",
        fits,
    )
