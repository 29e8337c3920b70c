"""The wire under requests.

Every single receive is held against deadline and byte cap, every connection against the allowed.

Timeouts of requests count from byte to byte only; a server that sends a byte now and then would
hold us for ever, in the status line as well as in the body. http.client reads everything through
one file object: that is where the limits sit.
"""

from __future__ import annotations

import http.client
import io
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from kca_etl.landing.fetch.allow_list import AllowList
from kca_etl.landing.guard.notes import refuse
from kca_etl.model.codes import Code

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 20.0
HEADER_BYTES = 1_000_000  # status lines, headers and chunk framing, on top of the body's cap
MAX_LINE = 65_536


class Budget:
    """Time and bytes left for one document, all hops, pauses and retries together."""

    def __init__(self, seconds: float, max_bytes: int, clock: Callable[[], float]) -> None:
        self.seconds, self.max_bytes, self.clock = seconds, max_bytes, clock
        self._end = clock() + seconds
        self._wire = 0

    def left(self, at_most: float = float("inf")) -> float:
        """Return the seconds left. Raises KcaError DEADLINE when there are none."""
        left = self._end - self.clock()
        if left <= 0:
            refuse(
                Code.DEADLINE,
                "the document did not arrive in time",
                expected=f"at most {self.seconds:g} seconds in all",
            )
        return min(left, at_most)

    def received(self, count: int) -> None:
        """Count bytes off the wire. Raises KcaError TOO_LARGE."""
        self._wire += count
        if self._wire > self.max_bytes + HEADER_BYTES:
            refuse(
                Code.TOO_LARGE,
                "the answer is too large",
                f"more than {self.max_bytes} bytes",
                f"at most {self.max_bytes} bytes",
            )


class _Wire(io.RawIOBase):
    """The socket's bytes, each receive under the budget."""

    def __init__(self, file: io.BufferedReader, sock: socket.socket, budget: Budget) -> None:
        super().__init__()
        self._file, self._sock, self._budget = file, sock, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - a writable buffer, as io declares it
        self._sock.settimeout(self._budget.left(READ_TIMEOUT))
        try:
            count = self._file.raw.readinto(buffer)
        except TimeoutError:
            self._budget.left()
            raise
        self._budget.received(count or 0)
        return int(count or 0)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Lines(io.BufferedReader):
    """No line is longer than a line may be."""

    def readline(self, size: int | None = -1, /) -> bytes:
        return super().readline(
            size if size is not None and 0 <= size <= MAX_LINE else MAX_LINE + 1
        )


class _Answer(http.client.HTTPResponse):
    def __init__(self, budget: Budget, sock: socket.socket, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - http.client's
        super().__init__(sock, *args, **kwargs)
        self.fp = _Lines(_Wire(self.fp, sock, budget), MAX_LINE)

    def begin(self, **kwargs: Any) -> None:  # noqa: ANN401 - newer Pythons pass limits
        super().begin(**kwargs)
        # urllib3 logs headers that cannot be parsed word for word, whatever a server put there.
        self.msg.defects.clear()
        self.msg.set_payload("")


def adapter(allowed: AllowList, budget: Budget) -> HTTPAdapter:
    """Return a requests adapter for one document: no retries of its own, guarded connections."""

    class Plain(HTTPConnection):
        response_class = partial(_Answer, budget)  # type: ignore[assignment]  # http.client only calls it

        def _new_conn(self) -> socket.socket:
            return _connected(self, super()._new_conn, allowed, budget)

    class Secure(HTTPSConnection):
        response_class = partial(_Answer, budget)  # type: ignore[assignment]  # http.client only calls it

        def _new_conn(self) -> socket.socket:
            return _connected(self, super()._new_conn, allowed, budget)

    plain = type("PlainPool", (HTTPConnectionPool,), {"ConnectionCls": Plain})
    secure = type("SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": Secure})
    return _Adapter({"http": plain, "https": secure})


class _Adapter(HTTPAdapter):
    def __init__(self, pools: dict[str, Any]) -> None:
        self._pools = pools
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)
        self.poolmanager.pool_classes_by_scheme = pools

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as requests declares it
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        return manager


def _connected(
    connection: HTTPConnection,
    connect: Callable[[], socket.socket],
    allowed: AllowList,
    budget: Budget,
) -> socket.socket:
    """Connect to an address that was checked: a name may resolve otherwise a moment later."""
    name, tried = connection.host, "no address"
    try:
        for address in allowed.addresses(name):
            connection.host, connection.timeout = address, budget.left(CONNECT_TIMEOUT)
            try:
                return connect()
            except HTTPError as error:
                tried = type(error).__name__
    except socket.gaierror as error:
        raise NameResolutionError(name, connection, error) from None
    finally:
        connection.host = name
    raise NewConnectionError(connection, f"{name}: {tried}")
