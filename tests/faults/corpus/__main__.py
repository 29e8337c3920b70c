"""`make corpus`: every kind in a process of its own, both ways; the results are kept as data.

With a number: that kind alone, in this process.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from kca_etl.settings import Settings
from kca_etl.warehouse import migrate
from kca_etl.warehouse.engine import open_engine
from tests.faults.corpus.carry import by_command, by_inbox
from tests.faults.corpus.page import COLUMNS, RESULTS
from tests.faults.corpus.table import KINDS

MAX_CPU_S, MAX_PEAK_MB = 2.0, 400.0
KB_PER_MB = 1024


def alone(number: int) -> list[str]:
    """Carry one kind both ways; return what should have been otherwise."""
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        for way in ("run", "inbox"):
            settings = Settings(home=Path(folder) / way)
            migrate.upgrade(open_engine(settings.url))
            made = Path(folder) / f"{way}-files"
            made.mkdir()
            kinds = [KINDS[number]]
            carried = (
                by_command(kinds, settings, made) if way == "run" else by_inbox(kinds, settings)
            )
            faults += [f"{way}: {fault}" for one in carried for fault in one.faults]
            open_engine.cache_clear()
    return faults


def measured(number: int | None) -> tuple[float, float, int, str]:
    """Run a process for a kind, or for none; return CPU seconds, peak in MB, exit code, faults."""
    command = [sys.executable, "-m", "tests.faults.corpus", str(-1 if number is None else number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        said = process.stdout.read().decode(errors="replace").strip()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    cpu = usage.ru_utime + usage.ru_stime
    return cpu, usage.ru_maxrss / KB_PER_MB, process.returncode, said


def main() -> int:
    """Measure every kind; write the results; return how many are not as they should be."""
    start = measured(None)[0]
    with RESULTS.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(COLUMNS)
        wrong = 0
        for number, kind in enumerate(KINDS):
            if kind.open:
                continue
            cpu, peak, code, said = measured(number)
            over = cpu - start > MAX_CPU_S or peak > MAX_PEAK_MB
            faults = "; ".join(filter(None, (said, "over its bounds" * over)))
            out.writerow((kind.group, kind.name, f"{cpu:.2f}", f"{peak:.0f}", code, faults))
            wrong += bool(faults or code)
            if faults or code:
                print(
                    f"{kind.group} · {kind.name} · {cpu:.1f} s · {peak:.0f} MB · {code} · {faults}"
                )
    return wrong


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one = int(sys.argv[1])
        print(*(alone(one) if one >= 0 else ()), sep="; ", end="")
    else:
        sys.exit(1 if main() else 0)
