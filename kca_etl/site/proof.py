"""The proof page of a kennzahl's month: document, marked cells, all versions, what touched them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from kca_etl.german.months import day, month_name
from kca_etl.german.text import matches
from kca_etl.model.month import Month
from kca_etl.site import addresses, words
from kca_etl.site.context import Printed, Shell, Site
from kca_etl.site.excerpt import Excerpt, Mode, cut
from kca_etl.site.publish import Page, digest
from kca_etl.site.shown import Key, Shown, Topic
from kca_etl.sources import registry
from kca_etl.sources.calendar import BERLIN

MAX_MARKED_ROWS = 60  # of one excerpt; the rest is named with its cell
CORRECTED, DECIDED = "CORRECTED", "DECIDED"


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of the page: what it is, how it is printed, where it stands."""

    name: str
    printed: Printed
    anchor: str
    place: str
    datenstand: str
    note: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the page's first figure, with its document."""

    number: int
    text: str
    datenstand: str
    until: str
    status: str
    file_name: str
    sheet: str
    cell: str
    sha256: str


def pages(site: Site, shell: Shell) -> list[Page]:
    """Return all proof pages, those of one document side by side."""
    topics = {(t.source, t.code): t for t in site.stock.topics}
    touched = _touched(site)
    digests = _digests(site)
    keys = [key for key in site.stock.proofs if key[:2] in topics]
    made = [_Proof(site, topics[key[:2]], key, touched) for key in keys]
    made.sort(key=lambda p: (p.first.sha256, p.key))
    return [_page(proof, shell, digests) for proof in made]


def _page(proof: _Proof, shell: Shell, digests: Mapping[str, str]) -> Page:
    address = addresses.proof_page(*proof.key)
    documents = sorted({v.sha256 for versions in proof.figures.values() for v in versions})
    inputs = digest(
        shell.program,
        proof.topic,
        proof.figures,
        [(digests[d], dict(proof.site.documents.get(d, {}))) for d in documents],
        proof.events(),
        proof.mode,
        proof.site.label(proof.topic),
    )
    title = f"Beleg: {proof.title}"
    return Page(
        address, inputs, lambda: shell.fill(address, "beleg.html.j2", title, proof.values())
    )


@dataclass(slots=True)
class _Proof:
    site: Site
    topic: Topic
    key: Key
    touched: Mapping[str, list[dict[str, str]]]

    @property
    def figures(self) -> dict[tuple[str, str], list[Shown]]:
        return self.site.stock.proofs[self.key]

    @property
    def first(self) -> Shown:
        """The figure that the page is about before all others."""
        return self.versions[0]

    @property
    def versions(self) -> list[Shown]:
        wanted = self.topic.region, self.topic.gliederung
        return self.figures.get(wanted) or next(iter(self.figures.values()))

    @property
    def title(self) -> str:
        month = month_name(Month.parse(self.key[2]).first_day)
        return f"{self.site.label(self.topic)}, {month}"

    @property
    def mode(self) -> Mode:
        return mode_of(self.topic.source, self.site.stock.secretive)

    def events(self) -> list[dict[str, str]]:
        """Return decisions and corrections that touched the page's figures or their documents."""
        cells = {
            (v.sha256, v.sheet, v.cell) for versions in self.figures.values() for v in versions
        }
        documents = sorted({sha for sha, _, _ in cells})
        found = [event for sha in documents for event in self.touched.get(sha, [])]
        return [
            event
            for event in found
            if not event["cell"] or (event["sha256"], event["sheet"], event["cell"]) in cells
        ]

    def values(self) -> dict[str, Any]:
        page = addresses.proof_page(*self.key)
        lines = [self._line(versions, page) for versions in self._ordered()]
        excerpts = self._excerpts()
        document = self.site.documents.get(self.first.sha256, {})
        return {
            "heading": self.title,
            "topic": self.topic,
            "first": self.first,
            "printed": self.site.printed(self.versions, page),
            "kennzahl_page": addresses.relative(self.topic.page, page),
            "month_page": addresses.relative(addresses.month_page(self.key[2]), page)
            if self.key[2] in self.site.months
            else "",
            "source_page": addresses.relative(addresses.source_page(self.key[0]), page),
            "source": registry.load(self.key[0]),
            "document": _about(document, self.first),
            "lines": [line for line in lines if line.anchor != self.first.anchor],
            "own_anchor": self.first.anchor,
            "excerpts": excerpts,
            "missing": not excerpts,
            "history": [_version(v, n) for n, v in enumerate(reversed(self.versions), 1)][::-1],
            "events": self.events(),
            "mode": self.mode,
            "withheld": any(v.withheld for vs in self.figures.values() for v in vs),
        }

    def _ordered(self) -> list[list[Shown]]:
        """Return the page's figures: its region's first, then the others by name."""
        own, main = self.topic.region, self.topic.gliederung
        return sorted(
            self.figures.values(),
            key=lambda v: (
                (v[0].region, v[0].gliederung) != (own, main),
                v[0].region != own,
                v[0].region_name,
                v[0].gliederung,
            ),
        )

    def _line(self, versions: list[Shown], page: str) -> Line:
        now = versions[0]
        printed = replace(self.site.printed(versions, page), href=f"#{now.anchor}")
        note = "hier zurückgehalten" if now.withheld else ""
        place = f"{now.sheet}, {now.cell}" if now.sheet else now.cell
        return Line(name_of(now), printed, now.anchor, place, day(now.datenstand), note)

    def _excerpts(self) -> list[Excerpt]:
        """Cut out each sheet that current figures stand on; earlier versions of the first, too."""
        marks: dict[tuple[str, str], dict[str, list[str]]] = {}
        for versions in self._ordered():
            now = versions[0]
            marks.setdefault((now.sha256, now.sheet), {}).setdefault(now.cell, []).append(
                now.anchor
            )
        for number, old in enumerate(reversed(self.versions[1:]), 1):
            cells = marks.setdefault((old.sha256, old.sheet), {})
            cells.setdefault(old.cell, []).append(f"fassung-{number}")
        found = [self._excerpt(*key, cells) for key, cells in marks.items()]
        return [excerpt for excerpt in found if excerpt is not None]

    def _excerpt(self, sha: str, sheet: str, cells: Mapping[str, list[str]]) -> Excerpt | None:
        read = self.site.read(sha, sheet)
        if read is None:
            self.site.unproven.add(sha)
            return None
        may = self.site.stock.places.get((sha, sheet), {})
        some = dict(list(cells.items())[:MAX_MARKED_ROWS])
        source = self.key[0]
        codes = {region.partition(":")[2] for region, _ in self.figures}
        try:
            return cut(
                read, some, may, self.mode, lambda text: text in codes or is_declared(text, source)
            )
        except IndexError:
            self.site.unproven.add(sha)
            return None


def name_of(shown: Shown) -> str:
    """Say in words which figure of a kennzahl it is."""
    if shown.gliederung == "insgesamt":
        return shown.region_name
    return f"{shown.region_name}, {words.gliederung(shown.gliederung)}"


def mode_of(source: str, secretive: set[str]) -> Mode:
    """Tell how much of a source's sheets may be printed."""
    if source == registry.jobcenter_source() or not (registry.FOLDER / f"{source}.yaml").is_file():
        return "own"
    return "secretive" if source in secretive else "open"


@lru_cache(maxsize=65536)
def is_declared(text: str, source: str) -> bool:
    """Tell whether a declaration names a text: what is recognised, headers, rows, sections.

    Remembered, since the same labels and numbers stand on many sheets.
    """
    return any(matches(word, text) for word in _declared_words(source))


@lru_cache
def _declared_words(source: str) -> tuple[str, ...]:
    declared = registry.load(source)
    places = (*declared.recognise, *declared.berichtsmonat, *declared.datenstand)
    names = [word for where in places for word in (*where.text, where.label)]
    for table in declared.tables:
        names += [table.title, *table.period, *table.rows, *table.sections]
        names += [part for path in table.columns for part in path.split(" > ")]
        names += table.stub if isinstance(table.stub, dict) else []
    return tuple(dict.fromkeys(word for word in names if word and word != "*"))


def _version(shown: Shown, number: int) -> Version:
    return Version(
        number,
        shown.text,
        day(shown.datenstand),
        day(shown.known_to) if shown.known_to else "",
        shown.status,
        shown.file_name,
        shown.sheet,
        shown.cell,
        shown.sha256,
    )


def _about(document: Mapping[str, Any], shown: Shown) -> dict[str, str]:
    """Say what the document is; where a person's file lay is nobody's business."""
    origin = str(document.get("origin") or "")
    received = str(document.get("received_at") or "")
    at = datetime.fromisoformat(received).astimezone(BERLIN) if received else None
    return {
        "file_name": shown.file_name,
        "sha256": shown.sha256,
        "datenstand": day(shown.datenstand),
        "received": f"{at:%d.%m.%Y}" if at else "unbekannt",
        "origin": origin if origin.startswith("https://") else "",
    }


def _touched(site: Site) -> dict[str, list[dict[str, str]]]:
    """Return what decisions and corrections say, by document. Names of persons stay inside."""
    out: dict[str, list[dict[str, str]]] = {}
    decided = {str(d["id"]): d for d in site.decisions}
    for finding in site.findings:
        if finding["code"] == CORRECTED:
            _add(out, finding, f"Korrektur: statt {finding['found']}", _reason(finding))
        elif finding["code"] == DECIDED:
            for one in (d for name, d in decided.items() if name in str(finding["found"])):
                _add(out, finding, _said(one), str(one["reason"]))
    _first_needed(site, out)
    return out


def _first_needed(site: Site, out: dict[str, list[dict[str, str]]]) -> None:
    """Name a decision on the document that it was first needed for, once."""
    for one in site.decisions:
        event = {"document_sha256": one["document_sha256"], "sheet": "", "cell": ""}
        known = [e["what"] for e in out.get(str(one["document_sha256"]), [])]
        if _said(one) not in known:
            _add(out, event, _said(one), str(one["reason"]))


def _add(
    out: dict[str, list[dict[str, str]]], where: Mapping[str, Any], what: str, why: str
) -> None:
    sha = str(where["document_sha256"])
    place = {"sheet": str(where["sheet"]), "cell": str(where["cell"])}
    out.setdefault(sha, []).append({"sha256": sha, "what": what, "why": why} | place)


def _said(decision: Mapping[str, Any]) -> str:
    until = f", zurückgenommen am {day(decision['revoked_at'])}" if decision["revoked_at"] else ""
    answer = f"{decision['question']} → {decision['answer']}"
    return f"Entscheidung vom {day(decision['decided_at'])}{until}: {answer}"


def _reason(finding: Mapping[str, Any]) -> str:
    """Return the reason of the declared correction that a finding tells of."""
    if finding["source"] not in registry.names():
        return ""
    for correction in registry.load(str(finding["source"])).corrections:
        if correction.cell == finding["cell"]:
            return f"gilt {correction.value}. {correction.reason}"
    return ""


def _digests(site: Site) -> dict[str, str]:
    """Return a hash of the cells of each document that may be printed."""
    parts: dict[str, list[str]] = {}
    for (sha, sheet), cells in sorted(site.stock.places.items()):
        parts.setdefault(sha, []).append(f"{sheet}|{sorted(cells.items())}")
    return {sha: sha256("\n".join(lines).encode()).hexdigest() for sha, lines in parts.items()}
