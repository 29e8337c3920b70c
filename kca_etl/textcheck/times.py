"""Months and comparisons in a text.

`im November 2020`, `gegenüber dem Vorjahresmonat`, `vor einem Jahr`, `seit 2005`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from kca_etl.german.months import MONTHS
from kca_etl.model.month import month_date, month_number
from kca_etl.textcheck.numberwords import number_word
from kca_etl.textcheck.vocabulary import Mention, longest, mentions, vocabulary

_NAMES = {name.lower(): n for n, name in enumerate(MONTHS, 1)}
_NAME = "|".join(MONTHS)
_LAST_YEAR = (
    r"(?: (?:des|im|vom) (?:vorjahr(?:e?s)?|(?:vergangenen|letzten|vorigen) jahre?s?)| vor "
    r"einem jahr)"
)
_MONTH = re.compile(
    r"(?<![\w-])(?P<rel>(?:vormonat|vorjahres?monat|vergleichsmonat|berichtsmonat|monat)s?,? )?"
    rf"(?P<day>\d{{1,2}}\. ?)?(?P<name>{_NAME})s?"
    rf"(?:-?(?:wert|stand|niveau|bilanz|statistik)\w*|(?=-))?"
    rf"(?:,? (?P<year>(?:19|20)\d\d)(?!\d|[.,]\d)|(?P<last>{_LAST_YEAR})|(?= )|(?!\w))",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    r"(?<![\d.,/-])(?:(?P<d>\d{1,2})\.(?P<m>0?[1-9]|1[0-2])\.(?P<y>(?:20)?\d\d)?(?!\d)"
    r"|(?P<m2>0?[1-9]|1[0-2])/(?P<y2>20\d\d)(?!\d)"
    r"|(?P<y3>20\d\d)-(?P<m3>0[1-9]|1[0-2])(?:-(?P<d3>\d\d))?(?!\d))"
)
_RANGE = re.compile(
    rf"(?:von |zwischen |seit )?(?:{_NAME})(?: \d{{4}})? (?:bis|und) "
    rf"(?:ende |einschließlich )?(?:{_NAME})(?: \d{{4}})?"
    rf"|bis (?:ende |einschließlich )?(?:{_NAME})(?: \d{{4}})?",
    re.IGNORECASE,
)
_ON = re.compile(
    r"(?<!\w)(?:am|vom|zum|bis|seit|ab|dem|stand:?|stichtag:?|,|–|-|und) ?\Z", re.IGNORECASE
)
_AGO = re.compile(r"vor (?P<n>\w+) (?P<unit>monaten|jahren)\b", re.IGNORECASE)
_RARE = "selten"
_FROM = re.compile(r"(?<!\w)vo[nm] \Z", re.IGNORECASE)
_ONTO = re.compile(rf" (?:auf|zum?) (?:den )?(?:{_NAME})", re.IGNORECASE)
_FROM_MONTH = re.compile(
    rf"(?<!\w)vo[nm] (?:{_NAME})(?: \d{{4}})? (?:auf|zum?) (?:den )?\Z", re.IGNORECASE
)
# `gegenüber September (-35) und Oktober 2013 (-271)`
_LISTED = re.compile(
    rf"(?<!\w)(?:gegenüber|zum?|als) (?:im |dem )?(?:{_NAME})(?: \d{{4}})?(?: \([^()]*\))?,?"
    r" (?:und|sowie|bzw\.) (?:im |zum |gegenüber )?(?:dem )?\Z",
    re.IGNORECASE,
)
_LONG = 60  # months or years back; beyond that nobody compares
# `vor Jahresfrist` is the time of a level, `binnen Jahresfrist` compares.
_INHERENT = re.compile(r"vergleich(?!smonat)|(?<!vor jahres)(?<!vor monats)frist|binnen|innerhalb")
_YEAR = re.compile(
    r"(?<![\w.,-])(?:(?:im |das |vom )?jahre?s? )?(?P<year>(?:19|20)\d\d)(?![\w-]|[.,]\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Time:
    """A time named in the text.

    `shifts` count months from the month spoken of, `months` are absolute; neither: no month.

    `base` tells that the text compares with it; `sure` is False for what may be meant otherwise
    (a bare year), `dated` tells of a day, `same` of the month last spoken of.
    """

    start: int
    end: int
    shifts: tuple[int, ...] = ()
    months: tuple[date, ...] = ()
    base: bool = False
    sure: bool = True
    same: bool = False
    dated: bool = False

    @property
    def open(self) -> bool:
        """Whether no month is meant."""
        return not (self.shifts or self.months or self.same)

    def resolve(self, spoken_of: date) -> tuple[date, ...]:
        """Return the months that may be meant, the likeliest first."""
        return self.months + tuple(shifted(spoken_of, by) for by in self.shifts)


def shifted(month: date, by: int) -> date:
    """Return the month `by` months later."""
    return month_date(month_number(month.year, month.month) + by)


def times(text: str, report: date) -> list[Time]:
    """Return the times named in the text, in its order.

    `report` is the month that the text is about.
    """
    words = mentions(text, "zeit")
    found: dict[tuple[int, int], Time] = {}
    for time in [
        *_ranges(text),
        *_months(text, report),
        *_numeric(text),
        *_relative(words, report),
        *_ago(text),
        *_years(text, report),
    ]:
        found.setdefault((time.start, time.end), time)
    rare = [word for word in words if word.name == _RARE]
    kept = longest([Mention(start, end, "", "zeit") for start, end in found] + rare)
    return [_with_base(text, found[m.start, m.end]) for m in kept if m.name != _RARE]


@dataclass(frozen=True, slots=True)
class NamedMonth:
    """A month named in a text: its number, its year if one stands there.

    `base` tells that the text compares with it, `dated` that a day stands before it.
    """

    month: int
    year: int | None
    base: bool
    dated: bool


def named_months(text: str) -> list[NamedMonth]:
    """Return the months that a text names by their names, in its order; none out of ranges."""
    ranges = [hit.span() for hit in _RANGE.finditer(text)]
    found = []
    for hit in _MONTH.finditer(text):
        if any(start <= hit.start() < end for start, end in ranges):
            continue
        time = _with_base(text, Time(*hit.span()))
        listed = _LISTED.search(text[max(0, hit.start() - 60) : hit.start()]) is not None
        compared = (
            time.base or listed or bool(hit["last"]) or (hit["rel"] or "").lower().startswith("vor")
        )
        year = int(hit["year"]) if hit["year"] else None
        found.append(NamedMonth(_NAMES[hit["name"].lower()], year, compared, bool(hit["day"])))
    return found


def _ranges(text: str) -> list[Time]:
    return [Time(hit.start(), hit.end()) for hit in _RANGE.finditer(text)]


def _months(text: str, report: date) -> list[Time]:
    out = []
    for hit in _MONTH.finditer(text):
        number = _NAMES[hit["name"].lower()]
        # Without a year the latest such month counts that is not after the report's.
        year = (
            int(hit["year"])
            if hit["year"]
            else report.year - (number > report.month) - bool(hit["last"])
        )
        if hit["last"] and number > report.month:
            year += 1
        out.append(
            Time(hit.start(), hit.end(), months=(date(year, number, 1),), dated=bool(hit["day"]))
        )
    return out


def _numeric(text: str) -> list[Time]:
    out = []
    for hit in _NUMERIC.finditer(text):
        year, month, day = (
            hit["y"] or hit["y2"] or hit["y3"],
            hit["m"] or hit["m2"] or hit["m3"],
            hit["d"] or hit["d3"],
        )
        if not year and not _ON.search(text[max(0, hit.start() - 12) : hit.start()]):
            continue  # `6.01.` is a damaged number as well as a day
        months = (
            (date(int(year) if len(year) == 4 else 2000 + int(year), int(month), 1),)  # noqa: PLR2004 - digits of a year
            if year
            else ()
        )
        out.append(Time(hit.start(), hit.end(), months=months, dated=bool(day)))
    return out


def _relative(words: list[Mention], report: date) -> list[Time]:
    out = []
    for word in words:
        if word.name in (
            "0",
            "letzter",
        ):  # the last month: the one just over, or the one before the report's
            months = (report, shifted(report, -1)) if word.name == "letzter" else (report,)
            out.append(Time(word.start, word.end, months=months))
        elif word.name == _RARE:
            continue
        elif word.name == "gleich":
            out.append(Time(word.start, word.end, shifts=(0,), same=True))
        else:
            out.append(
                Time(word.start, word.end, shifts=() if word.name == "offen" else (int(word.name),))
            )
    return out


def _ago(text: str) -> list[Time]:
    out = []
    for hit in _AGO.finditer(text):
        count = (
            Decimal(hit["n"]) if re.fullmatch(r"[0-9]{1,3}", hit["n"]) else number_word(hit["n"])
        )
        if count and count % 1 == 0 and count <= _LONG:
            out.append(
                Time(
                    hit.start(),
                    hit.end(),
                    shifts=(-int(count) * (12 if hit["unit"].lower() == "jahren" else 1),),
                )
            )
    return out


def _years(text: str, report: date) -> list[Time]:
    return [
        Time(hit.start(), hit.end(), months=(date(int(hit["year"]), report.month, 1),), sure=False)
        for hit in _YEAR.finditer(text)
    ]


@cache
def _comparing() -> re.Pattern[str]:
    words = vocabulary()
    return re.compile(
        rf"(?<!\w){words['vergleich']}(?: {words['vergleich_dazwischen']})*[ (]*\Z", re.IGNORECASE
    )


def _with_base(text: str, time: Time) -> Time:
    """Mark a time that the text compares with: `als im Oktober`, `im Vormonatsvergleich`."""
    before, own = text[max(0, time.start - 60) : time.start], text[time.start : time.end].lower()
    base = _INHERENT.search(own) is not None or _comparing().search(before) is not None
    if _FROM.search(before) and _ONTO.match(text, time.end):  # `von Oktober auf November`
        base = True
    elif _FROM_MONTH.search(before):
        base = False
    since = re.search(r"\bseit (?:ende |anfang |mitte )?\Z", before, re.IGNORECASE) is not None
    return replace(time, base=base, sure=time.sure and not since)
