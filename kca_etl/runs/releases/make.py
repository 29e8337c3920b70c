"""Release a month: one file that holds the page and all that proves it."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from kca_etl.offices import folder as offices
from kca_etl.runs import reports
from kca_etl.runs.arguments import day, month_id
from kca_etl.runs.releases import chain, contents, package, signature
from kca_etl.settings import Settings
from kca_etl.sources import registry
from kca_etl.warehouse.engine import Busy

DIGEST = ".sha256"


@dataclass(frozen=True, slots=True)
class Made:
    """A release: its file, hash and manifest; `is_new` is false where it lay there already."""

    path: Path
    sha256: str
    manifest: package.Manifest
    is_new: bool


def release(
    settings: Settings, month: str, as_of: str | None = None, text: Path | None = None
) -> Made:
    """Release a month (YYYY-MM) into `releases/`, and put its page on record.

    The same content again changes nothing. Other content becomes the month's next number, which
    names the one before; a release is never overwritten. Raises Busy, and KcaError as `collect`
    and `sign` do, NOT_A_RELEASE where the folder holds a damaged one.
    """
    name, as_of = str(month_id(month)), day(as_of)
    folder = settings.releases
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=settings.lock_timeout):
            return _released(settings, name, as_of, text)
    except Timeout:
        raise Busy("another release is being made") from None


def _released(settings: Settings, month: str, as_of: str | None, text: Path | None) -> Made:
    made = contents.collect(settings, month, as_of, text)
    members, program = package.described(made.members), version("kca-etl")
    known = chain.released(settings.releases)
    same = [r for r in known if r.manifest.berichtsmonat == month]
    if same and same[-1].holds(members, program):
        return Made(same[-1].path, same[-1].sha256, same[-1].manifest, is_new=False)
    before = chain.last(known)
    manifest = package.Manifest(
        format=package.FORMAT,
        berichtsmonat=month,
        number=same[-1].manifest.number + 1 if same else 1,
        office=offices.current().name,
        region=offices.current().region_key,
        source=registry.jobcenter_source(),
        as_of=as_of,
        program=program,
        previous=before.named if before else None,
        replaces=same[-1].named if same else None,
        members=members,
    )
    path = _placed(settings, manifest, made.members)
    reports.publish(settings, made.page, made.forms, as_of)
    return Made(path, package.hash_of(path), manifest, is_new=True)


def _placed(settings: Settings, manifest: package.Manifest, members: contents.Members) -> Path:
    """Write the file with its hash and signature; the file comes last, whole."""
    folder, name = settings.releases, chain.file_name(manifest.berichtsmonat, manifest.number)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".release-") as place:
        half = Path(place) / name
        package.write(half, {package.MANIFEST: manifest.text(), **members})
        beside = [_digest(half)]
        if settings.release_key is not None:
            beside.append(signature.sign(half, settings.release_key))
        half.chmod(0o444)
        with half.open("rb") as written:
            os.fsync(written.fileno())
        for path in (*beside, half):
            path.replace(folder / path.name)
    return folder / name


def _digest(path: Path) -> Path:
    """Write the hash beside a file, as `sha256sum --check` reads it."""
    beside = path.with_name(path.name + DIGEST)
    beside.write_text(f"{package.hash_of(path)}  {path.name}\n", encoding="utf-8")
    return beside
