"""Where requests may go: hosts, schemes, resolved addresses, certificates, proxies."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from kca_etl.landing.fetch.allow_list import AllowList
from kca_etl.landing.fetch.fetch import fetch
from kca_etl.model.findings import KcaError
from tests.landing.fetch.servers import (
    API,
    API_SPEC,
    HOST,
    MONTH,
    PORTAL_SPEC,
    Reply,
    serving,
    session,
    table,
    workbook,
)

CSV = table()


def to(*addresses: str) -> Callable[..., list[Any]]:
    """Stand in for getaddrinfo."""
    return lambda *_args, **_kwargs: [
        (socket.AF_INET6 if ":" in a else socket.AF_INET, 1, 6, "", (a, 0)) for a in addresses
    ]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
    ],
)
def test_private_addresses_are_refused(tmp_path: Path, address: str) -> None:
    for resolve in (to(address), to("193.194.195.196", address)):
        with pytest.raises(KcaError, match="FORBIDDEN_ADDRESS"):
            AllowList((HOST,), resolve=resolve).addresses(HOST)
    with pytest.raises(KcaError, match="FORBIDDEN_ADDRESS"):
        fetch(PORTAL_SPEC, MONTH, session(tmp_path, {}, resolve=to(address)))
    assert list((tmp_path / "dl").iterdir()) == []


def test_public_addresses_pass() -> None:
    found = AllowList(
        (HOST,), resolve=to("193.194.195.196", "2a00:1450:4001::1", "193.194.195.196")
    ).addresses(HOST)
    assert found == ["193.194.195.196", "2a00:1450:4001::1"]


def test_another_host_is_refused_at_the_last_gate_too() -> None:
    with pytest.raises(KcaError, match="FORBIDDEN_HOST"):
        AllowList((HOST,), resolve=to("193.194.195.196")).addresses("evil.example")


def test_we_connect_to_the_address_that_was_checked(tmp_path: Path) -> None:
    with serving(lambda _: Reply(200, CSV)) as served:
        port = served.base.rpartition(":")[2]
        got = fetch(
            API_SPEC,
            MONTH,
            session(tmp_path, f"http://mirror.invalid:{port}", resolve=to("127.0.0.1")),
        )
    assert got.size == len(CSV)
    assert served.asked[0].headers["host"] == f"mirror.invalid:{port}"


def test_next_address_is_tried(tmp_path: Path) -> None:
    with serving(lambda _: Reply(200, CSV)) as served:
        port = served.base.rpartition(":")[2]
        fetch(
            API_SPEC,
            MONTH,
            session(
                tmp_path, f"http://mirror.invalid:{port}", resolve=to("127.0.0.2", "127.0.0.1")
            ),
        )
        with pytest.raises(KcaError, match="NETWORK"):
            fetch(API_SPEC, MONTH, session(tmp_path, f"http://mirror.invalid:{port}", resolve=to()))


def test_another_sources_mirror_is_not_open_to_this_one() -> None:
    allowed = AllowList((HOST,), {HOST: "http://127.0.0.1:1", API: "http://127.0.0.1:2"})
    assert allowed.locate("http://127.0.0.1:1/x?a=1") == "http://127.0.0.1:1/x?a=1"
    for url in ("http://127.0.0.1:2/x", "http://127.0.0.1/x", "http://127.0.0.1:3/x"):
        with pytest.raises(KcaError, match="FORBIDDEN_SCHEME"):
            allowed.locate(url)


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_text_leads_elsewhere(text: str, more: str) -> None:
    """Whatever a Location says, we stay on our host over https, or refuse."""
    for url in (
        text,
        f"https://{text}",
        f"//{text}",
        f"https://{text}@{HOST}{more}",
        f"https://{HOST}{text}",
    ):
        with suppress(KcaError):
            place = urlsplit(AllowList((HOST,)).locate(url))
            assert (place.scheme, place.hostname) == ("https", HOST)
            assert place.netloc in (HOST, f"{HOST}:", f"{HOST}:443")


def test_certificate_must_hold(tmp_path: Path) -> None:
    authority, context = _certificate(tmp_path, ipaddress.IPv4Address("127.0.0.1"))
    with serving(
        lambda _: Reply(200, CSV), lambda sock: context.wrap_socket(sock, server_side=True)
    ) as served:
        with pytest.raises(KcaError, match="TLS") as error:
            fetch(API_SPEC, MONTH, session(tmp_path, served.base))
        assert "certificate" in error.value.findings[0].found
        assert fetch(
            API_SPEC, MONTH, session(tmp_path, served.base, ca_bundle=authority)
        ).size == len(CSV)
    assert len(served.asked) == 1


def test_certificate_of_another_host(tmp_path: Path) -> None:
    authority, context = _certificate(tmp_path, "evil.example")
    with (
        serving(
            lambda _: Reply(200, CSV), lambda sock: context.wrap_socket(sock, server_side=True)
        ) as served,
        pytest.raises(KcaError, match="TLS"),
    ):
        fetch(API_SPEC, MONTH, session(tmp_path, served.base, ca_bundle=authority))
    assert served.asked == []


def test_plain_http_where_tls_was_due(tmp_path: Path) -> None:
    with (
        serving(lambda _: Reply(200, CSV)) as served,
        pytest.raises(KcaError, match=r"TLS|NETWORK"),
    ):
        fetch(API_SPEC, MONTH, session(tmp_path, served.base.replace("http:", "https:")))


def test_through_a_proxy_with_a_password(tmp_path: Path) -> None:
    authority, context = _certificate(tmp_path, HOST)
    book = workbook()
    with serving(
        lambda _: Reply(200, book), lambda sock: context.wrap_socket(sock, server_side=True)
    ) as served:
        with _proxy(int(served.base.rpartition(":")[2])) as (port, connects):
            proxy = SecretStr(f"http://user:canary@127.0.0.1:{port}")
            got = fetch(PORTAL_SPEC, MONTH, session(tmp_path, {}, proxy=proxy, ca_bundle=authority))
            assert got.size == len(book)
            assert connects[0].startswith(f"CONNECT {HOST}:443 ")
            assert "Proxy-Authorization: Basic" in connects[0]
            assert "canary" not in repr(got)
        with pytest.raises(KcaError, match="NETWORK") as error:
            fetch(PORTAL_SPEC, MONTH, session(tmp_path, {}, proxy=proxy, ca_bundle=authority))
        assert "canary" not in str(error.value.findings)


@contextmanager
def _proxy(target: int) -> Iterator[tuple[int, list[str]]]:
    """Run a proxy that leads every CONNECT to one local port."""
    listener, connects = socket.create_server(("127.0.0.1", 0)), list[str]()

    def pump(a: socket.socket, b: socket.socket) -> None:
        with suppress(OSError):
            while data := a.recv(65536):
                b.sendall(data)
            b.shutdown(socket.SHUT_WR)

    def run() -> None:
        with (
            suppress(OSError),
            closing(listener.accept()[0]) as client,
            closing(socket.create_connection(("127.0.0.1", target))) as server,
        ):
            connects.append(client.recv(65536).decode())
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join(5)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], connects
    finally:
        listener.close()
        thread.join(5)


def _certificate(folder: Path, name: str | ipaddress.IPv4Address) -> tuple[Path, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    general = x509.DNSName(name) if isinstance(name, str) else x509.IPAddress(name)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(
            subject,
            subject,
            key.public_key(),
            x509.random_serial_number(),
            now - timedelta(1),
            now + timedelta(1),
        )
        .add_extension(x509.SubjectAlternativeName([general]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, both = folder / "ca.pem", folder / "server.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both.write_bytes(secret + public.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return public, context
