"""The overview's numbers as CSV and JSON: exact, with where each of them stands."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from kca_etl.german.notation import change, rounded
from kca_etl.model.foreign import not_a_formula
from kca_etl.report.facts import Figure
from kca_etl.report.overview import Overview, OverviewRow
from kca_etl.report.page import fingerprint, page_of
from kca_etl.report.words import marks, shown

COLUMNS = (
    *(
        "kennzahl",
        "label",
        "unit",
        "berichtsmonat",
        "role",
        "value",
        "zeichen",
        "shown",
        "change",
        "change_shown",
        "change_percent",
        "marks",
    ),
    *("comparable", "status", "datenstand", "document_sha256", "file_name", "sheet", "cell"),
)
# What a spreadsheet would take for a formula; a lone sign is none.


def records(overview: Overview) -> list[dict[str, Any]]:
    """Return a row per kennzahl and month of its series, in the order of the page.

    `role` says how the page uses it: month, previous, year_before or series. `change` is the
    month's figure minus this one, where the page states it, `change_percent` the same in per cent
    of this one, rounded to one decimal as printed; None for rates. Values are numbers or None.
    """
    return [_record(row, figure) for row in overview.rows for figure in row.series]


def render_csv(overview: Overview) -> str:
    """Write UTF-8, `,` between fields, `.` before decimals.

    Texts that could pass for a formula begin with `'`.
    """
    return csv_text(COLUMNS, records(overview))


def csv_text(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    """Write rows under their columns, each value as a file's reader may trust it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([field(column, row[column]) for column in columns] for row in rows)
    return out.getvalue()


def render_json(overview: Overview) -> str:
    """Write the page's words and numbers, and a hash of the fact versions they come from."""
    page = page_of(overview)
    document = {
        "berichtsmonat": overview.month.isoformat(),
        "region": overview.region_name,
        "datenstand": overview.datenstand,
        "released": overview.released.isoformat(),
        "next_release": overview.next_release.isoformat(),
        "title": page.title,
        "headline": page.headline,
        "paragraph": page.paragraph,
        "definitions": {line.label: line.definition for line in page.lines if line.definition},
        "notes": [*page.given, *page.notes],
        "signs": dict(page.signs),
        "documents": [asdict(origin) for origin in overview.documents],
        "figures": records(overview),
        "fact_versions_sha256": fingerprint(overview),
        "press": page.press or None,
        "version": page.version,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def exact(value: Decimal | None) -> int | float | None:
    """Return the number as it is: whole numbers without a fraction."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _record(row: OverviewRow, figure: Figure) -> dict[str, Any]:
    role, moved = _role(row, figure)
    origin = figure.origin
    return {
        "kennzahl": row.kennzahl,
        "label": row.label,
        "unit": row.unit,
        "berichtsmonat": figure.month.isoformat(),
        "role": role,
        "value": exact(figure.value),
        "zeichen": figure.zeichen,
        "shown": shown(figure, row.unit),
        "change": exact(moved),
        "change_shown": None if moved is None else change(moved, row.unit),
        "change_percent": _percent(row, figure),
        "marks": marks(figure),
        "comparable": figure.comparable,
        "status": figure.status or None,
        "datenstand": origin and origin.datenstand,
        "document_sha256": origin and origin.sha256,
        "file_name": origin and origin.file_name,
        "sheet": origin and origin.sheet,
        "cell": figure.cell or None,
    }


def _percent(row: OverviewRow, figure: Figure) -> int | float | None:
    share = {id(row.previous): row.percent_previous, id(row.year_before): row.percent_year}.get(
        id(figure)
    )
    return None if share is None else exact(rounded(share, 1))


def _role(row: OverviewRow, figure: Figure) -> tuple[str, Decimal | None]:
    if figure is row.current:
        return "month", None
    if figure is row.previous:
        return "previous", row.change_previous
    if figure is row.year_before:
        return "year_before", row.change_year
    return "series", None


def field(column: str, value: Any) -> Any:  # noqa: ANN401 - a field of any type
    """Return a value as a CSV field that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if column in ("shown", "change_shown"):  # our own notation: +1.260 and −73 are meant to be read
        return value
    return not_a_formula(value) if isinstance(value, str) else value
