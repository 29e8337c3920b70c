"""Fixtures of the routes."""

from __future__ import annotations

from tests.runs.routes import by_command_alone, drawn, place

__all__ = ["by_command_alone", "drawn", "place"]
