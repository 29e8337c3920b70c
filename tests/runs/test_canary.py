"""A canary in the place of the token, through `kca run` as a person uses it.

It stands in nothing that is printed or kept.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.landing.fetch.servers import TOKEN, Asked, Reply, head, raw, serving
from tests.runs.world import kca

SOURCE = "genesis_13211"
COUNTS = (
    "",
    "Ausländer",
    "schwerbehindert",
    "15 bis unter 20 Jahre",
    "15 bis unter 25 Jahre",
    "55 bis unter 65 Jahre",
    "langzeitarbeitslos",
)
SHARES = ("", "Männer", "Frauen", "Ausländer", "15 bis unter 25 Jahre")
HEADS = (
    ["Arbeitslose"] * 7
    + ["Arbeitslosenquote bez. abh. zivile Erwerbspers."]
    + ["Arbeitslosenquote bez. auf alle zivile Erwerbsp."] * 5,
    [*COUNTS, "", *SHARES],
    ["Anzahl"] * 7 + ["Prozent"] * 6,
)
BODY = "\r\n".join(
    [
        "Tabelle: 13211-02-05-4",
        "Arbeitslose nach ausgewählten Personengruppen sowie",
        *(";;;" + ";".join(head) for head in HEADS),
        "2020;06435;Main-Kinzig-Kreis;9000;3000;700;100;800;1900;3100;4,2;3,9;4,0;3,8;9,1;3,3",
        "______________",
        "Stand: 24.11.2021 / 08:00:00",
        "",
    ]
).encode("cp1252")


def kept(home: Path) -> Iterator[bytes]:
    """Every byte under the home: database and its log, archive, notes, what is unfinished."""
    for path in home.rglob("*"):
        if path.is_file():
            yield path.read_bytes()
            yield str(path).encode()


@pytest.mark.parametrize(("debug", "form"), [((), ()), (("--debug",), ("--json",))])
def test_success_and_every_trouble(
    tmp_path: Path, debug: tuple[str, ...], form: tuple[str, ...]
) -> None:
    home = tmp_path / "home"
    secrets: dict[str, Any] = {"KCA_SECRETS": json.dumps({"regionalstatistik_token": TOKEN})}
    said = []

    def run(base: str, code: int) -> None:
        where: dict[str, Any] = {"KCA_BASE_URLS": json.dumps({"www.regionalstatistik.de": base})}
        said.append(
            kca(
                home,
                *debug,
                "run",
                SOURCE,
                "--month",
                "2020-12",
                *form,
                code=code,
                **secrets,
                **where,
            )
        )

    echo = {
        "ETag": f'"{TOKEN}"',
        "Content-Disposition": f"attachment; filename={TOKEN}.csv",
        "Last-Modified": TOKEN,
    }
    with serving(lambda _: Reply(200, BODY, echo)) as served:
        run(served.base, 0)
        where: dict[str, Any] = {
            "KCA_BASE_URLS": json.dumps({"www.regionalstatistik.de": served.base})
        }
        said.append(
            kca(home, *debug, "sources", "probe", SOURCE, "--month", "2020-12", **secrets, **where)
        )
    assert "13 new" in said[0] or '"inserted": 13' in said[0]
    assert all(asked.headers["username"] == TOKEN for asked in served.asked)
    with raw(head("401 No") + TOKEN.encode()) as base:
        run(base, 4)
    with raw(head("302 Found", Location=f"https://{TOKEN}.example/{TOKEN}?{TOKEN}")) as base:
        run(base, 4)
    error = json.dumps({"Code": 15, "username": TOKEN}).encode()
    with raw(head(Content_Length=str(len(error))) + error) as base:
        run(base, 4)
    with raw(b"HTTP/1.1 200 " + TOKEN.encode() + b"\r\n" + TOKEN.encode()) as base:
        run(base, 1)
    said.extend(kca(home, command, "--year", "2020") for command in ("status", "calendar"))
    said.append(kca(home, "archive", "export", _sha(home), tmp_path / "out"))
    said.append(kca(home, "rebuild", **secrets))
    assert all(TOKEN not in text for text in said)
    things = [*kept(home), *kept(tmp_path / "out")]
    assert len(things) > 6
    assert all(TOKEN.encode() not in data for data in things)


@pytest.mark.parametrize("wrong", [f'{{"a": ["{TOKEN}"]}}', f'{{"a": "{TOKEN}"'])
def test_a_setting_that_cannot_be_read_is_not_quoted(tmp_path: Path, wrong: str) -> None:
    assert TOKEN not in _fails(tmp_path, {"KCA_SECRETS": wrong})


def test_the_proxy_may_carry_a_password(tmp_path: Path) -> None:
    proxy = {
        "KCA_HTTP_PROXY": f"http://user:{TOKEN}@127.0.0.1:9",
        "KCA_SECRETS": '{"regionalstatistik_token": "x"}',
    }
    text = _fails(tmp_path, proxy)
    assert "[NETWORK]" in text
    assert TOKEN not in text


def _fails(home: Path, environment: dict[str, str]) -> str:
    """Run with traces shown; return all that was printed."""
    given = (
        {k: v for k, v in os.environ.items() if not k.startswith("KCA_")}
        | {"KCA_HOME": str(home)}
        | environment
    )
    command = [sys.executable, "-m", "kca_etl", "--debug", "run", SOURCE, "--month", "2020-12"]
    done = subprocess.run(
        command, env=given, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


def _sha(home: Path) -> str:
    return next(p.name.split(".")[0] for p in (home / "landing").glob("??/*.csv"))


def test_the_server_really_saw_it(tmp_path: Path) -> None:
    """Else the canary would prove nothing."""
    seen: list[Asked] = []

    def refuse(asked: Asked) -> Reply:
        seen.append(asked)
        return Reply(404)

    with serving(refuse) as served:
        environment: dict[str, Any] = {
            "KCA_SECRETS": json.dumps({"regionalstatistik_token": TOKEN}),
            "KCA_BASE_URLS": json.dumps({"www.regionalstatistik.de": served.base}),
        }
        kca(tmp_path, "run", SOURCE, "--month", "2020-12", code=5, **environment)
    assert (seen[0].method, seen[0].headers["username"]) == ("POST", TOKEN)
