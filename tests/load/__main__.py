"""Eight writers and four readers on one warehouse for a bounded time, on both databases."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine
from tests.crash.__main__ import postgres
from tests.load.together import tried

RESULTS = Path(__file__).with_name("results.json")


def main() -> int:
    """Try both databases; exit with 1 where anything was not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--databases", nargs="+", default=("sqlite", "postgresql"))
    parser.add_argument("--keep", action="store_true", help="keep the results, for the page")
    asked = parser.parse_args()
    rows = {}
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="kca-load-"))
        for database in asked.databases:
            own = database == "postgresql"
            url = stack.enter_context(postgres()) if own else f"sqlite:///{folder}/warehouse.db"
            migrate.upgrade(open_engine(url))
            rows[database] = tried(url, asked.seconds)
            open_engine(url).dispose()
            print(database, rows[database], file=sys.stderr, flush=True)
    if asked.keep:
        kept = {"day": f"{datetime.now(UTC):%Y-%m-%d}", "databases": rows}
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    fits = [not row["torn reads"] and row["as one after the other"] for row in rows.values()]
    return int(not all(fits))


if __name__ == "__main__":
    sys.exit(main())
