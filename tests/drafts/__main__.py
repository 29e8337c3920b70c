"""`python -m tests.drafts`: the share of value cells that drafts read, file by file.

Needs the real files (KCA_REAL_DATA); further files or folders may be given as arguments.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests.drafts.measure import Measured, files, measure


def main() -> None:
    """Print a line for each file and the shares of all of them."""
    real = Path(os.environ.get("KCA_REAL_DATA", "../shared/real"))
    paths = [Path(name) for name in sys.argv[1:]] or files(real)
    found = [_shown(measure(path)) for path in paths]
    cells, read = sum(m.cells for m in found), sum(m.read for m in found)
    wrong = sum(len(m.wrong) for m in found)
    shares = sorted(m.read / max(m.cells, 1) for m in found)
    print(
        f"{len(found)} files, {cells} value cells: {read / cells:.2%} read, {wrong} wrong;"
        f" the worst file {shares[0]:.2%},"
        f" at most {max(m.seconds_per_mb for m in found):.1f} s per MB"
    )


def _shown(m: Measured) -> Measured:
    print(
        f"{m.read / max(m.cells, 1):7.2%} of {m.cells:>7}, {len(m.wrong)} wrong,"
        f" {m.seconds:6.2f} s ({m.seconds_per_mb:5.1f}/MB), {m.lines:>5} lines  {m.name}",
        *(f"    {text[:200]}" for text in (*m.problems[:3], *m.wrong[:3])),
        sep="\n",
        flush=True,
    )
    return m


if __name__ == "__main__":
    main()
