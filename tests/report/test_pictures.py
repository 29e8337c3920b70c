"""The page as people see it.

PDF and printed HTML against stored pictures, coarse enough for other fonts and versions.

After a wanted change: look at the new pictures, then store them with `STORE_PICTURES=1 pytest
tests/report/test_pictures.py`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from kca_etl.report.comparison import forms
from kca_etl.report.render import render
from tests.report.comparison.helper import HIDDEN, KEYS, compared
from tests.report.test_forms import overview

PICTURES = Path(__file__).parent / "pictures"
DPI = 40
BLOCK = 8  # pixels; a line of text moved by less than this does not matter
# How far apart, of 255: on average and in the worst block. The PDF brings its fonts, the browser
# takes those it finds.
LIMITS = {
    "pdf.png": (1.0, 60.0),
    "html.png": (6.0, 120.0),
    "vergleich.png": (1.0, 60.0),
    "vergleich-html.png": (6.0, 120.0),
}
BROWSER = (
    *(
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
    ),
    *("--disable-component-update", "--disable-sync", "--no-pdf-header-footer"),
)


def tool(name: str) -> str:
    """Return a program's path, or skip and say which one is missing."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed: the page is not looked at")
    return found


def picture(pdf: Path) -> Image.Image:
    """Draw the first page in grey."""
    subprocess.run(
        [
            tool("pdftoppm"),
            "-gray",
            "-r",
            str(DPI),
            "-png",
            "-singlefile",
            str(pdf),
            str(pdf.with_suffix("")),
        ],
        check=True,
    )
    with Image.open(pdf.with_suffix(".png")) as image:
        return image.convert("L")


def blocks(image: Image.Image) -> NDArray[np.float64]:
    """Average squares of pixels."""
    pixels = np.asarray(image, dtype=np.float64)
    high, wide = (n // BLOCK * BLOCK for n in pixels.shape)
    squares: NDArray[np.float64] = (
        pixels[:high, :wide].reshape(high // BLOCK, BLOCK, wide // BLOCK, BLOCK).mean(axis=(1, 3))
    )
    return squares


def compare(image: Image.Image, name: str) -> None:
    """Compare with the stored picture, or store it if asked to."""
    path = PICTURES / name
    if os.environ.get("STORE_PICTURES"):
        image.quantize(16).save(path, optimize=True)
    with Image.open(path) as stored:
        wanted = stored.convert("L")
    assert image.size == wanted.size
    apart = np.abs(blocks(image) - blocks(wanted))
    mean, worst = LIMITS[name]
    assert (apart.mean() < mean, apart.max() < worst) == (True, True)


def test_pdf_looks_as_stored(tmp_path: Path) -> None:
    tool("pdftoppm")
    pdf = tmp_path / "page.pdf"
    pdf.write_bytes(render(overview(), "pdf"))
    compare(picture(pdf), "pdf.png")


def printed(content: bytes, folder: Path) -> Image.Image:
    """Let a browser print an HTML page; return its first sheet."""
    browser = tool("chromium")
    tool("pdftoppm")
    page, pdf = folder / "page.html", folder / "page.pdf"
    page.write_bytes(content)
    command = [
        browser,
        *BROWSER,
        f"--user-data-dir={folder / 'profile'}",
        f"--print-to-pdf={pdf}",
        page.as_uri(),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return picture(pdf)


def test_printed_html_looks_as_stored(tmp_path: Path) -> None:
    compare(printed(render(overview(), "html"), tmp_path), "html.png")


def test_the_comparison_looks_as_stored(tmp_path: Path) -> None:
    tool("pdftoppm")
    page = compared({(KEYS[0], "2019-01"): HIDDEN})
    pdf = tmp_path / "page.pdf"
    pdf.write_bytes(forms.render(page, "pdf"))
    compare(picture(pdf), "vergleich.png")
    compare(printed(forms.render(page, "html"), tmp_path), "vergleich-html.png")


def test_a_broken_page_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool("pdftoppm")
    monkeypatch.delenv("STORE_PICTURES", raising=False)
    pdf = tmp_path / "page.pdf"
    pdf.write_bytes(render(overview(), "pdf"))
    image = picture(pdf)
    image.paste(255, (0, 50, image.width, 125))  # no figures
    with pytest.raises(AssertionError):
        compare(image, "pdf.png")
