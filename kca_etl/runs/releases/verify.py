"""Verify a release with nothing but its file: every byte, every figure, chain and signature."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.runs.releases import chain, signature
from kca_etl.runs.releases.contents import (
    DECISIONS,
    DECLARATIONS,
    DOCUMENTS,
    FIGURES,
    OFFICE,
    PAGE,
)
from kca_etl.runs.releases.package import Examined, Manifest, examine
from kca_etl.runs.releases.recompute import ANSWER, found_in

TIMEOUT_S = 900
MAX_DIFFERENCES = 20
NOTE = ".note.json"
Rows = list[dict[str, Any]]


@dataclass(slots=True)
class Verified:
    """What was found of a release. `figures`: how many were computed again and are the same."""

    file: str
    sha256: str
    manifest: Manifest | None = None
    documents: int = 0
    figures: int = 0
    chain: str = ""
    signature: str = "none"
    findings: list[Finding] = field(default_factory=list)


def verify(path: Path, previous: Path | None = None, signers: Path | None = None) -> Verified:
    """Check a release's file offline. Raises KcaError NO_FILE.

    Its figures are computed again only where no byte has changed. `previous`: the release before
    it; without one, a file of that name beside it is taken. `signers`: OpenSSH's file of allowed
    signers; with one, a release must be signed.
    """
    for file in filter(None, (path, previous, signers)):
        if not file.is_file():
            raise KcaError(Finding(Code.NO_FILE, f"there is no file {str(file)!r}"))
    with tempfile.TemporaryDirectory(prefix="kca-verify-") as place:
        inside = Path(place).resolve() / "members"
        inside.mkdir()
        taken = examine(path, inside)
        done = Verified(path.name, taken.sha256, taken.manifest, findings=taken.findings)
        if taken.manifest is None:
            return done
        _follow_chain(done, taken.manifest, path, previous)
        _check_signature(done, path, signers)
        if not taken.findings:
            done.findings += _computed_again(done, taken, taken.manifest, inside.parent)
    return done


def _follow_chain(done: Verified, manifest: Manifest, path: Path, previous: Path | None) -> None:
    named = manifest.previous
    if previous is None and named is not None and (path.parent / named.file).is_file():
        previous = path.parent / named.file
    if previous is not None:
        found = chain.broken(manifest, previous)
        done.findings += found
        done.chain = "broken" if found else f"follows {previous.name}"
    elif named is not None:
        done.chain = f"names {named.file}, which is not here (give --previous)"
    else:
        done.chain = "the first release"


def _check_signature(done: Verified, path: Path, signers: Path | None) -> None:
    beside = path.with_name(path.name + signature.SUFFIX)
    if beside.is_file():
        done.signature, found = signature.check(path, beside, signers)
        done.findings += found
    elif signers is not None:
        done.findings += missing_signature(path)


def missing_signature(path: Path) -> list[Finding]:
    """Say that a release should be signed and is not."""
    what = f"there is no signature {path.name}{signature.SUFFIX} beside the release"
    return [Finding(Code.RELEASE_SIGNATURE, what)]


def _computed_again(
    done: Verified, taken: Examined, manifest: Manifest, place: Path
) -> list[Finding]:
    """Compute the figures again in another process, and compare."""
    done.documents = _laid_out(taken, manifest, place)
    answer = _answer(manifest, place)
    if isinstance(answer, Finding):
        return [answer]
    found = found_in(answer)
    if found:
        return found
    month, name = manifest.berichtsmonat, f"{FIGURES}/figures"
    page = f"{PAGE}/Ueberblick_{month}"
    pairs = {
        f"{name}.csv": _csv(answer["members"][f"{name}.csv"]),
        f"{name}.json": json.loads(answer["members"][f"{name}.json"]),
        f"{page}.csv": _csv(answer["page"]),
        f"{page}.json": answer["records"],
    }
    found = [f for member, again in pairs.items() for f in compared(taken, member, again)]
    if not found:
        done.figures = len(pairs[f"{name}.csv"])
    return found[:MAX_DIFFERENCES]


def _laid_out(taken: Examined, manifest: Manifest, place: Path) -> int:
    """Lay members out as archive and office; return how many documents there are."""
    for member, path in taken.members.items():
        target = _place_of(member, place)
        if target is not None:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    whole = place / "office" / "sources" / f"{manifest.source}.yaml"
    whole.parent.mkdir(parents=True, exist_ok=True)
    whole.write_bytes(taken.content(f"{DECLARATIONS}/{manifest.source}.yaml"))
    return sum(m.startswith(f"{DOCUMENTS}/") and not m.endswith(NOTE) for m in taken.members)


def _place_of(member: str, place: Path) -> Path | None:
    """Return where the recomputation looks for a member; None for what it shall not see."""
    folder, _, name = member.partition("/")
    landing = place / "home" / "landing"
    if folder == DOCUMENTS:
        sha256 = name.removesuffix(NOTE)
        return landing / name[:2] / (name if sha256 == name else f".{sha256}.json")
    if folder == DECISIONS:
        return landing / "decisions" / name
    return place / "office" / name if folder == OFFICE else None


def _answer(manifest: Manifest, place: Path) -> dict[str, Any] | Finding:
    """Run the recomputation without any setting of this machine; return what it found."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("KCA_")}
    own |= {"KCA_HOME": str(place / "home"), "KCA_OFFICE": str(place / "office")}
    words = [str(place), manifest.berichtsmonat, *filter(None, [manifest.as_of])]
    command = [sys.executable, "-P", "-m", "kca_etl.runs.releases.recompute", *words]
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            command, cwd=place, env=own, capture_output=True, timeout=TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return stopped(f"after {TIMEOUT_S} s")
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return stopped(f"exit {done.returncode}: {lines[-1][:200] if lines else ''}")
    answer: dict[str, Any] = json.loads((place / ANSWER).read_bytes())
    return answer


def stopped(why: str) -> Finding:
    """Say that the figures could not be computed again."""
    what = "the figures could not be computed again from the release's documents"
    return Finding(Code.RELEASE_DIFFERS, what, found=why)


def compared(taken: Examined, member: str, again: Rows) -> list[Finding]:
    """Hold the rows of a member against those computed again, column by column."""
    try:
        rows = _rows(taken, member)
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error) as error:
        return [_differs(f"{member} holds no figures", str(error)[:200], "")]
    if len(rows) != len(again):
        what = f"{member} has not as many figures as the documents yield"
        return [_differs(what, str(len(rows)), str(len(again)))]
    pairs = zip(rows, again, strict=True)
    return [finding for old, new in pairs for finding in _differing(member, old, new)]


def _rows(taken: Examined, member: str) -> Rows:
    text = taken.content(member).decode()
    if member.endswith(".csv"):
        return _csv(text)
    held = json.loads(text)
    rows: Rows = held if isinstance(held, list) else held["figures"]
    return [dict(row) for row in rows]


def _differing(member: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    """Name the columns of a figure that differ; a column that only one version has is no doubt."""
    common = [column for column in new if column in old]
    if wrong := [column for column in common if old[column] != new[column]]:
        named = f"{new.get('kennzahl')} {str(new.get('berichtsmonat'))[:7]} in {member}"
        shown = [{column: row[column] for column in wrong} for row in (old, new)]
        what = f"{named} is not what the document says"
        place = str(new.get("sheet") or ""), str(new.get("cell") or "")
        yield Finding(Code.RELEASE_DIFFERS, what, *place, str(shown[0]), str(shown[1]))


def _csv(text: str) -> Rows:
    return [dict(row) for row in csv.DictReader(io.StringIO(text))]


def _differs(what: str, found: str, expected: str) -> Finding:
    return Finding(Code.RELEASE_DIFFERS, what, found=found, expected=expected)
