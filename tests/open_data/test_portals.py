"""What other programs read of the open data: portals (DCAT-AP.de) and statisticians (SDMX).

The libraries that validate are in the lock; where they are not installed, the rules that stand
here alone must do.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import Engine

from kca_etl.offices import folder as offices
from kca_etl.offices.spec import Office
from kca_etl.open_data import sdmx
from kca_etl.open_data.export import Wanted, export, lacking
from tests.warehouse.synthetic import Fact, load

SHAPES = Path(__file__).with_name("dcat_ap_de.ttl")
CONTRIBUTOR = "http://dcat-ap.de/def/contributors/probe"
# Deprecated in DCAT-AP.de 3.0, or by DCAT-AP 2 and 3.
DEPRECATED = (
    "dcatde:politicalGeocodingURI",
    "dcatde:geocodingDescription",
    "dcatde:legalBasis",
    "dcatde:qualityProcessURI",
    "dcatde:originator",
    "dcatde:maintainer",
    "dct:hasVersion",
    "dct:isVersionOf",
    "owl:versionInfo",
    "schema:startDate",
    "schema:endDate",
    "def/hashAlgorithms/",
    "purl.org/adms/status",
)


@pytest.fixture
def contributing(monkeypatch: pytest.MonkeyPatch) -> Office:
    """Let the office be one that GovData knows."""
    office = offices.current()
    known = office.open_data.model_copy(update={"contributor_id": CONTRIBUTOR})
    changed = office.model_copy(update={"open_data": known})
    monkeypatch.setattr(offices, "current", lambda: changed)
    return changed


@pytest.fixture
def out(engine: Engine, tmp_path: Path) -> Path:
    """An export with a number, every sign, and a number that is withheld."""
    signs = ("*", ".", "-", "x", "...")
    facts = [Fact(7.0), Fact(9.5, gliederung='alter="u25", x', row=1)]
    facts += [Fact(sign, gliederung=f"art={n}", row=n + 2) for n, sign in enumerate(signs)]
    load(engine, "eins", "2020-02-01", facts)
    export(engine, tmp_path / "out", Wanted())
    return tmp_path / "out"


def record(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "dcat.jsonld").read_text("utf-8"))
    return found


@pytest.mark.usefixtures("contributing")
def test_the_record_keeps_what_govdata_demands(out: Path) -> None:
    (dataset,) = record(out)["dcat:dataset"]
    assert dataset["dcatde:contributorID"] == {"@id": CONTRIBUTOR}
    assert dataset["dct:publisher"]["@type"] == "foaf:Agent"
    assert dataset["dct:spatial"]["@id"].startswith("http://dcat-ap.de/def/politicalGeocoding/")
    assert all(dataset[f"dct:{key}"] for key in ("title", "description", "identifier"))
    for one in dataset["dcat:distribution"]:
        assert one["dct:license"]["@id"].startswith("http://dcat-ap.de/def/licenses/")
        assert one["dcat:byteSize"]["@type"] == "xsd:nonNegativeInteger"
        assert one["spdx:checksum"]["spdx:checksumValue"]["@type"] == "xsd:hexBinary"


@pytest.mark.usefixtures("contributing")
def test_no_deprecated_term_is_used(out: Path) -> None:
    text = (out / "dcat.jsonld").read_text("utf-8")
    assert [term for term in DEPRECATED if term in text] == []


def validated(folder: Path) -> tuple[bool, str]:
    """Hold a record against the shapes; return the verdict and its words."""
    rdflib = pytest.importorskip("rdflib", reason="rdflib is not installed; it is in the lock")
    pyshacl = pytest.importorskip("pyshacl", reason="pyshacl is not installed; it is in the lock")
    text = (folder / "dcat.jsonld").read_text("utf-8")
    graph = rdflib.Graph().parse(data=text, format="json-ld", base="https://stelle.example/")
    fits, _, words = pyshacl.validate(graph, shacl_graph=str(SHAPES), advanced=False)
    return bool(fits), str(words)


@pytest.mark.usefixtures("contributing")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_record_fits_the_shapes(out: Path) -> None:
    assert validated(out)[0], validated(out)[1]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_shapes_see_what_is_missing(out: Path) -> None:
    fits, words = validated(out)
    assert not fits
    assert "contributorID" in words


def test_a_missing_contributor_is_said(out: Path) -> None:
    assert "dcatde:contributorID" not in (out / "dcat.jsonld").read_text("utf-8")
    (finding,) = lacking()
    assert "contributor_id" in finding.expected


@pytest.mark.usefixtures("contributing")
def test_a_known_contributor_is_no_finding() -> None:
    assert lacking() == []


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / sdmx.DATA).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_signs_become_codes_of_the_common_lists(out: Path) -> None:
    found = {r["ZEICHEN"]: r for r in rows(out)}
    codes = {sign: (r["OBS_STATUS"], r["CONF_STATUS"]) for sign, r in found.items()}
    assert codes == {
        "": ("A", "F"),
        "*": ("Q", "C"),
        ".": ("O", "F"),
        "-": ("O", "F"),
        "x": ("M", "F"),
        "...": ("O", "F"),
    }
    assert all((r["OBS_VALUE"] == "") == (r["ZEICHEN"] != "") for r in rows(out))
    assert {r["OBS_STATUS"] for r in rows(out)} <= sdmx.OBS_STATUS.keys()
    assert {r["CONF_STATUS"] for r in rows(out)} <= sdmx.CONF_STATUS.keys()


def test_status_and_withheld_numbers_become_codes() -> None:
    import polars as pl

    given = {
        "source": ["s"] * 4,
        "kennzahl": ["k"] * 4,
        "gliederung": ["insgesamt"] * 4,
        "region_system": ["ags"] * 4,
        "region_code": ["06435"] * 4,
        "unit": ["Personen"] * 4,
        "value": [1.0, 2.0, 3.0, None],
        "zeichen": [None, None, None, "*"],
        "status": ["vorlaeufig", "hochgerechnet", "endgueltig", "endgueltig"],
        "withheld": [False, False, False, True],
    }
    frame = pl.DataFrame(given).with_columns(
        berichtsmonat=pl.date(2020, 11, 1), datenstand=pl.date(2020, 12, 1)
    )
    made = sdmx.observations(frame, "x:FIGURES(1.0.0)")
    assert made["OBS_STATUS"].to_list() == ["P", "E", "A", "Q"]
    assert made["CONF_STATUS"].to_list() == ["F", "F", "F", "D"]
    assert made["TIME_PERIOD"].to_list() == ["2020-11"] * 4


def test_the_structure_names_every_column_and_every_code(out: Path) -> None:
    text = (out / sdmx.STRUCTURE).read_text("utf-8")
    tree = ET.fromstring(text)  # noqa: S314 - our own file
    kinds = ("Dimension", "TimeDimension", "Attribute", "Measure")
    named = [e.get("id") for kind in kinds for e in tree.iter(f"{{{sdmx._ROOT}/structure}}{kind}")]
    columns = [*rows(out)[0]]
    assert columns[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert sorted(map(str, named)) == sorted(columns[3:])
    concepts = {e.get("id") for e in tree.iter(f"{{{sdmx._ROOT}/structure}}Concept")}
    assert set(re.findall(r"CONCEPTS\(1\.0\.0\)\.(\w+)<", text)) == concepts == set(named)


@pytest.mark.filterwarnings(  # the library leaves its files to the collector
    "ignore::DeprecationWarning",
    "ignore::ResourceWarning",
    "ignore::pytest.PytestUnraisableExceptionWarning",
)
def test_sdmx1_reads_what_was_written(out: Path) -> None:
    library = pytest.importorskip("sdmx", reason="sdmx1 is not installed; it is in the lock")
    flow = library.read_sdmx(out / sdmx.STRUCTURE).dataflow[sdmx.FLOW]
    message = library.read_sdmx(out / sdmx.DATA, structure=flow)
    (data,) = message.data
    read = [
        {
            **{key: str(held.value) for key, held in one.dimension.values.items()},
            **{key: str(held.value) for key, held in one.attached_attribute.items()},
            "OBS_VALUE": str(one.value),
        }
        for one in data.obs
    ]
    assert read == [{k: v for k, v in r.items() if k not in HEAD} for r in rows(out)]


HEAD = ("STRUCTURE", "STRUCTURE_ID", "ACTION")
