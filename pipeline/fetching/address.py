"""Addresses: which are a source's own, which may be connected to, and how they are written down."""

import ipaddress
import re
import socket
import ssl
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import httpcore
import httpx

from pipeline.errors import Forbidden

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SESSION = re.compile(
    r"(?:sid|s|phpsessid|jsessionid|aspsessionid\w*|sesskey|session(?:_?id)?|osCsid|zenid)$", re.IGNORECASE
)
_SECRET = re.compile(r"(?:token|key|api_?key|auth|password|pass|pw|secret|code|email)$", re.IGNORECASE)
_PATH_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]{16,}", re.IGNORECASE)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def plain_address(url: str) -> str:
    """Give an address without session id, secret, user name or fragment; what is left stays as it was, in its order.

    >>> plain_address("http://forum.example/viewtopic.php?sid=9f8e7d6c5b4a39281706f5e4d3c2b1a0&t=3#p7")
    'http://forum.example/viewtopic.php?t=3'
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2].lower()
    kept = [pair for pair in re.split("[&;]", parts.query) if pair and not _is_session(pair)]
    joint = ";" if ";" in parts.query and "&" not in parts.query else "&"
    return urlunsplit((parts.scheme.lower(), host, _PATH_SESSION.sub("", parts.path) or "/", joint.join(kept), ""))


def _is_session(pair: str) -> bool:
    name, _, value = pair.partition("=")
    if name.lower() == "s":  # vBulletin's session; elsewhere a search or a sort, so only a long hash counts
        return bool(_HEX.fullmatch(value)) or not value
    return bool(_SESSION.match(name) or _SECRET.match(name))


def query_of(url: str) -> dict[str, str]:
    """Give the parameters of an address, the last value of each."""
    return dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def site_of(url: str) -> tuple[str, int]:
    """Give host and port, so that http and https, with and without "www.", are one. Raises Forbidden if it has none."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), (parts.hostname or "").rstrip("."), parts.port
    except ValueError as error:
        raise Forbidden(f"{url}: not an address") from error
    if scheme not in _DEFAULT_PORTS or not host:
        raise Forbidden(f"{url}: only http:// and https:// addresses are fetched")
    if port is None or port == _DEFAULT_PORTS[scheme]:
        port = 443
    return _ascii(host).removeprefix("www."), port


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode() if not host.isascii() else host.lower()
    except UnicodeError:
        return host.lower()


def origin_of(url: str) -> str:
    """Give scheme, host and port of an address: what a robots.txt holds for."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme.lower()) else ""
    host = (parts.hostname or "").lower()
    return f"{parts.scheme.lower()}://{f'[{host}]' if ':' in host else host}{port}"


def is_public(address: Address) -> bool:
    """Tell whether an IP address is of the open internet; what it wraps (mapped, NAT64, 6to4, Teredo) counts too."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if wrapped is None and address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(wrapped)
    return address.is_global and not (address.is_multicast or address.is_reserved)


def is_private_host(host: str) -> bool:
    """Tell whether a host is, by its own spelling alone, this machine or a private address."""
    try:
        return not is_public(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return host.lower() == "localhost" or host.lower().endswith(".localhost")


class _Guarded(httpcore.NetworkBackend):
    """Connects to the very address that was looked at, so that a name cannot point elsewhere in between."""

    def __init__(self, allow_private: bool, port: int | None) -> None:
        self._allow_private, self._port = allow_private, port
        self._below = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host}: no such host ({error})") from error
        addresses = list(dict.fromkeys(str(row[4][0]) for row in found))
        if not self._allow_private:
            for one in addresses:
                if not is_public(ipaddress.ip_address(one.partition("%")[0])):
                    raise Forbidden(
                        f"{host}: its address {one} is private; if that is meant, set allow_private for the source"
                    )
        failure: Exception = httpcore.ConnectError(f"{host}: no address")
        for one in addresses:
            try:
                return self._below.connect_tcp(one, self._port or port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class GuardedTransport(httpx.HTTPTransport):
    """HTTP/1.1 and HTTP/2 over connections that are checked as they are made.

    allow_private: no address is refused; port: connected to, in place of the one that an address names.
    """

    def __init__(self, *, allow_private: bool, port: int | None = None) -> None:
        super().__init__(http2=True)
        context: ssl.SSLContext = httpx.create_ssl_context()
        # httpx has no argument for the network backend; the pool is the one it would have made itself.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context,
            http1=True,
            http2=True,
            network_backend=_Guarded(allow_private, port),
            max_connections=4,
        )
