"""What the table of refusals is made of: an entry, and a rule that is switched off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

Situation = Callable[[Path], list[Finding]]


@dataclass(frozen=True, slots=True)
class Entry:
    """The smallest situation that raises a code, where, and which function's rule it is.

    `rule`: the dotted path at which the rule's function is looked up when it is called.
    `behind`: rules that would find the same behind it.
    """

    code: Code
    rule: str
    situation: Situation
    sheet: str = ""
    cell: str = ""
    what: str = ""
    behind: tuple[str, ...] = ()

    def raised(self, folder: Path) -> list[Finding]:
        """Bring the situation about; return its findings of this code."""
        try:
            found = self.situation(folder)
        except KcaError as error:
            found = error.findings
        return [f for f in found if f.code == self.code]


@contextmanager
def switched_off(entry: Entry) -> Iterator[None]:
    """Let the rule's function find nothing of the entry's code."""
    with pytest.MonkeyPatch.context() as patch:
        for rule in (entry.rule, *entry.behind):
            patch.setattr(rule, without(entry.code, resolve_name(rule)))
        yield


def without(code: Code, rule: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a rule: what it returns, raises or adds to a list loses the findings of a code."""

    def called(*arguments: Any, **named: Any) -> Any:
        result = None
        try:
            result = rule(*arguments, **named)
            if isinstance(result, Iterator):
                result = iter(list(result))
        except KcaError as error:
            if all(f.code != code for f in error.findings):
                raise
        for given in (*arguments, *named.values()):
            _drop(code, given)
        return _cleaned(code, result)

    return called


def _cleaned(code: Code, result: Any) -> Any:
    """Return a result without the code's findings."""
    parts = result if isinstance(result, tuple) else (result,)
    for part in parts:
        _drop(code, part)
        _drop(code, getattr(part, "findings", None))
    if isinstance(result, Iterator):
        return (f for f in result if not isinstance(f, Finding) or f.code != code)
    return result


def _drop(code: Code, findings: Any) -> None:
    if isinstance(findings, list):
        findings[:] = [f for f in findings if not isinstance(f, Finding) or f.code != code]
