from __future__ import annotations

from kca_etl.textcheck.check import check
from kca_etl.textcheck.show import exit_code, render, summary
from tests.textcheck.helper import NOVEMBER, RECENT

TEXT = (
    "Überblick\n\nIm November 2020 waren 7.237 Menschen arbeitslos. Die Quote blieb "
    "unverändert. Acht Gäste kamen."
)


def test_one_line_per_claim_and_the_summary_last() -> None:
    lines = render(check(TEXT, NOVEMBER, RECENT), TEXT).splitlines()
    assert lines[0] == "Geprüft: 1 von 2 Zahlen (50 %) und 1 von 1 Aussagen."
    assert lines[2] == (
        "Zeile 3: „…November 2020 waren »7.237« Menschen arbeitslos. Die…“ · WIDERSPRICHT "
        "(arbeitslose_sgb2, November 2020)"
        " · richtig: 7.273 · KCA_Jahresblatt_2020.xlsx, Blatt „Jahresblatt 2020“, O6"
    )
    assert "belegt (arbeitslosenquote_sgb2, November 2020 gegen Oktober 2020)" in lines[3]
    assert lines[-1] == (
        "1 belegt · 1 widerspricht · 0 schlüssig · 0 unschlüssig · 1 nicht zuordenbar · 1 nicht prüfbar"
    )
    assert len(lines) == 6


def test_exit_code_says_whether_anything_is_wrong() -> None:
    claims = check(TEXT, NOVEMBER, RECENT)
    assert exit_code(claims) == 1
    assert exit_code(check(TEXT.replace("7.237", "7.273"), NOVEMBER, RECENT)) == 0
    assert exit_code([]) == 0
    assert summary([]).startswith("0 belegt · 0 widersprechen")


def test_too_little_judged_is_a_failure_if_asked_for() -> None:
    claims = check(TEXT.replace("7.237", "7.273"), NOVEMBER, RECENT)
    assert (exit_code(claims, 50), exit_code(claims, 51)) == (0, 1)
    assert exit_code(check("Guten Tag.", NOVEMBER, RECENT), 100) == 0


def test_a_text_at_odds_with_itself_is_a_failure() -> None:
    text = "Im November gab es 225 Vermittlungen und 36 weitere, insgesamt also 262."
    assert exit_code(check(text, NOVEMBER, RECENT)) == 1
