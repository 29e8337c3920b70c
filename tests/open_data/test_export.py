"""`kca export`.

The same figures in CSV, Parquet and warehouse, described for machines and people, nothing secret
among them.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import frictionless
import polars as pl
import pytest
from sqlalchemy import Engine

from kca_etl.model.catalogue import catalogue
from kca_etl.model.findings import KcaError
from kca_etl.model.month import Month
from kca_etl.open_data import protect
from kca_etl.open_data.columns import TABLES
from kca_etl.open_data.export import Exported, Wanted, export
from kca_etl.runs import record as runs
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.views import frames, queries
from tests.runs.world import kca
from tests.warehouse.synthetic import JANUARY, Fact, load


@pytest.fixture
def loaded(engine: Engine, settings: Settings) -> Engine:
    """The bundled samples in the warehouse."""
    for _ in runs.load_all(write_samples(settings.home / "samples"), engine, settings):
        pass
    return engine


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder that holds nothing yet."""
    return tmp_path / "out"


def table(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{name}.parquet")


def cells(folder: Path, name: str = "figures") -> list[tuple[Any, ...]]:
    frame = table(folder, name).select(
        "region_code", "gliederung", "value", "zeichen", "withheld", "known_from", "known_to"
    )
    return frame.rows()


def test_csv_and_parquet_hold_the_views_rows(loaded: Engine, tmp_path: Path) -> None:
    done = export(loaded, tmp_path / "out", Wanted())
    for name, history in (("figures", False), ("figures_history", True)):
        expected = queries.figures(loaded, history=history)
        frame = table(tmp_path / "out", name)
        assert frame.columns == [*queries.COLUMNS, "withheld"]
        assert len(frame) == done.counts[name] == len(expected)
        for column in queries.COLUMNS:
            given = (
                frame[column].cast(pl.String) if frame[column].dtype == pl.Date else frame[column]
            )
            assert given.to_list() == [
                None if v != v else v for v in expected[column].tolist()
            ]  # NaN is no number
        read = pl.read_csv(tmp_path / "out" / f"{name}.csv", schema=frame.schema)
        assert read.equals(frame)
    assert not done.findings
    assert {p.name for p in done.paths} == {
        f"{t}.{form}" for t in TABLES for form in ("csv", "parquet")
    } | {
        "README.md",
        "datapackage.json",
        "dcat.jsonld",
        "figures.sdmx.csv",
        "structure.sdmx.xml",
    }
    assert {p.name for p in (tmp_path / "out").iterdir()} == {p.name for p in done.paths}


def test_valid_by_frictionless(loaded: Engine, out: Path) -> None:
    export(loaded, out, Wanted())
    report = frictionless.validate(str(out / "datapackage.json"))
    assert report.valid, report.flatten(["name", "message"])
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    fields = {
        f["name"]: f
        for r in package["resources"]
        if r["name"] == "figures"
        for f in r["schema"]["fields"]
    }
    assert [*fields] == [*queries.COLUMNS, "withheld"]
    assert all(
        f["type"] and f["description"]
        for r in package["resources"]
        if "schema" in r
        for f in r["schema"]["fields"]
    )
    (out / "figures.csv").write_text(
        (out / "figures.csv").read_text().replace("2020-11-01", "2020-11-31", 1)
    )
    assert not frictionless.validate(str(out / "datapackage.json")).valid


def test_same_warehouse_same_bytes(loaded: Engine, tmp_path: Path) -> None:
    first, again = (export(loaded, tmp_path / name, Wanted()).paths for name in ("a", "b"))
    assert [p.name for p in first] == [p.name for p in again]
    assert all(one.read_bytes() == two.read_bytes() for one, two in zip(first, again, strict=True))
    export(loaded, tmp_path / "a", Wanted())  # over what is there
    assert all(one.read_bytes() == two.read_bytes() for one, two in zip(first, again, strict=True))


def test_no_path_of_this_machine_leaves_it(
    loaded: Engine, tmp_path: Path, settings: Settings
) -> None:
    for path in export(loaded, tmp_path / "out", Wanted()).paths:
        assert str(settings.home).encode() not in path.read_bytes(), path.name


def test_licence_attribution_and_stable_names(loaded: Engine, out: Path) -> None:
    export(loaded, out, Wanted())
    (quelle,) = table(out, "quellen").to_dicts()
    assert (quelle["source"], quelle["last_month"]) == ("kca_monatszahlen", date(2020, 11, 1))
    assert quelle["attribution"].startswith(
        "Kommunales Center für Arbeit, Main-Kinzig-Kreis: Monatszahlen"
    )
    record = json.loads((out / "dcat.jsonld").read_text(encoding="utf-8"))
    (dataset,) = record["dcat:dataset"]
    assert dataset["dct:identifier"] == "kca-kca_monatszahlen"
    assert dataset["@id"] == "urn:uuid:26441f3a-21c3-5bf2-88bd-4ebb5399a1cc"  # for good
    for distribution in dataset["dcat:distribution"]:
        assert distribution["dct:license"]["@id"] == quelle["licence_uri"]
        assert (out / distribution["dcat:accessURL"]["@id"]).stat().st_size == int(
            distribution["dcat:byteSize"]["@value"]
        )
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert quelle["attribution"] in readme
    assert "`zeichen`" in readme


def test_chosen_months_source_and_day(engine: Engine, tmp_path: Path) -> None:
    load(engine, "eins", "2020-02-01", [Fact(1.0), Fact(2.0, month=JANUARY + 1)])
    load(engine, "zwei", "2020-05-01", [Fact(9.0)])
    load(engine, "drei", "2020-05-01", [Fact(5.0)], source="andere")
    export(engine, tmp_path / "a", Wanted(source="probe", month_to=Month.of(2020, 1)))
    assert [c[2] for c in cells(tmp_path / "a")] == [9.0]
    assert [(c[2], c[6]) for c in cells(tmp_path / "a", "figures_history")] == [
        (1.0, date(2020, 5, 1)),
        (9.0, None),
    ]
    export(engine, tmp_path / "b", Wanted(source="probe", month_from=Month.of(2020, 2)))
    assert [c[2] for c in cells(tmp_path / "b")] == [2.0]
    export(engine, tmp_path / "c", Wanted(as_of="2020-03-01"))
    assert [(c[2], c[6]) for c in cells(tmp_path / "c")] == [
        (1.0, None),
        (2.0, None),
    ]  # what came later is not known that day
    assert cells(tmp_path / "c") == cells(tmp_path / "c", "figures_history")
    assert table(tmp_path / "c", "documents")["file_name"].to_list() == ["eins.xlsx"]
    with pytest.raises(KcaError, match="NOTHING_TO_EXPORT"):
        export(engine, tmp_path / "d", Wanted(as_of="2019-01-01"))
    assert not (tmp_path / "d").exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "Unsere eigene"),
        ("datapackage.json", "[]"),
        ("datapackage.json", '{"id": "x"}'),
    ],
)
def test_what_is_not_ours_is_not_overwritten(
    loaded: Engine, tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / "eigenes").mkdir()
    (tmp_path / "eigenes" / name).write_text(text)
    with pytest.raises(KcaError, match="FOREIGN_FOLDER"):
        export(loaded, tmp_path / "eigenes", Wanted())
    assert [(p.name, p.read_text()) for p in (tmp_path / "eigenes").iterdir()] == [(name, text)]


LAND = [
    Fact(10.0, code="06"),
    Fact("*", code="06435"),
    Fact(4.0, code="06436"),
    Fact(5.0, code="06437"),
]


def shown(done: Exported, folder: Path, name: str = "figures") -> list[tuple[Any, ...]]:
    assert sorted(p.name for p in done.paths if p.stem == name) == [
        f"{name}.csv",
        f"{name}.parquet",
    ]
    assert "10.0" in (folder / "figures.csv").read_text()
    return [(c[0], c[2], c[3], c[4]) for c in cells(folder, name)]


def test_a_secret_does_not_follow_from_its_sum(engine: Engine, out: Path) -> None:
    load(engine, "land", "2020-02-01", LAND)
    done = export(engine, out, Wanted())
    expected = [
        ("06", 10.0, None, False),
        ("06435", None, "*", False),
        ("06436", None, "*", True),
        ("06437", 5.0, None, False),
    ]
    assert shown(done, out) == shown(done, out, "figures_history") == expected
    (finding,) = done.findings
    assert (finding.code, str(catalogue()[finding.code].verdict)) == ("SECRET_FOLLOWS", "warn")
    assert "4.0" not in (out / "figures_history.csv").read_text().replace("06436", "")
    assert queries.figures(engine, region="06436")["value"].tolist() == [
        4.0
    ]  # the warehouse keeps it


def test_what_became_secret_later_is_withheld_in_the_past_too(engine: Engine, out: Path) -> None:
    load(
        engine,
        "offen",
        "2020-02-01",
        [Fact(10.0, code="06"), Fact(1.0), Fact(4.0, code="06436"), Fact(5.0, code="06437")],
    )
    load(engine, "geheim", "2020-03-01", [Fact("*")])
    done = export(engine, out, Wanted())
    history = [(c[0], c[2], c[3], c[4], c[6] is None) for c in cells(out, "figures_history")]
    assert history == [
        ("06", 10.0, None, False, True),
        ("06435", None, "*", True, False),
        ("06435", None, "*", False, True),
        ("06436", None, "*", True, True),
        ("06437", 5.0, None, False, True),
    ]
    past = export(engine, out / "then", Wanted(as_of="2020-02-15"))
    assert [c[2] for c in cells(out / "then")] == [10.0, None, None, 5.0]
    assert len(done.findings) == len(past.findings) == 1


def test_the_command(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "offen"
    assert "[NOTHING_TO_EXPORT]" in kca(home, "export", folder, code=2)
    kca(home, "run", "kca_monatszahlen", *write_samples(tmp_path / "samples"))
    assert "figures_history" in kca(home, "export", folder)
    (row,) = json.loads(
        kca(
            home,
            "export",
            folder,
            "--source",
            "kca_monatszahlen",
            "--from-month",
            "2020-11",
            "--to-month",
            "2020-11",
            "--json",
        )
    )
    assert row["rows"]["figures"] == 6
    assert [f["code"] for f in row["findings"]] == ["NO_CONTRIBUTOR"]
    assert "[NO_SOURCE]" in kca(home, "export", folder, "--source", "keine", code=2)
    assert "[BAD_DAY]" in kca(home, "export", folder, "--as-of", "morgen", code=2)


def in_portions(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Let an export hold no more than some versions, and one month, at a time."""
    monkeypatch.setattr(frames, "stream", partial(frames.stream, size=size))
    monkeypatch.setattr(protect, "MAX_CELLS", 1)


def test_the_same_bytes_whatever_is_in_memory_at_a_time(
    loaded: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n, month in enumerate((JANUARY, JANUARY + 1, JANUARY + 2)):
        load(loaded, f"land {n}", "2020-05-01", [replace(f, month=month) for f in LAND])
    load(loaded, "anders", "2020-06-01", [Fact("*", code="06437"), Fact(3.0, code="06436")])
    whole = export(loaded, tmp_path / "a", Wanted())
    in_portions(monkeypatch, 1)
    pieces = export(loaded, tmp_path / "b", Wanted())
    assert [p.name for p in whole.paths] == [p.name for p in pieces.paths]
    for one, two in zip(whole.paths, pieces.paths, strict=True):
        assert one.read_bytes() == two.read_bytes(), one.name
    assert whole.findings == pieces.findings
    assert whole.counts == pieces.counts


@pytest.mark.parametrize("size", [1, 100])
def test_what_adds_up_is_told_by_all_months(
    engine: Engine, out: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    """January has no complete sum; February's, which is another portion, says that none holds."""
    february = [replace(f, month=JANUARY + 1) for f in LAND if f.code != "06435"]
    february += [Fact(900.0, month=JANUARY + 1), Fact("*", "geld", JANUARY + 1)]
    load(engine, "januar", "2020-03-01", LAND)
    load(engine, "februar", "2020-03-02", february)
    in_portions(monkeypatch, size)
    assert export(engine, out, Wanted()).findings == []
