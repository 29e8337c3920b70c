"""Rendered reports beside the UI: what is shown, and what is not."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kca_etl.prefect_server.report_files import offered


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "Ueberblick_2020-11.pdf").write_bytes(b"%PDF-1.7")
    (folder / "Übersicht 1.html").write_text("<p>ä</p>", encoding="utf-8")
    (folder / ".secret.html").write_text("x")
    (folder / "warehouse.db").write_text("x")
    (folder / "sub").mkdir()
    (folder / "sub" / "x.html").write_text("x")
    (tmp_path / "outside.html").write_text("x")
    (folder / "link.html").symlink_to(tmp_path / "outside.html")
    with offered(folder, 0) as address:
        yield address


def get(served: str, path: str, host: str | None = None, method: str = "GET") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(str(urlsplit(served).netloc), timeout=10)
    try:
        connection.request(method, path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        assert answer.status != 200 or answer.headers["X-Content-Type-Options"] == "nosniff"
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_report_is_shown_to_a_browser(served: str) -> None:
    assert get(served, "/reports/Ueberblick_2020-11.pdf") == (200, b"%PDF-1.7")
    assert get(served, "/reports/%C3%9Cbersicht%201.html") == (200, "<p>ä</p>".encode())
    assert get(served, "/reports/Ueberblick_2020-11.pdf", method="HEAD") == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/reports/",
        "/reports/none.pdf",
        "/reports/.secret.html",
        "/reports/warehouse.db",
        "/reports/sub/x.html",
        "/reports/../outside.html",
        "/reports/%2e%2e%2foutside.html",
        "/reports/link.html",
        "/reports/x%00.html",
        "/Ueberblick_2020-11.pdf",
    ],
)
def test_nothing_else_is_shown(served: str, path: str) -> None:
    assert get(served, path)[0] == 404


def test_another_name_than_this_machines_is_not_answered_to(served: str) -> None:
    assert get(served, "/reports/Ueberblick_2020-11.pdf", "evil.example")[0] == 404
    assert get(served, "/reports/Ueberblick_2020-11.pdf", "localhost:4201")[0] == 200
