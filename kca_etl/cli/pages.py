"""Pages of `docs/` that are generated from the code: run `make docs`, a test compares."""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic.fields import FieldInfo

import kca_etl
from kca_etl.model.catalogue import declared
from kca_etl.settings import Settings
from kca_etl.warehouse.views.page import page as contract

PACKAGE = Path(kca_etl.__file__).parent
VERDICTS = {
    "quarantine": "the document is kept, nothing of it is loaded",
    "reject": "the file is not parsed",
    "warn": "the document is loaded and the finding listed",
    "retry": "try again",
    "wait": "not there yet",
}


def errors() -> str:
    """The catalogue of findings as Markdown."""
    head = [
        "# Findings",
        "",
        "Generated from `kca_etl/model/findings.yaml` by `make docs`. A finding reads",
        "`[CODE] what · where · found / expected · state of the data · next step`.",
        "",
    ]
    verdicts = [f"- **{name}**: {meaning}" for name, meaning in VERDICTS.items()]
    rows = [
        f"| `{code}` | {about['verdict']} | {about['title']} | {about['next_step']} |"
        for code, about in sorted(declared().items())  # codes.py may not know a new code yet
    ]
    return "\n".join(
        [
            *head,
            *verdicts,
            "",
            "| Code | Verdict | Meaning | Next step |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def codes() -> str:
    """The enumeration of all codes as a module."""
    head = [
        (
            '"""The codes of all findings. Generated from findings.yaml by `make docs`; a test'
            ' compares."""'
        ),
        "",
        "from __future__ import annotations",
        "",
        "from enum import StrEnum",
        "",
        "",
        "class Code(StrEnum):",
        '    """What a finding is of; `kca_etl.model.catalogue` says what each code means."""',
        "",
    ]
    return "\n".join([*head, *(f'    {name} = "{name}"' for name in sorted(declared())), ""])


def _default(field: FieldInfo) -> object:
    """What counts where nothing is set; empty for nothing, and for what the machine decides."""
    return "" if field.default_factory else field.default or ""


def settings() -> str:
    """The table of all settings as Markdown."""
    head = [
        "# Settings",
        "",
        "Generated from `kca_etl/settings.py` by `make docs`. All are environment variables.",
        "",
        "| Variable | Default | Meaning |",
        "|---|---|---|",
    ]
    rows = [
        f"| `KCA_{name.upper()}` | {_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join([*head, *rows, ""])


if __name__ == "__main__":
    (Path(sys.argv[1]) / "settings.md").write_text(settings(), encoding="utf-8")
    (PACKAGE / "model" / "codes.py").write_text(codes(), encoding="utf-8")
    (Path(sys.argv[1]) / "errors.md").write_text(errors(), encoding="utf-8")
    (Path(sys.argv[1]) / "sql-contract.md").write_text(contract(), encoding="utf-8")
