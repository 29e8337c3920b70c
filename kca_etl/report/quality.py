"""How good a month's data are: complete, punctual, revised, warned of, suppressed, quarantined.

In German, for those who answer for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from kca_etl.german.months import day, month_name
from kca_etl.german.notation import decimal, number, quantity
from kca_etl.german.signs import SIGNS
from kca_etl.report.sheet import Section, Sheet
from kca_etl.sources import registry
from kca_etl.sources.calendar import BERLIN

if TYPE_CHECKING:
    import pandas as pd

STATES = {
    "not due": "noch nicht fällig",
    "due": "fällig",
    "waiting": "angefragt, noch nicht erschienen",
    "overdue": "überfällig",
    "loaded": "geladen",
    "revised": "geladen und revidiert",
    "quarantined": "zurückgestellt",
    "withheld": "vom Herausgeber zurückgehalten",
}
BOTH = "geladen, ein weiteres Dokument zurückgestellt"
LOADED = ("loaded", "revised")
REFUSED = ("quarantined", "rejected")
MAX_LISTED_REVISIONS = 100  # revisions listed; the number of all stands above
KEY = ["source", "kennzahl", "gliederung", "region_system", "region_code"]
CHANGED = (
    "Werte, die ein späterer Datenstand ersetzt hat. Erklärte Korrekturen stehen mit ihrer "
    "Begründung unter den Warnungen."
)
Words = Mapping[str, tuple[str, str]]


def build(
    month: date,
    now: datetime,
    *,
    states: Sequence[dict[str, Any]],
    documents: Sequence[dict[str, Any]],
    findings: Sequence[dict[str, Any]],
    history: pd.DataFrame,
    words: Words,
) -> Sheet:
    """Report on a month.

    `states`: rows of `kca_etl.runs.states`; the rest: rows of the published views, `history` of
    this month alone.

    `words` says what each finding means and what to do. `now` is the day that punctuality is
    judged on; it is printed.
    """
    name = f"{month:%Y-%m}"
    followed = [s for s in states if s["berichtsmonat"] == name and _is_expected(s)]
    of_month = [d for d in documents if d["berichtsmonat"] == month.isoformat()]
    quarantined = _quarantined(documents, month)
    replaced = _replaced(history)
    sections = (
        _complete(followed, of_month),
        _revisions(replaced),
        _warnings(of_month, findings, words),
        _quarantine(quarantined, findings, words),
        _signs(history),
    )
    footer = (
        f"Stand {now:%d.%m.%Y}. Fristen nach dem Kalender der Quellen. kca-etl {version('kca-etl')}"
    )
    headline = ", ".join(
        (
            _loaded_said(followed, of_month),
            _counted_said(len(replaced), "ein Wert revidiert", "Werte revidiert"),
            _counted_said(len(quarantined), "1 Dokument", "Dokumente") + " zurückgestellt",
        )
    )
    return Sheet(
        f"Qualitaet_{name}", f"Datenqualität {month_name(month)}", headline, sections, footer
    )


def _counted_said(count: int, one: str, more: str) -> str:
    return one if count == 1 else f"{_count(count)} {more}"


def _is_expected(state: Mapping[str, Any]) -> bool:
    """Tell whether the calendar expects a source's month, or there is something of it."""
    return state["due"] is not None or state["state"] in (*LOADED, "quarantined")


def _quarantined(documents: Sequence[dict[str, Any]], month: date) -> list[dict[str, Any]]:
    """Return the refused documents of a month, and those whose month nobody could read."""
    months = (month.isoformat(), None)
    return [d for d in documents if d["state"] in REFUSED and d["berichtsmonat"] in months]


def _loaded_said(followed: Sequence[dict[str, Any]], documents: Sequence[dict[str, Any]]) -> str:
    """Say how many of the sources that are due have been loaded."""
    due = [s for s in followed if s["state"] != "not due"]
    loaded = {d["source"] for d in documents if d["state"] not in REFUSED}
    here = sum(s["state"] in LOADED or s["source"] in loaded for s in due)
    return f"{here} von {len(due)} fälligen Quellen geladen"


def _complete(followed: Sequence[dict[str, Any]], documents: Sequence[dict[str, Any]]) -> Section:
    rows = []
    for state in followed:
        mine = [d for d in documents if d["source"] == state["source"]]
        rows.append(_complete_row(state, [d for d in mine if d["state"] not in REFUSED]))
    columns = ("Quelle", "Zustand", "Termin", "Eingang", "Pünktlichkeit", "Datenstand")
    note = (
        "Erwartet wird, was nach dem Kalender erscheint. Der Eingang ist der Tag, an dem "
        "das erste Dokument hier ankam."
    )
    return Section(
        "Vollständigkeit und Pünktlichkeit",
        note,
        columns,
        tuple(rows),
        "Für diesen Monat wird keine Quelle erwartet.",
    )


def _complete_row(
    state: Mapping[str, Any], loaded: Sequence[dict[str, Any]]
) -> tuple[str, str, str, str, str, str]:
    """Return what is said of a source whose documents were loaded, or of one without any."""
    days = [datetime.fromisoformat(d["received_at"]).astimezone(BERLIN).date() for d in loaded]
    first = min(days, default=None)
    stated = max((str(d["datenstand"]) for d in loaded if d["datenstand"]), default="")
    both = bool(loaded) and state["state"] == "quarantined"
    return (
        _title(state["source"]),
        BOTH if both else STATES[state["state"]],
        f"{state['due']:%d.%m.%Y}" if state["due"] else "–",
        f"{first:%d.%m.%Y}" if first else "–",
        _punctual(state, first),
        day(stated) if stated else "–",
    )


def _punctual(state: Mapping[str, Any], first: date | None) -> str:
    """Compare the day of receipt with the due day.

    Without a document say what the calendar says.
    """
    if first is None:
        return _without_document(state)
    if state["due"] is None:
        return "–"
    late = (first - state["due"].date()).days
    if late <= 0:
        return "pünktlich"
    return "1 Tag nach Termin" if late == 1 else f"{_count(late)} Tage nach Termin"


def _without_document(state: Mapping[str, Any]) -> str:
    if state["state"] in LOADED:
        return "in einem Dokument für mehrere Monate"
    return f"überfällig seit {state['overdue']:%d.%m.%Y}" if state["state"] == "overdue" else "–"


def _replaced(history: pd.DataFrame) -> list[dict[str, Any]]:
    """Return each replaced version with the one that took its place (`new_…`)."""
    old = history[history["known_to"].notna()]
    new = history.rename(columns=lambda c: c if c in KEY else f"new_{c}")
    joined = old.merge(new, left_on=[*KEY, "known_to"], right_on=[*KEY, "new_known_from"])
    return [{str(k): v for k, v in row.items()} for row in joined.to_dict("records")]


def _revisions(replaced: Sequence[dict[str, Any]]) -> Section:
    rows = tuple(
        (
            f"{_label(r['source'], r['kennzahl'])}{_split(r['gliederung'])}",
            str(r["region_name"]),
            f"{_shown(r, '')} → {_shown(r, 'new_')}",
            f"{day(r['datenstand'])} → {day(r['new_datenstand'])}",
            f"{r['new_file_name']}, Blatt „{r['new_sheet']}“, Zelle {r['new_cell']}",
        )
        for r in replaced[:MAX_LISTED_REVISIONS]
    )
    more = (
        f" Gezeigt sind die ersten {MAX_LISTED_REVISIONS} von {number(decimal(len(replaced)))}."
        if len(replaced) > MAX_LISTED_REVISIONS
        else ""
    )
    columns = ("Kennzahl", "Region", "Wert", "Datenstand", "Fundstelle des neuen Werts")
    return Section(
        "Revisionen", CHANGED + more, columns, rows, "Kein Wert dieses Monats wurde revidiert."
    )


def _warnings(
    documents: Sequence[dict[str, Any]], findings: Sequence[dict[str, Any]], words: Words
) -> Section:
    loaded = {d["sha256"]: d for d in documents if d["state"] not in REFUSED}
    mine = [f for f in findings if f["document_sha256"] in loaded]
    rows = []
    for (source, code), count in sorted(Counter((f["source"], f["code"]) for f in mine).items()):
        first = next(f for f in mine if (f["source"], f["code"]) == (source, code))
        what, do = words.get(code, (first["what"], ""))
        rows.append((_title(source), what, str(count), _place(first), do))
    columns = ("Quelle", "Hinweis", "Anzahl", "Zum Beispiel", "Was zu tun ist")
    return Section(
        "Warnungen", "Diese Dokumente sind geladen.", columns, tuple(rows), "Keine Warnung."
    )


def _quarantine(
    documents: Sequence[dict[str, Any]], findings: Sequence[dict[str, Any]], words: Words
) -> Section:
    rows = []
    for d in documents:
        for f in (f for f in findings if f["document_sha256"] == d["sha256"]):
            what, do = words.get(f["code"], (f["what"], ""))
            when = (
                day(d["received_at"])
                if d["berichtsmonat"]
                else f"{day(d['received_at'])}, Monat nicht erkannt"
            )
            rows.append((d["file_name"], when, what, _place(f), do))
    columns = ("Dokument", "Eingang", "Befund", "Stelle", "Was zu tun ist")
    note = "Aus diesen Dokumenten wurde nichts geladen; die bisherigen Werte gelten weiter."
    return Section(
        "Zurückgestellte Dokumente", note, columns, tuple(rows), "Kein Dokument ist zurückgestellt."
    )


def _signs(history: pd.DataFrame) -> Section:
    current = history[history["known_to"].isna()]
    cells = list(zip(current["source"], current["kennzahl"], current["zeichen"], strict=True))
    all_of = Counter((source, kennzahl) for source, kennzahl, _ in cells)
    hidden = Counter(cell for cell in cells if isinstance(cell[2], str))
    rows = tuple(
        (
            _label(s, k),
            _title(s),
            sign,
            SIGNS.get(sign, "Zeichen des Herausgebers"),
            _count(n),
            _count(all_of[s, k]),
        )
        for (s, k, sign), n in sorted(hidden.items())
    )
    columns = ("Kennzahl", "Quelle", "Zeichen", "Bedeutung", "Zellen", "von")
    note = (
        "Zellen, in denen der Herausgeber statt einer Zahl ein Zeichen setzt. Sie sind "
        "nicht null und werden nicht geschätzt."
    )
    return Section(
        "Geheim gehaltene und fehlende Werte",
        note,
        columns,
        rows,
        "In jeder Zelle steht eine Zahl.",
    )


def _shown(row: Mapping[str, Any], prefix: str) -> str:
    sign, value = row[f"{prefix}zeichen"], row[f"{prefix}value"]
    return sign if isinstance(sign, str) else quantity(decimal(value), row[f"{prefix}unit"])


def _place(finding: Mapping[str, Any]) -> str:
    parts = (
        finding["sheet"] and f"Blatt „{finding['sheet']}“",
        finding["cell"] and f"Zelle {finding['cell']}",
    )
    where = ", ".join(part for part in parts if part)
    return (
        " · ".join(
            part for part in (where, finding["found"] and f"gefunden: {finding['found']}") if part
        )
        or "–"
    )


def _count(n: int) -> str:
    return number(decimal(n))


def _split(gliederung: str) -> str:
    return "" if gliederung == "insgesamt" else f" ({gliederung})"


def _label(source: str, kennzahl: str) -> str:
    entry = registry.kennzahlen(registry.load(source)).get(kennzahl)
    return str(entry["label"]) if entry else kennzahl


def _title(source: str) -> str:
    declared = registry.load(source) if source in registry.names() else None
    return f"{declared.title} ({source})" if declared else source or "Quelle nicht erkannt"
