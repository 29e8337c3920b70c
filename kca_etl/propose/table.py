"""One table of a draft: its place, label columns, headings, columns and rows as lines of YAML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from kca_etl.cells import Cell, empty
from kca_etl.extract.layout import texts_above
from kca_etl.german.text import MONTHS, date_of, show
from kca_etl.propose.shape import Shape, is_code, is_year
from kca_etl.propose.wording import generic, quoted, slug, yearly_suffix
from kca_etl.tidy.regions import region_of, split_code
from schemas import regions as register
from schemas.codelists import LAENDER

KNOWN = 0.8  # share of codes that the register must know before their system counts as told


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
    names = [stub_name(shape, c) for c in shape.stub]
    plain = all(names) and len(set(names)) == len(names)
    pairs = [f"{quoted(n)}: {r}" for n, r in zip(names, roles, strict=True)]
    lines = [f"  - id: {slug(name)}", f"    sheet: {quoted(name.strip())}"] + (
        ["    <<: *gaps"] if has_gaps(shape) else []
    )
    lines.append(
        "    stub: {" + ", ".join(pairs) + "}"
        if plain and shape.stub
        else "    stub: [" + ", ".join(roles) + "]"
    )
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
    if "label" in roles:
        labels = [show(v) for v in shape.column(shape.stub[roles.index("label")])]
        often = {label for label in labels if labels.count(label) > 1}
        rows += (
            [a for a, b in pairwise(labels) if a not in often and b in often]
            if len(roles) == 1
            else []
        )
    found = dict.fromkeys(generic(text) for text in rows)
    lines = [
        f"      {quoted(t)}: {quoted('' if '{' in t else f'[abschnitt={slug(t)}]')}" for t in found
    ]
    return ["    sections:", *lines] if lines else []


def _columns(shape: Shape, out: Draft, *, by_row: bool) -> dict[str, str]:
    seen: dict[str, str] = {}
    for head in shape.heads:
        key = " > ".join(generic(p) for p in head.path)
        words = [p for p in head.path if generic(p) == p]
        words = (
            words[1:]
            if len(words) > 1
            and len({h.path[:1] for h in shape.heads}) == 1
            and len(words) < len(head.path)
            else words
        )
        code = slug("_".join(words)) if words else "" if by_row else "wert"
        code = yearly_suffix(head.path[-1]) if by_row and not words and head.path else code
        plain = code != "" and not code.startswith("+")
        while plain and key not in seen and code in seen.values():
            code += "_2"
        if plain and head.path:
            _add(
                out,
                code,
                " – ".join(words) or code,
                [v for v in shape.column(head.col) if isinstance(v, int | float)],
            )
        seen.setdefault(key, code if head.path else "-?")
    used = {*shape.stub, *(h.col for h in shape.heads)}
    others = [c for c in range(shape.grid.width) if c not in used]
    if any(not empty(row[c]) for row in shape.grid.rows[shape.first :] for c in others):
        seen.setdefault("", "-?")
    if "" in seen:
        out.todo.append(f"{shape.grid.name}: a column without header is not read")
    return seen


def _rows(shape: Shape, roles: list[str], out: Draft) -> dict[str, str]:
    """What each label adds; a label beside which nothing stands may be absent."""
    col = shape.stub[roles.index("label")]
    periods = all(generic(p) != p for h in shape.heads for p in h.path[-1:])
    filled = {
        generic(show(row[col]))
        for row in shape.grid.rows[shape.first : shape.last + 1]
        if any(not empty(row[h.col]) for h in shape.heads)
    }
    seen: dict[str, str] = {}
    for label in dict.fromkeys(generic(show(v)) for v in shape.column(col)):
        code = slug(label)
        while any(code in (c.rstrip("?"), c.partition("=")[2].rstrip("]?")) for c in seen.values()):
            code += "_2"
        if "{" in label:
            seen[label] = yearly_suffix(label)
            continue
        if periods:
            _add(out, code, label, [])
        seen[label] = (code if periods else f"[merkmal={code}]") + ("" if label in filled else "?")
    return seen


def _roles(shape: Shape) -> list[str]:
    """What each label column says.

    Years, quarters, codes, code and name in one, names, or row labels.
    """
    kinds = [_kind(shape.column(c)) for c in shape.stub]
    words = any(generic(p) == p for h in shape.heads for p in h.path)
    texts = [i for i, kind in enumerate(kinds) if kind == "label"]
    if "region_code" in kinds and texts:
        named = min(texts, key=lambda i: abs(i - kinds.index("region_code")))
        return [
            "region_name" if i == named else "ignore" if i in texts else kind
            for i, kind in enumerate(kinds)
        ]
    several = len(texts) > 1 or (
        texts and {"jahr", "quartal", "monat"}.intersection(kinds) and words
    )
    if several and "region" not in kinds:
        area = max(texts, key=lambda i: len({show(v) for v in shape.column(shape.stub[i])}))
        kinds[area] = "region_name"
    return kinds


def _kind(cells: list[Cell]) -> str:
    texts = [show(v) for v in cells]
    if all(is_year(v) for v in cells):
        return "jahr"
    if all(date_of(t) is not None for t in texts):
        return "monat"
    if all(re.fullmatch(r"[1-4]\. ?Quartal", t) for t in texts):
        return "quartal"
    if all(is_code(v) for v in cells):
        return "region_code"
    pairs = [split_code(t) for t in texts]
    coded = [(code, name) for code, name in pairs if code]
    if len(coded) * 2 > len(texts) and any(
        len(code) > 2 or LAENDER.get(code) == name  # noqa: PLR2004 - 01 to 16 are Länder
        for code, name in coded
    ):
        return "region"
    return "label"


def _where(
    shape: Shape, roles: list[str], systems: dict[str, str], out: Draft, source: str
) -> list[str]:
    for role, c in zip(roles, shape.stub, strict=True):
        if role in ("region_code", "region"):
            codes = {m[0] for v in shape.column(c) if (m := re.match(r"\d+", show(v).strip()))}
            agentur = any(re.match(r"\d{3} (AA|Agentur)\b", show(v)) for v in shape.column(c))
            for n in sorted(set(map(len, codes))):
                system = (
                    "agentur"
                    if agentur and n == len("435")
                    else _system({code for code in codes if len(code) == n}, n, out)
                )
                systems.setdefault(rf"\d{{{n}}}", system)
            return []
    if "region_name" in roles:
        systems.setdefault("", slug(source))
        out.todo.append(
            'the areas have names only; they stay this publisher\'s own (local). Give official ones as `Name: "ags:…"`.'
        )
        return []
    out.todo.append('which region is it? No column holds codes; write `region: "ags:… Name"`.')
    return ['    region: "ags:D TODO"']


def _system(codes: set[str], length: int, out: Draft) -> str:
    """The code system that the register knows most of the codes in.

    AGS and Trägernummern both have five digits.
    """
    if length != len("06435"):
        return "ags"
    kreise, traeger = (
        len(codes & register.kreise().keys()),
        len(codes & register.jobcenter().keys()),
    )
    if max(kreise, traeger) < KNOWN * len(codes) or kreise == traeger:
        out.todo.append(
            f"of {len(codes)} codes of five digits {kreise} are AGS of Kreise (ags), {traeger} Trägernummern (traeger); which are they?"
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
    rows = [
        row
        for row in shape.grid.rows[shape.first : shape.last + 1]
        if empty(row[code]) and not empty(row[name])
    ]
    names = dict.fromkeys(
        show(row[name]) for row in rows if region_of("", show(row[name]), {}) is None
    )
    pairs = [
        (show(row[code]), show(row[name]))
        for row in shape.grid.rows[shape.first : shape.last + 1]
        if not empty(row[name])
    ]
    repeats = ["    repeats: true"] if len(set(pairs)) < len(pairs) and "jahr" not in roles else []
    return repeats + ([f"    ignore_rows: [{', '.join(map(quoted, names))}]"] if names else [])


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


def _add(out: Draft, code: str, label: str, numbers: list[float], kind: str = "bestand") -> None:
    rate = any(word in label.lower() for word in ("quote", "anteil", "prozent", "%"))
    unit = "Prozent" if rate else "Euro" if "euro" in label.lower() else "Anzahl"
    whole = bool(numbers) and all(float(n).is_integer() for n in numbers) and not rate
    lines = [
        f"  {code}:",
        f"    label: {quoted(label)}",
        f"    unit: {unit}",
        f"    kind: {'quote' if rate else kind}",
        "    additive: false",
    ]
    lines += [f"    whole: {str(whole).lower()}", '    definition: "TODO"', '    source: "TODO"']
    known = out.kennzahlen.setdefault(code, lines)
    if numbers and not whole:  # of another table, under the same name
        known[:] = [line.replace("whole: true", "whole: false") for line in known]
