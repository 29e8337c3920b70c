"""What people do to a document by mistake: one kind of slip each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kca_etl.german.months import MONTHS
from tests.mutate.documents import Change, Mutant, Place, like

MONTH = re.compile(rf"({'|'.join(MONTHS)}) (\d{{4}})")
DAY = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
STAND = re.compile(r"Erstellungsdatum|Datenstand|Stand|Erscheinungsmonat")
CODE = re.compile(r"\d{5}")
KINDS: dict[str, Change] = {}
# Kinds of which nothing in the document, the register or the past need speak, and why.
WITHOUT_EVIDENCE: dict[str, str] = {}
# Kinds against which there is evidence that is not used yet in every document.
STILL_OPEN = {
    "datenstand in 2099": "the day of receipt is not held against it",
    "datenstand before its month": "the end of its month is not held against it",
    "datenstand in the American way": "in documents whose rule gives a day, the text is no day",
    "month after receipt": "the day of receipt is not held against it",
    "next month everywhere": "says the same everywhere; the figures are new to the warehouse",
    "month of next year everywhere": "says the same everywhere; the figures are new to it",
}


def kind(name: str, reason: str = "") -> Callable[[Change], Change]:
    """Register a kind of slip; `reason`: why it may pass in silence."""

    def registered(change: Change) -> Change:
        KINDS[name] = change
        if reason:
            WITHOUT_EVIDENCE[name] = reason
        return change

    return registered


# -- one number


@dataclass(frozen=True, slots=True)
class OneNumber:
    """Changes one number by chance; the change returns None where it changes nothing."""

    change: Callable[[Mutant, float], float | None]

    def __call__(self, mutant: Mutant) -> bool:
        """Change the first number that the change applies to."""
        for n in mutant.some_facts():
            old = mutant.number(n)
            new = None if old is None else self.change(mutant, old)
            if new is not None and new != old:
                place = mutant.of.place(n)
                mutant.put(place, like(mutant.get(place), new))
                return True
        return False


def _digits(change: Callable[[Mutant, str], str]) -> OneNumber:
    """Change the digits of a number: of a fraction one of the first three, which somebody reads."""

    def changed(mutant: Mutant, old: float) -> float | None:
        text = f"{abs(old):.10g}" if old == int(old) else f"{abs(old):.3g}"
        if len(text) < 2 or "e" in text:
            return None
        new = change(mutant, text)
        return float(new) if new and new != "." else None

    return OneNumber(changed)


def _transposed(mutant: Mutant, text: str) -> str:
    at = mutant.chance.randrange(len(text) - 1)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _lost(mutant: Mutant, text: str) -> str:
    at = mutant.chance.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _doubled(mutant: Mutant, text: str) -> str:
    at = mutant.chance.randrange(len(text))
    return text[:at] + text[at] + text[at:] if text[at] != "." else text


def _other_digit(mutant: Mutant, text: str) -> str:
    at = mutant.chance.choice([i for i, c in enumerate(text) if c != "."])
    return text[:at] + mutant.chance.choice("0123456789") + text[at + 1 :]


KINDS |= {
    "digits transposed": _digits(_transposed),
    "digit lost": _digits(_lost),
    "digit doubled": _digits(_doubled),
    "another digit": _digits(_other_digit),
    "number × 10": OneNumber(lambda _, old: old * 10),
    "number × 100": OneNumber(lambda _, old: old * 100),
    "number × 1000": OneNumber(lambda _, old: old * 1000),
    "number ÷ 10": OneNumber(lambda _, old: float(round(old / 10)) if old > 50 else None),
    "number ÷ 1000": OneNumber(lambda _, old: float(round(old / 1000)) if old > 999 else None),
    "number negative": OneNumber(lambda _, old: -old),
    "number as 0": OneNumber(lambda _, old: 0.0 if old else None),
    "number rounded to hundreds": OneNumber(lambda _, old: float(round(old / 100) * 100)),
    "number doubled": OneNumber(lambda _, old: old * 2),
}


# -- one cell


@dataclass(frozen=True, slots=True)
class OneCell:
    """Writes something into the cell of a number."""

    content: Callable[[float], Any]

    def __call__(self, mutant: Mutant) -> bool:
        """Change the first cell that holds a number."""
        for n in mutant.some_facts():
            old = mutant.number(n)
            if old is not None and old > 1:
                mutant.put(mutant.of.place(n), self.content(old))
                return True
        return False


KINDS |= {
    "cell emptied": OneCell(lambda _: ""),
    "cell with an unknown sign": OneCell(lambda _: "k.A."),
    "cell with an error": OneCell(lambda _: "#NV"),
    "cell with a date": OneCell(lambda _: datetime(2020, 11, 30)),
    "number with a unit": OneCell(lambda old: f"{old:.0f} Personen"),
    "number with a decimal point": OneCell(lambda old: f"0.{old:.0f}".ljust(5, "2")),
    "number with an English comma": OneCell(lambda old: f"{old:.0f},{old:.0f}"),
}


@kind("number hidden by *", "the publisher hides numbers, too; what it hid nobody else says")
def _hidden(mutant: Mutant) -> bool:
    return OneCell(lambda _: "*")(mutant)


@kind("* as 0", "where the cells around it are hidden, too, any small number would do")
def _star_as_zero(mutant: Mutant) -> bool:
    return _star(mutant, 0)


@kind("* as a number", "where the cells around it are hidden, too, any small number would do")
def _star_as_number(mutant: Mutant) -> bool:
    return _star(mutant, mutant.chance.randint(3, 40))


def _star(mutant: Mutant, number: int) -> bool:
    for sheet in mutant.chance.sample(mutant.of.sheets, len(mutant.of.sheets)):
        places = [mutant.of.place(n) for n in mutant.of.facts(sheet)]
        stars = [place for place in places if mutant.get(place) == "*"]
        if stars:
            mutant.put(mutant.chance.choice(stars), float(number))
            return True
    return False


def _exchange(mutant: Mutant, one: Place, other: Place) -> bool:
    first, second = mutant.get(one), mutant.get(other)
    mutant.put(one, second)
    mutant.put(other, first)
    return bool(first != second)


@kind("cell exchanged with the one below")
def _with_below(mutant: Mutant) -> bool:
    return _with_next(mutant, mutant.columns_of)


@kind("cell exchanged with the one beside")
def _with_beside(mutant: Mutant) -> bool:
    return _with_next(mutant, mutant.rows_of)


def _with_next(mutant: Mutant, lines: Callable[[str], dict[int, list[int]]]) -> bool:
    for _ in range(20):
        sheet = mutant.sheet()
        line = mutant.chance.choice(list(lines(sheet).values()))
        if len(line) > 1:
            at = mutant.chance.randrange(len(line) - 1)
            one, other = (mutant.of.place(n) for n in line[at : at + 2])
            if mutant.get(one) != mutant.get(other):
                return _exchange(mutant, one, other)
    return False


@kind("cell copied from the one above")
def _from_above(mutant: Mutant) -> bool:
    for n in mutant.some_facts():
        place = mutant.of.place(n)
        above = Place(place.sheet, place.row - 1, place.col)
        if mutant.number(n) and isinstance(mutant.get(above), float):
            mutant.put(place, mutant.get(above))
            return bool(mutant.number(n) != mutant.of.observations.value[n])
    return False


@kind("two slips that cancel", "their sum is right, and no other cell need say more")
def _cancelling(mutant: Mutant) -> bool:
    o = mutant.of.observations
    for n in mutant.some_facts():
        parent, column = o.regions[int(o.region[n])].parent, int(o.col[n])
        others = [
            m
            for m in mutant.of.facts(o.sheet_of(n))
            if m != n and int(o.col[m]) == column and o.regions[int(o.region[m])].parent == parent
        ]
        found = [m for m in others if (mutant.number(m) or 0) > 10]
        if parent and found and (mutant.number(n) or 0) > 10:
            for m, by in ((n, 5), (found[0], -5)):
                place = mutant.of.place(m)
                mutant.put(place, like(mutant.get(place), (mutant.number(m) or 0) + by))
            return True
    return False


# -- one column


def _column(mutant: Mutant, change: Callable[[float], float]) -> bool:
    """Change every number of a column by chance."""
    columns = mutant.columns_of(mutant.sheet())
    facts = columns[mutant.chance.choice(list(columns))]
    done = False
    for n in facts:
        old = mutant.number(n)
        if old is not None and change(old) != old:
            place = mutant.of.place(n)
            mutant.put(place, like(mutant.get(place), change(old)))
            done = True
    return done


KINDS |= {
    "column × 10": lambda m: _column(m, lambda old: old * 10),
    "column × 100": lambda m: _column(m, lambda old: old * 100),
    "column × 1000": lambda m: _column(m, lambda old: old * 1000),
    "column ÷ 10": lambda m: _column(m, lambda old: old / 10),
    "column ÷ 100": lambda m: _column(m, lambda old: old / 100),
    "column ÷ 1000": lambda m: _column(m, lambda old: old / 1000),
    "column as 0": lambda m: _column(m, lambda _: 0.0),
}


def _two_columns(mutant: Mutant) -> tuple[str, list[int], list[int]] | None:
    """Two columns of one sheet, each with its cells by row."""
    for _ in range(20):
        sheet = mutant.sheet()
        columns = mutant.columns_of(sheet)
        if len(columns) > 1:
            one, other = mutant.chance.sample(sorted(columns), 2)
            return sheet, [one, other], sorted(mutant.rows_of(sheet))
    return None


@kind("columns exchanged")
def _columns_exchanged(mutant: Mutant) -> bool:
    found = _two_columns(mutant)
    if found is None:
        return False
    sheet, (one, other), rows = found
    done = [_exchange(mutant, Place(sheet, r, one), Place(sheet, r, other)) for r in rows]
    return any(done)


@kind("column copied over another")
def _column_copied(mutant: Mutant) -> bool:
    found = _two_columns(mutant)
    if found is None:
        return False
    sheet, (one, other), rows = found
    for r in rows:
        mutant.put(Place(sheet, r, other), mutant.get(Place(sheet, r, one)))
    grid = mutant.of.grids[sheet].rows
    return any(grid[r][one] != grid[r][other] for r in rows)


@kind("column emptied")
def _column_emptied(mutant: Mutant) -> bool:
    return _filled(mutant, lambda cells: [""] * len(cells))


@kind("column moved by one row")
def _column_moved(mutant: Mutant) -> bool:
    return _filled(mutant, lambda cells: [cells[-1], *cells[:-1]])


@kind("column sorted")
def _column_sorted(mutant: Mutant) -> bool:
    return _filled(mutant, lambda cells: sorted(cells, key=str))


def _filled(mutant: Mutant, change: Callable[[list[Any]], list[Any]]) -> bool:
    """Write the cells of a column anew."""
    columns = mutant.columns_of(mutant.sheet())
    places = [mutant.of.place(n) for n in columns[mutant.chance.choice(list(columns))]]
    places.sort(key=lambda place: place.row)
    old = [mutant.get(place) for place in places]
    new = change(old)
    for place, content in zip(places, new, strict=True):
        mutant.put(place, content)
    return old != new


# -- rows


def _two_rows(mutant: Mutant, sheet: str) -> tuple[int, int] | None:
    rows = mutant.rows_of(sheet)
    o = mutant.of.observations
    regions = {r: int(o.region[facts[0]]) for r, facts in rows.items()}
    for _ in range(20):
        if len(rows) > 1:
            one, other = mutant.chance.sample(sorted(rows), 2)
            if regions[one] != regions[other] or len(set(regions.values())) == 1:
                return one, other
    return None


def _exchange_rows(mutant: Mutant, sheet: str, one: int, other: int) -> bool:
    columns = sorted(mutant.columns_of(sheet))
    done = [_exchange(mutant, Place(sheet, one, c), Place(sheet, other, c)) for c in columns]
    return any(done)


@kind("two rows exchanged in one sheet")
def _rows_exchanged(mutant: Mutant) -> bool:
    sheet = mutant.sheet()
    found = _two_rows(mutant, sheet)
    return found is not None and _exchange_rows(mutant, sheet, *found)


@kind("two regions exchanged in all sheets")
def _regions_exchanged(mutant: Mutant) -> bool:
    o = mutant.of.observations
    places = sorted(set(o.region.tolist()))
    if len(places) < 2:
        return False
    one, other = mutant.chance.sample(places, 2)
    done = False
    for sheet in mutant.of.sheets:
        rows: dict[int, list[int]] = {}
        for r, facts in mutant.rows_of(sheet).items():
            rows.setdefault(int(o.region[facts[0]]), []).append(r)
        for a, b in zip(rows.get(one, []), rows.get(other, []), strict=False):
            done = _exchange_rows(mutant, sheet, a, b) or done
    return done


def _label_columns(mutant: Mutant, sheet: str) -> range:
    return range(min(mutant.columns_of(sheet)))


@kind("labels of two rows exchanged")
def _labels_exchanged(mutant: Mutant) -> bool:
    sheet = mutant.sheet()
    found = _two_rows(mutant, sheet)
    if found is None:
        return False
    places = [[Place(sheet, r, c) for c in _label_columns(mutant, sheet)] for r in found]
    done = [_exchange(mutant, a, b) for a, b in zip(*places, strict=True)]
    return any(done)


@kind("codes of two rows exchanged")
def _codes_exchanged(mutant: Mutant) -> bool:
    for _ in range(20):
        sheet = mutant.sheet()
        found = _two_rows(mutant, sheet)
        for c in _label_columns(mutant, sheet) if found else ():
            one, other = (Place(sheet, r, c) for r in found or ())
            if all(CODE.fullmatch(str(mutant.get(place))) for place in (one, other)):
                return _exchange(mutant, one, other)
    return False


@kind("unknown code")
def _unknown_code(mutant: Mutant) -> bool:
    for n in mutant.some_facts():
        place = mutant.of.place(n)
        for c in _label_columns(mutant, place.sheet):
            label = Place(place.sheet, place.row, c)
            if CODE.fullmatch(str(mutant.get(label))):
                mutant.put(label, str(mutant.get(label))[:3] + "97")
                return True
    return False


@kind("label of another row")
def _label_copied(mutant: Mutant) -> bool:
    sheet = mutant.sheet()
    found = _two_rows(mutant, sheet)
    if found is None:
        return False
    one, other = found
    labels = [(Place(sheet, one, c), Place(sheet, other, c)) for c in _label_columns(mutant, sheet)]
    changed = any(mutant.get(a) != mutant.get(b) for a, b in labels)
    for a, b in labels:
        mutant.put(b, mutant.get(a))
    return changed


@kind("row lost")
def _row_lost(mutant: Mutant) -> bool:
    sheet = mutant.sheet()
    del mutant.cells(sheet)[mutant.chance.choice(sorted(mutant.rows_of(sheet)))]
    return True


@kind("row twice")
def _row_twice(mutant: Mutant) -> bool:
    sheet = mutant.sheet()
    row = mutant.chance.choice(sorted(mutant.rows_of(sheet)))
    cells = mutant.cells(sheet)
    cells.insert(row, list(cells[row]))
    return True


@kind("figures moved by one row")
def _figures_moved(mutant: Mutant) -> bool:
    sheet = mutant.sheet()
    rows, columns = sorted(mutant.rows_of(sheet)), sorted(mutant.columns_of(sheet))
    old = [[mutant.get(Place(sheet, r, c)) for c in columns] for r in rows]
    for r, values in zip(rows, [old[-1], *old[:-1]], strict=True):
        for c, content in zip(columns, values, strict=True):
            mutant.put(Place(sheet, r, c), content)
    return len(rows) > 1


def _region(mutant: Mutant, factor: float) -> bool:
    """Multiply one region's numbers in all sheets."""
    o = mutant.of.observations
    region = mutant.chance.choice(sorted(set(o.region.tolist())))
    done = False
    for sheet in mutant.of.sheets:
        for n in mutant.of.facts(sheet):
            old = mutant.number(n) if int(o.region[n]) == region else None
            if old:
                place = mutant.of.place(n)
                mutant.put(place, like(mutant.get(place), float(round(old * factor, 6))))
                done = True
    return done


KINDS["one region × 2 in all sheets"] = lambda m: _region(m, 2)


# -- sheets


def _shape(mutant: Mutant, sheet: str) -> tuple[list[int], list[int]]:
    return sorted(mutant.rows_of(sheet)), sorted(mutant.columns_of(sheet))


@kind("figures of another sheet")
def _other_sheet(mutant: Mutant) -> bool:
    for _ in range(10):
        sheet = mutant.sheet()
        twins = [s for s in mutant.of.sheets if s != sheet]
        twins = [s for s in twins if _shape(mutant, s)[1] == _shape(mutant, sheet)[1]]
        if twins:
            other = mutant.chance.choice(twins)
            places = [mutant.of.place(n) for n in mutant.of.facts(sheet)]
            there = mutant.of.grids[other].rows
            for place in places:
                mutant.put(place, there[place.row][place.col] if place.row < len(there) else "")
            return True
    return False


@kind("titles of two sheets exchanged")
def _titles_exchanged(mutant: Mutant) -> bool:
    if len(mutant.of.sheets) < 2:
        return False
    one, other = mutant.chance.sample(mutant.of.sheets, 2)
    found = [_title(mutant, sheet) for sheet in (one, other)]
    return None not in found and _exchange(mutant, *[p for p in found if p is not None])


def _title(mutant: Mutant, sheet: str) -> Place | None:
    for r, row in enumerate(mutant.of.grids[sheet].rows[:6]):
        for c, content in enumerate(row):
            if isinstance(content, str) and re.match(r"\d\.|Tabelle", content):
                return Place(sheet, r, c)
    return None


@kind("sheet lost")
def _sheet_lost(mutant: Mutant) -> bool:
    mutant.names.remove(mutant.sheet())
    return bool(mutant.names)


def _sheet(mutant: Mutant, factor: float) -> bool:
    done = False
    for n in mutant.of.facts(mutant.sheet()):
        old = mutant.number(n)
        if old:
            place = mutant.of.place(n)
            mutant.put(place, like(mutant.get(place), old * factor))
            done = True
    return done


KINDS["sheet × 10"] = lambda m: _sheet(m, 10)


# -- the issue before


def _of_before(mutant: Mutant, sheets: list[str], columns: Callable[[str], set[int]]) -> bool:
    """Write the figures of the issue before over those of this one, where both say the same."""
    before = mutant.of.before
    if before is None:
        return False
    o, known = mutant.of.observations, before.observations
    month = {int(m) for m in o.month.tolist()}
    theirs = {
        (known.series_list[s], known.regions[r].code): n
        for n, (s, r) in enumerate(zip(known.series.tolist(), known.region.tolist(), strict=True))
    }
    done = False
    for sheet in sheets:
        wanted = columns(sheet)
        for n in mutant.of.facts(sheet) if len(month) < 3 else ():
            key = o.series_list[int(o.series[n])], o.regions[int(o.region[n])].code
            if int(o.col[n]) in wanted and key in theirs:
                place, there = mutant.of.place(n), before.place(theirs[key])
                content = before.grids[there.sheet].rows[there.row][there.col]
                done = done or content != mutant.get(place)
                mutant.put(place, content)
    return done


@kind("column of the issue before")
def _column_before(mutant: Mutant) -> bool:
    sheet = mutant.sheet()
    column = mutant.chance.choice(sorted(mutant.columns_of(sheet)))
    return _of_before(mutant, [sheet], lambda _: {column})


@kind("sheet of the issue before")
def _sheet_before(mutant: Mutant) -> bool:
    return _of_before(mutant, [mutant.sheet()], lambda s: set(mutant.columns_of(s)))


@kind("all figures of the issue before")
def _all_before(mutant: Mutant) -> bool:
    return _of_before(mutant, mutant.of.sheets, lambda s: set(mutant.columns_of(s)))


# -- month, day, name


def _texts(mutant: Mutant, pattern: re.Pattern[str]) -> list[Place]:
    found = []
    for sheet, grid in mutant.of.grids.items():
        for r, row in enumerate(grid.rows[:60]):
            found += [
                Place(sheet, r, c)
                for c, content in enumerate(row)
                if isinstance(content, str) and pattern.search(content)
            ]
    return found


def _months(mutant: Mutant, places: list[Place], shift: int) -> bool:
    def moved(found: re.Match[str]) -> str:
        number = MONTHS.index(found[1]) + int(found[2]) * 12 + shift
        return f"{MONTHS[number % 12]} {number // 12}"

    for place in places:
        mutant.put(place, MONTH.sub(moved, str(mutant.get(place))))
    return bool(places)


@kind("another month in one place")
def _one_month(mutant: Mutant) -> bool:
    places = _texts(mutant, MONTH)
    return bool(places) and _months(mutant, [mutant.chance.choice(places)], -1)


@kind("next month everywhere")
def _next_month(mutant: Mutant) -> bool:
    return _months(mutant, _texts(mutant, MONTH), 1)


@kind("month of next year everywhere")
def _next_year(mutant: Mutant) -> bool:
    return _months(mutant, _texts(mutant, MONTH), 12)


@kind("month after receipt")
def _future(mutant: Mutant) -> bool:
    return _months(mutant, _texts(mutant, MONTH), 12 * 30)


def _days(mutant: Mutant) -> Iterator[Place]:
    """Where a day is stated beside a word for datenstand."""
    for place in _texts(mutant, STAND):
        row = mutant.of.grids[place.sheet].rows[place.row]
        for c in range(place.col, len(row)):
            if isinstance(row[c], date) or DAY.search(str(row[c])):
                yield Place(place.sheet, place.row, c)
                break


def _stand(mutant: Mutant, day: str) -> bool:
    places = list(_days(mutant))
    for place in places:
        old = mutant.get(place)
        mutant.put(place, DAY.sub(day, old) if isinstance(old, str) else day)
    return bool(places)


KINDS |= {
    "datenstand in 2099": lambda m: _stand(m, "15.01.2099"),
    "datenstand 31.02.": lambda m: _stand(m, "31.02.2020"),
    "datenstand in the American way": lambda m: _stand(m, "12/15/2020"),
    "datenstand before its month": lambda m: _stand(m, "01.01.2009"),
}


@kind("file name of another month")
def _file_name(mutant: Mutant) -> bool:
    name = mutant.of.document.file_name
    mutant.file_name = re.sub(r"(20\d\d)(\d\d)", lambda m: f"{int(m[1]) - 1}{m[2]}", name, count=1)
    return mutant.file_name != name


# -- everything


def _everything(mutant: Mutant, factor: float) -> bool:
    for sheet in mutant.of.sheets:
        for n in mutant.of.facts(sheet):
            old = mutant.number(n)
            if old and old == int(old):
                place = mutant.of.place(n)
                mutant.put(place, like(mutant.get(place), float(round(old * factor))))
    return True


KINDS |= {
    "all counts × 10": lambda m: _everything(m, 10),
    "all counts × 1.5": lambda m: _everything(m, 1.5),
}
