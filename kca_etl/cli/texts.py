"""`kca check-text`: a text held against the warehouse. `kca draft`: one to start from."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson


def check_text(
    file: Path,
    month: Annotated[
        str | None,
        typer.Option(
            "--month", help="The month the text speaks of, YYYY-MM. Read from the text by default."
        ),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(help="The region the text speaks of, system:code; default the office's own."),
    ] = None,
    coverage: Annotated[
        float,
        typer.Option(help="Per cent of the text's figures that must be judged, 0 to 100."),
    ] = 0,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Also write a page with the marked text to this file."),
    ] = None,
    comments: Annotated[
        Path | None,
        typer.Option("--comments", help="Also write a copy of the .docx with comments here."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check every figure and claim of a German text against the warehouse.

    Ends with 1 if anything contradicts the warehouse or the text itself, or if too little could be
    judged. A text that speaks of another month or region stops with a finding.

    Example: kca check-text release.docx --month 2020-11
    """
    from kca_etl.runs.texts import check_file
    from kca_etl.settings import Settings
    from kca_etl.textcheck import show

    checked = check_file(Settings(), file, month, region)
    if html is not None:
        html.write_text(checked.page, encoding="utf-8")
    if comments is not None:
        comments.write_bytes(checked.with_comments())
    if as_json:
        console.listing([asdict(claim) for claim in checked.claims], as_json=True)
    else:
        print(show.render(checked.claims, checked.text))
    sys.exit(show.exit_code(checked.claims, coverage))


def draft(
    month: Annotated[str, typer.Argument(help="YYYY-MM.")],
    as_of: Annotated[str | None, typer.Option(help="As known on this day, YYYY-MM-DD.")] = None,
    docx: Annotated[
        Path | None,
        typer.Option("--docx", help="Write a Word document with comments instead."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Draft the text of MONTH: the office's sentences, each number with its proof as a comment.

    Example: kca draft 2020-11 --docx entwurf.docx
    """
    from kca_etl.runs.press_draft import draft as made
    from kca_etl.settings import Settings

    drafted = made(Settings(), month, as_of)
    if docx is not None:
        docx.write_bytes(drafted.as_word())
        console.listing([{"file": str(docx)}], as_json=as_json)
    elif as_json:
        console.listing([asdict(proof) for proof in drafted.proofs], as_json=True)
    else:
        print(drafted.with_comments(), end="")
