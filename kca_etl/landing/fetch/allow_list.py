"""Where a request may go: scheme, host, port and resolved address of every hop.

Foreign redirects are data, not orders.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import SplitResult, urldefrag, urlsplit, urlunsplit

from kca_etl.landing.guard.notes import refuse
from kca_etl.model.codes import Code

DEFAULT_PORT = {"http": 80, "https": 443}
_NAT64 = IPv6Network("64:ff9b::/96")
Resolve = Callable[..., list[Any]]
Origin = tuple[str, str, int]


def origin(url: str) -> Origin:
    """Return scheme, host and port: what two addresses must share before a secret goes to both."""
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or DEFAULT_PORT.get(parts.scheme, 0)


@dataclass(slots=True)
class AllowList:
    """The allow-list of one source.

    `base_urls` (host → base URL, a setting) put mirrors or test servers in a host's place.

    A mirror is trusted by name: it alone may be plain http, on any port, at a private address.
    """

    hosts: tuple[str, ...]
    base_urls: Mapping[str, str] = field(default_factory=dict)
    proxy_host: str = ""
    resolve: Resolve = socket.getaddrinfo

    def locate(self, url: str) -> str:
        """Return the address to ask for `url`, a mirror's if one stands in.

        Raises FORBIDDEN_SCHEME or FORBIDDEN_HOST.
        """
        parts, place = self._parts(url)
        if place in map(origin, self._mirrors.values()):
            return url
        if parts.scheme != "https":
            refuse(Code.FORBIDDEN_SCHEME, "the address is not https", _shown(url), "https")
        if place[1] not in self.hosts or place[2] != DEFAULT_PORT["https"]:
            refuse(
                Code.FORBIDDEN_HOST,
                "the request would leave the source's hosts",
                f"{place[1]}:{place[2]}",
                ", ".join(self.hosts),
            )
        mirror = self._mirrors.get(place[1])
        return url if mirror is None else _moved(parts, mirror)

    def addresses(self, host: str) -> list[str]:
        """Resolve a host at the moment of connecting.

        Refuse private addresses unless a setting names the host.
        """
        named = {origin(url)[1] for url in self._mirrors.values()} | ({self.proxy_host} - {""})
        if host not in named and host not in self.hosts:
            refuse(
                Code.FORBIDDEN_HOST,
                "the request would leave the source's hosts",
                host,
                ", ".join(self.hosts),
            )
        found = list(
            dict.fromkeys(
                str(entry[4][0]) for entry in self.resolve(host, None, type=socket.SOCK_STREAM)
            )
        )
        if host not in named and (inside := [a for a in found if not _public(a)]):
            refuse(
                Code.FORBIDDEN_ADDRESS,
                f"the host {host} resolves to an address that is not public",
                ", ".join(inside),
                "a public address",
            )
        return found

    @property
    def _mirrors(self) -> dict[str, str]:
        return {host: url for host, url in self.base_urls.items() if host in self.hosts}

    @staticmethod
    def _parts(url: str) -> tuple[SplitResult, Origin]:
        try:
            parts, place = urlsplit(urldefrag(url).url), origin(url)
        except ValueError:
            refuse(Code.FORBIDDEN_HOST, "the address cannot be read", _shown(url))
        if "@" in parts.netloc or "\\" in url or any(ord(c) <= 32 or ord(c) == 127 for c in url):  # noqa: PLR2004 - control characters
            refuse(
                Code.FORBIDDEN_HOST,
                "the address carries a user name or signs that do not belong there",
                _shown(url),
            )
        return parts, place


def _moved(parts: SplitResult, mirror: str) -> str:
    base = urlsplit(mirror)
    return urlunsplit(
        (base.scheme, base.netloc, base.path.rstrip("/") + parts.path, parts.query, "")
    )


def _shown(url: str) -> str:
    """The address without what may be private in it: user and query."""
    return ascii(url.partition("?")[0].rpartition("@")[2][:200])


def _public(address: str) -> bool:
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = (
            ip.ipv4_mapped
            or ip.sixtofour
            or (IPv4Address(ip.packed[-4:]) if ip in _NAT64 else None)
        )
        ip = inner or ip
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
