"""Commands under an office of their own, each in its own process: a process has one office."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def kca(home: Path, office: Path, *arguments: object, code: int = 0) -> str:
    """Run a command of an office with its state in `home`; return what it prints."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("KCA_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "kca_etl", *map(str, arguments)],
        env=kept | {"KCA_HOME": str(home / "home"), "KCA_OFFICE": str(office)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr
