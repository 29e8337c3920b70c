"""The request that a declared endpoint means for one month. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from kca_etl.model.month import month_date
from kca_etl.sources.endpoint import SLOT, SUFFIX, Fetch


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
    """Fill the slots for a month.

    `values` override the declared ones (a higher `v` for a re-issue).
    """
    known = _known(spec, month, values)
    url = _fill(spec.url, {name: quote(value, safe="") for name, value in known.items()})
    params, fields = (
        {key: _fill(text, known) for key, text in given.items()}
        for given in (spec.params, spec.fields)
    )
    return Call(
        spec.method, url, params, fields, spec.headers, spec.secret_headers, spec.secret_fields
    )


def file_name(spec: Fetch, month: int, values: Mapping[str, str] | None = None) -> str:
    """Name the document: as declared, else as in the address, with the suffix of its kind.

    Nothing the server says enters it.
    """
    pattern = spec.file or unquote(urlsplit(spec.url).path)
    last = PurePosixPath(_fill(pattern, _known(spec, month, values))).name
    name = re.sub(r"[^\w.+-]+", "_", last, flags=re.ASCII).lstrip("._") or "document"
    if spec.moving and not spec.file:
        name = f"{name}-{month_date(month):%Y%m}"
    suffix = SUFFIX[spec.kind]
    return name if name.lower().endswith(suffix) else name + suffix


def _known(spec: Fetch, month: int, values: Mapping[str, str] | None) -> dict[str, str]:
    first = month_date(month)
    return {
        **spec.values,
        **(values or {}),
        "yyyymm": f"{first:%Y%m}",
        "yyyy": f"{first:%Y}",
        "mm": f"{first:%m}",
    }


def _fill(text: str, known: Mapping[str, str]) -> str:
    return SLOT.sub(lambda slot: known[slot[1]], text)
