"""`kca release` and `kca verify`: a month as one file, and the proof of such a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.catalogue import sentence

if TYPE_CHECKING:
    from kca_etl.runs.releases.verify import Verified


def release(
    month: Annotated[str, typer.Argument(help="YYYY-MM.")],
    text: Annotated[
        Path | None, typer.Option(help="The press text: it is checked, and goes with the release.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    as_json: AsJson = False,
) -> None:
    """Release MONTH: one file with the page, its figures, and the documents they came from.

    It goes to the folder `releases` and names the release before it. The same content again
    changes nothing; other content becomes the month's next number.

    Example: kca release 2020-11 --text release.docx
    """
    from kca_etl.runs.releases.make import release as make
    from kca_etl.settings import Settings

    made = make(Settings(), month, as_of, text)
    before = made.manifest.previous
    about = {
        "file": str(made.path),
        "sha256": made.sha256,
        "number": made.manifest.number,
        "previous": before.file if before else None,
        "state": "released" if made.is_new else "unchanged",
    }
    if as_json:
        console.listing([about], as_json=True)
        return
    print(
        *(f"{key:<10} {'none' if value is None else value}" for key, value in about.items()),
        sep="\n",
    )
    if made.manifest.replaces:
        print(f"{'replaces':<10} {made.manifest.replaces.file}")


def verify(
    file: Path,
    previous: Annotated[
        Path | None,
        typer.Option(help="The release before it; by default looked for beside FILE."),
    ] = None,
    signers: Annotated[
        Path | None,
        typer.Option(help="OpenSSH's file of allowed signers: FILE must be signed by one of them."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check FILE, a release, with nothing but itself: no network, no warehouse, no settings.

    Every byte is held against its manifest, and every figure is computed again from the documents
    inside. Ends with 1 if anything does not fit.

    Example: kca verify Freigabe_2020-11.zip
    """
    from kca_etl.runs.outcomes import finding_row
    from kca_etl.runs.releases.verify import verify as check

    done = check(file, previous, signers)
    about, found = _told(done), done.findings
    if as_json:
        console.listing([about | {"findings": [finding_row(f) for f in found]}], as_json=True)
    else:
        shown = about | {"genuine": "yes" if about["genuine"] else "no"}
        lines = [f"{key:<10} {'' if v is None else v}".rstrip() for key, v in shown.items()]
        print(*lines, *map(sentence, found), sep="\n")
    sys.exit(console.OTHER if found else console.OK)


def _told(done: Verified) -> dict[str, Any]:
    """What there is to tell of a release that was verified."""
    manifest = done.manifest
    return {
        "file": done.file,
        "sha256": done.sha256,
        "month": manifest.berichtsmonat if manifest else None,
        "number": manifest.number if manifest else None,
        "program": manifest.program if manifest else None,
        "documents": done.documents,
        "figures": done.figures,
        "chain": done.chain,
        "signature": done.signature,
        "genuine": not done.findings,
    }
