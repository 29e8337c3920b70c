"""An answer to a question as amendments of the declaration, or of the one document."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from kca_etl.model.decision import Amendment
from kca_etl.propose.questions import Question
from kca_etl.sources import registry
from kca_etl.sources.spec import Coord
from schemas.codelists import ZEICHEN

Made = list[Amendment]
# What holds for the one document only, whatever comes later.
DOCUMENT_ONLY = {"accept", "refuse", "withdraw", "datenstand", "correction", "taken_for"}


def amendments(question: Question, answer: str) -> tuple[Amendment, ...]:
    """Return what an answer changes.

    Raises ValueError, with the possible answers, for any other.
    """
    verb, _, text = answer.strip().partition(":")
    if verb == "refuse":
        return (Amendment("refuse"),)
    make = _ANSWERS.get((question.kind, verb))
    if make is None:
        raise ValueError(f"{answer!r} answers another question; possible: {possible(question)}")
    return tuple(make(question, text.strip()))


def possible(question: Question) -> str:
    """List the answers to a question."""
    return ", ".join(choice.answer for choice in question.choices)


def _column(q: Question, text: str) -> Made:
    return [Amendment("column", q.table, _declared(q, text), q.text)]


def _label_column(q: Question, text: str) -> Made:
    return [Amendment("label_column", q.table, text, q.text.rsplit(" > ", maxsplit=1)[-1])]


def _row(q: Question, text: str) -> Made:
    return [Amendment("row", q.table, _declared(q, text), q.text)]


def _declared(q: Question, text: str) -> str:
    """Return a declared text as it is offered; raises ValueError for one that is not."""
    offered = [c.answer.partition(":")[2] for c in q.choices if c.answer.startswith("same:")]
    if not text:
        raise ValueError(f"say which one: {', '.join(offered)}")
    return text


def _new(op: str) -> Callable[[Question, str], Made]:
    def made(q: Question, text: str) -> Made:
        coord, _, about = text.partition("|")
        kennzahl = Coord.model_validate(coord).kennzahl
        if kennzahl in registry.kennzahlen():
            if about:
                raise ValueError(f"{kennzahl} is in the catalogue already; leave its label out")
            return [Amendment(op, q.table, "", q.text, coord)]
        if not about:
            raise ValueError(f"{kennzahl} is new: write new:{kennzahl}|LABEL|UNIT")
        origin = f"decided for {q.text!r}"
        added = [Amendment("kennzahl", "", origin, kennzahl, about)] if kennzahl else []
        return [*added, Amendment(op, q.table, "", q.text, coord)]

    return made


def _ignored_column(q: Question, _: str) -> Made:
    return [Amendment("new_column", q.table, "", q.text, "-")]


def _ignored_row(q: Question, _: str) -> Made:
    return [Amendment("new_row", q.table, "", q.text, "-")]


def _skipped_row(q: Question, _: str) -> Made:
    return [Amendment("skipped_row", q.table, "", q.text)]


def _absent(op: str) -> Callable[[Question, str], Made]:
    return lambda q, _: [Amendment(op, q.table, q.text)]


def _ignored_sheet(q: Question, _: str) -> Made:
    return [Amendment("ignored_sheet", new=q.sheet)]


def _sheet(q: Question, text: str) -> Made:
    return [Amendment("sheet", _declared(q, text), new=q.sheet)]


def _title(q: Question, _: str) -> Made:
    return [Amendment("title", q.table, new=q.text)]


def _row_count(q: Question, _: str) -> Made:
    return [Amendment("row_count", q.table, value=q.text)]


def _sign(q: Question, text: str) -> Made:
    if text not in ZEICHEN[1:]:
        raise ValueError(f"a sign means one of {' '.join(ZEICHEN[1:])}")
    return [Amendment("sign", new=q.text, value=text)]


def _value(q: Question, text: str) -> Made:
    if re.fullmatch(r"-?\d+(\.\d+)?", text) is None:
        raise ValueError("write the number with a decimal point and without groups: value:7273")
    return [Amendment("correction", q.sheet, q.cell, q.text, text)]


def _region(q: Question, text: str) -> Made:
    if re.fullmatch(r"[a-z]+:\w+", text) is None:
        raise ValueError("write code system and code: region:ags:06411")
    return [Amendment("region", new=q.text, value=text)]


def _system(q: Question, text: str) -> Made:
    return [Amendment("region", new=re.escape(q.text), value=text)]


def _source(_q: Question, text: str) -> Made:
    registry.load(text)
    return [Amendment("taken_for", value=text)]


def _day(_q: Question, text: str) -> Made:
    return [Amendment("datenstand", value=date.fromisoformat(text).isoformat())]


def _instead(_q: Question, text: str) -> Made:
    return [Amendment("withdraw", value=text)]


def _accept(q: Question, _: str) -> Made:
    return [Amendment("accept", new=q.code)]


_ANSWERS: dict[tuple[str, str], Callable[[Question, str], Made]] = {
    ("column", "same"): _column,
    ("column", "label"): _label_column,
    ("column", "ignore"): _ignored_column,
    ("column", "new"): _new("new_column"),
    ("missing_column", "absent"): _absent("absent_column"),
    ("row", "same"): _row,
    ("row", "ignore"): _ignored_row,
    ("row", "new"): _new("new_row"),
    ("bare_row", "ignore"): _skipped_row,
    ("missing_row", "absent"): _absent("absent_row"),
    ("sheet", "ignore"): _ignored_sheet,
    ("sheet", "same"): _sheet,
    ("title", "same"): _title,
    ("title", "ignore"): _ignored_sheet,
    ("missing_table", "absent"): _absent("absent_table"),
    ("row_count", "accept"): _row_count,
    ("sign", "sign"): _sign,
    ("number", "sign"): _sign,
    ("number", "value"): _value,
    ("region", "region"): _region,
    ("region", "system"): _system,
    ("document", "source"): _source,
    ("datenstand", "day"): _day,
    ("conflict", "day"): _day,
    ("conflict", "instead"): _instead,
    ("doubt", "accept"): _accept,
}
