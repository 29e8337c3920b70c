"""Options that many commands share."""

from __future__ import annotations

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
OnMonth = Annotated[str | None, typer.Option("--month", help="Month as YYYY-MM.")]
