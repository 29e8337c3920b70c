"""What a backfill is asked for.

One model for the form in the Prefect UI and for the options of `kca backfill`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.month import Month
from kca_etl.runs.arguments import month_id
from kca_etl.sources import registry

MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
MONTH_OR_NOTHING = r"^([0-9]{4}-(0[1-9]|1[0-2]))?$"
LONGEST = 1200  # months; more than a century is a slip of the pen
EXPECTED = "a month written YYYY-MM, e.g. 2020-11"


def month_form(pattern: str, expected: str = EXPECTED) -> dict[str, Any]:
    """Return the JSON schema of a field that holds a month.

    Of a plain `pattern` a form would quote the regular expression; this way it says
    "'a month written YYYY-MM, e.g. 2020-11' was expected".
    """
    return {"type": "string", "if": {"pattern": pattern}, "else": {"const": expected}}


def _month(text: str) -> str:
    """Return the month as YYYY-MM. Raises KcaError BAD_MONTH."""
    return str(month_id(text))


MonthText = Annotated[str, AfterValidator(_month), WithJsonSchema(month_form(MONTH))]
Mode = Literal["only_missing", "only_failed", "reload_all"]


class Wanted(BaseModel):
    """Sources × months, and how to treat what is there already."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Backfill")

    sources: list[str] = Field(
        title="Sources",
        description="One or more declared sources.",
        min_length=1,
        # The form offers the declared sources to choose from.
        json_schema_extra={
            "items": {"type": "string", "enum": list(registry.names())},
            "uniqueItems": True,
        },
    )
    first_month: MonthText = Field(
        title="First month",
        description="Berichtsmonat as YYYY-MM, e.g. 2017-01.",
        examples=["2017-01"],
    )
    last_month: MonthText = Field(
        title="Last month",
        description="Berichtsmonat as YYYY-MM; the same as the first for one month.",
    )
    mode: Mode = Field(
        default="only_missing",
        title="Mode",
        description="only_missing: documents never tried. only_failed: quarantined months. "
        "reload_all: read everything again and ask the publisher again; figures already"
        " loaded stay unchanged.",
    )
    folder: str = Field(
        default="",
        title="Folder",
        description=(
            "A folder on the worker's machine to look for documents; each is recognised by its"
            " content."
        ),
    )
    ask_publisher: bool = Field(
        default=True,
        title="Ask the publisher",
        description="Fetch months that are neither in the archive nor in the folder.",
    )
    distribute: int = Field(
        default=1,
        ge=1,
        le=64,
        title="Distribute",
        description="Over how many runs that any worker may take; 1: this run does it all.",
    )
    dry_run: bool = Field(
        default=False, title="Dry run", description="Only say what would happen and why."
    )
    reason: str = Field(
        default="",
        title="Reason",
        description="Why; stands in the record of the run.",
        max_length=500,
    )

    @field_validator("sources")
    @classmethod
    def _declared(cls, names: list[str]) -> list[str]:
        for name in names:
            registry.load(name)
        return sorted(set(names))

    @model_validator(mode="after")
    def _in_order(self) -> Wanted:
        first, last = self.months[0], self.months[-1]
        if not first <= last < first + LONGEST:
            raise KcaError(
                Finding(
                    Code.BAD_RANGE,
                    "the months are no range",
                    found=f"{self.first_month} to {self.last_month}",
                )
            )
        return self

    @classmethod
    def of_form(cls, given: Wanted | Mapping[str, Any]) -> Wanted:
        """Read what a form or a program gives.

        Raises KcaError BAD_VALUE with a finding for each field that does not fit, BAD_MONTH,
        BAD_RANGE and NO_SOURCE.
        """
        if isinstance(given, Wanted):
            return given
        try:
            return cls.model_validate(dict(given))
        except ValidationError as error:
            raise KcaError(*(_finding(about) for about in error.errors())) from None

    @property
    def months(self) -> tuple[Month, Month]:
        """First and last month as numbers."""
        return Month.parse(self.first_month), Month.parse(self.last_month)

    @property
    def title(self) -> str:
        """What is asked for, as a name for a run: `ba_sanktionen 2017-01…2020-03`."""
        return f"{', '.join(self.sources)} {self.first_month}…{self.last_month}"

    @property
    def command(self) -> str:
        """The words that the run is recorded under."""
        return f"backfill {self.title} {self.mode}" + (f" · {self.reason}" if self.reason else "")


def _finding(about: Mapping[str, Any]) -> Finding:
    """Say what is wrong with a field in the words of its form."""
    field = ".".join(map(str, about["loc"]))
    return Finding(
        Code.BAD_VALUE, f"{field or 'the form'}: {about['msg']}", found=str(about["input"])
    )
