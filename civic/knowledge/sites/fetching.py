"""Fetches pages of one site and of no other; refuses addresses inside our own network."""

from __future__ import annotations

import ipaddress
import socket
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from civic.knowledge.sites.errors import AddressRefused, SiteUnreadable

AGENT = "Folkmoot"
USER_AGENT = f"{AGENT}/1 (reads the town's own pages to answer citizens)"
REDIRECTS = 5
# For one request in all, however slowly its bytes come.
SECONDS = 30.0
LARGEST_PAUSE = 10.0

Resolve = Callable[[str, int], list[str]]


def resolved(host: str, port: int) -> list[str]:
    """The addresses that a name stands for."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


@dataclass(frozen=True)
class Fetched:
    """What a server answered; `url` is where redirects led, `body` is empty for an unchanged page."""

    url: str
    status: int
    body: bytes
    kind: str
    etag: str | None
    last_modified: str | None


class Fetcher:
    """GETs pages of the site at `root`, one after the other, with a pause between them."""

    def __init__(
        self,
        root: str,
        *,
        largest: int,
        private: bool = False,
        pause: float = 0.0,
        resolve: Resolve = resolved,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(root)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise AddressRefused(f"{root} is not the address of a web page.", remedy="Use https://...")
        self._hosts = _with_and_without_www(parts.hostname)
        self._port = _port(root)
        self._largest = largest
        self._private = private
        self.pause = pause
        self._resolve = resolve
        self._sleep = sleep
        self._last = 0.0
        # No proxy and no cookies of this machine: what is read is what everybody can read.
        self._http = httpx.Client(trust_env=False, follow_redirects=False, timeout=httpx.Timeout(10.0))

    def close(self) -> None:
        """Ends the connections."""
        self._http.close()

    def get(self, url: str, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """The page, or that it did not change; raises `AddressRefused` or `SiteUnreadable`."""
        asked = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in asked.items() if value}
        for _ in range(REDIRECTS + 1):
            answer = self._once(url, headers)
            if answer.status not in (301, 302, 303, 307, 308) or not answer.body:
                return answer
            url = urljoin(url, answer.body.decode("latin-1"))
        raise SiteUnreadable(f"{url} redirects more than {REDIRECTS} times.")

    def allows(self, url: str) -> bool:
        """Whether an address belongs to the site."""
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and parts.hostname in self._hosts and not parts.username

    def _once(self, url: str, headers: dict[str, str]) -> Fetched:
        if not self.allows(url):
            raise AddressRefused(f"{url} is not on the site.", remedy="Import that site by its own address.")
        parts = urlsplit(url)
        address = self._address(url)
        self._wait()
        # The very address that was looked at is connected to: a name may point elsewhere a moment later.
        host = f"[{address}]" if ":" in address else address
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        request = self._http.build_request(
            "GET",
            f"{parts.scheme}://{host}:{_port(url)}{path}",
            headers={
                **headers,
                "Host": parts.netloc,
                "User-Agent": USER_AGENT,
                "Accept-Encoding": "gzip, identity",
            },
            extensions={"sni_hostname": parts.hostname},
        )
        started = time.monotonic()
        try:
            answer = self._http.send(request, stream=True)
            try:
                return self._taken(url, answer, started)
            finally:
                answer.close()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, zlib.error) as error:
            raise SiteUnreadable(f"{url} does not answer ({type(error).__name__}).") from error

    def _taken(self, url: str, answer: httpx.Response, started: float) -> Fetched:
        if answer.has_redirect_location:
            body = answer.headers["location"].encode("latin-1", "replace")
        else:
            body = b"" if answer.status_code != 200 else self._body(url, answer, started)
        return Fetched(
            url,
            answer.status_code,
            body,
            answer.headers.get("content-type", "").split(";")[0].strip().lower(),
            _short(answer.headers.get("etag"), 300),
            _short(answer.headers.get("last-modified"), 60),
        )

    def _body(self, url: str, answer: httpx.Response, started: float) -> bytes:
        taken = bytearray()
        for piece in answer.iter_bytes(65536):
            taken += piece
            if len(taken) > self._largest:
                raise SiteUnreadable(f"{url} is larger than {self._largest // 1_000_000} MB.")
            if time.monotonic() - started > SECONDS:
                raise SiteUnreadable(f"{url} takes longer than {SECONDS:.0f} s.")
        return bytes(taken)

    def _address(self, url: str) -> str:
        parts = urlsplit(url)
        try:
            addresses = self._resolve(parts.hostname or "", _port(url))
        except OSError as error:
            raise SiteUnreadable(f"There is no host {parts.hostname}.") from error
        if not addresses:
            raise SiteUnreadable(f"There is no host {parts.hostname}.")
        inside = [one for one in addresses if not _is_public(one)]
        # One address inside is enough: whoever mixes them wants us to end up there.
        if inside and not self._private:
            raise AddressRefused(
                f"{parts.hostname} is an address inside a network ({inside[0]}).",
                remedy="If this is meant, set FOLKMOOT_SITE_PRIVATE_ADDRESSES=true.",
            )
        if _port(url) not in (80, 443, self._port):
            raise AddressRefused(f"{url} names another port.", remedy="Import that site by its own address.")
        return addresses[0]

    def _wait(self) -> None:
        left = self._last + self.pause - time.monotonic()
        if left > 0:
            self._sleep(left)
        self._last = time.monotonic()


def unpacked(data: bytes, largest: int) -> bytes:
    """What a gzip file holds, if it is one; raises `SiteUnreadable` when it swells beyond all measure."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    unpacking = zlib.decompressobj(wbits=31)
    try:
        held = unpacking.decompress(data, largest)
    except zlib.error as error:
        raise SiteUnreadable("A packed sitemap is damaged.") from error
    if unpacking.unconsumed_tail:
        raise SiteUnreadable(f"A packed sitemap is larger than {largest // 1_000_000} MB.")
    return held


def _is_public(address: str) -> bool:
    found = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (mapped is None or mapped.is_global)


def _port(url: str) -> int:
    parts = urlsplit(url)
    try:
        return parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise AddressRefused(f"{url} is not the address of a web page.") from error


def _with_and_without_www(host: str) -> frozenset[str]:
    bare = host.removeprefix("www.")
    return frozenset({host, bare, f"www.{bare}"})


def _short(value: str | None, most: int) -> str | None:
    return value if value and len(value) <= most else None
