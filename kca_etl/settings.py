"""Settings from the environment (`KCA_…`); the only place that reads it."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where state lives. `database_url` is secret because it may carry a password."""

    model_config = SettingsConfigDict(env_prefix="KCA_", env_ignore_empty=True)

    home: Path = Path(".kca")
    database_url: SecretStr | None = None
    lock_timeout: float = 30.0  # seconds to wait for another writer before giving up as busy

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
    def quarantine(self) -> Path:
        """Human-readable notes on quarantined documents."""
        return self.home / "quarantine"

    @property
    def reports(self) -> Path:
        """Rendered reports."""
        return self.home / "reports"
