"""The releases of an office: where they lie, their numbers, and the chain that they form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.runs.releases.package import Manifest, Member, Named, hash_of, manifest_of

PREFIX = "Freigabe_"


@dataclass(frozen=True, slots=True)
class Released:
    """A release that lies in the folder."""

    path: Path
    sha256: str
    manifest: Manifest

    @property
    def named(self) -> Named:
        """As another release names it."""
        return Named(file=self.path.name, sha256=self.sha256)

    def holds(self, members: Mapping[str, Member], program: str) -> bool:
        """Tell whether it is what a new release of these members would be."""
        return self.manifest.members == members and self.manifest.program == program


def released(folder: Path) -> list[Released]:
    """Return the releases of a folder by month and number. Raises KcaError NOT_A_RELEASE."""
    found = [
        Released(path, hash_of(path), manifest_of(path)) for path in folder.glob(f"{PREFIX}*.zip")
    ]
    return sorted(found, key=lambda r: (r.manifest.berichtsmonat, r.manifest.number))


def last(releases: list[Released]) -> Released | None:
    """Return the release that no other follows: the end of the chain."""
    followed = {r.manifest.previous.sha256 for r in releases if r.manifest.previous}
    return next((r for r in reversed(releases) if r.sha256 not in followed), None)


def file_name(month: str, number: int) -> str:
    """Return `Freigabe_2020-11.zip`, from the second of a month on `Freigabe_2020-11_2.zip`."""
    return f"{PREFIX}{month}{'' if number == 1 else f'_{number}'}.zip"


def broken(manifest: Manifest, previous: Path) -> list[Finding]:
    """Hold a release against the file that is said to be the one before it."""
    found, named = hash_of(previous), manifest.previous
    if named is not None and named.sha256 == found:
        return []
    what = f"the release before it is not {previous.name}"
    expected = f"{named.file}, sha256 {named.sha256}" if named else "none: it is the first"
    return [Finding(Code.RELEASE_CHAIN, what, found=f"sha256 {found}", expected=expected)]
