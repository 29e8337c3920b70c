"""What arrives at a webhook, in Teams and by mail; on the loopback, in Prefect's test harness."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from pydantic import SecretStr

from kca_etl.model.findings import KcaError
from kca_etl.settings import Settings
from tests.flows.mailbox import mailbox
from tests.landing.fetch.servers import Asked, Reply, serving

SUBJECT, BODY = (
    "kca-etl: a document was quarantined",
    'x [a](http://b) <b>ä</b> "q" {{url}}: "B8"\nhttp://127.0.0.1:4200/runs/1',
)


def accept(_asked: Asked) -> Reply:
    return Reply(200, b"{}")


def sent(settings: Settings) -> int:
    """Send a message by all channels, loaded anew as the server does it.

    Return how many there are.
    """
    from prefect.blocks.core import Block
    from prefect.client.orchestration import get_client

    from flows.channels import channels

    async def send(ids: list[Any]) -> int:
        async with get_client() as client:
            for one in ids:
                block: Any = Block._from_block_document(await client.read_block_document(one))
                with block.raise_on_failure():
                    await block.notify(subject=SUBJECT, body=BODY)
        return len(ids)

    return asyncio.run(send(channels(settings)))


@pytest.mark.usefixtures("harness")
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning",
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
def test_the_same_message_by_all_channels() -> None:
    with serving(accept) as hook, mailbox() as box:
        url = f"mailto://127.0.0.1:{box.port}?from=kca@example.org&to=leitung@example.org,it@example.org"
        settings = Settings(
            notify_webhook=SecretStr(f"{hook.base}/plain"),
            notify_teams=SecretStr(f"{hook.base}/teams?sig=1"),
            notify_mail=SecretStr(url),
        )
        assert sent(settings) == 3
        assert sent(Settings()) == 0
    plain, card = (json.loads(asked.body) for asked in hook.asked)
    assert [asked.path for asked in hook.asked] == ["/plain", "/teams?sig=1"]
    assert plain == {"text": f"{SUBJECT}\n{BODY}"}
    (attachment,) = card["attachments"]
    assert (card["type"], attachment["contentType"]) == (
        "message",
        "application/vnd.microsoft.card.adaptive",
    )
    runs = [run for block in attachment["content"]["body"] for run in block["inlines"]]
    assert [(run["type"], run["text"]) for run in runs] == [("TextRun", SUBJECT), ("TextRun", BODY)]
    assert sorted(str(letter["To"]) for letter in box.letters) == [
        "it@example.org",
        "leitung@example.org",
    ]
    for letter in box.letters:
        assert (letter["Subject"], letter["From"], letter.get_content_type()) == (
            SUBJECT,
            "kca@example.org",
            "text/plain",
        )
        assert letter.get_content().strip().splitlines() == BODY.splitlines()


@pytest.mark.usefixtures("harness")
@pytest.mark.filterwarnings(
    "ignore::DeprecationWarning",
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
def test_without_a_channel_it_says_so_and_changes_no_notification() -> None:
    from flows.automations import NEWS, NOBODY, apply

    told = Settings(
        notify_webhook=SecretStr("https://hook.example/x"),
        notify_mail=SecretStr("mailto://mail.example?from=a@b.de&to=c@d.de"),
    )
    assert len(apply(told)) == 1 + len(NEWS)
    assert actions() == [2] * len(NEWS)
    first, last = apply(Settings())
    assert first.startswith("up to date: ")
    assert last == NOBODY
    assert actions() == [2] * len(NEWS)


def actions() -> list[int]:
    """How many messages each of our notifications sends."""
    from prefect.client.orchestration import get_client

    from flows.automations import NEWS

    with get_client(sync_client=True) as client:
        return [
            len(found.actions)
            for name, *_ in NEWS
            for found in client.read_automations_by_name(name)
        ]


@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("notify_webhook", "canary.example/hook"),
        ("notify_teams", "ftp://canary.example/hook"),
        ("notify_teams", "https://[canary"),
        ("notify_mail", "leitung@canary.example"),
        ("notify_mail", "mailto:leitung@canary.example"),
        ("notify_mail", "smtp://u:canary@h?from=a@b.de&to=c@d.de"),
        ("notify_mail", "mailtos://u:canary@h?to=c@d.de"),
        ("notify_mail", "mailtos://u:canary@h?from=a@b.de&to="),
    ],
)
def test_an_address_that_cannot_be_used_is_an_error_that_does_not_quote_it(
    channel: str, address: str
) -> None:
    from flows.channels import channels

    with pytest.raises(KcaError, match=r"\[BAD_CHANNEL\] KCA_" + channel.upper()) as error:
        channels(Settings(**{channel: SecretStr(address)}))  # type: ignore[arg-type]  # one of three fields
    assert "canary" not in str(error.value) + str(error.value.findings)
    assert error.value.__context__ is None
