"""Asking politely.

A name and a contact, one request a second per host, patience when told to slow down, redirects by
hand.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from itertools import count
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from pydantic import SecretStr
from requests import PreparedRequest, Request, RequestException, Response

from kca_etl.landing.fetch.allow_list import AllowList, Resolve, origin
from kca_etl.landing.fetch.network_errors import guarded
from kca_etl.landing.fetch.request import Call
from kca_etl.landing.fetch.wire import CONNECT_TIMEOUT, READ_TIMEOUT, Budget, adapter
from kca_etl.landing.guard.notes import refuse
from kca_etl.model.codes import Code
from kca_etl.model.findings import Finding, KcaError

log = logging.getLogger(__name__)
REDIRECTS, TO_GET = {301, 302, 303, 307, 308}, {301, 302, 303}
SLOW_DOWN = {403, 429, 503}  # what the BA's portal answers to too many requests
MAX_HOPS, ATTEMPTS = 5, 5


@dataclass(frozen=True, slots=True)
class Options:
    """What the settings say about asking.

    `proxy` resolves names itself: behind one only the names are checked, not the addresses.
    """

    contact: str = ""
    deadline: float = 120.0
    max_bytes: int = 100_000_000
    interval: float = 1.0
    base_urls: Mapping[str, str] = field(default_factory=dict)
    ca_bundle: Path | None = None
    proxy: SecretStr | None = None
    folder: Path | None = None  # for unfinished downloads; the system's if None

    @property
    def user_agent(self) -> str:
        """Who asks, and whom to write to."""
        contact = f" ({self.contact})" if self.contact else ""
        return f"kca-etl/{version('kca-etl')}{contact}".encode("ascii", "replace").decode()


@dataclass(slots=True)
class Answer:
    """The last hop's response, its body still unread, and the way to it as (status, address).

    Of addresses we were sent to, only what stands before the query is kept: it may hold
    somebody's signature.
    """

    response: Response
    budget: Budget
    hops: list[tuple[int, str]]


class Session:
    """One for a run. Clock, sleep, resolver and dice can be put in their places by tests."""

    def __init__(
        self,
        options: Options,
        secrets: Mapping[str, SecretStr] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        dice: Callable[[], float] = random.random,
        resolve: Resolve | None = None,
    ) -> None:
        self.options, self._secrets, self.wall = options, dict(secrets or {}), wall
        self._clock, self._sleep, self._dice, self._resolve = clock, sleep, dice, resolve
        self._turns: dict[str, float] = {}
        self._lock = threading.Lock()

    def redact(self, text: str) -> str:
        """Return the text without any secret's value, should a server repeat one."""
        for value in filter(None, (s.get_secret_value() for s in self._secrets.values())):
            text = text.replace(value, "***")
        return text

    @contextmanager
    def ask(
        self, call: Call, hosts: tuple[str, ...], conditions: Mapping[str, str] | None = None
    ) -> Iterator[Answer]:
        """Send a request and follow it to its end; the body is read under the same budget.

        Raises KcaError.
        """
        proxy = (
            urlsplit(self.options.proxy.get_secret_value()).hostname if self.options.proxy else None
        )
        allowed = AllowList(
            hosts,
            self.options.base_urls,
            proxy or "",
            **({"resolve": self._resolve} if self._resolve else {}),
        )
        budget = Budget(self.options.deadline, self.options.max_bytes, self._clock)
        hops: list[tuple[int, str]] = []
        response = self._follow(call, dict(conditions or {}), allowed, budget, hops)
        try:
            yield Answer(response, budget, hops)
        finally:
            _close(response)

    def _follow(
        self,
        call: Call,
        extra: dict[str, str],
        allowed: AllowList,
        budget: Budget,
        hops: list[tuple[int, str]],
    ) -> Response:
        method, seen = call.method, set[tuple[str, str]]()
        url = str(_request("GET", allowed.locate(call.url), {}, None, call.params).url)
        home = origin(url)
        while True:
            if (method, url) in seen or len(hops) > MAX_HOPS:
                refuse(
                    Code.REDIRECT_LOOP,
                    "the server sends the request in circles",
                    self.redact(hops[-1][1]),
                    f"at most {MAX_HOPS} redirects",
                )
            seen.add((method, url))
            response = self._patiently(
                self._prepared(call, method, url, extra, at_home=origin(url) == home),
                allowed,
                budget,
            )
            hops.append(
                (
                    response.status_code,
                    self.redact(response.url.split("?")[0] if hops else response.url),
                )
            )
            log.info("%s %s: %s", method, hops[-1][1], response.status_code)
            if response.status_code not in REDIRECTS:
                return response
            _close(response)
            url = allowed.locate(_location(response))
            method = "GET" if response.status_code in TO_GET else method

    def _prepared(
        self, call: Call, method: str, url: str, extra: dict[str, str], *, at_home: bool
    ) -> PreparedRequest:
        """Build one hop's request. Secrets go to the first origin only."""
        headers = {
            "User-Agent": self.options.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "Connection": "close",
            **call.headers,
            **extra,
        }
        fields = dict(call.fields)
        if at_home:
            headers |= {name: self._secret(secret) for name, secret in call.secret_headers.items()}
            fields |= {name: self._secret(secret) for name, secret in call.secret_fields.items()}
        return _request(method, url, headers, fields if method == "POST" else None)

    def _secret(self, name: str) -> str:
        if name not in self._secrets:
            refuse(Code.NO_CREDENTIAL, f"the secret {name!r} is not set")
        return self._secrets[name].get_secret_value()

    def _patiently(self, request: PreparedRequest, allowed: AllowList, budget: Budget) -> Response:
        for attempt in count(1):
            self._turn(origin(str(request.url))[1], budget)
            response = self._send(request, allowed, budget)
            if response.status_code not in SLOW_DOWN:
                break
            pause = self._asked_pause(response) or 2**attempt * (0.5 + self._dice())
            _close(response)
            if attempt == ATTEMPTS or pause >= budget.left():
                found = (
                    f"status {response.status_code}, asked {attempt} times, next pause"
                    f" {pause:.0f} s"
                )
                refuse(Code.TOO_FAST, "the server keeps telling us to slow down", found)
            self._sleep(pause)
        return response

    def _turn(self, host: str, budget: Budget) -> None:
        """Wait until this host may be asked again."""
        with self._lock:
            now = self._clock()
            at = max(now, self._turns.get(host, now))
            self._turns[host] = at + self.options.interval
        if at > now:
            self._sleep(min(at - now, budget.left()))
        budget.left()

    def _send(self, request: PreparedRequest, allowed: AllowList, budget: Budget) -> Response:
        own = adapter(allowed, budget)
        proxy = self.options.proxy if request.url and request.url.startswith("https:") else None
        try:
            return guarded(
                budget,
                lambda: own.send(
                    request,
                    stream=True,
                    timeout=(budget.left(CONNECT_TIMEOUT), budget.left(READ_TIMEOUT)),
                    verify=str(self.options.ca_bundle) if self.options.ca_bundle else True,
                    proxies={"https": proxy.get_secret_value()} if proxy else None,
                ),
            )
        except BaseException:
            own.close()
            raise

    def _asked_pause(self, response: Response) -> float:
        """Return what Retry-After asks for in seconds.

        0 where it says nothing that can be understood.
        """
        text = response.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            return max(0.0, (parsedate_to_datetime(text) - self.wall()).total_seconds())
        except (TypeError, ValueError):
            return 0.0


def _request(
    method: str,
    url: str,
    headers: Mapping[str, str],
    fields: Mapping[str, str] | None,
    params: Mapping[str, str] | None = None,
) -> PreparedRequest:
    try:
        for value in headers.values():
            value.encode("latin-1")
        return Request(method, url, dict(headers), data=fields, params=params).prepare()
    except (RequestException, ValueError) as error:
        trouble = type(error).__name__  # its text may quote a header, a secret one too
    raise KcaError(Finding(Code.BAD_REQUEST, "the request cannot be built", found=trouble))


def _location(response: Response) -> str:
    found = response.headers.get("Location", "")
    if not found:
        refuse(Code.BAD_ANSWER, "a redirect says no address", f"status {response.status_code}")
    try:
        # http.client reads headers as Latin-1; servers send UTF-8.
        return urljoin(response.url, found.encode("latin-1", "replace").decode("utf-8", "replace"))
    except ValueError:
        return found


def _close(response: Response) -> None:
    response.raw.close()
    response.close()
    response.connection.close()
