"""Promise.

Any permutation of the same documents gives the same figures and the same history, on both
databases.
"""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.warehouse import synthetic
from tests.warehouse.synthetic import JANUARY, Fact, export, load, rows

STANDS = ("2020-02-29", "2020-03-31", "2020-11-30")
Doc = tuple[str, str, tuple[Fact, ...]]  # name, datenstand, facts


@st.composite
def documents(draw: st.DrawFn) -> list[Doc]:
    """Documents that never contradict each other; regions are renamed over time."""
    truth: st.SearchStrategy[float | str] = st.sampled_from([1.0, 2.5, 64447.261904037, "*", "."])
    said = {(stand, key): draw(truth) for stand in STANDS for key in range(4)}
    names = {stand: draw(st.sampled_from(["Stadt", "Land", "Fluss"])) for stand in STANDS}
    docs = []
    for n in range(draw(st.integers(2, 5))):
        stand = draw(st.sampled_from(STANDS))
        keys = draw(st.sets(st.integers(0, 3), min_size=1))
        facts = tuple(
            Fact(
                said[stand, k],
                "kopf",
                JANUARY + k % 2,
                str(k // 2).zfill(2),
                name=names[stand],
                row=n,
                col=k,
            )
            for k in keys
        )
        docs.append((f"doc{n}", stand, facts))
    return docs


def loaded(engine: Engine, docs: list[Doc]) -> tuple[str, str]:
    """Load documents in this order into an emptied warehouse; return both exports."""
    synthetic.empty(engine)
    for name, stand, facts in docs:
        load(engine, name, stand, facts)
    return export(engine), export(engine, history=False)


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(docs=documents(), data=st.data())
def test_any_order(engine: Engine, docs: list[Doc], data: st.DataObject) -> None:
    mixed = data.draw(st.permutations(docs))
    assert loaded(engine, mixed) == loaded(engine, docs)


def test_all_orders_of_four_documents(engine: Engine) -> None:
    docs: list[Doc] = [
        ("first", "2020-02-29", (Fact(5.0, name="Hanau"), Fact(1.0, "quote", name="Hanau"))),
        ("confirms", "2020-03-31", (Fact(5.0, name="Hanau"),)),
        (
            "revises",
            "2020-04-30",
            (Fact(7.0, name="Main-Kinzig"), Fact("*", "quote", name="Main-Kinzig")),
        ),
        ("twin", "2020-04-30", (Fact(7.0, name="Gelnhausen"),)),
    ]
    exports = {loaded(engine, list(order)) for order in permutations(docs)}
    assert len(exports) == 1
    assert synthetic.values(engine, kennzahl="kopf", history=True) == [
        (5.0, "2020-02-29", "2020-04-30"),
        (7.0, "2020-04-30", None),
    ]
    assert rows(engine, "SELECT name FROM region") == [("Gelnhausen",)]


@pytest.mark.parametrize("backwards", [False, True])
def test_two_names_of_one_region_in_one_document(engine: Engine, backwards: bool) -> None:
    """Of the names of one datenstand the first by alphabet is shown, also of one document's two."""
    old: Doc = ("old", "2020-01-31", (Fact(1.0, name="Anfang"),))
    new: Doc = (
        "new",
        "2020-02-29",
        (Fact(2.0, name="B-Stadt"), Fact(3.0, "quote", name="C-Stadt")),
    )
    for name, stand, facts in [new, old] if backwards else [old, new]:
        load(engine, name, stand, facts)
    assert rows(engine, "SELECT name, datenstand FROM region") == [("B-Stadt", "2020-02-29")]
