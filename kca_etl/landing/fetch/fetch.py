"""A month's document from its publisher.

Fetched once, whole, and of the kind expected, or a finding that says why not.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from kca_etl.landing.fetch import content
from kca_etl.landing.fetch.body import received, save
from kca_etl.landing.fetch.request import call_of, file_name
from kca_etl.landing.fetch.session import Answer, Session
from kca_etl.landing.guard.notes import refuse
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date
from kca_etl.sources.endpoint import Fetch

OK, NOT_MODIFIED, UNAUTHORIZED, NOT_FOUND, GONE = 200, 304, 401, 404, 410
KEPT = ("Content-Type", "Content-Length", "Content-Disposition", "Date", "ETag", "Last-Modified")
MAX_HEADER = 500
PREFIX = "kca-fetch-"
ABANDONED = 86_400  # seconds after which an unfinished download belongs to nobody


@dataclass(frozen=True, slots=True)
class Previous:
    """What the manifest knows of this document's last arrival."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Dates:
    """When the calendar expects the month, and when it calls it late."""

    due: datetime
    overdue: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document that arrived, in a folder of its own until `discard`.

    Or nothing new (`not_modified`, no path).

    `received` is what came over the wire where it is not the document itself: the ZIP around a
    CSV.
    """

    path: Path | None
    url: str
    headers: dict[str, str]
    at: datetime
    size: int = 0
    sha256: str = ""
    proof: str = ""
    not_modified: bool = False
    received: Path | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def previous(self) -> Previous:
        """What to ask with next time."""
        return Previous(self.headers.get("ETag", ""), self.headers.get("Last-Modified", ""))

    def discard(self) -> None:
        """Remove the temporary files, once the archive has its copy."""
        if self.path is not None:
            shutil.rmtree(self.path.parent, ignore_errors=True)


def fetch(
    spec: Fetch,
    month: int,
    session: Session,
    previous: Previous | None = None,
    *,
    dates: Dates | None = None,
    values: Mapping[str, str] | None = None,
) -> Fetched:
    """Fetch the document of a month.

    Raises KcaError with one finding that names the trouble; leaves no file behind then.

    `previous` means that the month was loaded before: it makes the request conditional, and a
    404 a GONE.
    """
    try:
        with session.ask(
            call_of(spec, month, values), spec.hosts, _conditions(spec, previous)
        ) as answer:
            _check_status(answer, month, session, previous, dates)
            if answer.response.status_code == NOT_MODIFIED:
                return _nothing_new(answer, previous or Previous(), session)
            return _arrived(answer, spec, file_name(spec, month, values), session)
    except KcaError as error:
        KcaError.__init__(error, *(_clean(f, session) for f in error.findings))
        raise


def _nothing_new(answer: Answer, previous: Previous, session: Session) -> Fetched:
    kept = {"ETag": previous.etag, "Last-Modified": previous.last_modified} | _kept(answer, session)
    return Fetched(None, answer.hops[0][1], kept, session.wall(), not_modified=True)


def _arrived(answer: Answer, spec: Fetch, name: str, session: Session) -> Fetched:
    folder = _folder(session.options.folder)
    try:
        return _received(answer, spec, folder / name, session)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _folder(place: Path | None) -> Path:
    """Make a folder for one download; in a place of our own, remove what killed runs left there."""
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
        for left in place.glob(f"{PREFIX}*"):
            with suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > ABANDONED:
                    shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))


def _received(answer: Answer, spec: Fetch, path: Path, session: Session) -> Fetched:
    whole = document = save(answer, path)
    findings = content.check(whole, spec.kind)
    if spec.kind == "zip-csv":
        document = content.unpack_csv(whole, path.with_suffix(".csv"), session.options.max_bytes)
        with document.path.open("rb") as file:
            content.check_kind(file.read(1024), "csv")
    packed = whole.path if document is not whole else None
    kept = _kept(answer, session)
    return Fetched(
        document.path,
        answer.hops[0][1],
        kept,
        session.wall(),
        document.size,
        document.sha256,
        whole.proof,
        received=packed,
        findings=findings,
    )


def _conditions(spec: Fetch, previous: Previous | None) -> dict[str, str]:
    if previous is None or spec.method != "GET":
        return {}
    given = {"If-None-Match": previous.etag, "If-Modified-Since": previous.last_modified}
    return {name: value for name, value in given.items() if value}


def _check_status(
    answer: Answer, month: int, session: Session, previous: Previous | None, dates: Dates | None
) -> None:
    status = answer.response.status_code
    if status == OK or (status == NOT_MODIFIED and previous is not None):
        return
    if status in (NOT_FOUND, GONE):
        _missing(status, month, session.wall(), previous, dates)
    if status == UNAUTHORIZED:
        refuse(Code.CREDENTIAL_REFUSED, "the service refuses our credentials", f"status {status}")
    refuse(Code.HTTP_STATUS, "the server answers with an error", f"status {status}", "status 200")


def _missing(
    status: int, month: int, now: datetime, previous: Previous | None, dates: Dates | None
) -> NoReturn:
    name, found = f"{month_date(month):%Y-%m}", f"status {status}"
    if previous is not None or status == GONE:
        refuse(Code.GONE, f"the publisher no longer offers {name}", found)
    if dates is not None and now >= dates.overdue:
        refuse(
            Code.OVERDUE,
            f"{name} is overdue",
            found,
            f"due {dates.due:%Y-%m-%d %H:%M}, overdue since {dates.overdue:%Y-%m-%d %H:%M}",
        )
    refuse(
        Code.NOT_YET_PUBLISHED,
        f"{name} is not published yet",
        found,
        f"due {dates.due:%Y-%m-%d %H:%M}" if dates else "",
    )


def _kept(answer: Answer, session: Session) -> dict[str, str]:
    """Keep the headers that say what this document is.

    Longer ones would only be cut, and a cut ETag is wrong.
    """
    headers = answer.response.headers
    return {
        name: session.redact(headers[name])
        for name in KEPT
        if name in headers and len(headers[name]) <= MAX_HEADER
    }


def _clean(finding: Finding, session: Session) -> Finding:
    return Finding(
        finding.code,
        finding.what,
        finding.sheet,
        finding.cell,
        session.redact(finding.found),
        finding.expected,
    )


@dataclass(frozen=True, slots=True)
class Probed:
    """What came back when a source was tried.

    Every hop, headers, what the body begins as, or the finding.
    """

    hops: list[tuple[int, str]]
    headers: dict[str, str]
    kind: str
    beginning: str
    finding: Finding | None = None


def probe(spec: Fetch, month: int, session: Session) -> Probed:
    """Try a source's endpoint and tell what comes back.

    Keep nothing, never raise for what the server does.
    """
    try:
        with session.ask(call_of(spec, month), spec.hosts) as answer:
            head = next(received(answer), b"")[:1024]
            shown = session.redact(ascii(head[:200].decode("utf-8", "replace")))
            return Probed(
                answer.hops, _kept(answer, session), content.sniff(head) if head else "empty", shown
            )
    except KcaError as error:
        return Probed([], {}, "", "", _clean(error.findings[0], session))
