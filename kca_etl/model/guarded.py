"""Whatever a document does to the code becomes a finding; what the machine does goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError
from kca_etl.model.machine import MACHINE_ERRORS, StorageError


@contextmanager
def whatever_happens(findings: list[Finding]) -> Iterator[None]:
    """Turn whatever a document does to the code into a finding.

    What the machine does to it goes on: a full disk is no fault of the document. A panic of the
    spreadsheet reader is no Exception.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except KcaError as error:
        findings += error.findings
    except OSError as error:
        if isinstance(error, StorageError) or error.errno in MACHINE_ERRORS:
            raise
        findings.append(Finding(Code.NO_FILE, f"the file cannot be read: {error.strerror}"))
    except BaseException as error:  # noqa: BLE001 - said in a finding
        what = "the document trips the reader; report this"
        findings.append(Finding(Code.UNREADABLE, what, found=type(error).__name__))
