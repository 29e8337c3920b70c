"""`python -m tests.mutate [DRAWS]`: change documents in every way, print the table of outcomes."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutate.harness import DRAWS, everything, table
from tests.sources.documents import build, folders


def main() -> None:
    """Write the table to stdout, and each silent one to stderr."""
    real = Path(os.environ.get("KCA_REAL_DATA", "../shared/real"))
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else DRAWS
    with TemporaryDirectory() as folder:
        samples = [build(sample, Path(folder)) for sample in folders()]
        found = everything(real, samples, draws)
    print(table(found))
    share = found.total("silent") / found.total()
    print(f"\n{found.total()} changed documents, {share:.1%} silent.")
    for past, counts in found.by_past.items():
        print(f"over {past}: {counts.total()}, {counts['silent'] / counts.total():.1%} silent")
    print(*found.silent, sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
