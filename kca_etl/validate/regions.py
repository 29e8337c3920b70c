"""Kreise that did not exist: a reform must not block a month, so these findings only warn."""

from __future__ import annotations

import numpy as np

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.model.month import Month
from kca_etl.model.observations import Observations
from schemas import regions as register

KREIS = 5  # digits of an AGS


def check(o: Observations) -> list[Finding]:
    """Name each Kreis that is not in the register or did not exist at its last figure.

    Earlier figures of a Kreis that exists by the last one are the publisher's recalculation to
    its own Gebietsstand.
    """
    known = register.kreise()
    kreise = {
        i: r.code for i, r in enumerate(o.regions) if r.system == "ags" and len(r.code) == KREIS
    }
    bounded = [
        i
        for i, code in kreise.items()
        if code not in known or any(k.valid_from or k.valid_to for k in known[code])
    ]
    findings = []
    for i in bounded:
        own = np.flatnonzero((o.region == i) & np.isfinite(o.value))
        if not own.size:
            continue  # a sign stands for what did not exist
        n = int(own[np.argmax(o.month[own])])
        month = o.month_of(n)
        if not register.existed(kreise[i], month.first_day):
            findings.append(_finding(o, i, n, month))
    return findings


def _finding(o: Observations, region: int, n: int, month: Month) -> Finding:
    code, name = o.regions[region].code, o.regions[region].name
    territories = register.kreise().get(code, ())
    where = (o.sheet_of(n), o.cell_of(n), f"{code} {name}")
    if not territories:
        return Finding(
            Code.UNKNOWN_KREIS,
            "a code is no Kreis of the register",
            *where,
            f"a Kreis by {register.GEBIETSSTAND}",
        )
    first, last = territories[0].valid_from, territories[-1].valid_to
    lived = " ".join(part for part in (first and f"from {first}", last and f"until {last}") if part)
    return Finding(
        Code.KREIS_NOT_THEN,
        f"a figure of {month} belongs to a Kreis that did not exist then",
        *where,
        lived,
    )
