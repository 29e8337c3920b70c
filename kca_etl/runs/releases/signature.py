"""Signatures of releases, made and checked by OpenSSH's `ssh-keygen -Y`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

NAMESPACE = "kca-release"  # a signature made for anything else does not count
SUFFIX = ".sig"
TOOL = "ssh-keygen"
TIMEOUT_S = 60


def sign(path: Path, key: Path) -> Path:
    """Sign a file with a private SSH key; return the signature beside it.

    Raises KcaError RELEASE_SIGNATURE where there is no tool, no key, or a key that asks.
    """
    done = _run("sign", "-f", str(key), "-n", NAMESPACE, str(path))
    beside = path.with_name(path.name + SUFFIX)
    if done.returncode or not beside.is_file():
        raise KcaError(_finding(f"{path.name} could not be signed with {key}", _said(done)))
    return beside


def check(path: Path, signature: Path, signers: Path | None) -> tuple[str, list[Finding]]:
    """Check a signature; return in words by whom it is, and a finding where it does not fit.

    `signers`: OpenSSH's file of allowed signers. Without one nobody says whose the key is.
    """
    if signers is None:
        done = _with(path, "check-novalidate", "-n", NAMESPACE, "-s", str(signature))
        said = "valid, by an unknown key (give --signers): "
        return _judged(path, done, said)
    found = _run("find-principals", "-f", str(signers), "-s", str(signature))
    names = found.stdout.decode("utf-8", "replace").split()
    if found.returncode or not names:
        return "not by an allowed signer", [
            _finding(f"{path.name} is not signed by anybody of {signers.name}", _said(found))
        ]
    fits = ("verify", "-n", NAMESPACE, "-f", str(signers), "-I", names[0], "-s", str(signature))
    return _judged(path, _with(path, *fits), "valid: ")


def _judged(
    path: Path, done: subprocess.CompletedProcess[bytes], good: str
) -> tuple[str, list[Finding]]:
    if done.returncode:
        return "does not fit", [_finding(f"the signature of {path.name} does not fit", _said(done))]
    return good + _said(done), []


def _with(path: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    with path.open("rb") as content:
        return _run(*arguments, content=content.fileno())


def _run(*arguments: str, content: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[bytes]:
    """Run the tool; it asks nobody. Raises KcaError RELEASE_SIGNATURE where it is missing."""
    tool = shutil.which(TOOL)
    if tool is None:
        raise KcaError(_finding(f"there is no {TOOL} on this machine", "install OpenSSH"))
    return subprocess.run(  # noqa: S603 - OpenSSH's own tool, no shell
        [tool, "-Y", *arguments], stdin=content, capture_output=True, timeout=TIMEOUT_S, check=False
    )


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stdout + done.stderr).decode("utf-8", "replace").splitlines()
    return next((line.strip()[:200] for line in lines if line.strip()), "")


def _finding(what: str, found: str) -> Finding:
    return Finding(Code.RELEASE_SIGNATURE, what, found=found)
