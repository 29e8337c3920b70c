"""Made-up earlier issues of a document of which no real ones are at hand.

An issue so many periods earlier states the same series, regions and months, all so many periods
earlier. What the document itself states of a month is what they state; of months before, they
state its nearest figure, moved by some two per cent a period and by chance.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Engine

from kca_etl.model.document import Document
from kca_etl.model.findings import KcaError
from kca_etl.model.observations import Observations
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse import writer
from tests.mutate.documents import Original

MONTHS_PER_YEAR = 12
DAYS_PER_MONTH = 30
MOVEMENT, CHANCE = 0.02, 0.01
Key = tuple[int, int, int]  # series, region, month
Told = dict[Key, tuple[float, int]]  # value, sign


def step_of(o: Observations) -> int:
    """Return the months from one issue to the next: a year's where all months are Decembers."""
    months = np.unique(o.month)
    if (months % MONTHS_PER_YEAR == MONTHS_PER_YEAR - 1).all():
        return MONTHS_PER_YEAR
    return int(np.diff(months).min()) if len(months) > 1 else 1


def load_earlier(of: Original, source: str, month: int, count: int, engine: Engine) -> None:
    """Load so many earlier issues, the oldest first."""
    o = of.observations
    step = step_of(o)
    told: Told = {
        (s, r, m): (v, z)
        for s, r, m, v, z in zip(
            o.series.tolist(),
            o.region.tolist(),
            o.month.tolist(),
            o.value.tolist(),
            o.zeichen.tolist(),
            strict=True,
        )
    }
    for back in range(count, 0, -1):
        earlier = _issue(o, told, back, step)
        document = Document(f"{back:064x}", f"earlier {back}", 1)
        known = registry.kennzahlen(registry.load(source))
        given = writer.Load(source, document, month - back * step, earlier, [], "past", known)
        with suppress(KcaError):  # in conflict with one before it, as the pipeline quarantines it
            writer.load(engine, given, Settings(database_url=None).lock_timeout)


def _issue(o: Observations, told: Told, back: int, step: int) -> Observations:
    chance = np.random.default_rng(back)
    month = o.month - np.int32(back * step)
    known = [
        told.get(key)
        for key in zip(o.series.tolist(), o.region.tolist(), month.tolist(), strict=True)
    ]
    moved = _moved(o.value, back, chance.normal(0, CHANCE, len(o)))
    value = np.array([m if k is None else k[0] for k, m in zip(known, moved, strict=True)])
    zeichen = np.array(
        [z if k is None else k[1] for k, z in zip(known, o.zeichen.tolist(), strict=True)], np.int8
    )
    days = timedelta(days=back * step * DAYS_PER_MONTH)
    blocks = [replace(b, datenstand=b.datenstand - days) for b in o.blocks]
    return replace(o, blocks=blocks, month=month, value=value, zeichen=zeichen)


def _moved(
    value: NDArray[np.float64], back: int, chance: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Move figures back in time; what is whole, or has one digit, stays so."""
    moved = value * np.exp(chance - MOVEMENT * np.sin(back))
    whole = value == np.rint(value)
    tenth = np.isclose(value * 10, np.rint(value * 10))
    rounded = np.where(whole, np.rint(moved), np.where(tenth, np.rint(moved * 10) / 10, moved))
    found: NDArray[np.float64] = rounded
    return found
