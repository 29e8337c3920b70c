"""A received file: its identity, its name and the place it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A received file.

    Its bytes' identity, the name it came under and the place it was taken from.
    """

    sha256: str
    file_name: str
    size: int
    origin: str = ""
