"""One table of a draft: its place, label columns, headings, columns and rows as lines of YAML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from kca_etl.cells import Cell, Head, empty
from kca_etl.extract.layout import texts_above
from kca_etl.german.text import MONTHS, date_of, show
from kca_etl.propose.shape import Shape, is_code, is_year
from kca_etl.propose.wording import generic, quoted, slug, yearly_suffix
from kca_etl.tidy.regions import region_of, split_code
from schemas import regions as register
from schemas.codelists import LAENDER

MIN_KNOWN_SHARE = 0.8  # of the codes: so many must be in the register to tell their system
LAND_DIGITS, AGENTUR_DIGITS, KREIS_DIGITS = 2, 3, 5  # of their codes


@dataclass(slots=True)
class Draft:
    """A draft's parts: `lines` is the YAML, `todo` what a person has to decide."""

    lines: list[str] = field(default_factory=list)
    kennzahlen: dict[str, list[str]] = field(default_factory=dict)
    todo: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The whole draft."""
        catalogue = ["kennzahlen:", *(line for lines in self.kennzahlen.values() for line in lines)]
        return "\n".join([*self.lines, *catalogue, *(f"# TODO: {t}" for t in self.todo)]) + "\n"


def table_lines(
    name: str, shape: Shape, systems: dict[str, str], out: Draft, source: str, *, alone: bool
) -> list[str]:
    """The lines of one table.

    What it cannot decide goes to the draft's list, its kennzahlen to the draft's catalogue.
    """
    roles = _roles(shape)
    lines = [f"  - id: {slug(name)}", f"    sheet: {quoted(name.strip())}"]
    lines += ["    <<: *gaps"] if has_gaps(shape) else []
    lines.append(f"    stub: {_stub_roles(shape, roles)}")
    lines += ["    numbered: true"] if shape.numbered else []
    lines += [] if alone else [f'    set: "[blatt={slug(name)}]"']
    lines += _where(shape, roles, systems, out, source)
    lines += _period(shape, roles) + _totals(shape, roles) + _unlabelled(shape, out) + _end(shape)
    lines += _sections(shape, roles)
    columns = _columns(shape, out, by_row="label" in roles)
    rows = _rows(shape, roles, out) if "label" in roles else {}
    _add_yearly(out, [*columns.values(), *rows.values()])
    lines += ["    columns:", *_pairs(columns)]
    return lines + (["    rows:", *_pairs(rows)] if rows else [])


def _stub_roles(shape: Shape, roles: list[str]) -> str:
    """The label columns' roles, by their names where each has one of its own."""
    names = [stub_name(shape, c) for c in shape.stub]
    if not names or not all(names) or len(set(names)) < len(names):
        return f"[{', '.join(roles)}]"
    pairs = [f"{quoted(name)}: {role}" for name, role in zip(names, roles, strict=True)]
    return f"{{{', '.join(pairs)}}}"


def _pairs(parts: dict[str, str]) -> list[str]:
    return [f"      {quoted(key)}: {quoted(code)}" for key, code in parts.items()]


def has_gaps(shape: Shape) -> bool:
    """Tell whether cells of the table's body are empty."""
    rows = (
        shape.grid.rows[r] for r in range(shape.first, shape.last + 1) if r not in shape.sections
    )
    return any(empty(row[h.col]) for row in rows for h in shape.heads)


def _add_yearly(out: Draft, codes: list[str]) -> None:
    """Sums and averages of a year stand in the same tables as its months.

    A kennzahl of their own for each.
    """
    for suffix in dict.fromkeys(c[1:] for c in codes if c.startswith("+")):
        for code in [c.rstrip("?") for c in codes if c.rstrip("?") in out.kennzahlen]:
            label = out.kennzahlen[code][1].partition(": ")[2].strip('"')
            kind = "jahressumme" if suffix == "_jahressumme" else "jahreswert"
            _add(out, code + suffix, f"{label} ({suffix[1:].capitalize()})", [], kind=kind)


def _sections(shape: Shape, roles: list[str]) -> list[str]:
    """Headings.

    Rows without figures, and rows with figures under which the same labels stand again.
    """
    rows = [show(shape.grid.rows[r][shape.stub[0]]) for r in shape.sections] if shape.stub else []
    if roles == ["label"]:
        rows += _headings_with_figures([show(v) for v in shape.column(shape.stub[0])])
    found = dict.fromkeys(generic(text) for text in rows)
    lines = [
        f"      {quoted(t)}: {quoted('' if '{' in t else f'[abschnitt={slug(t)}]')}" for t in found
    ]
    return ["    sections:", *lines] if lines else []


def _headings_with_figures(labels: list[str]) -> list[str]:
    often = {label for label in labels if labels.count(label) > 1}
    return [a for a, b in pairwise(labels) if a not in often and b in often]


def _columns(shape: Shape, out: Draft, *, by_row: bool) -> dict[str, str]:
    """What each column's header adds; a column without a header is not read."""
    seen: dict[str, str] = {}
    for head in shape.heads:
        key = " > ".join(generic(p) for p in head.path)
        words = _telling_words(shape, head)
        code = _column_code(head, words, by_row=by_row)
        if _is_kennzahl(code):
            code = code if key in seen else _unused(code, seen)
            if head.path:
                _add(out, code, " – ".join(words) or code, _numbers(shape, head))
        seen.setdefault(key, code if head.path else "-?")
    if _has_values_elsewhere(shape):
        seen.setdefault("", "-?")
    if "" in seen:
        out.todo.append(f"{shape.grid.name}: a column without header is not read")
    return seen


def _telling_words(shape: Shape, head: Head) -> list[str]:
    """Return a header's texts that name no period, without a title over all columns."""
    words = [p for p in head.path if generic(p) == p]
    titled = len({h.path[:1] for h in shape.heads}) == 1
    return words[1:] if titled and 1 < len(words) < len(head.path) else words


def _column_code(head: Head, words: list[str], *, by_row: bool) -> str:
    if by_row and not words and head.path:
        return yearly_suffix(head.path[-1])
    if words:
        return slug("_".join(words))
    return "" if by_row else "wert"


def _is_kennzahl(code: str) -> bool:
    return code != "" and not code.startswith("+")


def _unused(code: str, seen: dict[str, str]) -> str:
    while code in seen.values():
        code += "_2"
    return code


def _numbers(shape: Shape, head: Head) -> list[float]:
    return [v for v in shape.column(head.col) if isinstance(v, int | float)]


def _has_values_elsewhere(shape: Shape) -> bool:
    """Tell whether a column that is neither label nor data holds something."""
    used = {*shape.stub, *(h.col for h in shape.heads)}
    others = [c for c in range(shape.grid.width) if c not in used]
    return any(not empty(row[c]) for row in shape.grid.rows[shape.first :] for c in others)


def _rows(shape: Shape, roles: list[str], out: Draft) -> dict[str, str]:
    """What each label adds; a label beside which nothing stands may be absent."""
    col = shape.stub[roles.index("label")]
    periods = all(generic(p) != p for h in shape.heads for p in h.path[-1:])
    filled = _labels_with_figures(shape, col)
    seen: dict[str, str] = {}
    for label in dict.fromkeys(generic(show(v)) for v in shape.column(col)):
        if "{" in label:
            seen[label] = yearly_suffix(label)
            continue
        code = _unused_row_code(slug(label), seen)
        if periods:
            _add(out, code, label, [])
        seen[label] = (code if periods else f"[merkmal={code}]") + ("" if label in filled else "?")
    return seen


def _labels_with_figures(shape: Shape, col: int) -> set[str]:
    return {
        generic(show(row[col]))
        for row in shape.grid.rows[shape.first : shape.last + 1]
        if any(not empty(row[h.col]) for h in shape.heads)
    }


def _unused_row_code(code: str, seen: dict[str, str]) -> str:
    while any(code in (c.rstrip("?"), c.partition("=")[2].rstrip("]?")) for c in seen.values()):
        code += "_2"
    return code


def _roles(shape: Shape) -> list[str]:
    """What each label column says.

    Years, quarters, codes, code and name in one, names, or row labels.
    """
    kinds = [_kind(shape.column(c)) for c in shape.stub]
    texts = [i for i, kind in enumerate(kinds) if kind == "label"]
    if "region_code" in kinds and texts:
        return _roles_beside_codes(kinds, texts)
    if "region" not in kinds and _names_regions(shape, kinds, texts):
        widest = max(texts, key=lambda i: len({show(v) for v in shape.column(shape.stub[i])}))
        kinds[widest] = "region_name"
    return kinds


def _roles_beside_codes(kinds: list[str], texts: list[int]) -> list[str]:
    """The texts nearest to the codes are their names; other texts are ignored."""
    named = min(texts, key=lambda i: abs(i - kinds.index("region_code")))
    roles = ["ignore" if kind == "label" else kind for kind in kinds]
    roles[named] = "region_name"
    return roles


def _names_regions(shape: Shape, kinds: list[str], texts: list[int]) -> bool:
    """Tell whether one of the columns of texts names regions."""
    words = any(generic(p) == p for h in shape.heads for p in h.path)
    periods = {"jahr", "quartal", "monat"}.intersection(kinds)
    return len(texts) > 1 or bool(texts and periods and words)


def _is_day(cell: Cell) -> bool:
    return date_of(show(cell)) is not None


def _is_quarter(cell: Cell) -> bool:
    return re.fullmatch(r"[1-4]\. ?Quartal", show(cell)) is not None


_KINDS: tuple[tuple[str, Callable[[Cell], bool]], ...] = (
    ("jahr", is_year),
    ("monat", _is_day),
    ("quartal", _is_quarter),
    ("region_code", is_code),
)


def _kind(cells: list[Cell]) -> str:
    for kind, fits in _KINDS:
        if all(map(fits, cells)):
            return kind
    return "region" if _lead_with_codes(cells) else "label"


def _lead_with_codes(cells: list[Cell]) -> bool:
    """Tell whether most cells hold a code and a name, and one of the codes is no mere number."""
    pairs = [split_code(show(v)) for v in cells]
    coded = [(code, name) for code, name in pairs if code]
    return len(coded) * 2 > len(cells) and any(
        len(code) > LAND_DIGITS or LAENDER.get(code) == name for code, name in coded
    )


def _where(
    shape: Shape, roles: list[str], systems: dict[str, str], out: Draft, source: str
) -> list[str]:
    for role, c in zip(roles, shape.stub, strict=True):
        if role in ("region_code", "region"):
            _add_systems([show(v) for v in shape.column(c)], systems, out)
            return []
    if "region_name" in roles:
        systems.setdefault("", slug(source))
        out.todo.append(
            "the areas have names only; they stay this publisher's own (local)."
            ' Give official ones as `Name: "ags:…"`.'
        )
        return []
    out.todo.append('which region is it? No column holds codes; write `region: "ags:… Name"`.')
    return ['    region: "ags:D TODO"']


def _add_systems(texts: list[str], systems: dict[str, str], out: Draft) -> None:
    """Declare a code system for each length of code that leads the texts."""
    codes = {m[0] for text in texts if (m := re.match(r"\d+", text.strip()))}
    agentur = any(re.match(r"\d{3} (AA|Agentur)\b", text) for text in texts)
    for digits in sorted(set(map(len, codes))):
        same_length = {code for code in codes if len(code) == digits}
        is_agentur = agentur and digits == AGENTUR_DIGITS
        system = "agentur" if is_agentur else _system(same_length, digits, out)
        systems.setdefault(rf"\d{{{digits}}}", system)


def _system(codes: set[str], length: int, out: Draft) -> str:
    """The code system that the register knows most of the codes in.

    AGS and Trägernummern both have five digits.
    """
    if length != KREIS_DIGITS:
        return "ags"
    kreise, traeger = (
        len(codes & register.kreise().keys()),
        len(codes & register.jobcenter().keys()),
    )
    if max(kreise, traeger) < MIN_KNOWN_SHARE * len(codes) or kreise == traeger:
        out.todo.append(
            f"of {len(codes)} codes of five digits {kreise} are AGS of Kreise (ags),"
            f" {traeger} Trägernummern (traeger); which are they?"
        )
    return "traeger" if traeger > kreise else "ags"


def _period(shape: Shape, roles: list[str]) -> list[str]:
    """The period above the table, where neither rows nor columns name one."""
    if {"jahr", "monat"}.intersection(roles) or any(
        "{" in generic(p) for h in shape.heads for p in h.path
    ):
        return []
    for _, _, text in reversed(texts_above(shape.grid, shape.top)):
        found = re.fullmatch(r"(\D*?)((?:19|20)\d{2})", text)
        if (
            found
            and found[1].strip()
            and not re.search(rf"stand|{'|'.join(MONTHS)}", found[1], re.IGNORECASE)
        ):
            return [f"    period: {quoted(found[1] + '{jahr}')}"]
    return []


def _totals(shape: Shape, roles: list[str]) -> list[str]:
    """Rows with figures but without a code speak of no region of their own."""
    if "region_code" not in roles or "region_name" not in roles:
        return []
    code, name = shape.stub[roles.index("region_code")], shape.stub[roles.index("region_name")]
    body = shape.grid.rows[shape.first : shape.last + 1]
    pairs = [(show(row[code]), show(row[name])) for row in body if not empty(row[name])]
    repeats = ["    repeats: true"] if len(set(pairs)) < len(pairs) and "jahr" not in roles else []
    uncoded = [show(row[name]) for row in body if empty(row[code]) and not empty(row[name])]
    return repeats + _ignored_rows(uncoded)


def _ignored_rows(names: list[str]) -> list[str]:
    unknown = dict.fromkeys(name for name in names if region_of("", name, {}) is None)
    return [f"    ignore_rows: [{', '.join(map(quoted, unknown))}]"] if unknown else []


def _unlabelled(shape: Shape, out: Draft) -> list[str]:
    rows = [
        r
        for r in range(shape.first, shape.last + 1)
        if all(empty(shape.grid.rows[r][c]) for c in shape.stub)
    ]
    if not any(not empty(shape.grid.rows[r][h.col]) for r in rows for h in shape.heads):
        return []
    out.todo.append(f"{shape.grid.name}: figures in rows without a label are not read")
    return ['    ignore_rows: [""]']


def _end(shape: Shape) -> list[str]:
    for r in range(shape.last + 1, len(shape.grid.rows)):
        texts = [show(v) for v in shape.grid.rows[r] if not empty(v)]
        if texts:
            return [f"    end: {quoted(texts[0][:30].split('{')[0].replace('*', '') + '*')}"]
    return []


def stub_name(shape: Shape, col: int) -> str:
    """The header of a label column; '' if it has none."""
    rows = (
        *range(shape.top, shape.first),
        max(shape.top - 1, 0),
    )  # the label may stand a row above the other headers
    texts = [show(shape.grid.rows[r][col]) for r in rows if not empty(shape.grid.rows[r][col])]
    return texts[0] if texts and not texts[0].replace(".", "").isdigit() else ""


def _unit(label: str, *, rate: bool) -> str:
    if rate:
        return "Prozent"
    return "Euro" if "euro" in label.lower() else "Anzahl"


def _add(out: Draft, code: str, label: str, numbers: list[float], kind: str = "bestand") -> None:
    rate = any(word in label.lower() for word in ("quote", "anteil", "prozent", "%"))
    whole = bool(numbers) and all(float(n).is_integer() for n in numbers) and not rate
    lines = [
        f"  {code}:",
        f"    label: {quoted(label)}",
        f"    unit: {_unit(label, rate=rate)}",
        f"    kind: {'quote' if rate else kind}",
        "    additive: false",
    ]
    lines += [f"    whole: {str(whole).lower()}", '    definition: "TODO"', '    source: "TODO"']
    known = out.kennzahlen.setdefault(code, lines)
    if numbers and not whole:  # of another table, under the same name
        known[:] = [line.replace("whole: true", "whole: false") for line in known]
