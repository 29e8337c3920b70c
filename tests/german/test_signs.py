"""Every sign of the code list has its words wherever people read it."""

from __future__ import annotations

from kca_etl.german.signs import SIGNS
from kca_etl.propose.questions import SIGN_MEANINGS
from schemas.codelists import ZEICHEN, ZEICHEN_MEANING


def test_every_sign_is_explained() -> None:
    signs = set(ZEICHEN[1:])
    assert signs == set(ZEICHEN_MEANING) == set(SIGN_MEANINGS)
    assert signs <= set(SIGNS)
