"""The one catalogue of findings, read from findings.yaml; `docs/errors.md` is generated from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, Verdict, worst
from kca_etl.model.foreign import visible


@dataclass(frozen=True, slots=True)
class Entry:
    """What a code means: the verdict on the document, a title, and the next step.

    `german_what` and `german_do` say the same to the sender; they are empty where a code never
    reaches one.
    """

    verdict: Verdict
    title: str
    next_step: str
    german_what: str = ""
    german_do: str = ""


@cache
def catalogue() -> Mapping[Code, Entry]:
    """Return the meaning of every code."""
    return {Code(code): _entry(**about) for code, about in declared().items()}


def declared() -> dict[str, dict[str, Any]]:
    """Return findings.yaml as it stands, by code."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = Path(__file__).with_name("findings.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, Any]] = yaml.load(text, loader)  # noqa: S506 - a safe loader
    return found


def _entry(
    verdict: str, title: str, next_step: str, german: Mapping[str, str] | None = None
) -> Entry:
    german = german or {}
    return Entry(Verdict(verdict), title, next_step, german.get("what", ""), german.get("do", ""))


@cache
def german_words() -> Mapping[str, tuple[str, str]]:
    """Return what each finding means to the sender, and what to do, by code."""
    return {c: (e.german_what, e.german_do) for c, e in catalogue().items() if e.german_what}


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Return the gravest verdict among findings; ACCEPT for none."""
    return worst([catalogue()[f.code].verdict for f in findings])


def sentence(finding: Finding, document: str = "", state: str = "") -> str:
    """Render `[CODE] what · where · found / expected · state of the data · next step`."""
    sheet = f"sheet {finding.sheet!r}" if finding.sheet else ""
    cell = f"cell {finding.cell}" if finding.cell else ""
    found = f"found {finding.found}" if finding.found else ""
    expected = f"expected {finding.expected}" if finding.expected else ""
    parts = [
        f"[{finding.code}] {finding.what}",
        ", ".join(filter(None, (document, sheet, cell))),
        " / ".join(filter(None, (found, expected))),
        state,
        catalogue()[finding.code].next_step,
    ]
    return visible(" · ".join(filter(None, parts)))
