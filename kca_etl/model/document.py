"""A received file: its identity, its name and the place it came from."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """A received file.

    Its bytes' identity, the name it came under and the place it was taken from. `received_at`:
    when its bytes came first, to the second with the time zone; empty where nobody noted it.
    """

    sha256: str
    file_name: str
    size: int
    origin: str = ""
    received_at: str = field(default="", compare=False)
