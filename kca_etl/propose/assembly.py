"""A draft as text: what stands above its tables, the tables, its kennzahlen, what is left open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kca_etl.propose.catalogue import Draft, add
from kca_etl.propose.table_draft import TableDraft
from kca_etl.propose.wording import quoted


@dataclass(slots=True)
class Head:
    """What a draft says of the whole document.

    `lines`: name, recognition, month and datenstand · `zeichen`: signs with their meanings.
    """

    lines: list[str]
    zeichen: dict[str, str] = field(default_factory=dict)

    @property
    def source(self) -> str:
        """The source's name."""
        return self.lines[0].partition(": ")[2]

    def declaration(self, tables: Sequence[TableDraft], ignored: Sequence[str] = ()) -> str:
        """The declaration of some tables, without kennzahlen."""
        systems = {k: v for table in tables for k, v in table.systems.items()}
        signs = ", ".join(f"{quoted(k)}: {quoted(v)}" for k, v in self.zeichen.items())
        regions = ", ".join(f"{quoted(k)}: {quoted(v)}" for k, v in systems.items())
        lines = [
            *self.lines,
            f"zeichen: {{{signs}}}",
            f"regions: {{{regions}}}",
            f"ignore_sheets: [{', '.join(map(quoted, ignored))}]",
        ]
        if any(table.gaps for table in tables):
            lines.append("x-gaps: &gaps {empty: skip}")
        lines.append("tables:" if tables else "tables: []")
        return "\n".join([*lines, *(line for table in tables for line in table.lines())])


def assembled(
    head: Head, tables: Sequence[TableDraft], ignored: Sequence[str], todo: list[str]
) -> Draft:
    """Join the parts of a draft."""
    out = Draft([head.declaration(tables, ignored)], todo=todo)
    for table in tables:
        for code, one in table.kennzahlen.items():
            add(out.kennzahlen, code, one, [] if one.whole else [0.5])
        out.todo += table.todo
    return out
