"""How a source's documents are asked for: the YAML key `fetch:` of its declaration. Pure."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["xlsx", "xls", "csv", "zip-csv"]
SUFFIX = {"xlsx": ".xlsx", "xls": ".xls", "csv": ".csv", "zip-csv": ".zip"}
SLOT = re.compile(r"\{(\w*)\}")
MONTH_SLOTS = {"yyyymm", "yyyy", "mm"}
_HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?"


class Fetch(BaseModel):
    """One document per month: address, parameters and what must come back.

    `{yyyymm}`, `{yyyy}`, `{mm}` and the names under `values` (e.g. `code: d`, `v: "1"`) are
    slots in url, params, fields and file. `hosts` lists every host that may be asked, redirects
    included. `secret_headers` and `secret_fields` map a header or form field to the name of a
    secret; a secret can stand nowhere else, least of all in the url.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    hosts: tuple[str, ...] = Field(min_length=1)
    kind: Kind
    method: Literal["GET", "POST"] = "GET"
    params: dict[str, str] = {}
    fields: dict[str, str] = {}
    headers: dict[str, str] = {}
    secret_headers: dict[str, str] = {}
    secret_fields: dict[str, str] = {}
    values: dict[str, str] = {}
    file: str = ""
    tried: bool = (
        False  # whether the endpoint was ever asked live, or is declared from documentation
    )

    @model_validator(mode="after")
    def _sound(self) -> Fetch:
        _check_address(self.url, self.hosts)
        if self.method == "GET" and (self.fields or self.secret_fields):
            raise ValueError("form fields go with POST")
        if unknown := self.slots - MONTH_SLOTS - self.values.keys():
            raise ValueError(f"unknown slots: {', '.join(sorted(unknown))}")
        if any(set(SLOT.sub("", text)) & set("{}") for text in self._texts):
            raise ValueError("a brace that belongs to no slot")
        return self

    @property
    def slots(self) -> set[str]:
        """The slots used anywhere."""
        return {name for text in self._texts for name in SLOT.findall(text)}

    @property
    def _texts(self) -> tuple[str, ...]:
        return self.url, self.file, *self.params.values(), *self.fields.values()

    @property
    def moving(self) -> bool:
        """Whether the address names no month, so that what comes back is simply the latest."""
        return not self.slots & MONTH_SLOTS


def _check_address(url: str, hosts: tuple[str, ...]) -> None:
    """Raise ValueError for an address that is not plain https to one of the hosts."""
    parts = urlsplit(url)
    plain = parts.scheme == "https" and "@" not in parts.netloc and parts.port is None
    if not plain or parts.hostname is None:
        raise ValueError(f"{url!r}: a url is https://host/…, without user and port")
    if wrong := [h for h in hosts if not re.fullmatch(_HOST, h)]:
        raise ValueError(f"hosts are plain names in small letters: {wrong}")
    if parts.hostname not in hosts:
        raise ValueError(f"{parts.hostname!r} is not among the hosts")
