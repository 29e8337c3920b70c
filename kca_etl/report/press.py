"""The press paragraph.

Sentences in a fixed order whose words follow from the numbers by the rules below, nothing else.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kca_etl.german.months import month_name
from kca_etl.german.notation import MISSING, number, places, rounded
from kca_etl.german.signs import SIGNS
from kca_etl.offices import folder as offices
from kca_etl.offices.spec import OverviewFigure
from kca_etl.report.facts import Figure
from kca_etl.report.overview import Overview, OverviewRow
from kca_etl.report.words import MARKS, marks, shown
from kca_etl.warehouse.views.gebietsstand import NOT_COMPARABLE

RULES = (
    (
        "„unverändert“ und „ebenso viele“: Die gerundete Veränderung ist null, und beide "
        "Werte sehen gedruckt gleich aus; sonst „nahezu“."
    ),
    (
        "„gestiegen“, „mehr“, „gesunken“, „weniger“: Vorzeichen der gerundeten "
        "Veränderung; gerundet wird erst nach dem Abziehen."
    ),
    (
        "Quoten ändern sich in Prozentpunkten. Fehlt ein Wert oder gilt ein anderer "
        "Gebietsstand, wird nicht verglichen."
    ),
)
# The benefit's name by the month a figure refers to.
BENEFITS = (
    (date(2023, 1, 1), "Bürgergeld", "Bürgergeld"),
    (date(2005, 1, 1), "Arbeitslosengeld II und Sozialgeld", "Arbeitslosengeld II"),
)


def paragraph(overview: Overview) -> str:
    """Return the paragraph: a sentence for each figure in the overview's order."""
    return " ".join(text for _, text in sentences(overview))


def sentences(overview: Overview) -> list[tuple[OverviewRow | None, str]]:
    """Return the sentences with the figure that each is of; those that close are of none."""
    found: list[tuple[OverviewRow | None, str]] = [
        (row, _rate(overview, row) if row.unit == "Prozent" else _count(row))
        for row in overview.rows
    ]
    return found + [(None, text) for text in _closing(overview)]


def benefit(month: date) -> tuple[str, str]:
    """Return the benefit's full and its short name in a month."""
    return next((long, short) for since, long, short in BENEFITS if month >= since)


def _rate(overview: Overview, row: OverviewRow) -> str:
    where = f"im {month_name(overview.month)} {_in(overview.region_name)}"
    if row.value is None:
        return _absent(row)
    subject = _said(row).subject
    moved, value = _direction(row, row.previous), f"{_text(row, row.current)}{_marked(row.current)}"
    if moved is None or moved == 0:
        same = (
            ""
            if moved is None
            else (
                "gegenüber dem Vormonat "
                f"{_same(row, row.previous, 'unverändert')}{_marked(row.previous)} "
            )
        )
        text = f"Die {subject} lag {where} {same}bei {value}"
    else:
        verb = "stieg" if moved > 0 else "sank"
        by = f"{number(abs(moved), places(row.unit))} Prozentpunkte{_marked(row.previous)}"
        text = f"Die {subject} {verb} {where} gegenüber dem Vormonat um {by} auf {value}"
    if row.change_year is None:
        return f"{text}."
    return (
        f"{text}; im {month_name(overview.year_before)} waren es "
        f"{_text(row, row.year_before)}{_marked(row.year_before)}."
    )


def _count(row: OverviewRow) -> str:
    if row.value is None:
        return _absent(row)
    long, short = benefit(row.current.month)
    said = _said(row)
    form = said.one if rounded(row.value) == 1 else said.more
    text = form.format(n=f"{_text(row, row.current)}{_marked(row.current)}", long=long, short=short)
    against = [_than(row, row.previous, "im Vormonat")]
    if said.yearly:
        against.append(_than(row, row.year_before, "im Vorjahresmonat"))
    compared = " und ".join(filter(None, against))
    return f"{text}, {compared}." if compared else f"{text}."


def _said(row: OverviewRow) -> OverviewFigure:
    """Return what the office says of a figure of its overview."""
    found = offices.current().figure(row.kennzahl)
    if found is None:
        raise ValueError(f"{row.kennzahl} is no figure of the overview")
    return found


def _than(row: OverviewRow, then: Figure, when: str) -> str:
    """Return `73 weniger als im Vormonat`, or nothing where there is no comparison."""
    moved = _direction(row, then)
    if moved is None:
        return ""
    mark = _marked(then)
    if moved == 0:
        return f"{_same(row, then, 'ebenso viele')} wie {when}{mark}"
    return (
        f"{number(abs(moved), places(row.unit))} {'mehr' if moved > 0 else 'weniger'} als "
        f"{when}{mark}"
    )


def _direction(row: OverviewRow, then: Figure) -> Decimal | None:
    exact = row.change_previous if then is row.previous else row.change_year
    return None if exact is None else rounded(exact, places(row.unit))


def _same(row: OverviewRow, then: Figure, word: str) -> str:
    return word if shown(row.current, row.unit) == shown(then, row.unit) else f"nahezu {word}"


def _absent(row: OverviewRow) -> str:
    sign = row.zeichen or MISSING
    meaning = SIGNS.get(sign, "Zeichen des Herausgebers") if row.zeichen else "kein Wert"
    return f"{row.label}: keine Angabe ({sign} = {meaning})."


def _closing(overview: Overview) -> list[str]:
    """Say what was not compared, and what the marks in the paragraph mean."""
    out = [
        f"{month_name(f.month)}: {NOT_COMPARABLE}."
        for f in overview.rows[0].figures[1:]
        if not f.comparable
    ]
    used = {m for row in overview.rows for f in _spoken(row) for m in marks(f)}
    return out + [f"({m}) {text}." for m, text in MARKS.items() if m in used]


def _spoken(row: OverviewRow) -> list[Figure]:
    if row.value is None:
        return []
    known = [row.current]
    if row.change_previous is not None:
        known.append(row.previous)
    if row.change_year is not None and (_said(row).yearly or row.unit == "Prozent"):
        known.append(row.year_before)
    return known


def _text(row: OverviewRow, figure: Figure) -> str:
    """Print a figure for running text: `3,2 Prozent`."""
    return shown(figure, row.unit).replace(" %", " Prozent")


def _marked(*figures: Figure) -> str:
    found = marks(*figures)
    return f" ({','.join(found)})" if found else ""


def _in(region: str) -> str:
    name = region.lower()
    if name.endswith("kreis") or name.startswith(("landkreis ", "kreis ", "jobcenter ")):
        return f"im {region}"
    return f"in {'der ' if name.startswith(('stadt ', 'region ', 'städteregion ')) else ''}{region}"
