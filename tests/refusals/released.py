"""Codes of releases: one situation each."""

from __future__ import annotations

from pathlib import Path

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding
from kca_etl.runs.releases import chain, contents, package, verify
from kca_etl.runs.releases.package import Examined, Manifest, Named
from kca_etl.textcheck.results import CheckedClaim
from tests.refusals.entries import Entry


def manifest(**given: object) -> Manifest:
    about = {
        "format": package.FORMAT,
        "berichtsmonat": "2020-11",
        "number": 1,
        "office": "Stelle",
        "region": "ags:00000",
        "source": "sheets",
        "as_of": None,
        "program": "0",
        "previous": None,
        "replaces": None,
        "members": {},
    }
    return Manifest.model_validate(about | given)


def packed(folder: Path, content: bytes = b"x", released: bytes = b"x") -> Path:
    """Write an archive whose manifest was made for another content."""
    known = package.described({"a.txt": released})
    made = manifest(members={name: m.model_dump() for name, m in known.items()})
    path = folder / "Freigabe_2020-11.zip"
    package.write(path, {package.MANIFEST: made.text(), "a.txt": content})
    return path


def _no_release(folder: Path) -> list[Finding]:
    path = folder / "x.zip"
    path.write_bytes(b"no archive")
    return package.examine(path, folder).findings


def _damaged(folder: Path) -> list[Finding]:
    (folder / "apart").mkdir()
    return package.examine(packed(folder, content=b"y"), folder / "apart").findings


def _differs(folder: Path) -> list[Finding]:
    path = folder / "figures.csv"
    path.write_text("kennzahl,value,sheet,cell\nelb,1.0,Blatt,B2\n", encoding="utf-8")
    taken = Examined("", members={"zahlen/figures.csv": path})
    again = [{"kennzahl": "elb", "value": "2.0", "sheet": "Blatt", "cell": "B2"}]
    return verify.compared(taken, "zahlen/figures.csv", again)


def _chain(folder: Path) -> list[Finding]:
    named = Named(file="Freigabe_2020-10.zip", sha256="0" * 64)
    return chain.broken(manifest(previous=named.model_dump()), packed(folder))


def _contradicted(_: Path) -> list[Finding]:
    wrong = CheckedClaim.__new__(CheckedClaim)
    for name, value in {"verdict": "widerspricht", "number": False}.items():
        object.__setattr__(wrong, name, value)
    return contents.contradicted([wrong], "text.txt")


def _unsigned(folder: Path) -> list[Finding]:
    path, signers = packed(folder), folder / "signers"
    signers.touch()
    return verify.verify(path, signers=signers).findings


ENTRIES = [
    Entry(Code.NOT_A_RELEASE, "kca_etl.runs.releases.package.examine", _no_release),
    Entry(
        Code.RELEASE_DAMAGED, "kca_etl.runs.releases.package.examine", _damaged, what="member a.txt"
    ),
    Entry(
        Code.RELEASE_DIFFERS,
        "kca_etl.runs.releases.verify.compared",
        _differs,
        sheet="Blatt",
        cell="B2",
        what="elb",
    ),
    Entry(Code.RELEASE_CHAIN, "kca_etl.runs.releases.chain.broken", _chain),
    Entry(Code.RELEASE_SIGNATURE, "kca_etl.runs.releases.verify.missing_signature", _unsigned),
    Entry(Code.TEXT_CONTRADICTED, "kca_etl.runs.releases.contents.contradicted", _contradicted),
]
