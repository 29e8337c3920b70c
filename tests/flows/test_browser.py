"""People's way through the forms of Prefect's UI, in a real browser.

A backfill up to its matrix, a report that waits for approval, a refused document that is answered.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kca_etl.runs.record import load_all, warehouse
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.warehouse.views import queries
from tests.flows.browser import Browser, browsing
from tests.flows.served import Served, serving, until
from tests.runs.test_decide import sheet
from tests.sources.office import Shape, write

BADGE = "//*[contains(@class, 'state-badge')][normalize-space()='{}']"
LABEL = "//label[.//span[starts-with(text(), '{}')]]"
IGNORE = "/following::option[@value='ignore'][1]"
MAX_CLICKS = 6
pytestmark = [pytest.mark.project, pytest.mark.long]


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path / "profile") as window:
        yield window


@pytest.fixture
def served(browser: Browser, tmp_path: Path) -> Iterator[Served]:  # noqa: ARG001 - without a browser there is nothing to serve
    with serving(tmp_path / "home") as running:
        yield running


def fill(browser: Browser, url: str, fields: dict[str, str]) -> None:
    """Fill in the form as a person would, by the labels it shows.

    Sources are chosen from a list.
    """
    browser.open(url)
    browser.click("//option[@value='kca_monatszahlen']")
    write_in(browser, fields)


def write_in(browser: Browser, fields: dict[str, str]) -> None:
    """Write into fields found by their labels."""
    for label, text in fields.items():
        browser.write(f"{LABEL.format(label)}/following::textarea[1]", text)


def test_a_backfill_through_the_form_shows_its_matrix(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    (tmp_path / "given").mkdir()
    write_samples(tmp_path / "given")
    (form,) = [d for d in served.ask("deployments/filter", {}) if d["name"] == "backfill"]
    ui = f"http://127.0.0.1:{served.port}"
    asked = {
        "First month": "2018-01",
        "Last month": "2020-11",
        "Folder": str(tmp_path / "given"),
        "Reason": "Nachtrag",
    }
    fill(browser, f"{ui}/deployments/deployment/{form['id']}/run", asked)
    browser.click("//button[normalize-space()='Submit']")
    started = {"deployments": {"id": {"any_": [form["id"]]}}}
    (run,) = until(lambda: served.ask("flow_runs/filter", started))
    browser.open(f"{ui}/runs/flow-run/{run['id']}")
    browser.find("//*[contains(@class, 'state-badge')][normalize-space()='Completed']", 120)
    browser.click("//li[@id='artifacts']")
    browser.click("//a[starts-with(@href, '/artifacts/artifact/')][contains(., 'backfill-matrix')]")
    browser.find("//table//td[normalize-space()='ok']")
    shown = browser.text()
    assert "kca_monatszahlen 2018-01…2020-11" in shown
    assert "rev 1 revised · ok 4 loaded" in shown


def test_a_report_is_refused_through_the_form(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    settings = Settings(home=served.home)
    jumped = write(
        tmp_path / "monat.xlsx", Shape(cells={("Leistungsbezieher SGB II", "Monat"): 30000})
    )
    list(load_all([jumped], warehouse(settings), settings))
    (report,) = [d for d in served.ask("deployments/filter", {}) if d["name"] == "report"]
    run = served.ask(
        f"deployments/{report['id']}/create_flow_run", {"parameters": {"month": "2020-11"}}
    )
    browser.open(f"http://127.0.0.1:{served.port}/runs/flow-run/{run['id']}")
    browser.find("//*[contains(@class, 'state-badge')][normalize-space()='Paused']", 120)
    browser.click("//button[normalize-space()='Resume']")
    browser.find("//li[contains(., 'moved by +21.0%: 30000')]")
    browser.click("//option[@value='no']")
    write_in(browser, {"Name": "A. Muster", "Remark": "Zahlendreher"})
    browser.click("//button[normalize-space()='Submit']")
    browser.find("//*[contains(@class, 'state-badge')][normalize-space()='Refused']", 60)
    said = served.ask(f"flow_runs/{run['id']}")["state"]["message"]
    assert said == "refused by A. Muster: Zahlendreher; nothing was published"
    assert not settings.reports.exists()


def test_a_refused_document_is_answered_within_six_clicks(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    file = sheet(
        tmp_path / "Monat.xlsx",
        more={"Widersprüche": [1, 2]},
        renamed={
            "Neuanträge": "Neuanträge auf Leistung",
            "Maßnahmeteilnehmer": "Maßnahmeteilnehmende Personen",
        },
    )
    (monthly,) = [d for d in served.ask("deployments/filter", {}) if d["name"] == "monthly"]
    given = {"parameters": {"documents": [str(file)], "ask_publishers": False}}
    run = served.ask(f"deployments/{monthly['id']}/create_flow_run", given)
    clicks = 0

    def click(xpath: str) -> None:
        nonlocal clicks
        clicks += 1
        browser.click(xpath)

    browser.open(f"http://127.0.0.1:{served.port}/runs/flow-run/{run['id']}")
    browser.find(BADGE.format("Quarantined"), 120)
    click("//li[@id='artifacts']")
    click("//a[starts-with(@href, '/artifacts/artifact/')][contains(., 'run-report')]")
    click("//a[normalize-space()='decide']")
    browser.follow()
    browser.find(BADGE.format("Suspended"), 120)
    click("//button[normalize-space()='Resume']")
    browser.find(LABEL.format("Name"))
    keep_picture(browser, "decide-form")
    click(f"{LABEL.format('What is the row')}[contains(., 'Widersprüche')]{IGNORE}")
    write_in(browser, {"Name": "M. Muster", "Reason": "neue Vorlage"})
    click("//button[normalize-space()='Submit']")
    browser.find(BADGE.format("Loaded"), 120)
    assert clicks <= MAX_CLICKS
    engine = warehouse(Settings(home=served.home))
    assert 932 in set(queries.figures(engine, kennzahl="massnahmeteilnehmer")["value"])


def keep_picture(browser: Browser, name: str) -> None:
    """Keep what is to be seen where `PICTURES_FOLDER` names a folder, e.g. for the README."""
    if folder := os.environ.get("PICTURES_FOLDER"):
        (Path(folder) / f"{name}.png").write_bytes(browser.screenshot())
