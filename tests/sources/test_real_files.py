"""Every real file loads by its declaration.

All its value cells are accounted for by an independent reading.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kca_etl import pipeline
from kca_etl.extract.recognise import read_tables
from kca_etl.german.numbers import is_value
from kca_etl.model.document import Document
from kca_etl.sources import registry
from tests.sources.test_office_sheets import read

# file → source, Berichtsmonat, Datenstand (month), facts
FILES = {
    "ba-interaktiv/arbeitslose_nach_altersgruppe_2015.csv": (
        "ba_interaktiv",
        "2015-12",
        "2025-04",
        8,
    ),
    "ba-interaktiv/arbeitslose_nach_altersgruppe_2024.csv": (
        "ba_interaktiv",
        "2024-12",
        "2025-04",
        8,
    ),
    "ba-kurzarbeit/kurzarbeit-d-0-200912-xls.xls": ("ba_kurzarbeit", "2009-12", "2009-12", None),
    "ba-kurzarbeit/kurzarbeit-d-0-201304-xls.xls": ("ba_kurzarbeit", "2013-04", "2013-05", None),
    "ba-kurzarbeit/kurzarbeit-d-0-202004-xlsx.xlsx": ("ba_kurzarbeit", "2020-04", "2020-04", None),
    "destatis/04-kreise.xlsx": ("destatis_kreise", "2023-12", "2024-12", 400 * 5),
    "dresden/arbeitslose_2012-2017_4_quartal.csv": ("dresden", "2017-12", "2017-12", 66 * 15),
    "inkar/arbeitslosenquote.xls": ("inkar", "2017-12", "2017-12", 401 * 20),
    "it-nrw-koeln/13211-03ir_expected.csv": ("itnrw_koeln_csv", "2014-06", "2014-06", 174 * 3),
    "it-nrw-koeln/13211-03ir_stand-2014-07.xls": ("itnrw_koeln", "2014-06", "2014-07", 15 * 36),
    "kiel/kiel_arbeitslose.xlsx": ("kiel", "2020-12", "2020-12", 31),
    "leipzig/arbeitslose_ortsteile_2000-2022.csv": ("leipzig", "2022-12", "2022-12", None),
    "regionalstatistik/13211-02-05-4_2015-2020.csv": ("genesis_13211", "2020-12", "2021-08", None),
    "regionalstatistik/13211-02-05-4_2025.csv": ("genesis_13211", "2025-12", "2026-02", None),
}


# Short-time work of March 2020, Leipzig's zeros of 2000, Kiel without 1993: published so.
UNUSUAL = {"ODD_FIGURE", "MISSING_FIGURES"}


@pytest.mark.parametrize("name", FILES)
def test_source_month_and_datenstand_are_recognised(real: Path, name: str) -> None:
    source, month, datenstand, facts = FILES[name]
    reading = read(real / name)
    assert {f.code for f in reading.findings} <= UNUSUAL, reading.findings[:5]
    assert reading.source is not None
    assert reading.month is not None
    assert (
        reading.source.source,
        f"{reading.month // 12}-{reading.month % 12 + 1:02}",
        f"{reading.datenstand:%Y-%m}",
    ) == (
        source,
        month,
        datenstand,
    )
    assert reading.observations is not None
    if facts is not None:
        assert len(reading.observations) == facts


@pytest.mark.parametrize("name", FILES)
def test_no_figure_is_left_unread(real: Path, name: str) -> None:
    """Count numbers and signs right of labels and below headers, whatever the declaration says."""
    received = pipeline.open_document(Document("0" * 64, name, 0), real / name)
    assert received.book is not None
    source = registry.load(FILES[name][0])
    tables, findings = read_tables(received.book, source)
    assert findings == []
    assert tables
    for raw in tables:
        labels = {c for _, c in raw.stub}
        taken = {(r, c.col) for r in raw.rows for c in raw.columns}
        everywhere = {
            (r, c)
            for r in range(min(raw.rows), max(raw.rows) + 1)
            for c in range(raw.grid.width)
            if c not in labels and is_value(raw.grid.rows[r][c], frozenset(source.zeichen))
        }
        stray = everywhere - taken
        ignored = {row for row, _ in stray if row not in raw.rows}
        assert all(_is_ignored(raw, row) for row in ignored), (raw.spec.id, sorted(stray)[:5])
        assert {c for r, c in stray if r in raw.rows} <= _headerless(raw), (
            raw.spec.id,
            sorted(stray)[:5],
        )


def _is_ignored(raw: object, row: int) -> bool:
    from kca_etl.cells import RawTable, empty
    from kca_etl.german.text import matches, show

    assert isinstance(raw, RawTable)
    texts = [show(raw.grid.rows[row][c]) for _, c in raw.stub if not empty(raw.grid.rows[row][c])]
    return any(matches(p, t) for p in raw.spec.ignore_rows if p for t in texts) or (
        not texts and "" in raw.spec.ignore_rows
    )


def _headerless(raw: object) -> set[int]:
    from kca_etl.cells import RawTable, empty

    assert isinstance(raw, RawTable)
    top, first = raw.top, min(raw.rows)
    return (
        {
            c
            for c in range(raw.grid.width)
            if all(empty(raw.grid.rows[r][c]) for r in range(top, first - 2))
        }
        if "" in raw.spec.columns
        else set()
    )


def test_koeln_equals_the_publishers_own_tidy_form(real: Path) -> None:
    reading = read(real / "it-nrw-koeln" / "13211-03ir_stand-2014-07.xls")
    o = reading.observations
    assert o is not None
    found = {
        (f"{m // 12}-{m % 12 + 1:02}", o.series_list[s].gliederung): v
        for m, s, v in zip(o.month.tolist(), o.series.tolist(), o.value.tolist(), strict=True)
        if v == v
    }
    names = {
        "gesamt": "insgesamt",
        "maennlich": "geschlecht=maenner",
        "weiblich": "geschlecht=frauen",
    }
    with (real / "it-nrw-koeln" / "13211-03ir_expected.csv").open(encoding="utf-8") as file:
        expected = {
            (row["datum"][:7], names[key]): float(row[key])
            for row in csv.DictReader(file)
            for key in names
            if row[key]
        }
    assert found == expected


def test_declarations_are_short_and_need_no_code() -> None:
    lengths = sorted(
        len(path.read_text(encoding="utf-8").splitlines())
        for path in registry.FOLDER.glob("*.yaml")
    )
    assert lengths[len(lengths) // 2] <= 60
    assert not list(registry.FOLDER.glob("hook*"))
