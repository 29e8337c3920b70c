"""A draft declaration for a workbook nobody declared yet; what cannot be decided stands there as TODO."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise

from kca_etl.cells import Cell, Grid, empty
from kca_etl.extract.layout import texts_above
from kca_etl.extract.reader import Workbook
from kca_etl.propose.shape import SIGNS, Shape, find, is_code, is_year
from kca_etl.text import MONTHS as MONTHS_OF_YEAR
from kca_etl.text import date_of, month_of, pattern, show
from kca_etl.tidy.regions import region_of, split_code
from schemas.codelists import LAENDER

STANDS = ("Datenstand: {datum}*", "*Datenstand {datum}*", "Stand: {datum}*", "*Stand {datum}*", "Erscheinungsmonat: {datum}")
LABELS = ("Datenstand*", "Erstellungsdatum*", "Stand*")
MONTHS = ("Berichtsmonat*",)
NO_TABLE = re.compile(r"Deckblatt|Impressum|Inhalt|Hinweis|Methodi|Glossar|Info|Statistik-Info|Quellang|Metadat|Erläuter", re.IGNORECASE)
YEARLY = re.compile(r"Jahres(?P<what>summe|durch-? ?schnitt)\b")
BACK = re.compile(r"zurück.*", re.IGNORECASE)
PERIODS = ("Berichtsmonat {monat}", "Gebietsstand: {datum}")


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


def slug(text: str) -> str:
    """A code from words: ASCII, lower case, underscores."""
    for umlaut, plain in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "ae"), ("Ö", "oe"), ("Ü", "ue"), ("ß", "ss"), ("%", "prozent")):
        text = text.replace(umlaut, plain)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60].rstrip("_") or "wert"


def propose(book: Workbook, name: str) -> Draft:
    """Draft a declaration from a workbook's content."""
    shapes = {n: found for n in book.names if not NO_TABLE.match(n.strip()) and (found := find(book[n])) is not None}
    out = Draft()
    signs = sorted({v.strip() for s in shapes.values() for v in _data_texts(s) if v.strip() in SIGNS})
    title = next((t for n in book.names for _, _, t in _texts(book[n]) if len(t) > 12 and not BACK.match(t)), name)  # noqa: PLR2004 - longer than a mere word
    code = slug(name)
    out.lines += [
        f"source: {code if code[0].isalpha() else 'quelle_' + code}",
        f"title: {_quoted(title)}",
        'publisher: "TODO"',
        "recognise:",
    ]
    out.lines += [f"  - {{sheet: {_quoted(n)}, text: {_quoted(text)}}}" for n, text in _signature(book, shapes)]
    out.lines += _stated(book, "berichtsmonat", MONTHS, PERIODS) + (
        _stated(book, "datenstand", LABELS, STANDS) or ["datenstand: {rule: month_end}"]
    )
    out.lines.append("zeichen: {" + ", ".join(f"{_quoted(s)}: {_quoted(_meaning(s))}" for s in signs) + "}")
    out.todo += [f"what does {s!r} mean at this publisher? See its legend." for s in signs]
    systems: dict[str, str] = {}
    tables = [line for n, shape in shapes.items() for line in _table(n, shape, systems, out, name, alone=len(shapes) == 1)]
    out.lines.append("regions: {" + ", ".join(f"{_quoted(k)}: {_quoted(v)}" for k, v in systems.items()) + "}")
    out.lines.append("ignore_sheets: [" + ", ".join(_quoted(n.strip()) for n in book.names if n not in shapes) + "]")
    if gaps := [n for n, shape in shapes.items() if _gaps(shape)]:
        out.lines.append("x-gaps: &gaps {empty: skip}")
        out.todo.append(
            "empty cells are skipped; do they mean 0 (empty: zero), to come (empty: future), or must they stop (empty: stop)? Sheets: "
            + ", ".join(gaps)
        )
    out.lines += ["tables:", *tables]
    return out


def _table(name: str, shape: Shape, systems: dict[str, str], out: Draft, source: str, *, alone: bool) -> list[str]:
    roles = _roles(shape)
    names = [_stub_name(shape, c) for c in shape.stub]
    plain = all(names) and len(set(names)) == len(names)
    pairs = [f"{_quoted(n)}: {r}" for n, r in zip(names, roles, strict=True)]
    lines = [f"  - id: {slug(name)}", f"    sheet: {_quoted(name.strip())}"] + (["    <<: *gaps"] if _gaps(shape) else [])
    lines.append("    stub: {" + ", ".join(pairs) + "}" if plain and shape.stub else "    stub: [" + ", ".join(roles) + "]")
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
    return [f"      {_quoted(key)}: {_quoted(code)}" for key, code in parts.items()]


def _gaps(shape: Shape) -> bool:
    rows = (shape.grid.rows[r] for r in range(shape.first, shape.last + 1) if r not in shape.sections)
    return any(empty(row[h.col]) for row in rows for h in shape.heads)


def _add_yearly(out: Draft, codes: list[str]) -> None:
    """Sums and averages of a year stand in the same tables as its months: a kennzahl of their own for each."""
    for suffix in dict.fromkeys(c[1:] for c in codes if c.startswith("+")):
        for code in [c.rstrip("?") for c in codes if c.rstrip("?") in out.kennzahlen]:
            label = out.kennzahlen[code][1].partition(": ")[2].strip('"')
            kind = "jahressumme" if suffix == "_jahressumme" else "jahreswert"
            _catalogue(out, code + suffix, f"{label} ({suffix[1:].capitalize()})", [], kind=kind)


def _yearly_suffix(text: str) -> str:
    found = YEARLY.match(text)
    return "" if found is None else "+_jahressumme" if found["what"] == "summe" else "+_jahresdurchschnitt"


def _sections(shape: Shape, roles: list[str]) -> list[str]:
    """Headings: rows without figures, and rows with figures under which the same labels stand again."""
    rows = [show(shape.grid.rows[r][shape.stub[0]]) for r in shape.sections] if shape.stub else []
    if "label" in roles:
        labels = [show(v) for v in shape.column(shape.stub[roles.index("label")])]
        often = {label for label in labels if labels.count(label) > 1}
        rows += [a for a, b in pairwise(labels) if a not in often and b in often] if len(roles) == 1 else []
    found = dict.fromkeys(_generic(text) for text in rows)
    lines = [f"      {_quoted(t)}: {_quoted('' if '{' in t else f'[abschnitt={slug(t)}]')}" for t in found]
    return ["    sections:", *lines] if lines else []


def _columns(shape: Shape, out: Draft, *, by_row: bool) -> dict[str, str]:
    seen: dict[str, str] = {}
    for head in shape.heads:
        key = " > ".join(_generic(p) for p in head.path)
        words = [p for p in head.path if _generic(p) == p]
        words = words[1:] if len(words) > 1 and len({h.path[:1] for h in shape.heads}) == 1 and len(words) < len(head.path) else words
        code = slug("_".join(words)) if words else "" if by_row else "wert"
        code = _yearly_suffix(head.path[-1]) if by_row and not words and head.path else code
        plain = code != "" and not code.startswith("+")
        while plain and key not in seen and code in seen.values():
            code += "_2"
        if plain and head.path:
            _catalogue(out, code, " – ".join(words) or code, [v for v in shape.column(head.col) if isinstance(v, int | float)])
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
    periods = all(_generic(p) != p for h in shape.heads for p in h.path[-1:])
    filled = {
        _generic(show(row[col])) for row in shape.grid.rows[shape.first : shape.last + 1] if any(not empty(row[h.col]) for h in shape.heads)
    }
    seen: dict[str, str] = {}
    for label in dict.fromkeys(_generic(show(v)) for v in shape.column(col)):
        code = slug(label)
        while any(code in (c.rstrip("?"), c.partition("=")[2].rstrip("]?")) for c in seen.values()):
            code += "_2"
        if "{" in label:
            seen[label] = _yearly_suffix(label)
            continue
        if periods:
            _catalogue(out, code, label, [])
        seen[label] = (code if periods else f"[merkmal={code}]") + ("" if label in filled else "?")
    return seen


def _roles(shape: Shape) -> list[str]:
    """What each label column says: years, quarters, codes, code and name in one, names, or row labels."""
    kinds = [_kind(shape.column(c)) for c in shape.stub]
    words = any(_generic(p) == p for h in shape.heads for p in h.path)
    texts = [i for i, kind in enumerate(kinds) if kind == "label"]
    if "region_code" in kinds and texts:
        named = min(texts, key=lambda i: abs(i - kinds.index("region_code")))
        return ["region_name" if i == named else "ignore" if i in texts else kind for i, kind in enumerate(kinds)]
    several = len(texts) > 1 or (texts and {"jahr", "quartal"}.intersection(kinds) and words)
    if several and "region" not in kinds:
        area = max(texts, key=lambda i: len({show(v) for v in shape.column(shape.stub[i])}))
        kinds[area] = "region_name"
    return kinds


def _kind(cells: list[Cell]) -> str:
    texts = [show(v) for v in cells]
    if all(is_year(v) for v in cells):
        return "jahr"
    if all(re.fullmatch(r"[1-4]\. ?Quartal", t) for t in texts):
        return "quartal"
    if all(is_code(v) for v in cells):
        return "region_code"
    pairs = [split_code(t) for t in texts]
    coded = [(code, name) for code, name in pairs if code]
    if len(coded) * 2 > len(texts) and any(len(code) > 2 or LAENDER.get(code) == name for code, name in coded):  # noqa: PLR2004 - 01 to 16 are Länder
        return "region"
    return "label"


def _where(shape: Shape, roles: list[str], systems: dict[str, str], out: Draft, source: str) -> list[str]:
    for role, c in zip(roles, shape.stub, strict=True):
        if role in ("region_code", "region"):
            lengths = {len(m[0]) for v in shape.column(c) if (m := re.match(r"\d+", show(v).strip()))}
            for n in sorted(lengths):
                systems.setdefault(rf"\d{{{n}}}", "ags")
            if 5 in lengths:  # noqa: PLR2004 - both AGS of Kreise and Trägernummern have five digits
                out.todo.append("five digits are taken for AGS of Kreise; are they Trägernummern (traeger)?")
            return []
    if "region_name" in roles:
        systems.setdefault("", slug(source))
        out.todo.append('the areas have names only; they stay this publisher\'s own (local). Give official ones as `Name: "ags:…"`.')
        return []
    if "label" in roles or "jahr" in roles:
        out.todo.append('which region is it? No column holds codes; write `region: "ags:… Name"`.')
        return [f'    region: "local:{slug(source)}:gesamt TODO"'] if ":" in source else ['    region: "ags:D TODO"']
    return []


def _period(shape: Shape, roles: list[str]) -> list[str]:
    """The period above the table, where neither rows nor columns name one."""
    if "jahr" in roles or any("{" in _generic(p) for h in shape.heads for p in h.path):
        return []
    for _, _, text in reversed(texts_above(shape.grid, shape.top)):
        found = re.fullmatch(r"(\D*?)((?:19|20)\d{2})", text)
        if found and found[1].strip() and not re.search(rf"stand|{'|'.join(MONTHS_OF_YEAR)}", found[1], re.IGNORECASE):
            return [f"    period: {_quoted(found[1] + '{jahr}')}"]
    return []


def _totals(shape: Shape, roles: list[str]) -> list[str]:
    """Rows with figures but without a code speak of no region of their own."""
    if "region_code" not in roles or "region_name" not in roles:
        return []
    code, name = shape.stub[roles.index("region_code")], shape.stub[roles.index("region_name")]
    rows = [row for row in shape.grid.rows[shape.first : shape.last + 1] if empty(row[code]) and not empty(row[name])]
    names = dict.fromkeys(show(row[name]) for row in rows if region_of("", show(row[name]), {}) is None)
    pairs = [(show(row[code]), show(row[name])) for row in shape.grid.rows[shape.first : shape.last + 1] if not empty(row[name])]
    repeats = ["    repeats: true"] if len(set(pairs)) < len(pairs) and "jahr" not in roles else []
    return repeats + ([f"    ignore_rows: [{', '.join(map(_quoted, names))}]"] if names else [])


def _unlabelled(shape: Shape, out: Draft) -> list[str]:
    rows = [r for r in range(shape.first, shape.last + 1) if all(empty(shape.grid.rows[r][c]) for c in shape.stub)]
    if not any(not empty(shape.grid.rows[r][h.col]) for r in rows for h in shape.heads):
        return []
    out.todo.append(f"{shape.grid.name}: figures in rows without a label are not read")
    return ['    ignore_rows: [""]']


def _end(shape: Shape) -> list[str]:
    for r in range(shape.last + 1, len(shape.grid.rows)):
        texts = [show(v) for v in shape.grid.rows[r] if not empty(v)]
        if texts:
            return [f"    end: {_quoted(texts[0][:30].split('{')[0].replace('*', '') + '*')}"]
    return []


def _signature(book: Workbook, shapes: dict[str, Shape]) -> list[tuple[str, str]]:
    """Two texts that stand above the first table: what the document is known by."""
    for name, shape in shapes.items():
        texts = [t for _, _, t in _texts(shape.grid) if _generic(t) == t and len(t) > 3]  # noqa: PLR2004 - more than a sign
        texts += [p for h in shape.heads for p in h.path if _generic(p) == p] + [_stub_name(shape, c) for c in shape.stub]
        chosen = list(dict.fromkeys(t for t in texts if "*" not in t and "|" not in t and "{" not in t))[:2]
        if chosen:
            return [(name.strip(), t) for t in chosen]
    return [(book.names[0].strip(), "TODO")]


def _stated(book: Workbook, key: str, labels: tuple[str, ...], texts: tuple[str, ...]) -> list[str]:
    for name in book.names:
        found = _texts(book[name], everywhere=True)
        for (r, c, text), (r2, c2, after) in pairwise(found):
            if r == r2 and c2 > c and any(pattern(p).match(text) is not None for p in labels) and (form := _form(after)) is not None:
                return [f"{key}: {{sheet: {_quoted(name.strip())}, label: {_quoted(text)}{form}}} # {after!r} in {name.strip()!r}"]
        for _, _, text in found:
            declared = next((p for p in texts if pattern(p).match(text) is not None), None)
            if declared:
                return [f"{key}: {{sheet: {_quoted(name.strip())}, text: {_quoted(declared)}}} # {text[:60]!r}"]
    return []


def _form(text: str) -> str | None:
    """What a declaration adds for a stated period: nothing for a bare one, a pattern where words follow; None if it is no period."""
    if date_of(text) or month_of(text) or is_year(text):
        return ""
    return ', text: "{monat}*"' if pattern("{monat}*").match(text) is not None else None


def _texts(grid: Grid, *, everywhere: bool = False) -> list[tuple[int, int, str]]:
    if everywhere:
        return [
            (r, c, show(v))
            for r, row in enumerate(grid.rows)
            for c, v in enumerate(row)
            if (isinstance(v, str) and not empty(v)) or hasattr(v, "isoformat")
        ]
    shape = find(grid)
    return [t for t in texts_above(grid, shape.top if shape else min(len(grid.rows), 40)) if not re.fullmatch(r"[\d.,]+", t[2])]


def _data_texts(shape: Shape) -> list[str]:
    return [v for h in shape.heads for v in shape.column(h.col) if isinstance(v, str)]


def _stub_name(shape: Shape, col: int) -> str:
    rows = (*range(shape.top, shape.first), max(shape.top - 1, 0))  # the label may stand a row above the other headers
    texts = [show(shape.grid.rows[r][col]) for r in rows if not empty(shape.grid.rows[r][col])]
    return texts[0] if texts and not texts[0].replace(".", "").isdigit() else ""


def _generic(text: str) -> str:
    """Replace a period in a text by its placeholder, so that the next issue fits as well."""
    if month_of(text) is not None:
        return "{monat}"
    if is_year(text):
        return "{jahr}"
    named = re.fullmatch(rf"({'|'.join(MONTHS_OF_YEAR)})\b(.*)", text, re.IGNORECASE | re.DOTALL)
    if named:
        return "{monatsname}" + (" *" if named[2].strip() else "")
    return re.sub(r"\b(?:19|20)\d{2}\b", "{jahr}", text) if YEARLY.match(text) else text


def _catalogue(out: Draft, code: str, label: str, numbers: list[float], kind: str = "bestand") -> None:
    rate = any(word in label.lower() for word in ("quote", "anteil", "prozent", "%"))
    unit = "Prozent" if rate else "Euro" if "euro" in label.lower() else "Anzahl"
    whole = bool(numbers) and all(float(n).is_integer() for n in numbers) and not rate
    lines = [
        f"  {code}:",
        f"    label: {_quoted(label)}",
        f"    unit: {unit}",
        f"    kind: {'quote' if rate else kind}",
        "    additive: false",
    ]
    lines += [f"    whole: {str(whole).lower()}", '    definition: "TODO"', '    source: "TODO"']
    known = out.kennzahlen.setdefault(code, lines)
    if numbers and not whole:  # of another table, under the same name
        known[:] = [line.replace("whole: true", "whole: false") for line in known]


def _meaning(sign: str) -> str:
    return {"–": "-", "…": "...", "X": "x", "/": ".", "•": "."}.get(sign, sign)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
