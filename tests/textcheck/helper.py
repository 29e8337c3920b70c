"""Figures as the warehouse gives them, and ways to damage a right text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kca_etl.samples.figures import KENNZAHLEN, months, value
from kca_etl.textcheck.check import check
from kca_etl.textcheck.results import CheckedClaim
from kca_etl.warehouse.views.queries import COLUMNS
from tests.report.helper import frame as sample_frame

NOVEMBER = date(2020, 11, 1)
FRAME = sample_frame(first="2018-01")
RECENT = sample_frame(first="2019-10")  # all that a text about November 2020 speaks of
VALUES = {(k, m): value(k, m) for k in KENNZAHLEN for m in months("2018-01")}
ROOT = Path(__file__).parents[2]


def published(name: str) -> Path:
    """A published file beside the project; the test is skipped where there is none."""
    folder = Path(os.environ.get("KCA_PUBLISHED_DATA") or ROOT.parent / "shared" / "published")
    if not (folder / name).is_file():
        pytest.skip(
            f"{name} is not in {folder.name}/ beside the project (or set KCA_PUBLISHED_DATA)"
        )
    return folder / name


def rows(
    values: Mapping[tuple[str, str], float | Decimal | str],
    region: str = "06435",
    name: str = "Main-Kinzig-Kreis",
    **more: Any,
) -> pd.DataFrame:
    """Rows of the view `figures` by (kennzahl, YYYY-MM); a text is a zeichen."""
    out = []
    for number, ((kennzahl, month), given) in enumerate(values.items()):
        row = dict.fromkeys(COLUMNS) | {
            "source": "kca_monatszahlen",
            "berichtsmonat": f"{month}-01",
            "kennzahl": kennzahl,
        }
        row |= {
            "gliederung": "insgesamt",
            "region_system": "ags",
            "region_code": region,
            "region_name": name,
        }
        row |= {
            "value": float("nan") if isinstance(given, str) else float(given),
            "zeichen": given if isinstance(given, str) else None,
        }
        row |= {
            "unit": "Prozent" if "quote" in kennzahl else "Personen",
            "status": "endgueltig",
            "datenstand": "2020-11-30",
        }
        row |= {
            "document_sha256": "ab" * 32,
            "file_name": "Blatt.xlsx",
            "sheet": "Blatt 1",
            "cell": f"B{number + 5}",
        } | more
        out.append(row)
    return pd.DataFrame(out, columns=COLUMNS).astype({"value": "float64"})


def verdicts(
    text: str, month: date = NOVEMBER, figures: pd.DataFrame = FRAME, region: str = "ags:06435"
) -> dict[str, str]:
    """The claims' verdicts by their text."""
    return {c.text: c.verdict for c in check(text, month, figures, region)}


def of(claims: list[CheckedClaim], verdict: str) -> list[str]:
    """The texts of all claims with a verdict."""
    return [c.text for c in claims if c.verdict == verdict]


TURNED = {
    "unverändert": (
        "gestiegen",
        "gesunken",
        "höher",
        "niedriger",
        "erhöht",
        "verringert",
        "gefallen",
        "rückläufig",
        "verändert",
    ),
    "stieg": ("sank",),
    "sank": ("stieg",),
    "gestiegen": ("gesunken", "unverändert"),
    "gesunken": ("gestiegen", "unverändert"),
    "mehr": ("weniger",),
    "weniger": ("mehr",),
    "Anstieg": ("Rückgang",),
    "Rückgang": ("Anstieg",),
    "Plus": ("Minus",),
    "Minus": ("Plus",),
    "höher": ("niedriger",),
    "niedriger": ("höher",),
    "über": ("unter",),
    "unter": ("über",),
    "erhöhte": ("verringerte",),
    "verringerte": ("erhöhte",),
}


def damaged(claim: str, digits: str = "0123456789", signs: str = "−-–+") -> Iterator[str]:
    """Wrong spellings of a number, or opposites of a word of direction.

    `signs` are those that make it wrong.
    """
    if not re.search(r"[0-9]", claim):
        yield from TURNED.get(claim, ())
        return
    whole = re.match(r"[^ ]*[0-9][0-9.,]*", claim)
    assert whole is not None
    number, rest = whole[0], claim[whole.end() :]
    for new in {*_digits(number, digits), *_separators(number), *_signs(number, signs)} - {number}:
        yield new + rest
    if "Prozentpunkt" in rest:
        yield number + " Prozent"
    elif "Prozent" in rest or "%" in rest:
        yield number + " Prozentpunkte"


def _digits(number: str, digits: str) -> Iterator[str]:
    places = [i for i, char in enumerate(number) if char.isdigit()]
    for i in places:
        yield from (number[:i] + d + number[i + 1 :] for d in digits)
        yield from (number[:i] + d + number[i:] for d in digits[1:5])
        # Without a digit it is another number, unless only a sign or a whole number of the same
        # worth is left.
        if len(places) > 1 and not number.endswith(",0"):
            yield number[:i] + number[i + 1 :]


def _separators(number: str) -> Iterator[str]:
    for i, char in enumerate(number):
        if char in ".,":
            yield number[:i] + {".": ",", ",": "."}[char] + number[i + 1 :]


def _signs(number: str, signs: str) -> Iterator[str]:
    if number[0] in "+−":
        yield ("−" if number[0] == "+" else "+") + number[1:]
    elif number[0].isdigit():
        yield from (sign + number for sign in signs)
