"""Which period each row of a table speaks of, from its label columns."""

from __future__ import annotations

from kca_etl.cells import Cell, RawTable, Section
from kca_etl.german.text import month_name, pattern, show, split_footnote
from kca_etl.model.address import a1
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding

ROLES = {"monat", "monatsname", "jahr", "schuljahr", "quartal"}
SHAPES = {
    "jahr": ("{jahr}", "a year"),
    "schuljahr": ("{schuljahr}", "a school year"),
    "monatsname": ("{monatsname}|{monatszahl}", "a month's name"),
    "quartal": ("{quartal}*|1|2|3|4", "a quarter"),
}
Pieces = dict[str, str]


def row_periods(
    raw: RawTable, roles: tuple[str, ...], of_labels: list[Pieces], findings: list[Finding]
) -> tuple[list[Pieces], list[int]]:
    """Return the distinct pieces of periods and each row's index among them.

    `of_labels` are those its label gives.

    Publishers write a year once, above its months: beside a month's name an empty year is the
    year above. Nothing else is filled. A year or a month's name that is none is a finding, as
    is an empty year that no year or no order of months explains.
    """
    if not of_labels and not ROLES.intersection(roles):
        return [{}], [0] * len(raw.rows)
    stated = [_pieces(roles, cells) for cells in raw.stub_cells]
    if "jahr" in roles and "monatsname" in roles:
        _fill_years(raw, roles, stated, findings)
    findings += [f for n, pieces in enumerate(stated) for f in _unread(raw, roles, n, pieces)]
    if of_labels:
        stated = [pieces | more for pieces, more in zip(stated, of_labels, strict=True)]
    ids: dict[tuple[tuple[str, str], ...], int] = {}
    out = [ids.setdefault(tuple(sorted(pieces.items())), len(ids)) for pieces in stated]
    return [dict(key) for key in ids], out


def _pieces(roles: tuple[str, ...], cells: tuple[Cell, ...]) -> Pieces:
    named = zip(roles, cells, strict=True)
    return {role: _text(cell) for role, cell in named if role in ROLES}


def _text(cell: Cell) -> str:
    return split_footnote(show(cell))[0]


def _fill_years(
    raw: RawTable, roles: tuple[str, ...], stated: list[Pieces], findings: list[Finding]
) -> None:
    """Write the year above into empty year cells, as long as the months keep to one direction."""
    year, section = "", None
    months: list[str] = []
    for n, pieces in enumerate(stated):
        here: Section | None = raw.sections[n] if raw.sections else None
        if pieces["jahr"] or here != section:
            year, months, section = pieces["jahr"], [], here
        months.append(pieces["monatsname"])
        if pieces["jahr"] or not year:
            continue  # one of its own; or none at all, which is named with the unreadable ones
        pieces["jahr"] = year
        if not _in_order(months):
            what = (
                "a month without a year does not follow the month above it: the year above may"
                " not be its year"
            )
            findings.append(
                Finding(
                    Code.NO_PERIOD,
                    what,
                    raw.grid.name,
                    _cell(raw, roles, n, "monatsname"),
                    months[-1],
                    "its year",
                )
            )


def _in_order(months: list[str]) -> bool:
    try:
        numbers = [month_name(text) for text in months]
    except KeyError:
        return True  # named as unreadable
    return numbers in (sorted(set(numbers)), sorted(set(numbers), reverse=True))


def _unread(raw: RawTable, roles: tuple[str, ...], n: int, pieces: Pieces) -> list[Finding]:
    return [
        Finding(
            Code.NO_PERIOD,
            f"a row's label is not {what}",
            raw.grid.name,
            _cell(raw, roles, n, role),
            repr(pieces[role]),
            what,
        )
        for role, (shape, what) in SHAPES.items()
        if role in pieces and pattern(shape).match(pieces[role]) is None
    ]


def _cell(raw: RawTable, roles: tuple[str, ...], n: int, role: str) -> str:
    return a1(raw.rows[n], raw.stub[roles.index(role)][1])
