"""What the warehouse knows of a document's own series.

The past it is held against before it is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Past:
    """Current numbers of a document's source, as arrays of equal length.

    month: int32, year * 12 + month - 1 · series, region: int32, indices into the document's own
    lists · value: float64.
    """

    month: NDArray[np.int32]
    series: NDArray[np.int32]
    region: NDArray[np.int32]
    value: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Revisions:
    """How far known figures were revised before, as arrays of equal length.

    series: int32, indices into the document's own list · size: float64, a share of the larger
    of two successive versions.
    """

    series: NDArray[np.int32]
    size: NDArray[np.float64]
