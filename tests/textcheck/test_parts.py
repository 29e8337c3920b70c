"""The parts of the check, each by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kca_etl.german.notation import number
from kca_etl.textcheck import multiples
from kca_etl.textcheck.check import check
from kca_etl.textcheck.document import Document, read
from kca_etl.textcheck.numberwords import WORD, number_word
from kca_etl.textcheck.numerals import numerals
from kca_etl.textcheck.plain import plain
from kca_etl.textcheck.regions import core
from kca_etl.textcheck.times import times
from tests.textcheck.helper import NOVEMBER, RECENT

ONES = [
    "",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
]
ONES += ["fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"]
TENS = [
    "",
    "",
    "zwanzig",
    "dreißig",
    "vierzig",
    "fünfzig",
    "sechzig",
    "siebzig",
    "achtzig",
    "neunzig",
]


def spelled(n: int) -> str:
    """A number in German words."""
    if n >= 1000:
        return spelled(n // 1000) + "tausend" + (spelled(n % 1000) if n % 1000 else "")
    if n >= 100:
        return ONES[n // 100] + "hundert" + (spelled(n % 100) if n % 100 else "")
    if n < 20:
        return "eins" if n == 1 else ONES[n]
    return (f"{ONES[n % 10]}und" if n % 10 else "") + TENS[n // 10]


def doc(text: str) -> Document:
    return read(text, NOVEMBER, "ags:06435", ["Main-Kinzig-Kreis"], ["Vogelsbergkreis"])


@pytest.mark.parametrize(
    ("words", "now", "then", "right"),
    [
        ("verdoppelt", 199, 100, True),
        ("verdoppelt", 188, 100, None),
        ("verdoppelt", 133, 100, False),
        ("verdoppelt", 300, 100, False),
        ("verdoppelt", 50, 100, False),
        ("mehr als verdoppelt", 201, 100, True),
        ("mehr als verdoppelt", 200, 100, False),
        ("mehr als verdoppelt", 450, 100, None),
        ("nahezu verdoppelt", 185, 100, True),
        ("nahezu verdoppelt", 165, 100, None),
        ("nahezu verdoppelt", 140, 100, False),
        ("fast verdreifacht", 290, 100, True),
        ("rund verdoppelt", 190, 100, True),
        ("halbiert", 51, 100, True),
        ("halbiert", 81, 100, False),
        ("mehr als halbiert", 49, 100, True),
        ("mehr als halbiert", 51, 100, False),
        ("doppelt so viele", 200, 100, True),
        ("halb so hoch", 50, 100, True),
        ("verdoppelt", 0, 100, None),
    ],
)
def test_multiples(words: str, now: int, then: int, right: bool | None) -> None:
    assert multiples.holds(multiples.multiple(words), Decimal(now), Decimal(then)) is right


@given(st.integers(2, 999_999))
def test_number_words(n: int) -> None:
    assert WORD.fullmatch(spelled(n))
    assert number_word(spelled(n)) == n


@pytest.mark.parametrize(
    "word", ["ein", "und", "achtung", "hundertste", "tausendundeine", "zweier", ""]
)
def test_no_number_words(word: str) -> None:
    assert number_word(word) is None or not WORD.fullmatch(word)


@given(st.decimals(0, 999_999, places=1), st.sampled_from([0, 1]))
def test_numbers_are_read_as_they_are_printed(value: Decimal, places: int) -> None:
    printed = number(value, places)
    for text in (printed, printed.replace(".", "\u202f"), printed.replace(".", "")):
        (found,) = numerals(plain(f"bei {text} Personen").text)
        assert number(found.value, places) == printed
        assert (found.note, found.sign) == ("", None)


@pytest.mark.parametrize(
    "text", ["7.27", "7.2733", "72.73", "07.273", "3.2", "7.273.", "24.736,", ",2", ".273", "1.2.3"]
)
def test_damaged_numbers_are_no_other_numbers(text: str) -> None:
    (found,) = numerals(f"x {text} y")
    assert found.note or found.value in (7273, 24736)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("um −73, (-73), (– 73), +73 und ±0", [-1, -1, -1, 1, 0]),
        ("minus 73 oder plus 73", [-1, 1]),
        (
            "COVID-19, 2019-2020, A-66, - 73 Personen – 12 mehr",
            [None, None, None, None, None, None],
        ),
    ],
)
def test_signs(text: str, signs: list[int | None]) -> None:
    assert [n.sign for n in numerals(text)] == signs


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009", "\u2007", " ", "'", "’", "."])
def test_thousands(blank: str) -> None:
    (found,) = numerals(plain(f"es waren 24{blank}736 Menschen").text)
    assert found.value == 24736


def test_a_row_of_numbers_is_not_one_number() -> None:
    assert [n.value for n in numerals("Integrationen 318 345 −27 392 −74")] == [
        318,
        345,
        27,
        392,
        74,
    ]


@given(st.text(st.sampled_from("aä\u0308\u00ad\u200b \u00a0\u202f\n\r-\u2011−7.")))
def test_every_place_leads_back(text: str) -> None:
    spelled_out = plain(text)
    assert len(spelled_out.origin) == len(spelled_out.text) + 1
    for i, char in enumerate(spelled_out.text):
        start, end = spelled_out.span(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert char in " \u00a0\n-ä" or text[start] == char


def test_lines_cut_by_a_typewriter_are_joined_and_lists_are_not() -> None:
    wrapped = (
        "Die Zahl der Arbeitslosen lag im November bei insgesamt\n7.273 Menschen, das sind "
        "73 Personen weniger als noch im\nVormonat.\n\nNeu"
    )
    assert plain(wrapped).text.count("\n") == 2
    assert plain("Arbeitslose: 7.273\nNeuanträge: 553").text.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Nach § 16 Abs. 2 SGB II nahmen 932 Menschen teil. Das ist gut.", 2),
        ("Am 30. November 2020 waren es 1.260. Am 3. Dezember nicht.", 2),
        ("Siehe Nr. 3 auf S. 12, z. B. bei ca. 500 Fällen bzw. Dr. Meier.", 1),
        ("Die Zahl lag bei 553. Im gleichen Monat waren es 318.", 2),
        ("Im 4. Quartal und im 1. Halbjahr war es so!\nWirklich?", 2),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(doc(text).sentences) == count


@pytest.mark.parametrize(
    ("text", "months", "base"),
    [
        ("im November 2020", ["2020-11"], False),
        ("als im Oktober", ["2020-10"], True),
        ("im Dezember", ["2019-12"], False),
        ("im November des Vorjahres", ["2019-11"], False),
        ("gegenüber dem Vormonat", ["2020-10"], True),
        ("im Vergleich zum Vorjahresmonat", ["2019-11"], True),
        ("als vor einem Jahr", ["2019-11"], True),
        ("vor zwei Jahren", ["2018-11"], False),
        ("im gleichen Monat des Vorjahres", ["2019-11"], False),
        ("unter dem Wert des Vorjahres", ["2019-11"], True),
        ("im Vormonatsvergleich", ["2020-10"], True),
        ("binnen Jahresfrist", ["2019-11"], True),
        ("11/2020", ["2020-11"], False),
        ("am 30.11.2020", ["2020-11"], False),
        ("in den letzten Jahren", [], False),
        ("seit 2005", [], False),
        ("von Januar bis November", [], False),
        ("vor 900 Jahren", None, False),
    ],
)
def test_times(text: str, months: list[str] | None, base: bool) -> None:
    found = times(text, NOVEMBER)
    assert [[f"{m:%Y-%m}" for m in t.resolve(NOVEMBER)] for t in found] == (
        [] if months is None else [months]
    )
    assert all(t.base is base for t in found)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("im Main-Kinzig-Kreis, im MKK, beim KCA, Region Main-Kinzig", ["eigen"] * 4),
        (
            "im Landkreis Fulda, in Hessen, im Vogelsbergkreis, in Offenbach",
            ["kreis", "land", "kreis", "teil"],
        ),
        ("in der Stadt Hanau, im Agenturbezirk, bei der Hanauer Arbeitsagentur", ["teil"] * 3),
        ("zum Essen, im Hof, bei Regen, im Kreis der Betroffenen", []),
        ("im Kreis Essen, das Jobcenter Essen", ["kreis", "kreis"]),
    ],
)
def test_regions(text: str, kinds: list[str]) -> None:
    assert [m.name for m in doc(text).regions.named] == kinds


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Main-Kinzig-Kreis", "Main-Kinzig"),
        ("Landkreis Fulda", "Fulda"),
        ("Offenbach am Main, Stadt", "Offenbach am Main"),
    ],
)
def test_names_as_texts_use_them(name: str, short: str) -> None:
    assert core(name) == short


WORDS = st.sampled_from(
    [
        "Die",
        "Zahl",
        "der",
        "Arbeitslosen",
        "sank",
        "um",
        "73",
        "auf",
        "7.273",
        "im",
        "November",
        "2020",
        "gegenüber",
        "dem",
        "Vormonat",
        "(",
        ")",
        ".",
        ",",
        ":",
        ";",
        "–",
        "−73",
        "3,2",
        "Prozent",
        "Prozentpunkte",
        "§",
        "16",
        "mehr",
        "weniger",
        "als",
        "und",
        "oder",
        "in",
        "Hessen",
        "SGB",
        "III",
        "Quote",
        "drei",
        "Komma",
        "zwei",
        "unverändert",
        "nicht",
        "nahezu",
        "rund",
        "über",
        "unter",
        "vor",
        "zwei",
        "Jahren",
        "\n",
        "\t",
        "1.",
        "30.",
    ]
)


@given(st.one_of(st.lists(WORDS, max_size=40).map(" ".join), st.text(max_size=60)))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_the_check(text: str) -> None:
    claims = check(text, date(2020, 11, 17), RECENT)
    assert [c.start for c in claims] == sorted(c.start for c in claims)
    assert all(text[c.start : c.end] == c.text for c in claims)
    assert all((c.verdict == "widerspricht") <= bool(c.expected and c.where) for c in claims)


def test_the_time_grows_with_the_length_only() -> None:
    text = (
        "Im November waren 7.273 Menschen arbeitslos, 73 weniger als im Oktober und 1.260 mehr als "
        "vor einem Jahr. Die Quote lag unverändert bei 3,2 Prozent. "
    )

    def seconds(times_over: int) -> float:
        started = process_time()
        check(text * times_over, NOVEMBER, RECENT)
        return process_time() - started

    seconds(10)
    assert seconds(400) < 8 * max(seconds(100), 0.05)
