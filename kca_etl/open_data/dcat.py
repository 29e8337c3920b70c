"""The metadata record for open data portals.

DCAT-AP.de as JSON-LD, one dataset for each source since each has its own licence.
"""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from kca_etl.offices import folder as offices
from kca_etl.open_data import sdmx
from kca_etl.open_data.describe import identifier

EU = "http://publications.europa.eu/resource/authority"
DE = "http://dcat-ap.de/def"
DL_BY = f"{DE}/licenses/dl-by-de/2.0"
OTHER = f"{DE}/licenses/other-closed"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "dcatde": f"{DE}/dcatde/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def licence_uri(licence: str) -> str:
    """Return the licence's name in DCAT-AP.de; publishers' own terms are none of the open ones."""
    return DL_BY if licence.startswith("Datenlizenz Deutschland – Namensnennung") else OTHER


def record(quellen: list[dict[str, Any]], package: dict[str, Any]) -> dict[str, Any]:
    """Describe the figures of each source; addresses are relative to where the record lies."""
    figures = [r for r in package["resources"] if r["path"].startswith("figures.")]
    return {
        "@context": CONTEXT,
        "@id": f"urn:uuid:{identifier()}",
        "@type": "dcat:Catalog",
        "dct:title": _german(offices.current().open_data.title),
        "dct:description": _german(package["description"]),
        "dct:publisher": _agent(offices.current().publisher),
        "dct:language": {"@id": f"{EU}/language/DEU"},
        "dcat:dataset": [_dataset(q, figures) for q in quellen],
    }


def _dataset(quelle: dict[str, Any], figures: list[dict[str, Any]]) -> dict[str, Any]:
    office = offices.current().open_data
    name = uuid5(NAMESPACE_URL, f"{office.identifier}/{quelle['source']}")
    return {
        "@id": f"urn:uuid:{name}",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{office.name}-{quelle['source']}",
        "dct:title": _german(quelle["title"]),
        "dct:description": _german(
            f"{quelle['title']}; {quelle['publisher']}. Zeilen mit source = {quelle['source']}."
        ),
        "dct:publisher": _agent(offices.current().publisher),
        "dct:creator": _agent(quelle["publisher"]),
        "dcat:theme": {"@id": f"{EU}/data-theme/SOCI"},
        "dcat:keyword": [_german(word) for word in ("Arbeitsmarkt", "Grundsicherung", "SGB II")],
        "dct:language": {"@id": f"{EU}/language/DEU"},
        "dct:modified": _typed(quelle["datenstand"]),
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _typed(quelle["first_month"]),
            "dcat:endDate": _typed(quelle["last_month"]),
        },
        "dct:spatial": _geocoding(),
        **_contributor(),
        "dcat:distribution": [_distribution(quelle, resource, str(name)) for resource in figures],
    }


def _distribution(quelle: dict[str, Any], resource: dict[str, Any], name: str) -> dict[str, Any]:
    return {
        "@id": f"urn:uuid:{uuid5(NAMESPACE_URL, name + resource['path'])}",
        "@type": "dcat:Distribution",
        "dct:title": _german(f"{quelle['title']} ({_form(resource)})"),
        "dcat:accessURL": {"@id": resource["path"]},
        "dcat:downloadURL": {"@id": resource["path"]},
        "dcat:mediaType": {
            "@id": f"https://www.iana.org/assignments/media-types/{resource['mediatype']}"
        },
        "dct:format": {"@id": f"{EU}/file-type/{resource['format'].upper()}"},
        "dcat:byteSize": {
            "@value": str(resource["bytes"]),
            "@type": "xsd:nonNegativeInteger",
        },
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {
                "@value": resource["hash"].removeprefix("sha256:"),
                "@type": "xsd:hexBinary",
            },
        },
        "dct:license": {"@id": quelle["licence_uri"]},
        "dcatde:licenseAttributionByText": _german(quelle["attribution"]),
    }


def _form(resource: dict[str, Any]) -> str:
    return "SDMX-CSV" if resource["path"] == sdmx.DATA else str(resource["format"]).upper()


def _geocoding() -> dict[str, str] | list[dict[str, str]]:
    """Name the office's Kreise, or its Land where they are not known."""
    office = offices.current()
    keys = [f"districtKey/{ags}" for ags in office.kreise] or [f"stateKey/{office.land}"]
    named = [{"@id": f"{DE}/politicalGeocoding/{key}"} for key in keys]
    return named[0] if len(named) == 1 else named


def _contributor() -> dict[str, dict[str, str]]:
    """Name who hands the record to GovData; nothing where the office does not say it."""
    given = offices.current().open_data.contributor_id
    return {"dcatde:contributorID": {"@id": given}} if given else {}


def _german(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "de"}


def _typed(day: str) -> dict[str, str]:
    return {"@value": day, "@type": "xsd:date"}


def _agent(name: str) -> dict[str, str]:
    return {"@type": "foaf:Agent", "foaf:name": name}
