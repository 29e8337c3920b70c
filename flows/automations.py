"""What Prefect's server does by itself, as code.

`python -m flows.automations` creates or changes the automations by name.

A run whose process died is found by its missing heartbeat; people are told where a channel is set.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState, SendNotification
from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

from flows.approval import REFUSED
from flows.channels import channels
from kca_etl.model.findings import KcaError
from kca_etl.model.states import DocumentState
from kca_etl.prefect_server.api import WATCHMAN
from kca_etl.runs.ending import NAMES
from kca_etl.settings import Settings

BEAT = "prefect.flow-run.heartbeat"
STATES = (
    "Completed",
    "Failed",
    "Crashed",
    "Cancelled",
    "Cancelling",
    "Paused",
    "Suspended",
    REFUSED,
    "Contradicted",
    *NAMES,
    *(state.capitalize() for state in DocumentState),  # as `decide` ends
    "Nothing to decide",
)
ENDS = {f"prefect.flow-run.{state}" for state in STATES}
PATIENCE = timedelta(seconds=45)  # without a heartbeat; there is one every 30 seconds
# What the office reads is German: what happened and why, the next step, the way there.
MESSAGE = "{{ event.payload.message }}"
RUN = "{{ flow_run.name }}: {{ flow_run.state.message }}\n"
LINK = "\n{{ flow_run | ui_url }}"
FAILED = (
    f"{RUN}Nächster Schritt: den Grund beheben und den Lauf neu starten; was geladen ist, bleibt "
    f"geladen. Sonst die Betreuung von kca-etl fragen.{LINK}"
)
CRASHED = f"{RUN}Nächster Schritt: den Lauf neu starten; was geladen ist, bleibt geladen.{LINK}"
WAITS = (
    "{{ flow_run.name }} wartet auf eine Entscheidung.\n"
    f"Nächster Schritt: den Lauf öffnen und auf „Resume“ klicken.{LINK}"
)
NOBODY = (
    "notifications left as they are: set KCA_NOTIFY_MAIL, KCA_NOTIFY_TEAMS or"
    " KCA_NOTIFY_WEBHOOK to be told of quarantine, "
    "overdue months, publishers that do not answer, failed and crashed runs, and decisions to make"
)
# What people are told of: name, event, subject, body.
NEWS = (
    (
        "kca: month quarantined",
        "kca.month.quarantined",
        "kca-etl: Dokument zurückgestellt",
        MESSAGE,
    ),
    ("kca: month overdue", "kca.month.overdue", "kca-etl: Monat überfällig", MESSAGE),
    (
        "kca: publisher unreachable",
        "kca.publisher.unreachable",
        "kca-etl: Herausgeber nicht erreichbar",
        MESSAGE,
    ),
    (
        "kca: credential missing",
        "kca.credential.missing",
        "kca-etl: Zugangsdaten fehlen",
        MESSAGE,
    ),
    ("kca: run failed", "prefect.flow-run.Failed", "kca-etl: Lauf gescheitert", FAILED),
    ("kca: run crashed", "prefect.flow-run.Crashed", "kca-etl: Lauf abgebrochen", CRASHED),
    (
        "kca: report waits for approval",
        "prefect.flow-run.Paused",
        "kca-etl: Entscheidung nötig",
        WAITS,
    ),
)


def crashed() -> AutomationCore:
    """A run that has begun to beat and stops without an end is dead.

    Mark it, so that its place is free and somebody is told.
    """
    trigger = EventTrigger(
        match={"prefect.resource.id": "prefect.flow-run.*"},
        for_each={"prefect.resource.id"},
        after={BEAT},
        expect={BEAT} | ENDS,
        posture=Posture.Proactive,
        threshold=1,
        within=PATIENCE,
    )
    dead = ChangeFlowRunState(
        name=None,
        state=StateType.CRASHED,
        message="No heartbeat: its process or machine is gone.",
        force=False,
    )
    return AutomationCore(name=WATCHMAN, trigger=trigger, actions=[dead])


def news(blocks: list[UUID]) -> list[AutomationCore]:
    """Tell people, by all blocks, of what somebody has to look at."""
    return [_told(*what, blocks) for what in NEWS]


def _told(name: str, event: str, subject: str, body: str, blocks: list[UUID]) -> AutomationCore:
    ours: dict[str, Any] = {
        "prefect.resource.id": "kca.*" if event.startswith("kca.") else "prefect.flow-run.*"
    }
    trigger = EventTrigger(match=ours, expect={event}, posture=Posture.Reactive, threshold=1)
    return AutomationCore(
        name=name,
        trigger=trigger,
        actions=[
            SendNotification(block_document_id=block, subject=subject, body=body)
            for block in blocks
        ],
    )


def apply(settings: Settings) -> list[str]:
    """Create or change all automations; return a line for each, and for what is not configured.

    Raises KcaError BAD_CHANNEL.
    """
    blocks = channels(settings)
    lines = [_upserted(automation) for automation in [crashed(), *(news(blocks) if blocks else [])]]
    return lines if blocks else [*lines, NOBODY]


def _upserted(automation: AutomationCore) -> str:
    with get_client(sync_client=True) as client:
        known = client.read_automations_by_name(automation.name)
        if not known:
            client.create_automation(automation)
            return f"created: {automation.name}"
        client.update_automation(known[0].id, automation)
        for double in known[1:]:
            client.delete_automation(double.id)
    return f"up to date: {automation.name}"


if __name__ == "__main__":
    try:
        print(*apply(Settings()), sep="\n")
    except KcaError as error:
        sys.exit(str(error))
