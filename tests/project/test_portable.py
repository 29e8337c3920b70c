"""The demo runs where POSIX is not: no module of ours needs what only Unix has."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# On this system Python itself and Prefect use these modules; only our code and the lock library
# must do without them.
WITHOUT_POSIX = """
import builtins, os, sys

BLOCKED = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "posix", "syslog"}
ABSENT = ("fchmod", "fchown", "chown", "geteuid", "getuid", "getgid", "getegid", "killpg", "fork",
          "setsid", "mkfifo", "statvfs", "uname", "getpgid", "pread", "pwrite", "sync")
OURS = ("kca_etl", "schemas", "flows", "filelock", "__main__")
real_import, real_open = builtins.__import__, os.open


def is_ours(name):
    return name.partition(".")[0] in OURS


def windows_import(name, globals=None, locals=None, fromlist=(), level=0):
    if name in BLOCKED and is_ours((globals or {}).get("__name__", "")):
        raise ModuleNotFoundError(f"No module named {name!r}")
    return real_import(name, globals, locals, fromlist, level)


def absent(name, real):
    def refuse(*arguments, **named):
        if is_ours(sys._getframe(1).f_globals.get("__name__", "")):
            raise AttributeError(f"module 'os' has no attribute {name!r}")
        return real(*arguments, **named)
    return refuse


def windows_open(path, *arguments, **named):
    if is_ours(sys._getframe(1).f_globals.get("__name__", "")) and os.path.isdir(path):
        raise PermissionError(13, "Permission denied", path)
    return real_open(path, *arguments, **named)


builtins.__import__ = windows_import
os.open = windows_open
for name in ABSENT:
    setattr(os, name, absent(name, getattr(os, name)))
"""
LOAD = """
import pathlib, warnings
warnings.simplefilter("ignore")
try:
    import fcntl
except ModuleNotFoundError:
    pass
else:
    raise SystemExit("the modules are not blocked")
from kca_etl.cli import demo, main
from flows import monthly
from kca_etl import pipeline
from kca_etl.landing.guard import wall
wall.HAS_WALL = False  # as sys.platform says there
from kca_etl.runs.inbox import pick_up
from kca_etl.runs.record import recorded, warehouse
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
settings = Settings(home=pathlib.Path("home"))
documents = write_samples(pathlib.Path("samples"))
engine = warehouse(settings)
with recorded(engine, settings, "run") as work:
    print(pipeline.carry_one(pipeline.Incoming(documents[0]), work).state)
settings.inbox.mkdir()
documents[0].rename(settings.inbox / documents[0].name)
with recorded(engine, settings, "watch") as work:
    print(*(outcome.state for outcome in pick_up(settings.inbox, work, settle=0.05)))
"""


def test_the_demo_loads_a_document_without_what_only_unix_has(tmp_path: Path) -> None:
    environment = os.environ | {"DO_NOT_TRACK": "1", "PREFECT_HOME": str(tmp_path / "prefect")}
    root = str(Path(__file__).resolve().parents[2])
    environment |= {"PYTHONPATH": os.environ.get("PYTHONPATH", root)}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_POSIX + LOAD],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["loaded", "unchanged"]
