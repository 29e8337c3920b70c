"""The samples' figures: the published ones as printed, the months between them by a fixed rule.

Months are `YYYY-MM`. Invented figures run straight between published ones and the anchors below,
with a small ripple so that they do not look ruled; a rate follows from the unemployed.
"""

from __future__ import annotations

import csv
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from kca_etl.german.months import MONTHS
from kca_etl.model.month import month_date, month_number
from kca_etl.offices import folder as offices

QUOTE, ARBEITSLOSE = "arbeitslosenquote_sgb2", "arbeitslose_sgb2"
KENNZAHLEN = (
    QUOTE,
    ARBEITSLOSE,
    "leistungsbezieher_sgb2",
    "integrationen",
    "neuantraege",
    "massnahmeteilnehmer",
)
LABELS = dict(
    zip(
        KENNZAHLEN,
        (
            "Arbeitslosenquote SGB II",
            "Arbeitslose SGB II",
            "Leistungsbezieher SGB II",
            "Integrationen",
            "Neuanträge",
            "Maßnahmeteilnehmer",
        ),
        strict=True,
    )
)
FIRST, LAST = "2018-01", "2020-11"
ERWERBSPERSONEN = 227_500  # gives 2,6 % for 6.013 and 3,2 % for 7.273, as published

# Invented. Where a published figure stands for the same month, it counts.
ANCHORS: dict[str, dict[str, int]] = {
    ARBEITSLOSE: {"2018-01": 6890},
    "leistungsbezieher_sgb2": {
        "2018-01": 24950,
        "2020-03": 23610,
        "2020-07": 24930,
        "2020-10": 24803,
    },
    "integrationen": {
        "2018-01": 401,
        "2018-07": 428,
        "2019-07": 421,
        "2020-03": 362,
        "2020-04": 329,
        "2020-05": 301,
        "2020-06": 279,
        "2020-10": 345,
    },
    "neuantraege": {
        "2018-01": 468,
        "2020-02": 452,
        "2020-03": 489,
        "2020-04": 534,
        "2020-05": 581,
        "2020-08": 536,
    },
    "massnahmeteilnehmer": {
        "2018-01": 1062,
        "2019-06": 1041,
        "2020-02": 984,
        "2020-06": 803,
        "2020-10": 921,
    },
}
RIPPLE = {
    ARBEITSLOSE: 25,
    "leistungsbezieher_sgb2": 60,
    "integrationen": 9,
    "neuantraege": 11,
    "massnahmeteilnehmer": 12,
}

# The one revision the samples show: the October document states 341, later ones 345.
SCALE = Decimal("0.8")  # of an office whose figures are all invented; rates stay
FIRST_STATED = {("integrationen", "2020-10"): 341}


@cache
def published() -> dict[tuple[str, str], tuple[Decimal, str]]:
    """Return the figures that were really published, if the office's samples show them."""
    return _printed() if offices.current().samples.published else {}


@cache
def _printed() -> dict[tuple[str, str], tuple[Decimal, str]]:
    """Return figures as once printed: (kennzahl, month) → (value, the text of its source)."""
    text = (Path(__file__).parent / "published_figures.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {
        (row["kennzahl"], row["berichtsmonat"]): (Decimal(row["value"]), row["source"])
        for row in rows
    }


def is_published(kennzahl: str, month: str) -> bool:
    """Tell whether a figure was ever published; else the samples invent it."""
    return (kennzahl, month) in published()


def months(first: str = FIRST, last: str = LAST) -> list[str]:
    """Return the months from first to last."""
    return [_text(n) for n in range(_number(first), _number(last) + 1)]


def shift(month: str, by: int) -> str:
    """Return the month `by` months later."""
    return _text(_number(month) + by)


def value(kennzahl: str, month: str, stated_in: str = LAST) -> Decimal:
    """Return a figure as a document of month `stated_in` states it."""
    if stated_in == month and (kennzahl, month) in first_stated():
        return first_stated()[kennzahl, month]
    return _scaled(kennzahl, _value(kennzahl, month))


def first_stated() -> dict[tuple[str, str], Decimal]:
    """Return the figures that the first document states otherwise than later ones."""
    return {key: _scaled(key[0], Decimal(number)) for key, number in FIRST_STATED.items()}


def _scaled(kennzahl: str, number: Decimal) -> Decimal:
    """Keep figures that somebody published from an office whose figures they are not."""
    if kennzahl == QUOTE or offices.current().samples.published:
        return number
    return Decimal(int(number * SCALE))


def _value(kennzahl: str, month: str) -> Decimal:
    if (kennzahl, month) in _printed():
        return _printed()[kennzahl, month][0]
    if kennzahl == QUOTE:
        share = _value(ARBEITSLOSE, month) * 100 / ERWERBSPERSONEN
        return share.quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Decimal(_between(kennzahl, month))


def invented() -> frozenset[tuple[str, str]]:
    """Return every (kennzahl, month) the samples invent."""
    return frozenset((k, m) for k in KENNZAHLEN for m in months() if not is_published(k, m))


def notes(month: str) -> list[str]:
    """Return the German notes that an overview of a sample month must carry."""
    spoken = [m for m in (month, shift(month, -1), shift(month, -12)) if FIRST <= m <= LAST]
    named = {
        german_month(m): [LABELS[k] for k in KENNZAHLEN if not is_published(k, m)] for m in spoken
    }
    parts = [f"{name} ({', '.join(labels)})" for name, labels in named.items() if labels]
    which = (
        f"Erfunden sind hier: {'; '.join(parts)}."
        if parts
        else "Auf dieser Seite ist kein Wert erfunden."
    )
    what = "Beispieldaten: Dokumente im Stil des Jobcenters, für diese Vorführung erzeugt."
    source = offices.current().samples.published
    if not source:
        return [f"{what} Alle Werte sind erfunden."]
    return [f"{what} Veröffentlichte Werte stammen aus {source}. {which}"]


def german_month(month: str) -> str:
    """Return `November 2020` for `2020-11`."""
    return f"{MONTHS[int(month[5:]) - 1]} {month[:4]}"


@cache
def _fixed(kennzahl: str) -> dict[int, int]:
    anchors = {_number(m): v for m, v in ANCHORS[kennzahl].items()}
    return dict(
        sorted(
            (
                anchors
                | {_number(m): int(v) for (k, m), (v, _) in _printed().items() if k == kennzahl}
            ).items()
        )
    )


def _between(kennzahl: str, month: str) -> int:
    """Whole-number arithmetic only: the same on every machine."""
    at, fixed = _number(month), _fixed(kennzahl)
    if at in fixed:
        return fixed[at]
    left, right = max(n for n in fixed if n < at), min(n for n in fixed if n > at)
    line = (fixed[left] * (right - at) + fixed[right] * (at - left)) // (right - left)
    return line + RIPPLE[kennzahl] * ((at * 37 + len(kennzahl)) % 11 - 5) // 5


def _number(month: str) -> int:
    return month_number(int(month[:4]), int(month[5:]))


def _text(number: int) -> str:
    return f"{month_date(number):%Y-%m}"
