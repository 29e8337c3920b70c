"""The language of `office.yaml`: who the office is, what it follows, what it says and how.

Unknown keys are errors, so that a typing mistake never silently changes a page.
"""

from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from schemas.codelists import LAENDER

MONTH_DAY = r"^(0[1-9]|1[0-2])-([0-2][0-9]|3[01])$"
SLOTS = {"n", "long", "short"}


class Part(BaseModel):
    """Base of all parts: frozen, no unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OverviewFigure(Part):
    """A figure of the monthly overview.

    `subject` is what headline and sentence say of a rate (`Die … lag bei`). A count has the
    sentence for one and for all other numbers: `{n}` is the figure, `{long}` and `{short}` the
    benefit's name in that month. `yearly: false` leaves the year before out of a count's sentence.
    `definition` says in one line what is counted, or what a rate divides by; the catalogue's
    words stand where it is empty.
    """

    kennzahl: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    unit: str
    subject: str = ""
    one: str = ""
    more: str = ""
    yearly: bool = True
    definition: str = ""

    @model_validator(mode="after")
    def _can_be_said(self) -> OverviewFigure:
        if self.unit == "Prozent":
            if not self.subject:
                raise ValueError("a rate needs `subject`, e.g. Arbeitslosenquote im SGB II")
            return self
        for name, text in (("one", self.one), ("more", self.more)):
            slots = re.findall(r"\{(\w*)\}", text)
            if "n" not in slots or set(slots) - SLOTS:
                raise ValueError(f"`{name}` needs {{n}}; {{long}} and {{short}} may stand, too")
        return self


class Side(Part):
    """One source's word for the kennzahl."""

    source: str
    kennzahl: str
    gliederung: str = "insgesamt"


class Pair(Part):
    """Two sides that speak of the same.

    `region` as system:code, all regions that both have if none is given.
    """

    name: str
    left: Side
    right: Side
    region: str | None = None
    tolerance: float
    why: str

    @property
    def sources(self) -> set[str]:
        """The sources of both sides."""
        return {self.left.source, self.right.source}

    @property
    def words(self) -> str:
        """Say the rule in one line."""
        left, right = (f"{s.source} {s.kennzahl}[{s.gliederung}]" for s in (self.left, self.right))
        where = f" of {self.region}" if self.region else ""
        return f"{left} = {right}{where} within {self.tolerance:g}: {self.why}"


class Words(Part):
    """Words that the text check knows beside the common ones, as regular expressions.

    `region`: names of the region; `office`: names of the office, which speak of SGB II;
    `parts`: places inside the region or across it; `abbreviations`: names that no number counts.
    """

    region: tuple[str, ...] = ()
    office: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()

    @field_validator("*")
    @classmethod
    def _compile(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        for word in words:
            try:
                re.compile(word)
            except re.error as error:
                raise ValueError(f"{word!r} is no regular expression: {error}") from None
        return words


class OpenData(Part):
    """Titles of the open data; `identifier` makes their addresses and never changes.

    `contributor_id`: the IRI that GovData gave to whoever hands the record over
    (`dcatde:contributorID`); without it no portal takes the record.
    """

    title: str
    name: str = Field(pattern=r"^[a-z0-9-]+$")
    identifier: str
    contributor_id: str = Field("", pattern=r"^(http://dcat-ap\.de/def/contributors/[\w.-]+)?$")


class Samples(Part):
    """What the demo's documents say.

    `published` names where figures stand that were really published; without it all are
    invented.
    """

    title: str
    file_prefix: str = Field(pattern=r"^[\w-]+$")
    published: str = ""


class Look(Part):
    """Colour of headings and lines, and a logo (an SVG file of the folder)."""

    accent: str = Field("#0b5563", pattern=r"^#[0-9a-f]{6}$")
    logo: str = Field("", pattern=r"^([\w.-]+\.svg)?$")


class Press(Part):
    """Whom readers of the overview may ask; printed as it stands, empty lines left out."""

    name: str
    phone: str = ""
    email: str = Field("", pattern=r"^([^\s@]+@[^\s@]+)?$")

    @property
    def words(self) -> str:
        """The contact in one line."""
        return " · ".join(filter(None, (self.name, self.phone, self.email)))


class Website(Part):
    """What the website says of the office beside its figures.

    `url`: the address under which it is published, for the feed · `imprint`: the lines that the
    law asks for (address, representative, telephone) · `mail`: where readers may write.
    """

    url: str = Field("", pattern=r"^(https://\S+/)?$")
    imprint: tuple[str, ...] = ()
    mail: str = Field("", pattern=r"^([^@\s]+@[^@\s]+)?$")


class Office(Part):
    """An office: all that the program knows of it.

    `region` is `system:code Name` as its own sheets state it, `source` the declaration of these
    sheets. `follow` lists the sources that it loads, all where nothing is listed. `closed`: days
    without office hours, as month-day.
    """

    name: str
    publisher: str
    contact: str
    traeger: str = Field(pattern=r"^(\d{5})?$")
    kreise: tuple[str, ...]
    land: str
    region: str = Field(pattern=r"^(ags|traeger):\d{5} \S.*$")
    source: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    follow: tuple[str, ...] = ()
    closed: tuple[str, ...] = ("12-24", "12-31")
    look: Look = Field(default_factory=lambda: Look.model_validate({}))
    press: Press | None = None
    open_data: OpenData
    website: Website = Field(default_factory=lambda: Website.model_validate({}))
    samples: Samples
    words: Words = Words()
    reconcile: tuple[Pair, ...] = ()
    figures: tuple[OverviewFigure, ...] = Field(min_length=1)

    @field_validator("land")
    @classmethod
    def _is_a_land(cls, land: str) -> str:
        if land not in LAENDER:
            raise ValueError(f"{land!r} is no Land; choose {', '.join(LAENDER)}")
        return land

    @field_validator("kreise")
    @classmethod
    def _are_ags(cls, kreise: tuple[str, ...]) -> tuple[str, ...]:
        for ags in kreise:
            if not re.fullmatch(r"\d{5}", ags):
                raise ValueError(f"{ags!r} is no AGS of five digits")
        return kreise

    @field_validator("closed")
    @classmethod
    def _are_days(cls, days: tuple[str, ...]) -> tuple[str, ...]:
        for day in days:
            if not re.fullmatch(MONTH_DAY, day):
                raise ValueError(f"{day!r} is no day; write month-day, e.g. 12-24")
        return days

    @model_validator(mode="after")
    def _headline_has_a_subject(self) -> Office:
        if not self.figures[0].subject:
            raise ValueError("the first figure makes the headline and needs `subject`")
        return self

    @property
    def region_key(self) -> str:
        """The region of its overview, as system:code."""
        return self.region.partition(" ")[0]

    @property
    def region_name(self) -> str:
        """The region's name."""
        return self.region.partition(" ")[2]

    @property
    def own_regions(self) -> tuple[str, ...]:
        """The regions that comparisons highlight: its Träger and its Kreise."""
        traeger = (f"traeger:{self.traeger}",) if self.traeger else ()
        return (*traeger, *(f"ags:{ags}" for ags in self.kreise))

    def figure(self, kennzahl: str) -> OverviewFigure | None:
        """Return the overview's entry for a kennzahl."""
        return next((f for f in self.figures if f.kennzahl == kennzahl), None)
