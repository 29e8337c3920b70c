"""Label and unit of the kennzahlen, from the catalogue."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import schemas


@cache
def _catalogue() -> dict[str, dict[str, Any]]:
    import yaml

    entries: dict[str, dict[str, Any]] = yaml.safe_load(
        (Path(schemas.__file__).parent / "kennzahlen.yaml").read_text(encoding="utf-8")
    )
    return entries


def catalogued(kennzahl: str) -> tuple[str, str]:
    """Return a kennzahl's German label and its unit."""
    entry = _catalogue()[kennzahl]
    return entry["label"], entry["unit"]
