"""A folder for any Jobcenter: its names from the register, the rest as in the shipped office."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from string import Template
from typing import NoReturn

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.offices import folder as offices
from kca_etl.tidy.regions import sharing
from schemas import regions
from schemas.codelists import LAENDER

TEMPLATE = Path(offices.__file__).parent / "new_office.yaml"
FIGURES = "# The overview in its order"  # here begins what every office has in common
MAX_NEAREST = 5
CITIES = ("Kreisfreie Stadt", "Stadtkreis")
# Declarations that name the office's Kreise, and how the publisher's address does.
OF_KREISE = {
    "ba_arbeitsmarktreport": "",
    "ba_eckwerte": "fetch: {{params: {{Kreis: {name}}}}}\n",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an office is: its Träger (empty if unknown), Kreise, and what it is called."""

    traeger: str
    kreise: tuple[str, ...]
    place: str  # e.g. Landkreis Kassel
    whole: bool  # whether its area is exactly its one Kreis

    @property
    def land(self) -> str:
        """The Land of its first Kreis."""
        return self.kreise[0][:2]

    @property
    def name(self) -> str:
        """The office's name."""
        return f"Jobcenter {self.place}"

    @property
    def region(self) -> str:
        """The region of its figures, as `system:code Name`."""
        if self.whole:
            return f"ags:{self.kreise[0]} {self.place}"
        return f"traeger:{self.traeger} {self.name}"

    @property
    def slug(self) -> str:
        """A short name for files and addresses."""
        return f"jobcenter-{self.traeger or self.kreise[0]}"

    @property
    def source(self) -> str:
        """The name of its own sheets' declaration."""
        return f"monatszahlen_{self.traeger or self.kreise[0]}"


def write(place: Path, traeger: str | None, kreise: tuple[str, ...]) -> list[Path]:
    """Write the folder of an office; return its files.

    Raises KcaError NO_JOBCENTER for a number or AGS that the register does not know, or too
    little to tell whose it is, FOREIGN_FOLDER for a folder that holds something.
    """
    who = identity(traeger, kreise)
    if place.exists() and (not place.is_dir() or any(place.iterdir())):
        what = f"{place} exists already; an office's folder is never overwritten"
        raise KcaError(Finding(Code.FOREIGN_FOLDER, what, expected="a new or empty folder"))
    (place / "sources").mkdir(parents=True, exist_ok=True)
    texts = {
        offices.OFFICE: _office(who),
        offices.KENNZAHLEN: (offices.SHIPPED / offices.KENNZAHLEN).read_text(encoding="utf-8"),
        f"sources/{who.source}.yaml": _own_sheets(who),
        **{f"sources/{name}.yaml": text for name, text in _additions(who).items()},
    }
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8")
    if who.land == offices.read(offices.SHIPPED).land:
        shutil.copyfile(offices.SHIPPED / offices.TILES, place / offices.TILES)
    return sorted(path for path in place.rglob("*") if path.is_file())


def identity(traeger: str | None, kreise: tuple[str, ...]) -> Identity:
    """Find an office in the register. Raises KcaError NO_JOBCENTER."""
    for ags in (ags for ags in kreise if ags not in regions.kreise()):
        named = {known: territories[-1].name for known, territories in regions.kreise().items()}
        _refuse(f"the register has no Kreis {ags!r}", ags, named)
    found = _serving(kreise) if traeger is None else _numbered(traeger)
    served = found.kreise or kreise
    if not served:
        what = f"the register does not know the Kreise of {found.name or 'this office'}"
        raise KcaError(Finding(Code.NO_JOBCENTER, what, expected="--ags, once for each Kreis"))
    whole = len(served) == 1 and (bool(found.kreise) or not found.traegernummer)
    place = _place(served[0]) if whole or not found.name else _bare(found.name)
    return Identity(found.traegernummer, served, place, whole)


def _serving(kreise: tuple[str, ...]) -> regions.Jobcenter:
    """Return the Jobcenter that serves some Kreise, one without a number if it is not known."""
    serving = [j for j in regions.jobcenter().values() if set(j.kreise) & set(kreise)]
    return serving[0] if len(serving) == 1 else regions.Jobcenter("", "", kreise)


def _numbered(traeger: str) -> regions.Jobcenter:
    known = regions.jobcenter()
    if traeger not in known:
        named = {number: jobcenter.name for number, jobcenter in known.items()}
        _refuse(f"the register has no Jobcenter with the Trägernummer {traeger!r}", traeger, named)
    return known[traeger]


def _refuse(what: str, given: str, known: dict[str, str]) -> NoReturn:
    """Refuse a number, with the nearest ones by number and by name."""
    named = {f"{number} {name}": number for number, name in known.items()}
    words = given.lower()
    near = [text for text in named if words and words in text.lower()]
    numbers = get_close_matches(given, list(known), MAX_NEAREST, 0.5)
    near += [text for text, number in named.items() if number in numbers and text not in near]
    expected = f"one of {'; '.join(near[:MAX_NEAREST])}" if near else "a number of the register"
    raise KcaError(Finding(Code.NO_JOBCENTER, what, expected=expected))


def _place(ags: str) -> str:
    """Name a Kreis as people do, `Fulda`; with its kind where two share a name, `Stadt Kassel`."""
    kreis = regions.kreise()[ags][-1]
    name = _bare(kreis.name)
    if not sharing(name):
        return name
    return f"{'Stadt' if kreis.art in CITIES else 'Landkreis'} {name}"


def _bare(name: str) -> str:
    return name.partition(",")[0].strip()


def _office(who: Identity) -> str:
    shipped = (offices.SHIPPED / offices.OFFICE).read_text(encoding="utf-8")
    ours = offices.read(offices.SHIPPED)
    added = _additions(who)
    common = [s for s in ours.follow if s != ours.source and (s in added or s not in OF_KREISE)]
    names = [_bare(regions.kreise()[ags][-1].name) for ags in who.kreise]
    words = sorted({rf"'{re.escape(name.lower())}\w*'" for name in names})
    head = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        name=who.name,
        publisher=f"{who.name}, {LAENDER[who.land]}",
        contact=_ascii(f"{who.name}, {LAENDER[who.land]}"),
        traeger=who.traeger,
        kreise=", ".join(f'"{ags}"' for ags in who.kreise),
        land=who.land,
        region=who.region,
        region_name=who.region.partition(" ")[2],
        source=who.source,
        follow=", ".join([who.source, *common]),
        slug=who.slug,
        words=", ".join(words),
        reconcile=_pairs(who) if "ba_eckwerte" in added and who.whole else "[]",
    )
    return head + shipped[shipped.index(FIGURES) :]


def _pairs(who: Identity) -> str:
    """Return the shipped office's pairs for this office's sheets and region."""
    import yaml

    ours = offices.read(offices.SHIPPED)
    pairs = [pair.model_dump() for pair in ours.reconcile]
    for pair in pairs:
        pair["region"] = who.region.partition(" ")[0]
        sides = [side for side in (pair["left"], pair["right"]) if side["source"] == ours.source]
        for side in sides:
            side["source"] = who.source
    dumped = yaml.safe_dump(pairs, allow_unicode=True, sort_keys=False)
    return "\n" + "".join(f"  {line}\n" for line in dumped.splitlines())


def _own_sheets(who: Identity) -> str:
    """Return the declaration of the shipped office's sheets for this office and its region."""
    ours = offices.read(offices.SHIPPED)
    path = offices.SHIPPED / "sources" / f"{ours.source}.yaml"
    new = {
        "source": who.source,
        "title": f'"Monatszahlen: {who.name}"',
        "publisher": who.name,
        "licence": f'"© {who.name}"',
    }
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        key = line.partition(":")[0]
        lines.append(f"{key}: {new[key]}" if key in new else line.replace(ours.region, who.region))
    return "\n".join(lines) + "\n"


def _additions(who: Identity) -> dict[str, str]:
    """Return what is added to shipped declarations that read documents of single Kreise.

    A Kreis whose bare name another one shares cannot be told by it, so it is left out.
    """
    names = {ags: regions.kreise()[ags][-1].name for ags in who.kreise}
    clear = {name: ags for ags, name in names.items() if not sharing(name)}
    if not clear:
        return {}
    listed = ", ".join(f'"{name}": "ags:{ags}"' for name, ags in clear.items())
    one = next(iter(clear)) if len(clear) == 1 else ""
    return {
        source: f"extends: {source}\nregions: {{{listed}}}\n"
        + (fetch.format(name=f'"{one}"') if one else "")
        for source, fetch in OF_KREISE.items()
    }


def _ascii(text: str) -> str:
    letters = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
    return text.replace("ß", "ss").translate(letters).encode("ascii", "replace").decode()
