"""A real issue with all its `*`.

After the export no count follows from its rate, no area from its Land.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from sqlalchemy import Engine

from kca_etl.open_data.export import Wanted, export
from kca_etl.runs import record as runs
from kca_etl.settings import Settings

RATE, PART, WHOLE = "elb_sanktionsquote", "elb_mit_sanktion", "elb"


def bared_by_rates(figures: pl.DataFrame) -> int:
    """Count the secret counts whose rate and whole are shown."""
    key = ["region_system", "region_code", "gliederung", "berichtsmonat"]
    one = {
        name: figures.filter(pl.col("kennzahl") == name).select(*key, "value", "zeichen")
        for name in (RATE, PART, WHOLE)
    }
    both = (
        one[PART]
        .filter(pl.col("zeichen") == "*")
        .join(one[RATE], on=key, suffix="_rate")
        .join(one[WHOLE], on=key, suffix="_whole")
    )
    return len(
        both.filter(pl.col("value_rate").is_not_null() & pl.col("value_whole").is_not_null())
    )


def bared_by_sums(figures: pl.DataFrame) -> int:
    """Count the Jobcenter of Hessen that are the only secret of their Land."""
    counts = figures.filter(
        pl.col("kennzahl").is_in(
            [PART, "sanktionen_neu", "sanktionen_zugang", "elb_neu_sanktioniert"]
        )
    )
    key = ["kennzahl", "gliederung", "berichtsmonat"]
    jobcenter = counts.filter(
        (pl.col("region_system") == "traeger") & pl.col("region_code").str.starts_with("4")
    )
    missing = jobcenter.group_by(key).agg(
        secret=(pl.col("zeichen") == "*").sum(),
        unknown=(pl.col("value").is_null() & (pl.col("zeichen") != "*")).sum(),
    )
    total = counts.filter((pl.col("region_code") == "06") & pl.col("value").is_not_null()).select(
        *key
    )
    return len(
        missing.filter((pl.col("secret") == 1) & (pl.col("unknown") == 0)).join(total, on=key)
    )


def test_a_real_issue(real: Path, engine: Engine, settings: Settings, tmp_path: Path) -> None:
    for outcome in runs.load_all(
        [real / "ba-sanktionen" / "sanktionen-d-0-201901-xlsx.xlsx"], engine, settings
    ):
        assert outcome.state == "loaded"
    done = export(engine, tmp_path / "out", Wanted())
    figures = pl.read_parquet(tmp_path / "out" / "figures.parquet")
    secret = figures.filter((pl.col("zeichen") == "*") & ~pl.col("withheld"))
    assert len(secret) > 1000
    assert secret["value"].null_count() == len(secret)
    before = figures.with_columns(
        zeichen=pl.when("withheld").then(None).otherwise("zeichen"),
        value=pl.when("withheld").then(1.0).otherwise("value"),
    )
    assert bared_by_rates(before) > 50  # there is something to protect
    assert (bared_by_rates(figures), bared_by_sums(figures)) == (0, 0)
    assert 0 < len(done.findings) < 0.02 * len(figures)
