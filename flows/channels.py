"""Where people are told: a webhook, a channel in Teams, mail.

Each is a block of the server's, which keeps the address as a secret.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.notifications import CustomWebhookNotificationBlock, SlackWebhook
from prefect.types import SecretDict
from pydantic import SecretStr

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.settings import Settings

WEB, MAIL = ("https", "http"), ("mailtos", "mailto")
PLAIN: dict[str, Any] = {"text": "{{subject}}\n{{body}}"}
# A message as Teams takes it from a workflow's webhook. A TextRun knows no Markdown: nothing in a
# file's name comes alive.
CARD: dict[str, Any] = {
    "type": "message",
    "attachments": [
        {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                "type": "AdaptiveCard",
                "version": "1.4",
                "body": [
                    {
                        "type": "RichTextBlock",
                        "inlines": [{"type": "TextRun", "text": "{{subject}}", "weight": "bolder"}],
                    },
                    {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "{{body}}"}]},
                ],
            },
        }
    ],
}


def channels(settings: Settings) -> list[UUID]:
    """Create or change the blocks of all channels that are set; return their ids.

    Raises KcaError BAD_CHANNEL for an address that no message could be sent to; it is not
    quoted, since it may carry a password.
    """
    blocks: dict[str, NotificationBlock] = {}
    if settings.notify_webhook is not None:
        blocks["kca-notify"] = _web(settings.notify_webhook, "KCA_NOTIFY_WEBHOOK", PLAIN)
    if settings.notify_teams is not None:
        blocks["kca-notify-teams"] = _web(settings.notify_teams, "KCA_NOTIFY_TEAMS", CARD)
    if settings.notify_mail is not None:
        blocks["kca-notify-mail"] = _mail(settings.notify_mail)
    return [_saved(block, name) for name, block in blocks.items()]


def _web(address: SecretStr, setting: str, message: dict[str, Any]) -> NotificationBlock:
    """The address is put in when a message is sent."""
    url = address.get_secret_value()
    if not _fits(url, WEB):
        raise _bad(setting, "https://HOST/…")
    secrets = SecretDict({"url": url})
    return CustomWebhookNotificationBlock(
        name="kca-etl",
        url="{{url}}",
        json_data=message,
        headers=None,
        cookies=None,
        secrets=secrets,
    )


def _mail(address: SecretStr) -> NotificationBlock:
    """Mail from the server itself, so that a dead worker is told of too.

    Prefect has no block for mail. The one for Slack hands every other address to the library
    that sends mail as well.
    """
    url = address.get_secret_value()
    if not _fits(url, MAIL, "from", "to"):
        raise _bad("KCA_NOTIFY_MAIL", "mailtos://USER:PASSWORD@HOST?from=ADDRESS&to=ADDRESS")
    # As HTML, which is the default, a file's name could bring its own markup.
    return SlackWebhook(url=SecretStr(f"{url}&format=text"))


def _fits(url: str, schemes: tuple[str, ...], *needed: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in schemes
            and bool(parts.hostname)
            and all(name in parse_qs(parts.query) for name in needed)
        )
    except ValueError:  # it may quote the address
        return False


def _bad(setting: str, expected: str) -> KcaError:
    return KcaError(
        Finding(
            Code.BAD_CHANNEL,
            f"{setting} is no address that a message can be sent to",
            expected=expected,
        )
    )


def _saved(block: NotificationBlock, name: str) -> UUID:
    saved: Any = block.save(name, overwrite=True)
    return UUID(str(saved))
