"""Settings from the environment (`KCA_…`); the only place that reads it."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where state lives and how publishers are asked.

    `database_url` is secret because it may carry a password.
    """

    # A value that does not fit may be a secret: no error quotes it.
    model_config = SettingsConfigDict(
        env_prefix="KCA_", env_ignore_empty=True, hide_input_in_errors=True
    )

    home: Path = Path(".kca")
    database_url: SecretStr | None = None
    lock_timeout: float = 30.0  # seconds to wait for another writer before giving up as busy
    http_contact: str = ""  # whom a publisher may write to; stands in the User-Agent
    http_deadline: float = 120.0  # seconds for one document, pauses and redirects included
    http_max_bytes: int = 100_000_000  # of one document, unpacked
    http_proxy: SecretStr | None = None  # for https only; it may carry a password
    ca_bundle: Path | None = None
    base_urls: dict[str, str] = {}  # host → base URL of a mirror or test server, as JSON
    reader_password: SecretStr | None = (
        None  # with which the role of `kca db grant-readers` may log in
    )
    secrets: dict[str, SecretStr] = {}  # name → credential, as JSON
    notify_webhook: SecretStr | None = (
        None  # receives {"text": …} of what somebody has to look at; it may carry a token
    )
    notify_teams: SecretStr | None = (
        None  # the webhook of a Teams workflow, which receives a card; likewise
    )
    notify_mail: SecretStr | None = None  # mailtos://user:password@host?from=…&to=…; likewise
    openlineage: SecretStr | None = (
        None  # a file or a URL that receives OpenLineage events; likewise
    )

    @property
    def url(self) -> str:
        """The warehouse's SQLAlchemy URL; SQLite under `home` unless one is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home.resolve() / 'warehouse.db'}"

    @property
    def landing(self) -> Path:
        """The content-addressed archive of everything received."""
        return self.home / "landing"

    @property
    def inbox(self) -> Path:
        """Where people drop spreadsheets."""
        return self.home / "inbox"

    @property
    def downloads(self) -> Path:
        """Unfinished downloads."""
        return self.home / "tmp"

    @property
    def quarantine(self) -> Path:
        """Human-readable notes on quarantined documents."""
        return self.home / "quarantine"

    @property
    def reports(self) -> Path:
        """Rendered reports."""
        return self.home / "reports"
