"""Medians along rows that may have gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PER_DEVIATION = 1.4826  # median absolute deviation → standard deviation


def median(values: NDArray[np.float64], fewest: int = 6) -> NDArray[np.float64]:
    """Return the medians along the last axis, without NaN; NaN for fewer than `fewest` numbers."""
    known = (~np.isnan(values)).sum(axis=-1)
    ordered = np.sort(values, axis=-1)  # NaN last
    low, high = np.maximum(known - 1, 0) // 2, known // 2
    high = np.minimum(high, values.shape[-1] - 1)
    pair = [np.take_along_axis(ordered, at[..., None], -1)[..., 0] for at in (low, high)]
    return np.where(known >= fewest, (pair[0] + pair[1]) / 2, np.nan)
