"""Which region a text speaks of: the report's own, another one, or none that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kca_etl.textcheck.spans import between
from kca_etl.textcheck.vocabulary import Mention, longest, mentions, pattern, vocabulary

_KIND = re.compile(
    (
        r"^(?:landkreis|kreis|stadt|jobcenter|jc|regionalverband|lk|sk)\s+|[,(].*$"
        r"|\s+(?:landkreis|kreis|stadt)$"
    ),
    re.IGNORECASE,
)
_OFFICE = (
    r"(?:[Kk]reis(?:es)?|[Ll]andkreis(?:es)?|(?:[Kk]reis|Kommunale[sn]? )?[Jj]ob[Cc]enters?|Stadt)"
)
OWN_REGION = "eigen"
_SHORT = 3  # letters; such names are words of their own


@dataclass(frozen=True, slots=True)
class Regions:
    """The regions that a text names, in its order; `foreign` if it is all about another one."""

    named: tuple[Mention, ...]
    foreign: bool

    def within(self, start: int, end: int) -> list[Mention]:
        """Return the regions named in a piece of the text."""
        return between(self.named, start, end)


def core(name: str) -> str:
    """Return a region's name as texts use it.

    `Fulda` for `Landkreis Fulda`, `Saale` for `Saale-Kreis`.
    """
    return re.sub(r"-?kreis$", "", _KIND.sub("", name.strip()), flags=re.IGNORECASE).strip()


def regions(
    text: str, region: str, own_names: Iterable[str], other_names: Iterable[str]
) -> Regions:
    """Find the regions that a text names.

    `own_names` and `other_names` are names in the warehouse.
    """
    own = [pattern(word) for word in vocabulary()["gebiet_eigen"].get(region, [])]
    mine = {core(name) for name in own_names if core(name)}
    own += [pattern(rf"{re.escape(name)}\w*(?:-kreis\w*)?") for name in mine]
    found = [
        Mention(h.start(), h.end(), OWN_REGION, "gebiet")
        for word in own
        for h in word.finditer(text)
    ]
    found += [m for m in mentions(text, "gebiet_fremd") if not _about(text[m.start : m.end], own)]
    found += [m for m in _places(text, other_names) if not _about(text[m.start : m.end], own)]
    named = longest(found)
    return Regions(tuple(named), _foreign(named))


def _about(name: str, own: list[re.Pattern[str]]) -> bool:
    return any(word.search(name) for word in own)


def _foreign(named: list[Mention]) -> bool:
    """One bare name may be anything; one with its kind, or two names, say of whom the text is."""
    if any(m.name == OWN_REGION for m in named):
        return False
    return any(m.name == "kreis" for m in named) or sum(m.name == "ort" for m in named) > 1


def _places(text: str, more: Iterable[str]) -> list[Mention]:
    names = tuple(sorted({core(name) for name in more if len(core(name)) > _SHORT}))
    return [
        Mention(hit.start(), hit.end(), "kreis" if hit["kind"] or hit["named"] else "ort", "gebiet")
        for hit in _gazetteer(names).finditer(text)
    ]


@cache
def _gazetteer(more: tuple[str, ...]) -> re.Pattern[str]:
    lines = (Path(__file__).parent / "places.txt").read_text(encoding="utf-8").splitlines()
    listed = {line for line in lines if line and not line.startswith("#")}
    free = {name for name in listed if name[0] != "("} | set(more)
    bound = {name.strip("()") for name in listed if name[0] == "("}
    plain, after = (
        "|".join(map(re.escape, sorted(names, key=len, reverse=True))) for names in (free, bound)
    )
    office = rf"{_OFFICE} (?:der |des )?(?:(?:Stadt|Landkreis(?:es)?|Kreis(?:es)?) )?"
    return re.compile(
        rf"(?<!\w)(?:(?P<kind>{office})?(?:{plain})|(?:[Ii]n|(?P<named>{_OFFICE})) (?:{after}))"
        r"(?:-?[Kk]reis(?:es)?|s|er)?(?!\w)"
    )
