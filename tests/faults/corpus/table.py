"""All kinds of faulty documents."""

from __future__ import annotations

from tests.faults.corpus import content, markup, names, packages, texts
from tests.faults.corpus.kind import Kind

KINDS: list[Kind] = [
    *content.KINDS,
    *markup.KINDS,
    *packages.KINDS,
    *texts.KINDS,
    *names.KINDS,
]
