"""Pandera contracts of what the warehouse takes.

Rows by integer codes, dictionaries once by value.
"""

from __future__ import annotations

from functools import cache

import pandas as pd
import pandera.pandas as pa

from schemas.codelists import FIRST_MONTH, GLIEDERUNG, LAST_MONTH, REGION_KEY, ZEICHEN


@cache
def rows_schema() -> pa.DataFrameSchema:
    """One row per observation.

    Month (year * 12 + month - 1), value XOR zeichen, bounds of its kennzahl.

    Beside them stand what the checks compare with, taken from the catalogue: `lower`, `upper`:
    float64, hard bounds · `whole`: bool, the value must be a whole number.
    """
    return pa.DataFrameSchema(
        {
            "month": pa.Column(
                "int32", pa.Check.in_range(FIRST_MONTH, LAST_MONTH), description="berichtsmonat"
            ),
            "value": pa.Column("float64", nullable=True),
            "zeichen": pa.Column("int8", pa.Check.in_range(0, len(ZEICHEN) - 1)),
        },
        checks=[
            pa.Check(
                lambda df: df["value"].isna() == (df["zeichen"] != 0), name="value_xor_zeichen"
            ),
            pa.Check(
                lambda df: (
                    df["value"].isna()
                    | ((df["value"] >= df["lower"]) & (df["value"] <= df["upper"]))
                ),
                name="within_bounds",
            ),
            pa.Check(
                lambda df: ~df["whole"] | df["value"].isna() | (df["value"] % 1 == 0),
                name="whole_number",
            ),
        ],
    )


def series_schema(kennzahlen: list[str]) -> pa.DataFrameSchema:
    """One row per distinct series.

    A catalogued kennzahl, a gliederung `insgesamt` or `key=value,…` in key order.
    """
    return pa.DataFrameSchema(
        {
            "kennzahl": pa.Column(object, pa.Check.isin(kennzahlen), coerce=True),
            "gliederung": pa.Column(
                object,
                pa.Check.str_matches(GLIEDERUNG),
                coerce=True,
            ),
        },
        strict=True,
    )


def regions_schema() -> pa.DataFrameSchema:
    """One row per distinct region: a known code system and a code of its shape."""
    return pa.DataFrameSchema(
        {"key": pa.Column(object, pa.Check.str_matches(REGION_KEY), coerce=True)},
        strict=True,
    )


def failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> pd.DataFrame:
    """Validate lazily; return the failure cases (columns.

    Check, column, index, failure_case), empty if none.
    """
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases: pd.DataFrame = error.failure_cases
        return cases
    return pd.DataFrame(columns=["check", "column", "index", "failure_case"])
