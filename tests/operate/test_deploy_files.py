"""The files under deploy/.

A setting that nobody knows, or a command that does not exist, would be found on the day of
installation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from prefect.settings import Settings as PrefectSettings
from prefect.settings.legacy import _get_settings_fields

from kca_etl.cli.table import commands
from kca_etl.settings import Settings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
pytestmark = pytest.mark.project


def texts() -> Iterator[tuple[str, str]]:
    for path in sorted(p for p in DEPLOY.rglob("*") if p.is_file()):
        yield path.name, path.read_text(encoding="utf-8")


def test_every_setting_is_one_that_kca_or_prefect_reads() -> None:
    known = {f"KCA_{name.upper()}" for name in Settings.model_fields} | set(
        _get_settings_fields(PrefectSettings)
    )
    used = {name for _, text in texts() for name in re.findall(r"\b(?:KCA|PREFECT)_[A-Z_]+", text)}
    assert len(used) > 12
    assert used <= known


def test_every_command_exists() -> None:
    known = {command.words[0] for command in commands().values()}
    used = {
        command
        for _, text in texts()
        for command in re.findall(r"(?:bin/|&& |command: |c \")kca (\w+)", text)
    }
    assert used == {"deploy", "watch", "db"}
    assert used <= known


def test_compose_waits_for_what_it_needs() -> None:
    file = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = file["services"]
    assert {needed for s in services.values() for needed in s.get("depends_on", {})} <= set(
        services
    )
    assert services["server"]["ports"] == ["127.0.0.1:4200:4200"]
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in services[needed], (
                name,
                needed,
            )
