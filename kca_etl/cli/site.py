"""`kca site`: the website."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson


def site(
    folder: Path,
    serve: Annotated[
        bool, typer.Option("--serve", help="Show it on this machine until Ctrl-C.")
    ] = False,
    port: Annotated[int, typer.Option(help="Port of --serve; 0 takes a free one.")] = 8000,
    as_json: AsJson = False,
) -> None:
    """Publish the website into FOLDER: only what changed, all together or not at all.

    Example: kca site WEBSITE
    """
    from kca_etl.runs.site import make
    from kca_etl.settings import Settings

    with _progress() as watch:
        made = make(Settings(), folder, watch=watch)
    row = {
        "folder": str(folder),
        "files": made.pages,
        "written": len(made.published.written),
        "unchanged": made.published.unchanged,
        "no longer made": len(made.published.vanished),
        "without excerpt": len(made.unproven),
    }
    console.listing([row], as_json=as_json)
    if made.unproven:
        print(
            f"{len(made.unproven)} archived documents are gone or have changed; their proof pages"
            f" show no excerpt: {', '.join(s[:12] for s in made.unproven)} · kca archive verify",
            file=sys.stderr,
        )
    if serve:
        _serve(folder, port)
    elif made.unproven:
        sys.exit(console.OTHER)


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show how many pages are done, where somebody watches."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("pages", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _serve(folder: Path, port: int) -> None:
    """Serve the folder to this machine alone."""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"http://127.0.0.1:{server.server_port}/ (Ctrl-C ends it)", flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("stopped")
