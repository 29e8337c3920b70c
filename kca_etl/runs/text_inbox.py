"""The folder `texte` of the inbox: each text that people drop gets its answer beside it.

A text is never taken for a document of figures, and it stays where it was dropped.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kca_etl.landing.inbox.folder import SETTLE_S, is_open_elsewhere, seems_whole
from kca_etl.landing.inbox.open_files import names_open_for_writing
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.runs.texts import check_file
from kca_etl.settings import Settings
from kca_etl.textcheck.page import render_refusal
from kca_etl.warehouse.engine import UNREACHABLE

TEXTS = "texte"
ANSWER = ".pruefung.html"
_NO_TEXT = re.compile(
    r"[.~].*|.*\.(part|partial|tmp|crdownload|download|lnk|ini)|thumbs\.db", re.IGNORECASE
)
_MONTH = re.compile(r"(?<!\d)(20\d\d)-(0[1-9]|1[0-2])(?!\d)")
_LOG = logging.getLogger(__name__)


def answer_texts(inbox: Path, settings: Settings, *, settle: float = SETTLE_S) -> list[Path]:
    """Answer the complete texts in the inbox's folder `texte`; return the answers.

    A text that changed since its answer is answered again. A month at the beginning of a file's
    name (`2020-11 Entwurf.docx`) counts; else the text says of which month it is.
    """
    answered = []
    for text in _unanswered(inbox / TEXTS, settle):
        try:
            page = _answer(text, settings)
        except (OSError, *UNREACHABLE):  # the machine's own: the next look tries again
            _LOG.exception("%s could not be checked", text.name)
            continue
        answered.append(_put_beside(text, page))
    return answered


def _unanswered(folder: Path, settle: float) -> Iterator[Path]:
    """Yield the texts that are complete and have no answer of their present state."""
    if not folder.is_dir():
        return
    texts = [p for p in sorted(folder.iterdir()) if _is_text(p) and not _has_answer(p)]
    written = names_open_for_writing(folder) if texts else set()
    for text in texts:
        settled = time.time() - text.stat().st_mtime >= settle and text.name not in written
        if settled and not is_open_elsewhere(folder, text.name) and seems_whole(text):
            yield text


def _is_text(path: Path) -> bool:
    named = not _NO_TEXT.fullmatch(path.name) and not path.name.endswith(ANSWER)
    return named and path.is_file() and not path.is_symlink()


def _has_answer(text: Path) -> bool:
    """An answer bears the time of the text that it answers."""
    with suppress(FileNotFoundError):
        return _beside(text).stat().st_mtime_ns == text.stat().st_mtime_ns
    return False


def _beside(text: Path) -> Path:
    return text.with_name(f"{text.name}{ANSWER}")


def _answer(text: Path, settings: Settings) -> str:
    named = _MONTH.match(text.name)
    try:
        return check_file(settings, text, named[0] if named else None).page
    except KcaError as error:
        return render_refusal(text.name, error.findings)
    except (OSError, *UNREACHABLE):
        raise
    except Exception as error:  # noqa: BLE001 - the log and the answer tell of it
        _LOG.exception("%s trips the check", text.name)
        what = "the text trips the program; report this"
        return render_refusal(
            text.name, [Finding(Code.UNREADABLE, what, found=type(error).__name__)]
        )


def _put_beside(text: Path, page: str) -> Path:
    """Write the answer in one step, with the time of its text."""
    answer = _beside(text)
    part = answer.with_name(f".{answer.name}.{os.getpid()}.part")
    try:
        stamp = text.stat().st_mtime_ns
        part.write_text(page, encoding="utf-8")
        os.utime(part, ns=(stamp, stamp))
        part.replace(answer)
    finally:
        part.unlink(missing_ok=True)
    return answer
