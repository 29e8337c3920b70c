"""The file of a release: a ZIP without compression whose every byte follows from its members.

Nothing in it depends on a clock, a machine or a compressor. So the archive that its own members
make must be the archive itself, and whatever differs, between the members too, is damage.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

FORMAT = "kca-release/1"
MANIFEST = "manifest.json"
MAX_BYTES = 4_000_000_000  # the format's own limit
MAX_MANIFEST_BYTES = 10_000_000
MAX_MEMBERS = 20_000
CHUNK = 1 << 20
NAME = r"[\w-][\w.-]{0,199}"
_PATH = re.compile(rf"{NAME}(/{NAME}){{0,3}}")
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the format's earliest
_HEADER_BYTES = 30  # before a member's name
_UNREADABLE = (BadZipFile, NotImplementedError, ValueError, OSError, EOFError, OverflowError)


class Part(BaseModel):
    """Base of the manifest's parts: frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Part):
    """Another release: its file's name and hash."""

    file: str = Field(pattern=rf"^{NAME}$")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Member(Part):
    """A member's hash and size."""

    sha256: str
    bytes: int


class Manifest(Part):
    """What a release says of itself.

    `number`: 1 for the first of its month; `replaces` names the one before of the same month,
    `previous` the one that was made before it, of whatever month: the chain. `as_of`: the ISO
    day for which the page was made, where one was given.
    """

    format: str = Field(pattern=f"^{FORMAT}$")
    berichtsmonat: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    number: int = Field(ge=1)
    office: str
    region: str
    source: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    as_of: str | None = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    program: str
    previous: Named | None
    replaces: Named | None
    members: dict[str, Member]

    def text(self) -> bytes:
        """Write it the one way in which it stands in the archive."""
        written = json.dumps(self.model_dump(), ensure_ascii=False, indent=1, sort_keys=True)
        return f"{written}\n".encode()


@dataclass(slots=True)
class Examined:
    """A release's file, taken apart: its manifest and where its members lie now."""

    sha256: str
    manifest: Manifest | None = None
    members: dict[str, Path] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def content(self, name: str) -> bytes:
        """Return a member's bytes; empty where it is missing."""
        path = self.members.get(name)
        return path.read_bytes() if path else b""


def hash_of(content: bytes | Path) -> str:
    """Return the SHA-256 of bytes or of a file."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    with content.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def described(members: Mapping[str, bytes | Path]) -> dict[str, Member]:
    """Return hash and size of each member."""
    return {
        name: Member(
            sha256=hash_of(content),
            bytes=len(content) if isinstance(content, bytes) else content.stat().st_size,
        )
        for name, content in members.items()
    }


def write(target: Path, members: Mapping[str, bytes | Path]) -> None:
    """Write members, in their order, as the one archive that they make."""
    with ZipFile(target, "w", ZIP_STORED) as out:
        for name, content in members.items():
            info = ZipInfo(name, _FIRST_DAY)
            info.create_system = 3  # Unix, on every machine
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            if isinstance(content, bytes):
                out.writestr(info, content)
                continue
            info.file_size = content.stat().st_size
            with content.open("rb") as source, out.open(info, "w") as member:
                shutil.copyfileobj(source, member, CHUNK)


def manifest_of(path: Path) -> Manifest:
    """Read the manifest alone. Raises KcaError NOT_A_RELEASE."""
    try:
        with ZipFile(path) as archive:
            info = archive.getinfo(MANIFEST)
            if info.file_size > MAX_MANIFEST_BYTES or info.compress_type != ZIP_STORED:
                raise ValueError("the manifest is too large or compressed")
            return Manifest.model_validate_json(archive.read(info))
    except (*_UNREADABLE, KeyError, ValidationError) as error:
        raise KcaError(_no_release(path, str(error))) from None


def examine(path: Path, folder: Path) -> Examined:
    """Take a release apart into a folder, and name everything in its file that has changed.

    Nothing in it is trusted: members are stored, never unpacked, and lie under numbers.
    """
    found = Examined(hash_of(path))
    try:
        infos = _listed(path)
    except _UNREADABLE as error:
        found.findings.append(_no_release(path, str(error)))
        return found
    with path.open("rb") as source:
        for number, info in enumerate(infos):
            target = folder / f"{number:05}"
            if _copied(source, info, target):
                found.members[info.filename] = target
            else:
                found.findings.append(_damage(f"the place of {info.filename} is wrong"))
    _read_manifest(found)
    if found.manifest is not None:
        found.findings += _unlike(found.manifest, found.members)
    found.findings += _between(path, found.members, folder / "again")
    return found


def _listed(path: Path) -> list[ZipInfo]:
    """Return the directory of an archive. Raises ValueError where it is none of ours."""
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ValueError(f"{size:,} bytes are more than {MAX_BYTES:,}")
    with ZipFile(path) as archive:
        infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise ValueError(f"it has {len(infos)} members")
    if odd := [info.filename for info in infos if not _is_ours(info)]:
        raise ValueError(f"it holds what no release holds: {odd[0][:100]!r}")
    if len({info.filename.casefold() for info in infos}) < len(infos):
        raise ValueError("a member stands in it twice")
    if sum(info.file_size for info in infos) > size:
        raise ValueError("its members are larger than itself")
    return infos


def _is_ours(info: ZipInfo) -> bool:
    """Tell whether a member has a plain name and is neither packed nor encrypted."""
    plain = _PATH.fullmatch(info.filename) is not None
    return plain and info.compress_type == ZIP_STORED and not info.flag_bits & 1


def _copied(source: IO[bytes], info: ZipInfo, target: Path) -> bool:
    """Copy a member's raw bytes, whatever its checksum says."""
    source.seek(info.header_offset + _HEADER_BYTES + len(info.orig_filename.encode()))
    left = info.file_size
    with target.open("wb") as out:
        while left and (chunk := source.read(min(CHUNK, left))):
            left -= out.write(chunk)
    return not left


def _read_manifest(found: Examined) -> None:
    content = found.content(MANIFEST)
    try:
        found.manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        shown = f"{where}: {first['msg']}" if where else first["msg"]
        found.findings.append(_damage(f"the member {MANIFEST} cannot be read", shown[:200]))
        return
    if found.manifest.text() != content:
        found.findings.append(_damage(f"the member {MANIFEST} is not written as we write it"))


def _unlike(manifest: Manifest, members: Mapping[str, Path]) -> list[Finding]:
    """Name each member that is not what the manifest says, that is missing, or too many."""
    found = []
    for name, known in manifest.members.items():
        if name not in members:
            found.append(_damage(f"the member {name} is missing"))
        elif (now := hash_of(members[name])) != known.sha256:
            what = f"the member {name} is not what the manifest says"
            found.append(_damage(what, f"sha256 {now}", f"sha256 {known.sha256}"))
    more = members.keys() - manifest.members.keys() - {MANIFEST}
    return [*found, *(_damage(f"the manifest does not know the member {n}") for n in sorted(more))]


def _between(path: Path, members: Mapping[str, bytes | Path], again: Path) -> list[Finding]:
    """Hold the archive against the one that its members make; name the first byte that differs."""
    write(again, members)
    with path.open("rb") as one, again.open("rb") as other:
        place = _first_difference(one, other)
    if place is None:
        return []
    where, shown = _where(again, place), f"byte {place} of {path.stat().st_size}"
    return [_damage(f"the file has changed: {where}", shown)]


def _first_difference(one: IO[bytes], other: IO[bytes]) -> int | None:
    start = 0
    while True:
        left, right = one.read(CHUNK), other.read(CHUNK)
        if left != right:
            pairs = enumerate(zip(left, right, strict=False))
            same = min(len(left), len(right))
            return start + next((n for n, (a, b) in pairs if a != b), same)
        if not left:
            return None
        start += len(left)


def _where(again: Path, place: int) -> str:
    """Say what stands at a byte of the archive."""
    with ZipFile(again) as archive:
        infos, directory = archive.infolist(), archive.start_dir
    if place >= directory:
        return "the directory at its end, or what follows it"
    held = [info for info in infos if info.header_offset <= place]
    if not held:
        return "its beginning"
    info = held[-1]
    data = info.header_offset + _HEADER_BYTES + len(info.orig_filename.encode())
    part = "the content" if place >= data else "the header or the checksum"
    return f"{part} of the member {info.filename}"


def _no_release(path: Path, why: str) -> Finding:
    return Finding(Code.NOT_A_RELEASE, f"{path.name} is no release, or damaged", found=why[:300])


def _damage(what: str, found: str = "", expected: str = "") -> Finding:
    return Finding(Code.RELEASE_DAMAGED, what, found=found, expected=expected)


def as_json(value: Any) -> bytes:  # noqa: ANN401 - JSON values
    """Write JSON as every member of a release is written."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
