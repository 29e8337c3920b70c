"""A document's figures as one hash: the same whatever file, layout or order they stand in.

Columnar, no object per cell.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kca_etl.model.observations import Observations


def content_sha256(o: Observations) -> str:
    """Hash months, series, regions, values and signs.

    Two issues with the same figures have the same hash.
    """
    import numpy as np

    series, series_rank = _ranked([(s.kennzahl, s.gliederung) for s in o.series_list], o.series)
    regions, region_rank = _ranked([(r.system, r.code) for r in o.regions], o.region)
    value = (
        np.where(o.zeichen == 0, o.value, 0.0) + 0.0
    )  # neither the bits of a NaN nor a negative zero count
    columns = [
        o.month.astype("<i4"),
        series_rank.astype("<i4"),
        region_rank.astype("<i4"),
        value.astype("<f8"),
        o.zeichen.astype("<i1"),
    ]
    order = np.lexsort(columns[::-1])
    columns = [column[order] for column in columns]
    first = np.ones(len(o), bool)  # a fact may stand in two tables of a document
    first[1:] = np.any([column[1:] != column[:-1] for column in columns], axis=0)
    hasher = hashlib.sha256(json.dumps([series, regions]).encode())
    for column in columns:
        hasher.update(column[first].tobytes())
    return hasher.hexdigest()


def _ranked(names: list[tuple[str, str]], ids: Any) -> tuple[list[tuple[str, str]], Any]:  # noqa: ANN401 - integer arrays
    """Return the distinct names used, sorted, and each id's place among them."""
    import numpy as np

    used = sorted({names[i] for i in np.unique(ids).tolist()})
    places = {name: n for n, name in enumerate(used)}
    return used, np.array([places.get(name, -1) for name in names], np.int64)[ids]
