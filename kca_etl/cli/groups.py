"""The command line's groups.

`kca sources …`, `kca quarantine …`, `kca archive …`, `kca db …`, `kca automations …`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Month = Annotated[str | None, typer.Option("--month", help="Month as YYYY-MM.")]


def _group(what: str) -> typer.Typer:
    return typer.Typer(help=what, no_args_is_help=True, rich_markup_mode=None)


quarantine_app = _group("Documents put aside, with their findings.")
sources_app = _group("The declared sources, and drafts for new ones.")
db_app = _group("The warehouse's schema and who may read it.")
archive_app = _group("Every received file, under its hash.")
automations_app = _group("What Prefect does by itself.")
GROUPS = {
    "quarantine": quarantine_app,
    "sources": sources_app,
    "db": db_app,
    "archive": archive_app,
    "automations": automations_app,
}


@archive_app.command("verify")
def archive_verify(as_json: Json = False) -> None:
    """Hash every archived file anew; find what is damaged or gone."""
    from kca_etl.cli import archive_commands

    archive_commands.verify(as_json=as_json)


@archive_app.command("export")
def archive_export(
    sha256: Annotated[str, typer.Argument(help="The hash or its beginning.")],
    folder: Path,
    as_json: Json = False,
) -> None:
    """Hand out an archived document with its provenance into FOLDER."""
    from kca_etl.cli import archive_commands

    archive_commands.export(sha256, folder, as_json=as_json)


@automations_app.command("apply")
def automations_apply() -> None:
    """Create or change Prefect's automations by name: crashed runs are found.

    Notifications where an address is set.
    """
    from kca_etl.cli import operate_commands as commands

    commands.automations()


@quarantine_app.command("list")
def quarantine_list(as_json: Json = False) -> None:
    """List the documents put aside."""
    from kca_etl.cli import commands

    commands.quarantine_list(as_json=as_json)


@quarantine_app.command("show")
def quarantine_show(
    sha256: Annotated[str, typer.Argument(help="The document's hash or its beginning.")],
    as_json: Json = False,
) -> None:
    """Show a document's findings."""
    from kca_etl.cli import commands

    commands.quarantine_show(sha256, as_json=as_json)


@quarantine_app.command("replay")
def quarantine_replay(
    sha256: Annotated[
        str | None, typer.Argument(help="One document; all if none is given.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="The amended file that takes its place.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Try documents again: after the declaration or the file was amended."""
    from kca_etl.cli import commands

    commands.quarantine_replay(sha256, file, as_json=as_json)


@sources_app.command("list")
def sources_list(as_json: Json = False) -> None:
    """List the declared sources."""
    from kca_etl.cli import source_commands

    source_commands.listing(as_json=as_json)


@sources_app.command("check")
def sources_check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Documents to read by the declarations.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check every declaration; with FILES also whether exactly one fits each and reads it."""
    from kca_etl.cli import source_commands

    source_commands.check(files or [], as_json=as_json)


@sources_app.command("propose")
def sources_propose(file: Path, as_json: Json = False) -> None:
    """Draft a declaration for FILE.

    For a known source that has drifted, print what changed and the patch.
    """
    from kca_etl.cli import source_commands

    source_commands.propose(file, as_json=as_json)


@sources_app.command("probe")
def sources_probe(
    source: str,
    month: Annotated[str, typer.Option("--month", help="Month as YYYY-MM.")],
    as_json: Json = False,
) -> None:
    """Ask the publisher of SOURCE once and print what came back; store nothing."""
    from kca_etl.cli import obtain_commands

    obtain_commands.probe(source, month, as_json=as_json)


@sources_app.command("schema")
def sources_schema() -> None:
    """Print the JSON Schema of a declaration, for editors."""
    from kca_etl.cli import source_commands

    source_commands.schema()


@db_app.command("upgrade")
def db_upgrade(as_json: Json = False) -> None:
    """Create the warehouse or bring it to this version's schema."""
    from kca_etl.cli import commands

    commands.db_upgrade(as_json=as_json)


@db_app.command("grant-readers")
def db_grant_readers(role: str, as_json: Json = False) -> None:
    """Let ROLE read the published views and nothing else (PostgreSQL).

    With KCA_READER_PASSWORD it may log in.
    """
    from kca_etl.cli import publish_commands

    publish_commands.readers(role, as_json=as_json)


@db_app.command("check")
def db_check(as_json: Json = False) -> None:
    """Tell whether code and database agree."""
    from kca_etl.cli import commands

    commands.db_check(as_json=as_json)
