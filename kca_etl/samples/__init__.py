"""The bundled sample documents.

Published figures where there are any, invented ones between them.
"""

from __future__ import annotations

from kca_etl.samples.figures import invented, is_published, notes
from kca_etl.samples.workbooks import write_samples

__all__ = ["invented", "is_published", "notes", "write_samples"]
