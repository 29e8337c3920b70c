"""The processes of this machine as Linux shows them under /proc: a bare Debian has no `ps`."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_PROCESSES = Path("/proc")


def parents() -> dict[int, int]:
    """Return the parent of each process."""
    found = {}
    for process in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            # The name in brackets may hold anything; state and parent follow it.
            after_name = (process / "stat").read_text(errors="replace").rpartition(")")[2]
            found[int(process.name)] = int(after_name.split()[1])
    return found


def command_lines() -> str:
    """Return the command lines of all processes, one a line."""
    lines = []
    for process in _PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            lines.append(b" ".join(words).decode(errors="replace").strip())
    return "\n".join(lines)
