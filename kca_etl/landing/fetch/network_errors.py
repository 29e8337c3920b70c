"""What went wrong on the wire, as a finding.

requests, urllib3 and http.client wrap each other's exceptions; the innermost knows.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from typing import TypeVar

from requests import RequestException
from urllib3.exceptions import HTTPError, InvalidChunkLength, InvalidHeader, ProtocolError

from kca_etl.landing.fetch.wire import Budget
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

T = TypeVar("T")


def guarded(budget: Budget, action: Callable[[], T]) -> T:
    """Do something on the wire; the libraries' exceptions become findings that name the trouble.

    Their texts hold whole addresses, so they are neither quoted nor chained.
    """
    try:
        return action()
    except (RequestException, HTTPError, OSError, HTTPException) as error:
        chain = list(_chain(error))
    budget.left()
    raise KcaError(_trouble(chain))


def _trouble(chain: list[BaseException]) -> Finding:
    found = f"{type(chain[-1]).__name__} {_words(chain)}".strip()
    for code, what, happened in _TROUBLES:
        if happened(chain):
            return Finding(code, what, found=found)
    return Finding(
        Code.NETWORK, "the server cannot be reached, fell silent or hung up", found=found
    )


def _words(chain: list[BaseException]) -> str:
    """Return the first words of an exception that cannot hold an address."""
    words = (getattr(e, name, "") for e in chain for name in ("verify_message", "strerror"))
    return next((str(w) for w in words if w), "")


def _has_no_trust(chain: list[BaseException]) -> bool:
    return any(isinstance(e, ssl.SSLError) for e in chain)


def _is_cut_short(chain: list[BaseException]) -> bool:
    return any(
        isinstance(e, IncompleteRead | InvalidChunkLength)
        or (type(e) is ProtocolError and "prematurely" in str(e))
        for e in chain
    )


def _has_two_lengths(chain: list[BaseException]) -> bool:
    return any(isinstance(e, InvalidHeader) for e in chain)


def _is_not_http(chain: list[BaseException]) -> bool:
    alone = len(chain) == 1 and isinstance(chain[0], ProtocolError)
    return alone or any(
        isinstance(e, HTTPException) and not isinstance(e, RemoteDisconnected) for e in chain
    )


_TROUBLES = (
    (Code.TLS, "the server's certificate or encryption does not hold", _has_no_trust),
    (Code.INCOMPLETE, "the answer was cut short", _is_cut_short),
    (Code.BAD_ANSWER, "the answer contradicts itself about its length", _has_two_lengths),
    (Code.BAD_ANSWER, "the answer is no proper HTTP", _is_not_http),
)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Walk an exception, what it carries and what it came from; the innermost last."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop(0)
        if id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += [
                e
                for e in (*one.args, getattr(one, "reason", None), one.__cause__, one.__context__)
                if isinstance(e, BaseException)
            ]
