"""How publishers are asked.

Endpoints from the declarations, dates from the calendar, manners from the settings.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from kca_etl.landing.fetch.fetch import Dates
from kca_etl.landing.fetch.session import Options, Session
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date
from kca_etl.offices import folder as offices
from kca_etl.settings import Settings
from kca_etl.sources import calendar, registry

if TYPE_CHECKING:
    from kca_etl.sources.endpoint import Fetch


def session(settings: Settings) -> Session:
    """Make the one session of a run."""
    options = Options(
        contact=settings.http_contact or offices.current().contact,
        deadline=settings.http_deadline,
        max_bytes=settings.http_max_bytes,
        base_urls=settings.base_urls,
        ca_bundle=settings.ca_bundle,
        proxy=settings.http_proxy,
        folder=settings.downloads,
    )
    return Session(options, settings.secrets)


def endpoint(source: str, issue: int | None = None) -> Fetch:
    """Return how a source is asked for, with the number of a re-issue in the slot `v`.

    Raises KcaError NO_FETCH or NO_ISSUE.
    """
    spec = registry.load(source).fetch
    if spec is None:
        raise KcaError(
            Finding(Code.NO_FETCH, f"the source {source!r} declares no address to fetch from")
        )
    if issue is None:
        return spec
    if "v" not in spec.slots:
        raise KcaError(
            Finding(
                Code.NO_ISSUE,
                f"the address of {source!r} has no place for the number of an issue",
                expected="a slot {v}",
            )
        )
    return spec.model_copy(update={"values": {**spec.values, "v": str(issue)}})


def dates(source: str, month: int) -> Dates | None:
    """Return when the calendar expects a month; None for a source it has no rule for."""
    with suppress(KcaError):
        return Dates(calendar.due(source, month), calendar.overdue(source, month))
    return None


def another(source: str, month: int, found: int, now: datetime) -> Finding:
    """Say what it means that an address which names no month shows another.

    An older one, and ours is still to come.
    """
    name, shown = f"{month_date(month):%Y-%m}", f"{month_date(found):%Y-%m}"
    if found > month:
        return Finding(
            Code.GONE,
            f"the publisher no longer offers {name}: the address shows the latest month only",
            found=shown,
        )
    when = dates(source, month)
    if when is not None and now >= when.overdue:
        return Finding(
            Code.OVERDUE,
            f"{name} is overdue",
            found=shown,
            expected=f"{name}, overdue since {when.overdue:%Y-%m-%d %H:%M}",
        )
    return Finding(
        Code.NOT_YET_PUBLISHED,
        f"{name} is not published yet",
        found=shown,
        expected=name + (f", due {when.due:%Y-%m-%d %H:%M}" if when else ""),
    )
