"""Whatever text or bytes come from outside: read, refused with a finding, never a crash.

A few dozen examples of each in the suite; `make fuzz` tries thousands, other ones each time.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kca_etl import pipeline
from kca_etl.extract.reader import open_csv
from kca_etl.german.labels import plain_label
from kca_etl.german.month_texts import months_in, months_in_name
from kca_etl.german.numbers import german, german_percent
from kca_etl.german.text import date_of, matches, month_of, split_footnote, squeeze
from kca_etl.landing.archive.files import document_of
from kca_etl.landing.guard.inspect import inspect
from kca_etl.model.findings import KcaError
from kca_etl.model.foreign import not_a_formula, visible
from kca_etl.offices.folder import load_yaml
from kca_etl.sources import registry
from kca_etl.textcheck.about import month_of_text, other_subject
from kca_etl.textcheck.check import check as check_text
from tests.faults.corpus.kind import plain
from tests.faults.corpus.packages import xls
from tests.faults.corpus.texts import WHOLE
from tests.textcheck.helper import FRAME, NOVEMBER

EXAMPLES = int(os.environ.get("KCA_FUZZ_EXAMPLES", "40"))
READERS: tuple[Callable[[str], object], ...] = (
    squeeze,
    month_of,
    date_of,
    split_footnote,
    plain_label,
    months_in,
    months_in_name,
)
MAX_GROWTH = 2.5  # of the steps, where the text is twice as long
fuzzed = hypothesis_settings(
    max_examples=EXAMPLES,
    derandomize="KCA_FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
WORDS = ["7.273", "3,2", "Prozent", "Arbeitslose", "November 2020", "11/2020", "-", "*", "Januar"]
WORDS += ["Vormonat", "weniger", "davon", "unverändert", "Jobcenter", "06435", "\n", ";", "(", "1."]
texts = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
)
NUMBER = re.compile(r"[+\-−]?(\d{1,3}([.\s\u2009\u202f]\d{3})+|\d+)(,\d+)?", re.ASCII)


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """Some bytes of a document changed, left out or put in."""
    place = st.integers(0, len(data) - 1)
    edit = st.tuples(place, st.integers(0, 3), st.binary(max_size=4))

    def apply(edits: list[tuple[int, int, bytes]]) -> bytes:
        out = bytearray(data)
        for at, cut, new in edits:
            out[at : at + cut] = new
        return bytes(out)

    return st.lists(edit, min_size=1, max_size=5).map(apply)


workbooks = st.one_of(damaged(plain()), damaged(xls()()))
declarations = damaged(registry.path("kiel").read_bytes()).map(
    lambda data: data.decode(errors="replace")
)


@given(texts)
@fuzzed
def test_a_number_is_read_only_where_nothing_else_stands(text: str) -> None:
    found = german(text)
    german_percent(text)
    if found is not None:
        assert re.fullmatch(r"[\s+\-−0-9.,\u2009\u202f\u00a0]+", text.strip()), text
        digits = text.replace("−", "-").replace(",", "_").translate({ord("."): None})
        assert float(re.sub(r"\s", "", digits).replace("_", ".")) == found


@given(texts)
@fuzzed
def test_readers_of_words_take_any_text(text: str) -> None:
    for read in (
        squeeze,
        month_of,
        date_of,
        split_footnote,
        plain_label,
        months_in,
        months_in_name,
    ):
        read(text)
    matches("Berichtsmonat*{monat}", text)
    assert not set(visible(text)) & {"\x1b", "\n", "\r", "\x9b", "\u202e"}
    assert not re.match(r"[=+@\t\r\n]|-.", not_a_formula(text))


@given(texts)
@fuzzed
def test_the_text_check_takes_any_text(text: str) -> None:
    check_text(text, NOVEMBER, FRAME)
    other_subject(text, NOVEMBER, FRAME, "ags:06435")
    month_of_text(text)


@given(
    st.one_of(st.binary(max_size=600), damaged(plain()), damaged(xls()()), texts.map(str.encode))
)
@fuzzed
def test_the_guard_refuses_or_lets_in(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(data)
    with suppress(KcaError):
        if inspect(path).kind == "csv":
            open_csv(path)


@given(damaged(WHOLE.encode()))
@fuzzed
def test_a_damaged_text_table_trips_nothing(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    reading = pipeline.read(pipeline.open_document(document_of(path), path), "ba_eckwerte")
    assert not [f for f in reading.findings if f.what.startswith("the document trips")]


@given(
    st.one_of(
        texts, damaged(registry.path("kiel").read_bytes()).map(lambda b: b.decode(errors="replace"))
    )
)
@fuzzed
def test_a_declaration_is_read_or_refused(text: str) -> None:
    with suppress(yaml.YAMLError):
        load_yaml(text)


def steps(action: Callable[[], object]) -> int:
    """Count the calls that an action makes."""
    count = 0

    def called(*_: Any) -> None:
        nonlocal count
        count += 1

    sys.setprofile(called)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "piece",
    ["7.273 Arbeitslose und 318 Integrationen, ", "7.273\n", "davon 318 ", "– ", "im Mai 2020 "],
)
def test_twice_the_text_takes_twice_the_steps(piece: str) -> None:
    short, long = (piece * (n // len(piece)) for n in (2000, 4000))
    counts = [steps(partial(check_text, t, NOVEMBER, FRAME)) for t in (short, long)]
    assert counts[1] <= MAX_GROWTH * counts[0]


def test_one_sentence_of_40_kb_is_checked_in_seconds() -> None:
    piece = "7.273 Arbeitslose und 318 Integrationen, "
    began = time.process_time()
    check_text(piece * (40_000 // len(piece)), NOVEMBER, FRAME)
    assert time.process_time() - began < 5
