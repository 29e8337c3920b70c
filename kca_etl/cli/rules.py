"""`kca rules`: what documents of a source are checked by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kca_etl.cli import console
from kca_etl.cli.arguments import AsJson
from kca_etl.model.catalogue import catalogue
from kca_etl.model.codes import Code
from kca_etl.model.findings import Verdict
from kca_etl.sources.relations import coords

if TYPE_CHECKING:
    from kca_etl.sources.spec import Check, Coord


EVERYWHERE = {  # rule → finding, what it says
    "double_fact": (
        Code.DOUBLE_FACT,
        "a fact stands once, and in further tables with the same figure",
    ),
    "contract": (Code.CONTRACT, "bounds, whole numbers, value or sign, known codes (schemas)"),
    "same_figures": (
        Code.SAME_FIGURES,
        "no two tables and no two columns of a month hold the same figures, twenty or more",
    ),
    "shared_name": (Code.AMBIGUOUS_REGION, "no name alone stands for a Kreis if two are called so"),
    "lost_zero": (
        Code.LOST_ZERO,
        "a code without its leading zero is in the register with it, and existed in that month",
    ),
    "stated_change": (
        Code.CHANGE_MISMATCH,
        "a column of changes (Veränderung zum Vormonat, +/- in %) comes out of the figures",
    ),
    "change_since": (
        Code.CHANGE_UNLIKE_PAST,
        "a stated change comes out of the figure that the warehouse knows of the month before",
    ),
    "odd_figure": (
        Code.ODD_FIGURE,
        "no figure lies far from the months beside it, or from what row and column suggest",
    ),
    "gaps": (Code.MISSING_FIGURES, "no month, region or Kreis is missing between others"),
    "row_order": (Code.ROW_ORDER, "no row stands out of the order that all others keep"),
    "known_kreis": (Code.UNKNOWN_KREIS, "a Kreis is in the register"),
    "kreis_then": (
        Code.KREIS_NOT_THEN,
        "a Kreis existed in the last month for which the document has a figure of it",
    ),
    "same_content": (
        Code.SAME_CONTENT,
        "the figures of a month (four or more) are not all those of another month",
    ),
    "unit": (
        Code.WRONG_UNIT,
        "no column's figures are all off by a power of ten against the months around",
    ),
    "swapped": (Code.SWAPPED, "no two columns each fit the other's past far better than their own"),
    "foreign": (
        Code.FOREIGN_FIGURES,
        "no column or sheet fits the past of another far better than its own",
    ),
    "rows": (Code.ROWS_MOVED, "no rows fit the past of other regions far better than their own"),
    "revision": (
        Code.LARGE_REVISION,
        "no known figure changes by more than its series ever did, and by more than a tenth",
    ),
    "region_moved": (Code.REGION_MOVED, "no region moves far while its Land does not"),
    "all_moved": (Code.ALL_MOVED, "no column moves far in all regions, season aside"),
}


JUMP = (
    "a figure is no farther from the usual range of its series than that is wide; at most"
    " {limit:.0%} until twelve changes are known"
)


def rules(source: str, as_json: AsJson = False) -> None:
    """List the rules that documents of SOURCE are checked by.

    Example: kca rules ba_sanktionen
    """
    from kca_etl.sources import registry
    from kca_etl.warehouse import reconcile

    declared = registry.load(source)
    verdict = {True: str(Verdict.WARN), False: str(Verdict.QUARANTINE)}
    rows = [
        {"rule": _rule(c), "what": _words(c), "verdict": verdict[bool(c.base_month)]}
        for c in declared.checks
    ]
    rows += [
        {"rule": rule, "what": what, "verdict": str(catalogue()[code].verdict)}
        for rule, (code, what) in EVERYWHERE.items()
    ]
    if declared.jump:
        rows.append(
            {"rule": "jump", "what": JUMP.format(limit=declared.jump), "verdict": str(Verdict.WARN)}
        )
    rows += [
        {"rule": "reconcile", "what": pair.words, "verdict": str(Verdict.WARN)}
        for pair in reconcile.pairs()
        if source in pair.sources
    ]
    console.listing(rows, as_json=as_json)


def _rule(check: Check) -> str:
    return "base" if check.base_month else check.form


def _words(check: Check) -> str:
    """Say a check as a formula."""
    if check.regions:
        return (
            "Deutschland = West + Ost = sum of the Länder; a Land = sum of its parts, where the"
            " kennzahl adds up"
        )
    first, *others = map(_coord, coords(check))
    forms = {
        "total": f"{first} = " + " + ".join(others) + _leeway(check),
        "equal": " = ".join([first, *others]),
        "order": " ≤ ".join([first, *others]),
        "ratio": f"{first} = " + " / ".join(others) + f" × {check.times:g}",
        "between": f"{first} lies between the least and the greatest of {', '.join(others)}",
        "mean": f"{first} of a region follows from that of its parts" + _weight(others),
        "share": "each of "
        + ", ".join([first, *others][: (len(others) + 1) // 2])
        + " = its part of the sum",
        "year": f"{first} = sum of twelve months of {', '.join(others)}",
    }
    if check.base_month:
        return (
            f"{' / '.join([*others, first])} implies one base from month {check.base_month} to"
            " the next year's"
        )
    return forms[check.form] + (", in every gliederung" if check.every_gliederung else "")


def _leeway(check: Check) -> str:
    """Say how far the parts may be from the total."""
    if not check.rest and not check.overlap:
        return ""
    rest, overlap = f"{check.rest:.1%} left out", f"{check.overlap:.1%} counted twice"
    return f", up to {rest} or {overlap}, at least {check.few:g} cases"


def _weight(weight: list[str]) -> str:
    return f", weighted by {weight[0]}" if weight else ", as one between them"


def _coord(coord: Coord) -> str:
    pairs = ",".join(f"{k}={v}" for k, v in coord.gliederung)
    return coord.kennzahl + (f"[{pairs}]" if pairs else "")
