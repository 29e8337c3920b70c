"""The language of a source declaration: one YAML file says what a publisher's documents look like.

Unknown keys are errors, so that a typing mistake never silently changes what is read.
"""

from __future__ import annotations

import re
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kca_etl.german.text import show
from kca_etl.sources.endpoint import Fetch

Role = Literal[
    "region",
    "region_code",
    "region_name",
    "label",
    "section",
    "monat",
    "monatsname",
    "jahr",
    "schuljahr",
    "quartal",
    "ignore",
]
Form = Literal["total", "equal", "order", "ratio", "between", "mean", "year", "share", "regions"]
FORMS: tuple[Form, ...] = get_args(Form)
_COORD = re.compile(
    r"(?P<kennzahl>\+?[a-z0-9_]*)(?:\[(?P<gliederung>[^\]]*)\])?(?:@(?P<shift>[+-]?\d+))?(?P<optional>\?*)"
)


class Strict(BaseModel):
    """Base of all parts: frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Coord(Strict):
    """What a column, row or section adds to a fact: `kennzahl[key=value,…]@shift`.

    `-` reads nothing.

    `+_suffix` lengthens the kennzahl that another part gives. A value may be a placeholder of
    the row's label: `[wz={wz}]`. `shift` counts months from the table's own month (`@-1` is the
    Vormonat). A trailing `?` says that the column or row may be absent.
    """

    kennzahl: str = ""
    gliederung: tuple[tuple[str, str], ...] = ()
    shift: int = 0
    optional: bool = False
    ignore: bool = False

    @model_validator(mode="before")
    @classmethod
    def _parse(cls, given: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever the YAML held
        if not isinstance(given, str):
            return given
        if given.rstrip("?") == "-":
            return {"ignore": True, "optional": given.endswith("?")}
        found = _COORD.fullmatch(given.replace(" ", ""))
        if found is None:
            raise ValueError(f"{given!r} is not kennzahl[key=value]@shift")
        pairs = [
            tuple(pair.split("=", 1)) for pair in (found["gliederung"] or "").split(",") if pair
        ]
        if any(len(pair) != 2 for pair in pairs):  # noqa: PLR2004 - a pair
            raise ValueError(f"{given!r}: a gliederung is written key=value")
        return {
            "kennzahl": found["kennzahl"],
            "gliederung": tuple(pairs),
            "shift": int(found["shift"] or 0),
            "optional": bool(found["optional"]),
        }


class Where(Strict):
    """Where a document states something.

    Texts (patterns) on a sheet, or the cell right of a label (if texts are given, one of them).
    Where the document is silent, a `rule` or a fixed `day` (YYYY-MM-DD) says it.
    """

    sheet: str = "*"
    label: str = ""
    text: tuple[str, ...] = ()
    rule: Literal["", "month_end"] = ""
    day: str = Field("", pattern=r"^(\d{4}-\d{2}-\d{2})?$")

    @field_validator("text", mode="before")
    @classmethod
    def _listed(cls, given: Any) -> Any:  # noqa: ANN401 - one text may stand without a list
        return (given,) if isinstance(given, str) else given


class Zeros(Strict):
    """In which columns and months an empty cell means 0, and what it means in others.

    `columns`: a pattern of the header's path (`A > B`) · `first`, `last`: months, open where
    empty · `beyond`: the sign that an empty cell stands for in other months; without it such a
    cell stops the document.
    """

    columns: str
    first: str = Field("", pattern=r"^(\d{4}-\d{2})?$")
    last: str = Field("", pattern=r"^(\d{4}-\d{2})?$")
    beyond: Literal["", "*", ".", "-", "x", "..."] = ""


class Table(Strict):
    """One layout of one table.

    `title` and `columns` together must fit exactly one declared layout.
    """

    id: str
    sheet: str = "*"
    title: str = ""
    period: tuple[str, ...] = ()
    not_period: tuple[str, ...] = ()
    stub: dict[str, Role] | tuple[Role, ...]
    numbered: bool = False
    columns: dict[str, Coord]
    rows: dict[str, Coord] = {}
    sections: dict[str, Coord] = {}
    set: Coord = Coord()
    region: tuple[str, ...] = ()
    end: tuple[str, ...] = ()
    ignore_rows: tuple[str, ...] = ()
    empty: Literal["stop", "skip", "zero", "future"] = "stop"
    zeros: tuple[Zeros, ...] = ()  # with `empty: zero`: columns that follow a rule of their own
    repeats: bool = False
    plain_labels: bool = False  # spellings that differ in ending, law, unit or capitals are one
    expect: tuple[int, int] | None = (
        None  # how many data rows there may be: a range, since areas come and go
    )
    optional: bool = False
    datenstand: tuple[str, ...] = ()
    status: dict[str, str] = {}

    @field_validator(
        "period", "not_period", "end", "datenstand", "ignore_rows", "region", mode="before"
    )
    @classmethod
    def _listed(cls, given: Any) -> Any:  # noqa: ANN401 - one text may stand without a list
        return (given,) if isinstance(given, str) else given


class Check(Strict):
    """A relation that must hold inside every document of a source, in exactly one of nine forms.

    - `total: k, parts: [[a=1], [a=2]]`. `rest` and `overlap`: shares of the total that the
      parts may leave out (persons of unknown age) or count twice; `few` cases then always pass.
      `without`: only in months in which none of these series stands.
    - `equal: [k1, k2]`: the same figure stands in two tables.
    - `order: [k1, k2, …]`: none is greater than the next (a part, its whole).
    - `ratio: q, of: part, to: whole`, times 100 unless `times` says otherwise.
    - `ratio: q, of: part, base_month: 5`: the whole stands in no document and changes in May
      only, so all months from May to April must imply the same one.
    - `between: q, parts: [[a=1], [a=2]]`: a mean is no less than its least part and no more
      than its greatest.
    - `mean: q, weight: k`: the same along regions; with `weight` the exact weighted mean.
    - `year: [k_jahressumme, k]`: a year's sum is that of its twelve months.
    - `share: q, of: k, parts: [[a=1], [a=2]]`: each part's share of the sum of the parts, in per
      cent; parts that a document does not state are none.
    - `regions: true`: Deutschland = West + Ost = Länder; a Land = its Träger.

    `rounded`: the unit the publisher rounds to (10, 0.1); n rounded parts and their total may
    differ by half of it each. `every_gliederung`: the relation holds not only where it is
    written but also in each breakdown in which all its kennzahlen stand.
    """

    total: Coord | None = None
    parts: tuple[Coord, ...] = ()
    equal: tuple[Coord, Coord] | None = None
    order: tuple[Coord, ...] = ()
    ratio: Coord | None = None
    of: Coord | None = None
    to: Coord | None = None
    times: float = 100.0
    base_month: int | None = Field(default=None, ge=1, le=12)
    between: Coord | None = None
    mean: Coord | None = None
    weight: Coord | None = None
    year: tuple[Coord, Coord] | None = None
    share: Coord | None = None
    regions: bool = False
    rounded: float = 0.0
    rest: float = Field(default=0.0, ge=0, le=1)
    overlap: float = Field(default=0.0, ge=0, le=1)
    few: float = Field(default=5.0, ge=0)
    without: tuple[Coord, ...] = ()
    every_gliederung: bool = False

    @property
    def form(self) -> Form:
        """Which of the forms the check has."""
        return next(form for form in FORMS if getattr(self, form))

    @model_validator(mode="after")
    def _one_form(self) -> Check:
        given = [form for form in FORMS if getattr(self, form)]
        if len(given) != 1:
            raise ValueError(f"a check has exactly one of {', '.join(FORMS)}; found {given}")
        if self.ratio and not (self.of and (self.to or self.base_month)):
            raise ValueError("a ratio needs `of`, and `to` or `base_month`")
        if given[0] == "share" and not self.of:
            raise ValueError("a share needs `of`")
        if given[0] in ("total", "between", "share") and not self.parts:
            raise ValueError(f"`{given[0]}` needs `parts`")
        return self


class Correction(Strict):
    """A figure that the publisher or the office is known to have got wrong.

    What stands there, what counts, and why.

    Without `month` every document of the source must hold it. `found` is the cell as a person
    reads it.
    """

    month: str = Field("", pattern=r"^(\d{4}-\d{2})?$")
    sheet: str = "*"
    cell: str = Field(pattern=r"^[A-Z]{1,3}[1-9]\d*$")
    found: str
    value: float | str
    reason: str = Field(min_length=10)

    @field_validator("found", mode="before")
    @classmethod
    def _text(cls, given: Any) -> Any:  # noqa: ANN401 - a number may stand as one
        return show(given) if isinstance(given, int | float) else given


class Kennzahl(Strict):
    """A kennzahl's entry in the catalogue; `min` and `max` are hard bounds."""

    label: str
    unit: str
    kind: Literal["bestand", "bewegung", "quote", "jahressumme", "jahreswert"]
    additive: bool
    whole: bool
    definition: str
    source: str
    min: float | None = None
    max: float | None = None


class Source(Strict):
    """A publisher's product: how to know it, and the tables it holds.

    `calendar` names the rule of calendar.yaml that it keeps, `url` the page where people find it.
    `area`: the one Kreis or Jobcenter (`ags:14612 Dresden`) that every document must be of. It
    need not be given where the tables' own `region` is that Kreis.
    """

    source: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: str
    publisher: str
    licence: str = ""
    summary: str = ""
    url: str = ""
    calendar: str = ""
    recognise: tuple[Where, ...]
    berichtsmonat: tuple[Where, ...] = ()
    datenstand: tuple[Where, ...]
    status: str = "unbekannt"
    zeichen: dict[str, str] = {}
    regions: dict[str, str] = {}
    area: str = Field("", pattern=r"^((ags|traeger):\d{5} \S.*)?$")
    ignore_sheets: tuple[str, ...] = ()
    jump: float = 0.0
    tables: tuple[Table, ...]
    checks: tuple[Check, ...] = ()
    corrections: tuple[Correction, ...] = ()
    kennzahlen: dict[str, Kennzahl] = {}
    fetch: Fetch | None = None

    @field_validator("berichtsmonat", "datenstand", mode="before")
    @classmethod
    def _listed(cls, given: Any) -> Any:  # noqa: ANN401 - one place may stand without a list
        return (given,) if isinstance(given, dict) else given


def expand(tables: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Unfold `each`: a table that repeats with other words is written once with `<name>` slots."""
    out: list[dict[str, Any]] = []
    for table in tables:
        body = {k: v for k, v in table.items() if k != "each"}
        out.extend(_fill(body, slots) for slots in table.get("each", [{}]))
    return out


def _fill(value: Any, slots: dict[str, str]) -> Any:  # noqa: ANN401 - walks plain YAML data
    if isinstance(value, str):
        return re.sub(r"<(\w+)>", lambda m: str(slots.get(m[1], m[0])), value)
    if isinstance(value, dict):
        return {_fill(k, slots): _fill(v, slots) for k, v in value.items()}
    if isinstance(value, list):
        return [_fill(v, slots) for v in value]
    return value
