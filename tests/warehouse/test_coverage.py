"""The small views: what became of each month, each run, each document; both databases."""

from __future__ import annotations

from sqlalchemy import Engine

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.warehouse import writer
from kca_etl.warehouse.views import queries
from tests.warehouse.synthetic import JANUARY, Fact, document, load


def test_coverage_tells_what_became_of_each_month(engine: Engine) -> None:
    load(engine, "a", "2020-02-29", [Fact(5.0)])
    load(engine, "b", "2020-03-31", [Fact(5.0, month=JANUARY + 1)])
    load(engine, "c", "2020-04-30", [Fact(6.0, month=JANUARY + 1)])
    writer.quarantine(
        engine,
        "probe",
        document("d"),
        [Finding(Code.SUM_MISMATCH, "")],
        "r",
        "quarantined",
        JANUARY + 2,
    )
    writer.quarantine(engine, "probe", document("e"), [Finding(Code.HOSTILE, "")], "r", "rejected")
    states = [
        ("2020-01-01", "loaded", 1, "2020-02-29"),
        ("2020-02-01", "revised", 2, "2020-04-30"),
        ("2020-03-01", "quarantined", 1, None),
    ]
    assert queries.coverage(engine) == [
        {"source": "probe", "berichtsmonat": m, "state": s, "documents": n, "datenstand": d}
        for m, s, n, d in states
    ]
    writer.supersede(engine, "probe", None, document("a"), amended=document("d").sha256)
    assert [row["state"] for row in queries.coverage(engine)] == ["loaded", "revised"]


def test_a_month_loaded_and_put_aside_shows_what_waits(engine: Engine) -> None:
    load(engine, "a", "2020-02-29", [Fact(5.0)])
    writer.quarantine(
        engine, "probe", document("b"), [Finding(Code.CONFLICT, "")], "r", "quarantined", JANUARY
    )
    assert [(row["state"], row["documents"]) for row in queries.coverage(engine)] == [
        ("quarantined", 2)
    ]


def test_runs_and_findings_lead_to_their_document(engine: Engine) -> None:
    writer.start_run(engine, "r1", "run", "probe")
    writer.quarantine(
        engine,
        "probe",
        document("a"),
        [Finding(Code.SUM_MISMATCH, "x"), Finding(Code.JUMP, "y")],
        "r1",
        "quarantined",
        JANUARY,
    )
    assert [(r["run_id"], r["state"], r["finished_at"]) for r in queries.runs(engine)] == [
        ("r1", "running", None)
    ]
    writer.finish_run(engine, "r1", "quarantined", {"documents": 1})
    (run,) = queries.runs(engine)
    assert (run["state"], run["counts"]) == ("quarantined", '{"documents": 1}')
    assert [(f["code"], f["verdict"]) for f in queries.findings(engine, run_id="r1")] == [
        ("SUM_MISMATCH", "quarantine"),
        ("JUMP", "warn"),
    ]
    assert queries.findings(engine, sha256=document("b").sha256) == []
    (doc,) = queries.documents(engine)
    assert (doc["sha256"], doc["findings"], doc["berichtsmonat"], doc["datenstand"]) == (
        document("a").sha256,
        2,
        "2020-01-01",
        None,
    )
