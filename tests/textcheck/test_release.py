"""The real release of November 2020: read where it lies, never copied."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kca_etl.textcheck.check import check
from kca_etl.textcheck.readers import read_text
from kca_etl.textcheck.show import exit_code, render, share, summary
from tests.textcheck.helper import NOVEMBER, RECENT, damaged, of, published, rows

FIGURES = ["3,2 Prozent", "7.273", "24.736", "318", "553", "932"]
OTHERS = ["acht"]
NO_FIGURES = ["2005", "2020", "30", "2030"]
MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "Dezember",
]


@pytest.fixture(scope="module")
def release() -> str:
    return read_text(published("kca_press_release_2020-11.txt"))


def test_six_figures_and_unchanged_are_proven_and_nothing_else_is_judged(release: str) -> None:
    claims = check(release, NOVEMBER, RECENT)
    assert of(claims, "belegt") == ["unverändert", *FIGURES]
    assert of(claims, "nicht zuordenbar") == OTHERS
    assert [c.text for c in claims if c.number and c.verdict == "nicht prüfbar"] == NO_FIGURES
    assert share(claims) == "Geprüft: 6 von 7 Zahlen (85 %) und 1 von 1 Aussagen."
    assert summary(claims).startswith("7 belegt · 0 widersprechen · 0 schlüssig · 0 unschlüssig")
    assert exit_code(claims) == 0
    assert all(release[c.start : c.end] == c.text for c in claims)
    assert all(
        cell.cell and cell.sheet and cell.document
        for c in claims
        if c.verdict == "belegt"
        for cell in c.where
    )
    assert render(claims, release).count("belegt (") == 7


def test_the_published_figures_alone_are_enough(release: str) -> None:
    """Without any invented figure: those of the published list."""
    lines = published("kca_published_figures.csv").read_text(encoding="utf-8").splitlines()[1:]
    cells = [line.split(",") for line in lines]
    claims = check(
        release,
        NOVEMBER,
        rows({(kennzahl, month): float(value) for month, kennzahl, value, *_ in cells}),
    )
    assert of(claims, "belegt") == ["unverändert", *FIGURES]
    assert not of(claims, "widerspricht")


def mutations(text: str) -> Iterator[tuple[str, str]]:
    """(what was changed, the text with one thing changed)."""
    for claim in (*FIGURES, "unverändert"):
        at = text.index(claim + (" bei" if claim == "unverändert" else ""))
        for wrong in damaged(claim):
            yield f"{claim} → {wrong}", text[:at] + wrong + text[at + len(claim) :]
        for other in FIGURES[1:] if claim in FIGURES[1:] else []:
            if other != claim:
                yield f"{claim} → {other}", text[:at] + other + text[at + len(claim) :]
    for month in MONTHS:
        yield f"im {month} 2020", text.replace("im November 2020", f"im {month} 2020")
        yield f"im {month} 318", text.replace("im November 318", f"im {month} 318")
    for old, new in (
        ("im November 2020", "im November 2019"),
        ("zum Vormonat", "zum Vorjahresmonat"),
        ("Neuanträge lag", "Integrationen lag"),
        ("7.273 Arbeitslosen", "7.273 Leistungsbeziehern"),
        ("Leistungsbezieher nach", "Arbeitslosen nach"),
        ("exakt 7.273", "knapp 7.273"),
        ("exakt 7.273", "rund 7.200"),
        ("exakt 7.273", "über 7.300"),
        ("3,2 Prozent", "drei Prozent"),
        ("3,2 Prozent", "drei Komma drei Prozent"),
    ):
        assert old in text
        yield f"{old} → {new}", text.replace(old, new)


def test_every_single_change_is_found(release: str) -> None:
    tried, missed, accused = 0, [], []
    for what, text in mutations(release):
        claims = check(text, NOVEMBER, RECENT)
        tried += 1
        wrong = of(claims, "widerspricht")
        missed += [] if wrong else [what]
        accused += [f"{what}: {other}" for other in OTHERS + NO_FIGURES if other in wrong]
    assert tried >= 300, tried
    assert (missed, accused) == ([], [])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("7.273", "7273"),
        ("7.273", "7 273"),
        ("7.273", "7\u202f273"),
        ("24.736", "24\u00a0736"),
        ("24.736", "rund 24.700"),
        ("24.736", "knapp 25.000"),
        ("exakt 7.273", "rund 7.300"),
        ("exakt 7.273", "über 7.200"),
        ("3,2 Prozent", "3,2 %"),
        ("3,2 Prozent", "drei Komma zwei Prozent"),
        ("unverändert bei", "nicht verändert bei"),
        ("unverändert bei", "gleichbleibend bei"),
        ("318", "dreihundertachtzehn"),
        ("zum Vormonat", "zum Oktober"),
        ("im November 318", "318"),
        ("unverändert", "unvera\u0308ndert"),
        ("Leistungsbezieher", "Leistungs\u00adbezieher"),
    ],
)
def test_other_spellings_of_what_is_right_are_proven(release: str, old: str, new: str) -> None:
    assert old in release
    claims = check(release.replace(old, new), NOVEMBER, RECENT)
    assert len(of(claims, "belegt")) == 7
    assert not of(claims, "widerspricht")
