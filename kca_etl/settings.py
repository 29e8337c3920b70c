"""Settings from the environment (`KCA_…`); the only place that reads it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

STATE, OFFICE = ".kca", "office.yaml"


def nearest_home() -> Path:
    """Return where state lives if nobody says: never a folder that a wrong directory makes.

    That is the nearest `.kca` in or above the working directory, or one beside the nearest
    office's `office.yaml`; else the platform's folder for a user's data.
    """
    from platformdirs import user_data_path

    if Path(STATE).is_dir():
        return Path(STATE)
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / STATE).is_dir() or (folder / OFFICE).is_file():
            return folder / STATE
    return user_data_path("kca-etl", appauthor=False)


def nearest_office() -> Path | None:
    """Return the nearest folder with an `office.yaml`, in or above the working directory."""
    here = Path.cwd()
    return next((f for f in (here, *here.parents) if (f / OFFICE).is_file()), None)


class Settings(BaseSettings):
    """Where state lives and how publishers are asked.

    `database_url` is secret because it may carry a password.
    """

    # A value that does not fit may be a secret: no error quotes it.
    model_config = SettingsConfigDict(
        env_prefix="KCA_", env_ignore_empty=True, hide_input_in_errors=True
    )

    home: Path = Field(
        default_factory=nearest_home,
        description="folder of archive, inbox, reports; if not set the nearest `.kca` in or above "
        "the working directory, or beside an `office.yaml` there, else the user's data folder "
        "(Linux: `~/.local/share/kca-etl`)",
    )
    office: Path | None = Field(
        default_factory=nearest_office,
        description="folder of the office: its names, regions, words and declarations; if not set "
        "the nearest with an `office.yaml` in or above the working directory, else the shipped one",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="the warehouse's SQLAlchemy URL; SQLite in the home folder if not set",
    )
    lock_timeout: float = Field(default=30.0, description="seconds to wait for another writer")
    http_contact: str = Field(
        default="", description="whom a publisher may write to; stands in the User-Agent"
    )
    http_deadline: float = Field(
        default=120.0, description="seconds for one document, pauses and redirects included"
    )
    http_max_bytes: int = Field(
        default=100_000_000, description="largest document in bytes, unpacked"
    )
    http_proxy: SecretStr | None = Field(
        default=None, description="proxy for https; may hold a password"
    )
    ca_bundle: Path | None = Field(default=None, description="file of certificates to trust")
    base_urls: dict[str, str] = Field(
        default={}, description="JSON: host → base URL of a mirror or test server"
    )
    reader_password: SecretStr | None = Field(
        default=None, description="password of the role that `kca db grant-readers` makes"
    )
    secrets: dict[str, SecretStr] = Field(default={}, description="JSON: name → credential")
    notify_webhook: SecretStr | None = Field(
        default=None, description='receives `{"text": …}` of what somebody has to look at'
    )
    notify_teams: SecretStr | None = Field(
        default=None, description="webhook of a Teams workflow, which receives a card"
    )
    notify_mail: SecretStr | None = Field(
        default=None, description="`mailtos://user:password@host?from=…&to=…`"
    )
    public_url: str = Field(
        default="",
        description="address under which people reach `/reports/…`; `kca serve` sets its own",
    )
    site: Path | None = Field(
        default=None,
        description="folder of the static website; if set, the flow `report` publishes into it",
    )
    release_key: Path | None = Field(
        default=None, description="private SSH key that signs releases; it must not ask for a word"
    )
    log_json: bool = Field(
        default=False, description="true: the flows' log as JSON, one object per line"
    )
    openlineage: SecretStr | None = Field(
        default=None, description="file or URL that receives OpenLineage events"
    )

    @property
    def url(self) -> str:
        """The warehouse's SQLAlchemy URL; SQLite under `home` unless one is set."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.home.resolve() / 'warehouse.db'}"

    @property
    def is_there(self) -> bool:
        """Whether there is a warehouse: a file, or one that a server keeps."""
        return self.database_url is not None or (self.home / "warehouse.db").is_file()

    @property
    def whereabouts(self) -> str:
        """Say in one line which warehouse is used; a password is not part of it."""
        if self.database_url is not None:
            parts = urlsplit(self.url)
            return f"warehouse: {parts.scheme}://{parts.hostname or ''}{parts.path}"
        place = self.home.resolve() / "warehouse.db"
        said = "" if self.is_there else " (there is none yet)"
        return f"warehouse: {place}{said}; KCA_HOME names another folder"

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

    @property
    def releases(self) -> Path:
        """Released months."""
        return self.home / "releases"
