"""The notebook in docs runs, and prints what stands in it."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import kca_etl
from kca_etl.model.codes import Code
from kca_etl.model.findings import KcaError
from kca_etl.runs.record import load_all, warehouse
from kca_etl.samples import write_samples
from kca_etl.settings import Settings
from kca_etl.sources.registry import jobcenter_source

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "docs" / "python.ipynb"
pytestmark = pytest.mark.project


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the samples loaded, as `kca demo` leaves it."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    files = write_samples(settings.home / "samples")
    list(load_all(files, warehouse(settings), settings, jobcenter_source()))
    return settings.home


def executed(cells: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Run the code cells of a notebook in order; return the outputs of each as Jupyter has them."""
    names: dict[str, Any] = {}
    return [_run("".join(c["source"]), names, n) for n, c in enumerate(cells, 1)]


def _run(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    tree, value = ast.parse(source), None
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed, pd.option_context(*WIDE):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - our own notebook
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307 - likewise
        text = "" if value is None else repr(value)
    said: list[dict[str, Any]] = []
    if printed.getvalue():
        lines = printed.getvalue().splitlines(keepends=True)
        said.append({"name": "stdout", "output_type": "stream", "text": lines})
    if text:
        about = {"execution_count": number, "metadata": {}, "output_type": "execute_result"}
        said.append(about | {"data": {"text/plain": text.splitlines(keepends=True)}})
    return said


WIDE = ("display.width", 100, "display.max_columns", 12, "display.max_colwidth", 60)


def test_the_notebook_prints_what_stands_in_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KCA_HOME", str(home))
    cells = [
        c for c in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if c["cell_type"] == "code"
    ]
    for cell, outputs in zip(cells, executed(cells), strict=True):
        assert outputs == cell["outputs"], "".join(cell["source"])


def test_frames_have_the_columns_and_types_that_are_promised(home: Path) -> None:
    opened = kca_etl.open_warehouse(home)
    found = opened.figures(month="2020-11")
    assert len(found) == 6
    assert found["value"].dtype == "float64"
    assert str(found["berichtsmonat"].dtype).startswith("datetime64")
    assert found["region_code"].tolist() == ["06435"] * 6
    as_of = opened.figures(kennzahl="integrationen", month="2020-10", as_of="2020-11-15")
    assert (
        as_of["value"].tolist()
        != opened.figures(kennzahl="integrationen", month="2020-10")["value"].tolist()
    )


def test_what_is_not_there_is_said(home: Path, tmp_path: Path) -> None:
    with pytest.raises(KcaError) as raised:
        kca_etl.open_warehouse(tmp_path)
    assert raised.value.findings[0].code == Code.NO_FILE
    with pytest.raises(KcaError) as raised:
        kca_etl.open_warehouse(home).explain("arbeitslos_sgb2", "2020-11")
    assert "arbeitslose_sgb2" in raised.value.findings[0].expected
    with pytest.raises(AttributeError, match="open_warehous"):
        kca_etl.open_warehous  # type: ignore[attr-defined]  # noqa: B018 - mistyped


def test_importing_it_costs_nothing() -> None:
    code = "import sys, kca_etl; print([n for n in ('pandas', 'sqlalchemy') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
