"""Which columns of a table hold labels, and which hold figures."""

from __future__ import annotations

import re
from collections import Counter

from kca_etl.cells import Cell, Grid, empty
from kca_etl.german.text import show
from kca_etl.propose.kinds import is_code, is_period, is_value, is_year
from schemas import regions as register

HEADER_ROWS = 3  # above the figures: so many are searched for a column's header
CODE_DIGITS = {1, 2, 3, 5, 8, 10, 11, 12}
KREIS_DIGITS = 5
MIN_RUN = 2  # so many rows with the numbers 1, 2 may be figures
MIN_KEY_SHARE = 0.5  # of a column's cells: more labels than this make it a label column
CODE_HEADER = re.compile(
    r"AGS|Schlüssel|Kennziffer|Kreis-?nr|Gemeinde-?nr|Nummer|lfd", re.IGNORECASE
)
YEAR_HEADER = re.compile(r"Jahr|Zeit|Periode", re.IGNORECASE)


def split_columns(grid: Grid, first: int, last: int) -> tuple[list[int], list[int], list[int]]:
    """Return the label columns, the data columns, and columns of words right of the data.

    Where figures stand left of all labels, labels are where they are. Where all that could be
    figures look like years, the last such column holds them.
    """
    columns = {c: _filled(grid, c, first, last) for c in range(grid.width)}
    keys, data = _parted(grid, columns, first)
    if not data:
        data = [c for c in keys if _only_years(columns[c])][-1:]
        keys = [c for c in keys if c not in data]
    first_figure = min(data, default=grid.width)
    stub = [c for c in keys if c < first_figure] or keys
    return stub, data, [c for c in keys if c not in stub]


def _parted(grid: Grid, columns: dict[int, list[Cell]], first: int) -> tuple[list[int], list[int]]:
    keys: list[int] = []
    data: list[int] = []
    above = grid.rows[:first][-HEADER_ROWS:]
    for c, cells in columns.items():
        if not cells:
            continue
        header = " ".join(show(row[c]) for row in above)
        (keys if _is_key(cells, header, right=bool(data)) else data).append(c)
    return keys, data


def _filled(grid: Grid, col: int, first: int, last: int) -> list[Cell]:
    return [row[col] for row in grid.rows[first : last + 1] if not empty(row[col])]


def _is_key(cells: list[Cell], header: str, *, right: bool) -> bool:
    """Tell whether a column holds words, codes or periods rather than figures.

    Counts have no leading zeros. Years right of figures are figures, unless the header says so.
    """
    counted = Counter(cells)
    kinds: Counter[str] = Counter()
    for cell, n in counted.items():
        kinds[_kind(cell)] += n
    if _are_codes(counted, header, right=right):
        codes = sum(n for cell, n in counted.items() if is_code(cell))
        return codes + kinds["text"] > MIN_KEY_SHARE * len(cells)
    if right:
        only_years = kinds["year"] == len(cells) and not YEAR_HEADER.search(header)
        return not only_years and len(cells) - kinds["value"] > MIN_KEY_SHARE * len(cells)
    return is_running(cells) or len(cells) - kinds["value"] > MIN_KEY_SHARE * len(cells)


def _are_codes(counted: Counter[Cell], header: str, *, right: bool) -> bool:
    codes = [show(cell) for cell in counted if is_code(cell)]
    zero_led = any(text.startswith("0") and text != "0" for text in codes)
    named = bool(codes) and CODE_HEADER.search(header) is not None
    return zero_led or named or (not right and _are_ags(codes, len(counted)))


def _only_years(cells: list[Cell]) -> bool:
    return sum(map(is_year, cells)) > MIN_KEY_SHARE * len(cells) and len(set(cells)) > 1


def is_running(cells: list[Cell]) -> bool:
    """Tell whether a column merely numbers its rows, from 1 on."""
    texts = [show(cell) for cell in cells]
    numbers = [int(text) for text in texts if text.isdigit()]
    return len(numbers) > MIN_RUN and numbers == list(range(1, len(numbers) + 1))


def _kind(cell: Cell) -> str:
    if is_year(cell):
        return "year"
    if is_period(cell):
        return "period"
    return "value" if is_value(cell) else "text"


def _are_ags(texts: list[str], different: int) -> bool:
    """Tell whether most texts are keys of Kreise, or of Gemeinden or Jobcenter within them."""
    known = register.kreise().keys() | register.jobcenter().keys()
    lengths = {len(text) for text in texts}
    met = sum(text[:KREIS_DIGITS] in known for text in texts)
    return lengths <= CODE_DIGITS and met * 2 > different
