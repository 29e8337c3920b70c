"""The note beside a quarantined document.

German, plain, and there for every reason to put one aside.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kca_etl.landing.inbox.notice import note
from kca_etl.model.catalogue import catalogue, german_words
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, Verdict

AT = datetime(2020, 12, 7, 9, 5, tzinfo=UTC)
# Findings on a command or a configuration, never on a document that somebody dropped.
NOT_OF_A_DOCUMENT = {
    "BAD_DAY",
    "BAD_DECISION",
    "BAD_VALUE",
    "NO_ISSUES",
    "NO_KENNZAHL",
    "NO_REGION",
    "NOT_A_RELEASE",
    "RELEASE_CHAIN",
    "RELEASE_DAMAGED",
    "RELEASE_DIFFERS",
    "RELEASE_SIGNATURE",
    "TEXT_CONTRADICTED",
    "TEXT_OTHER_MONTH",
    "TEXT_OTHER_REGION",
    "TEXT_WITHOUT_MONTH",
    "BAD_MONTH",
    "BAD_OFFICE",
    "BAD_RANGE",
    "BAD_ROLE",
    "DEMO_REFUSED",
    "FOREIGN_FOLDER",
    "NOTHING_TO_EXPORT",
    "NOT_A_TEXT",
    "NOT_INSTALLED",
    "NOT_POSTGRESQL",
    "NOT_SQLITE",
    "NO_FETCH",
    "NO_FILE",
    "NO_ISSUE",
    "NO_JOBCENTER",
    "NO_SOURCE",
    "ROLE_DENIED",
}


def test_note_reads_like_a_letter() -> None:
    text = note(
        "Monat Nov.xlsx",
        [Finding(Code.EMPTY_CELL, "the cell is empty", "November", "B7", "''", "a number")],
        AT,
    )
    assert text == (
        "Die Datei „Monat Nov.xlsx“ wurde nicht übernommen.\n\n"
        "Aus ihr wurde nichts geladen; die bisherigen Zahlen gelten unverändert. Die Datei"
        " liegt unverändert neben diesem Hinweis.\n\n"
        "Gefunden:\n\n"
        "1. Eine Zahl fehlt.\n"
        "   Wo: Blatt „November“, Zelle B7\n"
        "   Dort steht: ''\n"
        "   Erwartet: a number\n"
        "   Was tun: Bitte die Zelle ausfüllen oder das Zeichen für einen fehlenden Wert"
        " eintragen.\n"
        "   (Kennung EMPTY_CELL: the cell is empty)\n\n"
        "Eine berichtigte Datei bitte einfach wieder in den Eingangsordner legen.\n\n"
        "Geprüft am 07.12.2020 um 10:05 Uhr.\n"
    )


def test_every_reason_has_a_german_word() -> None:
    grave = {Verdict.QUARANTINE, Verdict.REJECT}
    reasons = {
        code for code, entry in catalogue().items() if entry.verdict in grave
    } - NOT_OF_A_DOCUMENT
    assert reasons - OF_THE_WIRE <= german_words().keys(), sorted(
        reasons - OF_THE_WIRE - german_words().keys()
    )


OF_THE_WIRE = {
    "API_ERROR",
    "BAD_ANSWER",
    "BAD_REQUEST",
    "CREDENTIAL_REFUSED",
    "DECODING",
    "FORBIDDEN_ADDRESS",
    "FORBIDDEN_HOST",
    "FORBIDDEN_SCHEME",
    "NO_CALENDAR",
    "NO_CREDENTIAL",
    "TLS",
    "TOO_LARGE",
    "WRONG_CONTENT",
    "ZIP_NOT_CSV",
}


@pytest.mark.parametrize(("what", "do"), german_words().values())
def test_words_are_sentences(what: str, do: str) -> None:
    assert what[0].isupper()
    assert what.endswith(".")
    assert do.endswith(".")


def test_unknown_code_and_no_finding_still_say_something() -> None:
    later = Finding("SOMETHING_NEW", "new trouble")  # type: ignore[arg-type]  # a later release's code
    assert "Bitte die Betreuung von kca-etl fragen." in note("x.csv", [later], AT)
    assert "Gefunden" not in note("x.csv", [], AT)


def test_a_long_list_is_cut() -> None:
    text = note("x.csv", [Finding(Code.EMPTY_CELL, "empty", "S", f"A{n}") for n in range(100)], AT)
    assert text.count("Eine Zahl fehlt.") == 20
    assert "… und 80 weitere." in text


@given(st.text(max_size=50), st.text(min_size=1, max_size=50))
def test_foreign_words_cannot_break_the_note(name: str, found: str) -> None:
    plain = note("x", [Finding(Code.EMPTY_CELL, "x", "x", "x", "x", "x")], AT)
    text = note(name, [Finding(Code.EMPTY_CELL, found, found, found, found, found)], AT)
    assert len(text.splitlines()) == len(plain.splitlines())
    text.encode("utf-8")
