"""The outcome of a text check as one HTML page: contradictions first, then the text, marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from kca_etl.german.months import month_name
from kca_etl.model.catalogue import german_words
from kca_etl.model.findings import Finding
from kca_etl.textcheck.results import (
    PROVEN,
    REFUSED,
    SOUND,
    UNKNOWN,
    UNSOUND,
    UNTESTABLE,
    WRONG,
    CheckedClaim,
)
from kca_etl.textcheck.show import share, summary

# A style per verdict: colour and line, so that print and the colour-blind tell them apart.
_CLASSES = {
    PROVEN: "ok",
    SOUND: "ok2",
    WRONG: "no",
    UNSOUND: "no2",
    UNKNOWN: "open",
    UNTESTABLE: "off",
}
_UNKNOWN = (
    "Die Datei konnte nicht gelesen werden.",
    "Bitte die Betreuung von kca-etl fragen.",
)
_STYLE = """
body{font:1rem/1.55 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
body{color:#1b1b1b;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}.share{font-size:1.1rem}
.text{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #bbb;padding:1rem}
mark{color:inherit;background:none;padding:0 .1em;border-bottom:.15em solid}
.ok{background:#e3f3e3;border-color:#1d6b1d}
.ok2{background:#eef7ee;border-color:#1d6b1d;border-bottom-style:dashed}
.no{background:#fbdada;border-color:#a40000;font-weight:bold}
.no2{background:#fbe6d2;border-color:#a40000;border-bottom-style:double}
.open{background:#f6f2d8;border-color:#8a7400;border-bottom-style:dotted}.off{border-bottom:0}
li{margin:.35rem 0;overflow-wrap:anywhere}:target{outline:.2em solid #1a4fa3}a{color:#1a4fa3}
@media print{a{color:inherit;text-decoration:none}}
"""
_PAGE = """<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Textprüfung: {title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>Textprüfung: {title}</h1>
{parts}
</main>
</body>
</html>
"""


def render_page(claims: Sequence[CheckedClaim], text: str, title: str, month: date) -> str:
    """Return a self-contained page: it asks for nothing, and the text is escaped."""
    numbered = list(enumerate(claims))
    wrong = [(i, c) for i, c in numbered if c.verdict in REFUSED]
    others = [(i, c) for i, c in numbered if c.verdict not in REFUSED]
    counts = f"{summary(claims)} · geprüft für {month_name(month)}"
    parts = [
        f'<p class="share">{escape(share(claims))}</p>\n<p>{escape(counts)}</p>',
        *_listed("Widersprüche", wrong),
        f'<h2>Der Text</h2>\n<div class="text">{_marked(numbered, text)}</div>',
    ]
    parts += _listed("Alle übrigen Stellen", others)
    return _page(title, parts)


def render_refusal(title: str, findings: Sequence[Finding]) -> str:
    """Return the page of a text that could not be checked: why, and what to do."""
    parts = ['<p class="share">Der Text wurde nicht geprüft.</p>', "<ul>"]
    for finding in findings:
        what, do = german_words().get(finding.code, _UNKNOWN)
        found = " · ".join(filter(None, (finding.found, finding.expected)))
        said = f"{what} {f'({found}) ' if found else ''}Was tun: {do}"
        parts.append(f"<li>{escape(said)}<br>Kennung {finding.code}</li>")
    return _page(title, [*parts, "</ul>"])


def _page(title: str, parts: Sequence[str]) -> str:
    return _PAGE.format(title=escape(title), style=_STYLE, parts="\n".join(parts))


def _listed(heading: str, claims: Sequence[tuple[int, CheckedClaim]]) -> Iterator[str]:
    if not claims:
        return
    yield f"<h2>{heading}</h2>\n<ol>"
    for number, claim in claims:
        yield (
            f'<li><a href="#s{number}">„{escape(claim.text)}“</a>: '
            f'<span class="{_CLASSES[claim.verdict]}">{claim.verdict}</span>'
            f"{escape(_why(claim))}</li>"
        )
    yield "</ol>"


def remark(claim: CheckedClaim) -> str:
    """Return verdict and reason of a claim in one line."""
    return f"{claim.verdict}{_why(claim)}"


def _why(claim: CheckedClaim) -> str:
    """Return what is known of a claim in one line."""
    base = f" gegen {month_name(claim.base)}" if claim.base else ""
    of = (
        f"{claim.kennzahl}, {month_name(claim.month)}{base}"
        if claim.kennzahl and claim.month
        else ""
    )
    right = f"richtig: {claim.expected}" if claim.verdict == WRONG else ""
    where = "; ".join(str(cell) for cell in claim.where)
    said = [part for part in (of, right, claim.reason, where) if part]
    return f" · {' · '.join(said)}" if said else ""


def _marked(claims: Sequence[tuple[int, CheckedClaim]], text: str) -> str:
    """Return the text as it was, each place marked; of overlapping places the first."""
    out, done = [], 0
    for number, claim in claims:
        if claim.start < done:
            continue
        explained = escape(remark(claim), quote=True)
        out.append(escape(text[done : claim.start]))
        out.append(
            f'<mark id="s{number}" class="{_CLASSES[claim.verdict]}" title="{explained}">'
            f"{escape(text[claim.start : claim.end])}</mark>"
        )
        done = claim.end
    return "".join([*out, escape(text[done:])])
