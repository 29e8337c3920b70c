"""A person's word before a report is published.

The run pauses with a form, and the decision is on record.

The server answers 200 to a wrong answer and leaves the run paused. So all that the form wants
stands in its JSON schema, which is what the server looks at: nothing that it lets through can stop
the run afterwards.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal, cast, get_args

from prefect.exceptions import FlowPauseTimeout
from prefect.flow_runs import pause_flow_run
from prefect.input import RunInput
from prefect.logging import get_run_logger
from pydantic import Field

from flows.parts import Page
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.report.words import headline
from kca_etl.runs.draft import Draft
from kca_etl.runs.outcomes import plain

When = Literal["on_jump", "always", "never"]
PATIENCE = 72 * 3600  # seconds; over a weekend
LOOKS = 5  # seconds between two looks for the answer
WORDS = r"\S"  # not blank
REFUSED = "Refused"  # the state's name


class Decision(RunInput):
    """The form."""

    publish: Literal["yes", "no"] = Field(
        title="Publish?", description="no: the run ends, nothing is published."
    )
    name: str = Field(title="Name", description="Who decides.", pattern=WORDS, max_length=100)
    remark: str = Field(
        title="Remark", description="Why; it stands in the record.", pattern=WORDS, max_length=500
    )

    @property
    def sentence(self) -> str:
        """The decision in words, for state, log and artifact."""
        return (
            f"{'approved' if self.publish == 'yes' else 'refused'} by {self.name.strip()}:"
            f" {self.remark.strip()}"
        )


def checked(when: str) -> When:
    """Return when to ask. Raises KcaError BAD_VALUE for a word that is none."""
    for known in get_args(When):
        if when == known:
            return cast("When", known)
    expected = ", ".join(get_args(When))
    raise KcaError(Finding(Code.BAD_VALUE, f"approve: {when!r} fits nothing", expected=expected))


def wanted(when: When, draft: Draft) -> bool:
    """Tell whether somebody must be asked.

    Always, never, or where a figure of the month moved unusually far.
    """
    return when == "always" or (when == "on_jump" and bool(draft.jumps))


def ask(draft: Draft) -> Decision:
    """Pause until somebody answers the form, and put the decision on record.

    Raises FlowPauseTimeout after three days without one.
    """
    log, said = (
        get_run_logger(),
        [
            (
                "Nobody has decided yet. An answer without name or remark is not taken: the run"
                " stays paused."
            )
        ],
    )
    page = Page(
        "report-approval", f"Who let it be published: {headline(draft.page)}", lambda: said[-1]
    )
    log.warning(
        "waiting for approval: %s",
        "; ".join(str(w["what"]) for w in draft.jumps) or "asked of every report",
    )
    try:
        decision = pause_flow_run(
            Decision.with_initial_data(_question(draft)), timeout=PATIENCE, poll_interval=LOOKS
        )
    except FlowPauseTimeout:
        said.append("Nobody decided in time. Nothing was published; start the report again.")
        raise
    else:
        log.info(decision.sentence)
        said.append(f"{plain(decision.sentence)} ({datetime.now(UTC):%Y-%m-%d %H:%M} UTC)")
        return decision
    finally:
        page.show(now=True)


def _question(draft: Draft) -> str:
    """What stands above the form, in Markdown."""
    jumps = [
        (
            f"- {plain(w['what'])}: {plain(w['found'])}, {plain(w['expected'])}"
            f" ({plain(w['file_name'])}, {w['cell']})"
        )
        for w in draft.jumps
    ]
    return "\n".join(
        [
            f"**{plain(headline(draft.page))}**",
            "",
            "Text, picture and warnings are artifacts of this run.",
            "",
            *jumps,
        ]
    )
