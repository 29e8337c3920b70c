"""How a source's documents are asked for: the YAML key `fetch:` and the request it means for one month. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import quote, unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kca_etl.model.month import month_date

Kind = Literal["xlsx", "xls", "csv", "zip-csv"]
SUFFIX = {"xlsx": ".xlsx", "xls": ".xls", "csv": ".csv", "zip-csv": ".zip"}
_SLOT = re.compile(r"\{(\w*)\}")
_MONTH_SLOTS = {"yyyymm", "yyyy", "mm"}
_HOST = r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?"


class Fetch(BaseModel):
    """One document per month: address, parameters and what must come back.

    `{yyyymm}`, `{yyyy}`, `{mm}` and the names under `values` (e.g. `code: d`, `v: "1"`) are slots in url, params, fields and file.
    `hosts` lists every host that may be asked, redirects included. `secret_headers` and `secret_fields` map a header or form
    field to the name of a secret; a secret can stand nowhere else, least of all in the url.
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
    tried: bool = False  # whether the endpoint was ever asked live, or is declared from documentation

    @model_validator(mode="after")
    def _sound(self) -> Fetch:
        parts = urlsplit(self.url)
        if parts.scheme != "https" or parts.hostname is None or "@" in parts.netloc or parts.port is not None:
            raise ValueError(f"{self.url!r}: a url is https://host/…, without user and port")
        if wrong := [h for h in self.hosts if not re.fullmatch(_HOST, h)]:
            raise ValueError(f"hosts are plain names in small letters: {wrong}")
        if parts.hostname not in self.hosts:
            raise ValueError(f"{parts.hostname!r} is not among the hosts")
        if self.method == "GET" and (self.fields or self.secret_fields):
            raise ValueError("form fields go with POST")
        if unknown := self.slots - _MONTH_SLOTS - self.values.keys():
            raise ValueError(f"unknown slots: {', '.join(sorted(unknown))}")
        if any(set(_SLOT.sub("", text)) & set("{}") for text in self._texts):
            raise ValueError("a brace that belongs to no slot")
        return self

    @property
    def slots(self) -> set[str]:
        """The slots used anywhere."""
        return {name for text in self._texts for name in _SLOT.findall(text)}

    @property
    def _texts(self) -> tuple[str, ...]:
        return self.url, self.file, *self.params.values(), *self.fields.values()

    @property
    def moving(self) -> bool:
        """Whether the address names no month, so that what comes back is simply the latest."""
        return not self.slots & _MONTH_SLOTS


@dataclass(frozen=True, slots=True)
class Call:
    """One request, secrets still by name only."""

    method: str
    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    secret_headers: Mapping[str, str] = field(default_factory=dict)
    secret_fields: Mapping[str, str] = field(default_factory=dict)


def call_of(spec: Fetch, month: int, values: Mapping[str, str] | None = None) -> Call:
    """Fill the slots for a month; `values` override the declared ones (a higher `v` for a re-issue)."""
    known = _known(spec, month, values)
    url = _fill(spec.url, {name: quote(value, safe="") for name, value in known.items()})
    params, fields = ({key: _fill(text, known) for key, text in given.items()} for given in (spec.params, spec.fields))
    return Call(spec.method, url, params, fields, spec.headers, spec.secret_headers, spec.secret_fields)


def file_name(spec: Fetch, month: int, values: Mapping[str, str] | None = None) -> str:
    """Name the document: as declared, else as in the address, with the suffix of its kind. Nothing the server says enters it."""
    pattern = spec.file or unquote(urlsplit(spec.url).path)
    last = PurePosixPath(_fill(pattern, _known(spec, month, values))).name
    name = re.sub(r"[^\w.+-]+", "_", last, flags=re.ASCII).lstrip("._") or "document"
    if spec.moving and not spec.file:
        name = f"{name}-{month_date(month):%Y%m}"
    suffix = SUFFIX[spec.kind]
    return name if name.lower().endswith(suffix) else name + suffix


def _known(spec: Fetch, month: int, values: Mapping[str, str] | None) -> dict[str, str]:
    first = month_date(month)
    return {**spec.values, **(values or {}), "yyyymm": f"{first:%Y%m}", "yyyy": f"{first:%Y}", "mm": f"{first:%m}"}


def _fill(text: str, known: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda slot: known[slot[1]], text)
