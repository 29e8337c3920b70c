"""Names that people give: sources, kennzahlen and regions. An unknown one is refused.

What was meant may be among the nearest ones, so they are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import schemas.regions as register
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.nearest import MAX_NAMES, meant, nearest
from kca_etl.sources import registry
from kca_etl.warehouse.views import queries

if TYPE_CHECKING:
    from sqlalchemy import Engine

COUNTRY = {"ags:D": "Deutschland"}


def refuse_unknown(
    engine: Engine,
    *,
    source: str | None = None,
    kennzahl: str | None = None,
    region: str | None = None,
) -> None:
    """Refuse names that neither a declaration, a register nor the warehouse knows.

    Raises KcaError NO_SOURCE, NO_KENNZAHL or NO_REGION with the nearest names.
    """
    if source is not None:
        registry.load(source)
    if kennzahl is not None:
        _known_kennzahl(kennzahl, engine)
    if region is not None:
        _known_region(region, engine)


def _known_kennzahl(code: str, engine: Engine) -> None:
    known = _declared() | {row["code"]: row["label"] for row in queries.kennzahlen(engine)}
    if code in known:
        return
    labels = {label: name for name, label in known.items()}
    by_label = [labels[label] for label in nearest(code, labels)]
    likely = nearest(code, known) or by_label
    said = " or ".join(f"{one} ({known[one]})" for one in likely) or meant(code, sorted(known))
    raise KcaError(Finding(Code.NO_KENNZAHL, f"no kennzahl is called {code!r}", expected=said))


@cache
def _declared() -> dict[str, str]:
    """Return code and label of every declared kennzahl."""
    found = {code: str(about["label"]) for code, about in registry.kennzahlen().items()}
    for name in registry.names():
        own = registry.load(name).kennzahlen
        found |= {code: str(entry.label) for code, entry in own.items()}
    return found


def _known_region(text: str, engine: Engine) -> None:
    """A region is known by code, by `system:code` or by name."""
    known = _registered() | queries.regions(engine)
    names = set(known.values())
    codes = {key.partition(":")[2] for key in known}
    if text in known or text in names or text in codes:
        return
    keys = {name: key for key, name in known.items()}
    wanted = text.rpartition(":")[2]
    likely = (
        _near_codes(text, known)
        if wanted.isdigit()
        else [keys[name] for name in nearest(text, names)]
    )
    said = " or ".join(f"{key} ({known[key]})" for key in likely)
    raise KcaError(Finding(Code.NO_REGION, f"no region is called {text!r}", expected=said))


def _near_codes(text: str, known: Iterable[str]) -> list[str]:
    """Return the codes of the same length, of the system if one is named, that differ least."""
    system, _, code = text.rpartition(":")
    fits = [key for key in known if key.startswith(system) and len(_code(key)) == len(code)]

    def differs(key: str) -> int:
        return sum(a != b for a, b in zip(_code(key), code, strict=True))

    return sorted(fits, key=differs)[:MAX_NAMES]


def _code(key: str) -> str:
    return key.rpartition(":")[2]


def _registered() -> dict[str, str]:
    """Return the regions of the register: `system:code` → name."""
    kreise = {f"ags:{ags}": territories[-1].name for ags, territories in register.kreise().items()}
    jobcenter = {f"traeger:{code}": one.name for code, one in register.jobcenter().items()}
    return COUNTRY | kreise | jobcenter
