"""All versions of the figures to publish, on disk in portions of which one is in memory at a time.

They are read from the warehouse once, as of one moment, and looked through several times: what
hides a secret is decided with all months at hand.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from kca_etl.open_data.protect import Look, Mask, Rules, look, rules_of
from kca_etl.warehouse.views.frames import Versions


@dataclass(slots=True)
class _Tally:
    """Of one source: how many figures are shown, and the ids that stand in them."""

    figures: int = 0
    months: set[int] = field(default_factory=set)
    blocks: set[int] = field(default_factory=set)


class Portions:
    """Versions in portions; iterate for (source, versions, what they say by themselves)."""

    def __init__(self, folder: Path, parts: Iterable[Versions], as_of: str | None) -> None:
        folder.mkdir()
        self._folder, self._as_of = folder, as_of
        self._sources: list[str] = []
        self._texts = Versions({}, {}).texts
        self._tallies: dict[str, _Tally] = {}
        self._used: dict[str, set[int]] = {"series": set(), "block": set(), "month": set()}
        for every in parts:
            self._take(every)

    def __iter__(self) -> Iterator[tuple[str, Versions, Look]]:
        for number, source in enumerate(self._sources):
            with np.load(self._folder / f"{number}.npz") as kept:
                every = Versions({name: kept[name] for name in kept.files}, self._texts)
            yield source, every, look(every, self._as_of)

    def rules(self, additive: set[str]) -> dict[str, Rules]:
        """Return how the figures of each source hang together."""
        found = {source: rules_of(source) for source in dict.fromkeys(self._sources)}
        for source, every, seen in self:
            found[source].meet(every, seen)
        for one in found.values():
            one.relate(Versions({}, self._texts), additive)
        for source, every, seen in self:
            found[source].learn(every, seen)
        return found

    def sources(self) -> Iterator[tuple[str, list[str], list[str], int]]:
        """Yield each source with the months and days of its figures, and their number."""
        months, days = self._texts["month"]["berichtsmonat"], self._texts["block"]["datenstand"]
        for source, tally in self._tallies.items():
            inside = [str(months[n]) for n in tally.months]
            stated = [str(days[n]) for n in tally.blocks]
            yield source, inside, stated, tally.figures

    def used(self, name: str) -> set[str]:
        """Return the texts of a column that stand in the versions known on the day."""
        owner = next(d for d in self._used if name in self._texts[d])
        return {str(self._texts[owner][name][n]) for n in self._used[owner]}

    def discard(self) -> None:
        """Remove the portions."""
        shutil.rmtree(self._folder)

    def _take(self, every: Versions) -> None:
        """Put a portion down, and note what the whole is asked for later."""
        np.savez(self._folder / f"{len(self._sources)}.npz", **every.ids)  # type: ignore[arg-type]  # its own flags are of another type
        self._texts = every.texts
        source = str(every.texts["series"]["source"][every.ids["series"][0]])
        self._sources.append(source)
        seen, known = look(every, self._as_of), until(every, self._as_of)
        for name, ids in self._used.items():
            ids.update(np.unique(every.ids[name][known]).tolist())
        if seen.shown.any():
            tally = self._tallies.setdefault(source, _Tally())
            tally.figures += int(seen.shown.sum())
            tally.months.update(np.unique(every.ids["month"][seen.shown]).tolist())
            tally.blocks.update(np.unique(every.ids["block"][seen.shown]).tolist())


def until(every: Versions, as_of: str | None) -> Mask:
    """Choose the versions known on a day."""
    texts, codes = every.column("known_from")
    return np.array(
        [day is not None and (as_of is None or day <= as_of) for day in texts.tolist()], bool
    )[codes]
