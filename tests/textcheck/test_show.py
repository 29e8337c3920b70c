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
    assert lines[1] == (
        "Zeile 3: „…November 2020 waren »7.237« Menschen arbeitslos. Die…“ · WIDERSPRICHT "
        "(arbeitslose_sgb2, November 2020)"
        " · richtig: 7.273 · KCA_Jahresblatt_2020.xlsx, Blatt „Jahresblatt 2020“, O6"
    )
    assert "belegt (arbeitslosenquote_sgb2, November 2020 gegen Oktober 2020)" in lines[2]
    assert lines[-1] == "1 belegt · 1 widerspricht · 2 nicht zuordenbar"
    assert len(lines) == 5


def test_exit_code_says_whether_anything_is_wrong() -> None:
    claims = check(TEXT, NOVEMBER, RECENT)
    assert exit_code(claims) == 1
    assert exit_code(check(TEXT.replace("7.237", "7.273"), NOVEMBER, RECENT)) == 0
    assert exit_code([]) == 0
    assert summary([]) == "0 belegt · 0 widersprechen · 0 nicht zuordenbar"
