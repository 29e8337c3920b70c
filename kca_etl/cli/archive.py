"""`kca archive` and `kca rebuild`: every received file, and the warehouse made anew from them."""

from __future__ import annotations

import json
import shutil
import sys
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.catalogue import sentence
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from kca_etl.settings import Settings


def verify(as_json: AsJson = False) -> None:
    """Hash every archived file anew; find what is damaged or gone.

    Example: kca archive verify
    """
    from kca_etl.landing.archive import files as archive
    from kca_etl.landing.archive import provenance
    from kca_etl.settings import Settings
    from kca_etl.warehouse.views import queries

    settings = Settings()
    files, damaged = provenance.documents(settings.landing), archive.verify(settings.landing)
    found = [
        Finding(Code.ARCHIVE_DAMAGED, f"the archived file {path.name} has changed")
        for path in damaged
    ]
    engine = existing(settings)
    found += [
        Finding(
            Code.NOT_IN_ARCHIVE,
            f"{document['file_name']} is gone",
            found=f"sha256 {document['sha256']}",
        )
        for document in (queries.documents(engine) if engine else [])
        if archive.find_or_none(document["sha256"], settings.landing) is None
    ]
    _tell(
        {"files": len(files), "damaged": len(damaged), "missing": len(found) - len(damaged)},
        found,
        as_json=as_json,
    )


def export(
    sha256: Annotated[str, typer.Argument(help="The hash or its beginning.")],
    folder: Path,
    as_json: AsJson = False,
) -> None:
    """Hand out an archived document with its provenance into FOLDER.

    Example: kca archive export 3f2a HANDED-OUT
    """
    from kca_etl.landing.archive import files as archive
    from kca_etl.landing.archive import provenance
    from kca_etl.settings import Settings

    settings = Settings()
    fits = [p for p in provenance.documents(settings.landing) if p.name.startswith(sha256.lower())]
    if len(fits) != 1:
        raise KcaError(
            Finding(
                Code.NO_FILE,
                f"{len(fits)} archived files have a hash that begins with {sha256!r}",
                expected="exactly one",
            )
        )
    about = _provenance(fits[0].name.split(".")[0], settings)
    folder.mkdir(parents=True, exist_ok=True)
    target = _free(folder, Path(str(about.get("file_name", fits[0].name))).name)
    shutil.copyfile(fits[0], target)
    beside = target.with_name(target.name + ".provenance.json")
    beside.write_text(
        json.dumps(about, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    if archive.document_of(target).sha256 != about["sha256"]:
        target.unlink()  # nobody takes it for the document
        beside.unlink()
        raise KcaError(
            Finding(Code.ARCHIVE_DAMAGED, f"the archived file {fits[0].name} has changed")
        )
    console.listing([{"document": str(target), "provenance": str(beside)}], as_json=as_json)


def _provenance(sha256: str, settings: Settings) -> dict[str, Any]:
    """What the archive's note says, and what manifest and warehouse add to it."""
    from kca_etl.landing.archive import provenance
    from kca_etl.warehouse import arrivals
    from kca_etl.warehouse.views import queries

    about: dict[str, Any] = provenance.read(sha256, settings.landing) | {"sha256": sha256}
    engine = existing(settings)
    if engine is None:
        return about
    known = next((d for d in queries.documents(engine) if d["sha256"] == sha256), None)
    return about | {
        "warehouse": known,
        "findings": queries.findings(engine, sha256),
        "arrivals": arrivals.of_document(engine, sha256),
    }


def _free(folder: Path, name: str) -> Path:
    """Nothing is overwritten: a name that is taken gets a number."""
    plain = folder / name
    return next(
        p
        for n in count(1)
        if not (p := plain if n == 1 else plain.with_stem(f"{plain.stem} ({n})")).exists()
    )


def rebuild(
    into: Annotated[
        str | None,
        typer.Option(
            help="URL of a fresh database; default a new SQLite file beside the warehouse."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Build the warehouse anew from the archive alone and prove that it is the same.

    Compared are all figures with their histories, documents, findings, decisions, runs,
    publishers' answers and pages.

    Example: kca rebuild
    """
    from kca_etl.runs import rebuild as core
    from kca_etl.settings import Settings
    from kca_etl.warehouse.engine import open_engine

    settings = Settings()
    if into is not None:
        about, found = _rebuilt(settings, open_engine(into))
        _tell(about, found, as_json=as_json)
    with core.fresh_file(settings.home.resolve()) as half:
        about, found = _rebuilt(settings, open_engine(f"sqlite:///{half}"))
        about["into"] = f"sqlite:///{core.put_in_place(half)}"
    _tell(about, found, as_json=as_json)


def _rebuilt(settings: Settings, after: Engine) -> tuple[dict[str, Any], list[Finding]]:
    """Rebuild, compare; return what there is to tell, and the findings."""
    from kca_etl.runs import archive_record
    from kca_etl.runs import rebuild as core

    before = existing(settings)
    if before is not None:
        archive_record.complete(before, settings.landing)
    documents = core.wanted(list(core.archived(settings.landing)), before)
    with console.busy(f"reading {len(documents)} archived documents again"):
        done = core.rebuild(documents, after, settings)
    differs = core.difference(before, after) if before is not None else []
    about = {
        "documents": len(documents),
        "loaded": done.loaded,
        "equal": None if before is None else not differs,
        "into": after.url.render_as_string(hide_password=True),
    }
    return about, [*done.findings, *differs]


def existing(settings: Settings) -> Engine | None:
    """Open the warehouse if there is one.

    A lost one is no error where the archive alone must do.
    """
    from kca_etl.warehouse import migrate
    from kca_etl.warehouse.engine import open_engine

    if settings.database_url is None and not (settings.home / "warehouse.db").exists():
        return None
    engine = open_engine(settings.url)
    try:
        migrate.check(engine)
    except KcaError as error:
        if error.findings[0].code == Code.DB_MISSING:
            return None
        raise
    return engine


def _tell(about: dict[str, Any], findings: list[Finding], *, as_json: bool) -> NoReturn:
    from kca_etl.runs.outcomes import finding_row

    if as_json:
        console.listing([about | {"findings": [finding_row(f) for f in findings]}], as_json=True)
    else:
        words = {None: "no warehouse to compare with", True: "yes", False: "no"}
        shown = {key: words[value] if key == "equal" else value for key, value in about.items()}
        print(*(f"{key:<10} {value}" for key, value in shown.items()), sep="\n")
        print(*(sentence(f) for f in findings), sep="\n", end="\n" if findings else "")
    sys.exit(console.OTHER if findings else console.OK)
