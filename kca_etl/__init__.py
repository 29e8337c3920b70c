"""kca-etl from Python: `kca_etl.open_warehouse()`; docs/python.ipynb shows it.

Nothing is imported before it is asked for, so that the command line starts fast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kca_etl.runs.notebook import KcaError, Warehouse, open_warehouse
else:

    def __getattr__(name: str) -> object:
        """Import a public name when it is first asked for."""
        from importlib import import_module

        if name not in __all__:
            raise AttributeError(f"module 'kca_etl' has no attribute {name!r}")
        return getattr(import_module("kca_etl.runs.notebook"), name)


__all__ = ["KcaError", "Warehouse", "open_warehouse"]
