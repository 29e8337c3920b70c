"""A source's month from its publisher.

Fetch → archive → pipeline, every answer on record in the manifest.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kca_etl import pipeline
from kca_etl.landing.archive import files as archive
from kca_etl.landing.archive import provenance
from kca_etl.landing.fetch.fetch import Fetched, Previous, fetch
from kca_etl.landing.fetch.session import Session
from kca_etl.model import fingerprint
from kca_etl.model.catalogue import verdict_of
from kca_etl.model.findings import Finding, KcaError, Verdict
from kca_etl.model.month import Month
from kca_etl.model.states import DocumentState
from kca_etl.runs import publishers as asking_for
from kca_etl.warehouse import arrivals
from kca_etl.workplace import Workplace

if TYPE_CHECKING:
    from kca_etl.sources.endpoint import Fetch


@dataclass(slots=True)
class Obtained:
    """What asking for a source's month came to.

    An outcome where a document came, else the findings that say why none did.
    """

    source: str
    month: Month
    outcome: pipeline.Outcome | None = None
    findings: list[Finding] = field(default_factory=list)
    same_figures: bool = False  # a re-issue that changes no figure

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict, of the document or of the answer in its place."""
        return self.outcome.reading.verdict if self.outcome else verdict_of(self.findings)

    @property
    def state(self) -> str:
        """What the month's request came to, in one word."""
        if self.outcome is not None:
            return self.outcome.state
        return self.findings[0].code.lower() if self.findings else "not_modified"


def obtain(
    source: str,
    month: Month,
    work: Workplace,
    asking: Session,
    *,
    issue: int | None = None,
) -> Obtained:
    """Fetch a month and carry it through the pipeline.

    Never raises for what a publisher sends: findings say what is wrong.

    `issue` asks for that re-issue: another document, whatever came for the month before. Raises
    KcaError NO_ISSUE.
    """
    spec, request = (
        asking_for.endpoint(source, issue),
        _Request(source, month, work),
    )
    before = arrivals.last(work.engine, source, month)
    asked = before if issue is None else None
    try:
        # For a month that came before, a 404 means the same whatever the day.
        when = asking_for.dates(source, month) if before is None else None
        fetched = fetch(spec, month, asking, _previous(asked), dates=when)
    except KcaError as error:
        return request.nothing(spec.url, asking, error.findings)
    if fetched.not_modified:
        request.unchanged(fetched, before[0] if before else None)
        return Obtained(source, month)
    try:
        return request.carried(fetched, spec, asking, before[0].content_sha256 if before else "")
    finally:
        fetched.discard()


def _previous(before: tuple[arrivals.Arrival, str] | None) -> Previous | None:
    """Ask conditionally only for what is loaded.

    One that was quarantined must be able to come again.
    """
    if before is None:
        return None
    came, state = before
    return Previous(came.etag, came.last_modified) if state == DocumentState.LOADED else Previous()


@dataclass(frozen=True, slots=True)
class _Request:
    """One request's place in the world, for putting its answer on record."""

    source: str
    month: Month
    work: Workplace

    def nothing(self, url: str, asking: Session, findings: Sequence[Finding]) -> Obtained:
        """Record that the month's document did not come, and why."""
        return self._missing(
            list(findings), {"url": url, "at": asking.wall().isoformat(timespec="seconds")}
        )

    def unchanged(self, fetched: Fetched, before: arrivals.Arrival | None) -> None:
        """Record that the publisher has nothing new; what came last stays the month's document."""
        known = (
            {}
            if before is None
            else {
                k: getattr(before, k)
                for k in ("size", "sha256", "received_sha256", "content_sha256", "proof")
            }
        )
        self._record(fetched, "not_modified", **known)

    def carried(self, fetched: Fetched, spec: Fetch, asking: Session, before: str) -> Obtained:
        """Archive what came, read and load it."""
        if fetched.path is None:
            raise ValueError("a document without a file")
        package = self._package(fetched)
        incoming = pipeline.Incoming(fetched.path, fetched.url)
        received = pipeline.receive(incoming, self.work.landing)
        received.findings += fetched.findings
        try:
            return self._kept(received, fetched, spec, asking, before, package)
        finally:
            received.attempt.end()

    def _kept(
        self,
        received: pipeline.Received,
        fetched: Fetched,
        spec: Fetch,
        asking: Session,
        before: str,
        package: str,
    ) -> Obtained:
        """Read and load what came, unless it is of another month than an address without one."""
        month = None if spec.moving else self.month
        reading = pipeline.read_apart(received, self.source, month, ())
        came = self._came(fetched, reading, package)
        if spec.moving and reading.month not in (None, self.month):
            return self._elsewhere(
                asking_for.another(self.source, self.month, reading.month or 0, asking.wall()), came
            )
        if reading.month is None and reading.observations is not None:
            reading.month = self.month
        outcome = pipeline.keep(reading, self.work)
        reading.observations = None
        provenance.note(reading.document.sha256, self.work.landing, arrival=came)
        self._record(fetched, outcome.state, **came)
        same = outcome.state is DocumentState.LOADED and came["content_sha256"] == before
        return Obtained(self.source, self.month, outcome, same_figures=same)

    def _elsewhere(self, finding: Finding, came: dict[str, Any]) -> Obtained:
        """Keep a document of another month in the archive; only what was asked for is loaded."""
        sha256, landing = came["sha256"], self.work.landing
        if "state" not in provenance.read(sha256, landing):
            provenance.note(
                sha256, landing, source=self.source, state="of another month", arrival=came
            )
        return self._missing([finding], came)

    def _missing(self, findings: list[Finding], came: dict[str, Any]) -> Obtained:
        note = "; ".join(filter(None, (findings[0].what, findings[0].found)))
        row = arrivals.Arrival(
            self.source,
            self.month,
            outcome=findings[0].code,
            run_id=self.work.run.run_id,
            note=note,
            **came,
        )
        arrivals.record(self.work.engine, row)
        return Obtained(self.source, self.month, findings=findings)

    def _package(self, fetched: Fetched) -> str:
        """Archive what came over the wire where it is not the document itself; return its hash."""
        if fetched.received is None:
            return ""
        landing = self.work.landing
        package, _ = archive.store(fetched.received, landing)
        about = {
            "file_name": package.file_name,
            "origin": fetched.url,
            "size": package.size,
            "holds": fetched.sha256,
        }
        provenance.note(
            package.sha256, landing, state=provenance.PACKAGE, source=self.source, **about
        )
        return package.sha256

    def _came(self, fetched: Fetched, reading: pipeline.Reading, package: str) -> dict[str, Any]:
        content = (
            "" if reading.observations is None else fingerprint.content_sha256(reading.observations)
        )
        return _answer(fetched) | {
            "size": fetched.size,
            "sha256": fetched.sha256,
            "received_sha256": package or fetched.sha256,
            "content_sha256": content,
            "proof": fetched.proof,
        }

    def _record(self, fetched: Fetched, outcome: str, **more: Any) -> None:  # noqa: ANN401 - the manifest's columns
        came = arrivals.Arrival(
            self.source,
            self.month,
            outcome=outcome,
            run_id=self.work.run.run_id,
            **_answer(fetched) | more,
        )
        arrivals.record(self.work.engine, came)


def _answer(fetched: Fetched) -> dict[str, str]:
    return {
        "url": fetched.url,
        "at": fetched.at.isoformat(timespec="seconds"),
        "etag": fetched.previous.etag,
        "last_modified": fetched.previous.last_modified,
        "headers": json.dumps(fetched.headers, sort_keys=True),
    }
