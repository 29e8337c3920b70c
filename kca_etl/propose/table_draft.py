"""A table of a draft as parts that a trial may still change, and as lines of YAML."""

from __future__ import annotations

from dataclasses import dataclass, field

from kca_etl.german.text import literal, literal_sheet, split_footnote
from kca_etl.propose.catalogue import Measure
from kca_etl.propose.roles import stub_name
from kca_etl.propose.shape import Shape
from kca_etl.propose.wording import quoted, slug


@dataclass(slots=True)
class TableDraft:
    """A table of a draft, as parts that a trial may still change."""

    name: str
    shape: Shape
    roles: list[str]
    named_labels: bool = True
    alone: bool = True
    gaps: bool = False
    region: str = ""
    period: str = ""
    repeats: bool = False
    end: str = ""
    ignore_rows: list[str] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    kennzahlen: dict[str, Measure] = field(default_factory=dict)
    systems: dict[str, str] = field(default_factory=dict)
    todo: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The table's lines of YAML."""
        ignored = ", ".join(map(quoted, self.ignore_rows))
        optional = (
            (self.gaps, "<<: *gaps"),
            (True, f"stub: {self._stub()}"),
            (self.shape.numbered, "numbered: true"),
            (not self.alone, f'set: "[blatt={slug(self.name)}]"'),
            (self.region, f"region: {quoted(self.region)}"),
            (self.period, f"period: {quoted(self.period)}"),
            (self.repeats, "repeats: true"),
            (self.ignore_rows, f"ignore_rows: [{ignored}]"),
            (self.end, f"end: {quoted(self.end)}"),
        )
        out = [
            f"  - id: {quoted(slug(self.name))}",
            f"    sheet: {quoted(literal_sheet(self.name))}",
            *(f"    {line}" for is_there, line in optional if is_there),
        ]
        for part, pairs in (
            ("sections", self.sections),
            ("columns", self.columns),
            ("rows", self.rows),
        ):
            out += [f"    {part}:", *_pairs(pairs)] if pairs else []
        return out

    @property
    def names(self) -> list[str]:
        """The headers of the label columns."""
        return [stub_name(self.shape, c) for c in self.shape.stub]

    @property
    def can_be_named(self) -> bool:
        """Tell whether each label column has a header of its own."""
        return bool(self.names) and all(self.names) and len(set(self.names)) == len(self.names)

    def _stub(self) -> str:
        """The label columns' roles, by their names where each has one of its own."""
        if not (self.named_labels and self.can_be_named):
            return f"[{', '.join(self.roles)}]"
        forms = [literal(split_footnote(name)[0]) for name in self.names]
        pairs = [f"{quoted(n)}: {r}" for n, r in zip(forms, self.roles, strict=True)]
        return f"{{{', '.join(pairs)}}}"


def _pairs(parts: dict[str, str]) -> list[str]:
    return [f"      {quoted(key)}: {quoted(code)}" for key, code in parts.items()]
