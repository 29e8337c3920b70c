"""The figures of a release anew, by a process of its own that knows nothing but its members.

`python -m kca_etl.runs.releases.recompute FOLDER YYYY-MM [YYYY-MM-DD]`: the environment names
home and office below FOLDER. What was released of the figures does not lie there.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import month_date
from kca_etl.report.data import records, render_csv
from kca_etl.runs import rebuild, reports
from kca_etl.runs.arguments import month_id
from kca_etl.runs.releases import contents
from kca_etl.runs.releases.package import as_json
from kca_etl.settings import Settings
from kca_etl.warehouse.engine import open_engine

ANSWER = "again.json"


def recompute(settings: Settings, month: str, as_of: str | None) -> dict[str, Any]:
    """Load the documents into a fresh warehouse; return its figures and those of the page."""
    engine, found = open_engine(settings.url), list[Finding]()
    try:
        documents = rebuild.wanted(list(rebuild.archived(settings.landing)), None)
        found += rebuild.rebuild(documents, engine, settings).findings
        page = reports.build(settings, month_date(month_id(month)), as_of)
        again = contents.figures(engine, page, as_of)
    except KcaError as error:
        found += error.findings
        return {"findings": [asdict(f) for f in found], "members": {}, "records": []}
    texts = {
        name: content.decode() for name, content in again.items() if isinstance(content, bytes)
    }
    return {
        "findings": [asdict(f) for f in found],
        "members": texts,
        "page": render_csv(page),
        "records": records(page),
    }


def found_in(answer: dict[str, Any]) -> list[Finding]:
    """Return the findings of an answer."""
    return [Finding(**given) for given in answer["findings"]]


if __name__ == "__main__":
    folder, month, *day = sys.argv[1:]
    answer = recompute(Settings(), month, day[0] if day else None)
    (Path(folder) / ANSWER).write_bytes(as_json(answer))
