"""The rendered pages that a revision makes false, with the sentence on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kca_etl.german.notation import decimal, quantity
from kca_etl.report import press
from kca_etl.report.catalogue import catalogued
from kca_etl.runs import reports
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse import published
from kca_etl.warehouse import reports as register
from kca_etl.warehouse.rehearsal import Change

if TYPE_CHECKING:
    from sqlalchemy import Engine


@dataclass(frozen=True, slots=True)
class Touched:
    """A rendered page that a revision makes false: the figure on it, and its sentence."""

    page: str
    kennzahl: str
    printed: str
    now: str
    sentence: str


def touched_pages(
    settings: Settings, engine: Engine, source: str, changes: Sequence[Change]
) -> list[Touched]:
    """Return the rendered pages in force that show a changed figure, with its sentence."""
    if source != registry.jobcenter_source() or not changes:
        return []
    by_figure = {
        (c.region, c.kennzahl, c.month.first_day): c for c in changes if c.gliederung == "insgesamt"
    }
    out = []
    for page in published.in_force(register.registered(engine)):
        for kennzahl, month in sorted(page.figures):
            change = by_figure.get((page.region, kennzahl, month))
            if change is not None:
                out.append(_touched(settings, page, kennzahl, change))
    return out


def _touched(
    settings: Settings, page: published.Rendered, kennzahl: str, change: Change
) -> Touched:
    label, unit = catalogued(kennzahl)
    printed = _printed(change.before, unit)
    text = press.paragraph(reports.build(settings, page.month))
    sentences = [s for s in text.replace("\n", " ").split(". ") if printed in s]
    name = f"{page.month:%Y-%m} {', '.join(sorted(page.files)) or page.region}"
    sentence = sentences[0].strip().rstrip(".") + "." if sentences else ""
    return Touched(name, label, printed, _printed(change.after, unit), sentence)


def _printed(text: str, unit: str) -> str:
    try:
        return quantity(decimal(float(text)), unit)
    except ValueError:
        return text or "–"
