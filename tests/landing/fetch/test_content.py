"""What a body is and whether it is whole, at every possible cut.

And how requests are built from declarations.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kca_etl.landing.fetch.content import sniff
from kca_etl.landing.fetch.request import Call, call_of, file_name
from kca_etl.landing.guard.whole import ole_is_whole, zip_is_whole
from kca_etl.model.month import month_number
from kca_etl.sources.endpoint import Fetch
from tests.landing.fetch.servers import (
    API_SPEC,
    GENESIS_SPEC,
    HOST,
    MONTH,
    PORTAL_SPEC,
    table,
    workbook,
    zipped,
)

BOOK = workbook()


def test_no_cut_of_a_workbook_passes_for_whole() -> None:
    assert zip_is_whole(io.BytesIO(BOOK))
    assert not any(zip_is_whole(io.BytesIO(BOOK[:n])) for n in range(len(BOOK)))


def test_a_workbook_inside_a_comment_or_twice() -> None:
    assert zip_is_whole(io.BytesIO(BOOK[:-2] + b"\x05\x00hello"))
    assert not zip_is_whole(io.BytesIO(BOOK + b"more"))
    assert not zip_is_whole(io.BytesIO(b"PK\x05\x06" + bytes(18)))
    assert not zip_is_whole(io.BytesIO(b""))


def test_zip64_end() -> None:
    zip64 = BOOK[:-22] + b"PK\x06\x07" + bytes(16) + BOOK[-22:-6] + b"\xff\xff\xff\xff" + b"\0\0"
    assert zip_is_whole(io.BytesIO(zip64))
    assert not zip_is_whole(io.BytesIO(zip64.replace(b"PK\x06\x07", b"PK\x06\x00")))


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_without_error(data: bytes) -> None:
    for judge in (zip_is_whole, ole_is_whole):
        assert judge(io.BytesIO(data)) in (True, False)
        assert judge(io.BytesIO(BOOK + data)) in (True, False)
        assert judge(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data * 10)) in (True, False)
    assert sniff(data) in {"zip", "ole", "gzip", "page", "json", "binary", "text"}


def test_real_xls_cut_in_half(real: Path) -> None:
    for path in (real / "ba-kurzarbeit").glob("*.xls"):
        data = path.read_bytes()
        assert ole_is_whole(io.BytesIO(data))
        assert not ole_is_whole(io.BytesIO(data[: len(data) // 2]))
        assert not ole_is_whole(io.BytesIO(data[:600]))


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (BOOK[:100], "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
        (b"\n\n  <HTML>", "page"),
        (b"\xef\xbb\xbf<!doctype HTML>", "page"),
        (b'<?xml version="1.0"?><html', "page"),
        (b'  {"Status": 1}', "json"),
        (b"a;b\r\n1;2\r\n", "text"),
        ("\ufeffÄ;B".encode(), "text"),
        (b"a\x00b", "binary"),
        (b"%PDF-1.4", "binary"),
    ],
)
def test_sniff(head: bytes, kind: str) -> None:
    assert sniff(head) == kind


def test_calls_of_the_three_services() -> None:
    portal = call_of(PORTAL_SPEC, MONTH, {"code": "t43102", "v": "3"})
    assert portal.url.endswith(
        "/Detail/202011/ama/amr-amr/amr-t43102-0-202011-xlsx.xlsx?__blob=publicationFile&v=3"
    )
    assert call_of(API_SPEC, MONTH).params == {"Kreis": "Main-Kinzig-Kreis"}
    genesis = call_of(GENESIS_SPEC, month_number(2021, 1))
    assert (genesis.method, genesis.fields["startyear"], genesis.secret_headers) == (
        "POST",
        "2021",
        {"username": "genesis_token"},
    )
    assert isinstance(genesis, Call)


@given(st.text(max_size=30))
def test_a_value_never_leaves_its_slot(value: str) -> None:
    try:
        url = call_of(PORTAL_SPEC, MONTH, {"code": value}).url
    except UnicodeEncodeError:
        return  # half a surrogate pair
    before, after = (
        PORTAL_SPEC.url.replace("{yyyymm}", "202011").replace("{v}", "1").split("{code}")
    )
    assert url.startswith(before)
    assert url.endswith(after)
    inner = url[len(before) : len(url) - len(after)]
    assert not set(inner) & set("/?#&@:\\ \r\n")


@given(st.text(max_size=60))
def test_file_names_are_tame(text: str) -> None:
    spec = Fetch(
        url=f"https://{HOST}/x",
        hosts=(HOST,),
        kind="csv",
        file=text.replace("{", "").replace("}", ""),
    )
    name = file_name(spec, MONTH)
    assert os.path.basename(name) == name  # noqa: PTH119 - its idea of a name is the point
    assert name.isascii()
    assert name.isprintable()
    assert name.endswith(".csv")
    assert not name.startswith(".")


def test_file_names() -> None:
    assert file_name(PORTAL_SPEC, MONTH) == "amr-d-0-202011-xlsx.xlsx"
    assert file_name(API_SPEC, MONTH) == "EckwerteTabelleALOKr-202011.csv"
    assert file_name(GENESIS_SPEC, MONTH) == "tablefile.zip"
    named = GENESIS_SPEC.model_copy(update={"file": "13211-0001-{yyyymm}"})
    assert file_name(named, MONTH) == "13211-0001-202011.zip"


def test_moving_targets_are_known() -> None:
    assert API_SPEC.moving
    assert not PORTAL_SPEC.moving
    assert not GENESIS_SPEC.moving


def test_zip_of_csv_and_workbook_look_alike() -> None:
    assert sniff(zipped(("a.csv", table()))[:1024]) == sniff(BOOK[:1024]) == "zip"
