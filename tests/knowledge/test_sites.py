"""A site is read again and again, each time only what changed, and never anything that is not the site."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from civic.encoder import SentenceEncoder
from civic.kit.services import Services
from civic.knowledge import commands as documents
from civic.knowledge import queries
from civic.knowledge.sites import fetching
from civic.knowledge.sites.errors import AddressRefused, SiteUnreadable, TooMuchGone
from civic.knowledge.sites.fetching import Fetcher
from civic.knowledge.sites.jobs import SiteResult, import_site

PARAGRAPH = "Bring your own bags and show a bill that is less than three months old at the gate. "


def page(title: str, words: str) -> bytes:
    return (
        f"<html lang='en'><head><title>{title} | Town</title></head><body><nav>Home Bins</nav><main>"
        f"<h1>{title}</h1><p>{words} {PARAGRAPH * 3}</p></main><footer>Cookies</footer></body></html>"
    ).encode()


@dataclass
class Town:
    """A web site on loopback, whose pages the test changes."""

    url: str = ""
    pages: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    modified: dict[str, float] = field(default_factory=dict)
    marks: bool = True
    after: Callable[[str], None] = lambda path: None

    def put(self, path: str, body: bytes, kind: str = "text/html; charset=utf-8", status: int = 200) -> None:
        self.pages[path] = (status, kind, body)
        self.modified[path] = self.modified.get(path, 1_700_000_000) + 60

    def map(self, *paths: str, at: str = "/sitemap.xml", pack: bool = False) -> None:
        entries = "".join(f"<url><loc>{self.url}{path}</loc></url>" for path in paths)
        xml = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()
        self.put(at, gzip.compress(xml) if pack else xml, "application/xml")


@pytest.fixture
def town() -> Iterator[Town]:
    site = Town()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            status, kind, body = site.pages.get(self.path, (404, "text/plain", b"gone"))
            changed = formatdate(site.modified.get(self.path, 0), usegmt=True)
            same = self.headers.get("If-Modified-Since") == changed or (
                self.headers.get("If-None-Match") == f'"{changed}"'
            )
            if status == 200 and site.marks and same:
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status in (301, 302):
                self.send_header("Location", body.decode())
                body = b""
            if site.marks:
                self.send_header("Last-Modified", changed)
                self.send_header("ETag", f'"{changed}"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            site.after(self.path)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    site.put("/bins", page("Bins", "Bins are emptied on Tuesday."))
    site.put("/parking", page("Parking", "A permit costs sixty pounds."))
    site.put("/trees", page("Trees", "Ask before you fell a tree."))
    site.map("/bins", "/parking", "/trees")
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def read(services: Services, encoder: SentenceEncoder, town: Town) -> Callable[..., SiteResult]:
    def read(path: str = "/", **how: object) -> SiteResult:
        largest = int(str(how.pop("largest", 1_000_000)))
        fetcher = Fetcher(town.url, largest=largest, private=True)
        how = {"most": 100, "largest": largest, **how}
        try:
            return import_site(
                services.sessions,
                encoder,
                fetcher,
                f"{town.url}{path}",
                services.clock,
                **how,  # type: ignore[arg-type]
            )
        finally:
            fetcher.close()

    return read


def titles(services: Services) -> list[str]:
    with services.sessions() as session:
        return sorted(one.title for one in queries.current_documents(session))


Read = Callable[..., SiteResult]


def test_only_what_changed_is_read_again(read: Read, town: Town, services: Services) -> None:
    first = read()
    assert (first.added, first.problems, titles(services)) == (3, [], ["Bins", "Parking", "Trees"])
    town.put("/bins", page("Bins", "Bins are emptied on Friday."))
    second = read()
    assert (second.added, second.replaced, second.unchanged) == (0, 1, 2)
    with services.sessions() as session:
        (bins,) = [one for one in queries.current_documents(session) if one.title == "Bins"]
        assert bins.version == 2 and bins.url == f"{town.url}/bins"
        text = queries.passages(session, bins.id)[0].text
    assert "Friday" in text and "Cookies" not in text and "Home" not in text


def test_without_marks_of_the_server_the_text_decides(read: Read, town: Town) -> None:
    town.marks = False
    read()
    town.put("/bins", page("Bins", "Bins are emptied on Tuesday.").replace(b"Cookies", b"Biscuits"))
    again = read()
    assert (again.replaced, again.unchanged) == (0, 3)


def test_pages_that_are_gone_are_withdrawn(read: Read, town: Town, services: Services) -> None:
    read()
    town.map("/bins", "/parking")
    del town.pages["/parking"]
    result = read()
    assert result.withdrawn == 2 and titles(services) == ["Bins"]
    town.put("/parking", page("Parking", "A permit costs sixty pounds."))
    assert read().added == 1
    assert titles(services) == ["Bins", "Parking"]


def test_what_officials_withdrew_stays_withdrawn_until_the_page_changes(
    read: Read, town: Town, services: Services
) -> None:
    town.marks = False
    read()
    with services.sessions.begin() as session:
        (bins,) = [one for one in queries.current_documents(session) if one.title == "Bins"]
        documents.remove(session, bins.id, services.clock.now(), reason="wrong day")
    read()
    assert "Bins" not in titles(services)
    town.put("/bins", page("Bins", "Bins are emptied on Monday."))
    read()
    assert "Bins" in titles(services)


def test_a_fault_of_the_site_withdraws_nothing(read: Read, town: Town, services: Services) -> None:
    read()
    town.put("/bins", b"", status=500)
    result = read()
    assert result.withdrawn == 0 and "500" in result.problems[0]
    town.put("/sitemap.xml", b"", status=503)
    with pytest.raises(SiteUnreadable):
        read()
    town.put("/sitemap.xml", b"<html><body>Maintenance")
    with pytest.raises(SiteUnreadable):
        read()
    assert titles(services) == ["Bins", "Parking", "Trees"]


def test_when_most_pages_vanish_at_once_somebody_must_say_that_it_is_meant(
    read: Read, town: Town, services: Services
) -> None:
    paths = [f"/p{number}" for number in range(12)]
    for path in paths:
        town.put(path, page(f"Page {path}", f"About {path}."))
    town.map(*paths)
    assert read().added == 12
    town.map(*paths[:3])
    with pytest.raises(TooMuchGone):
        read()
    assert len(titles(services)) == 12
    assert read(many_gone=True).withdrawn == 9


def test_sitemaps_of_sitemaps_and_packed_ones_are_followed(read: Read, town: Town) -> None:
    town.map("/bins", at="/one.xml.gz", pack=True)
    town.map("/parking", at="/two.xml")
    index = "".join(f"<sitemap><loc>{town.url}{path}</loc></sitemap>" for path in ("/one.xml.gz", "/two.xml"))
    town.put("/sitemap.xml", f"<sitemapindex>{index}</sitemapindex>".encode(), "application/xml")
    assert read().added == 2


def test_robots_txt_is_respected_and_says_where_the_sitemap_is(read: Read, town: Town) -> None:
    town.map("/bins", "/parking", at="/my-map.xml")
    del town.pages["/sitemap.xml"]
    rules = f"User-agent: *\nDisallow: /parking\nSitemap: {town.url}/my-map.xml\n"
    town.put("/robots.txt", rules.encode(), "text/plain")
    result = read()
    assert result.added == 1 and "/parking" not in town.asked
    assert "robots.txt" in result.left_out[0]
    town.put("/robots.txt", b"", status=500)
    with pytest.raises(SiteUnreadable):
        read()


def test_other_hosts_are_never_asked(read: Read, town: Town) -> None:
    town.put("/away", b"http://169.254.169.254/latest/meta-data", status=302)
    town.put("/round", b"/round", status=302)
    xml = (
        f"<urlset><url><loc>http://localhost:1/x</loc></url><url><loc>{town.url}/away</loc></url>"
        f"<url><loc>file:///etc/passwd</loc></url><url><loc>{town.url}/round</loc></url></urlset>"
    )
    town.put("/sitemap.xml", xml.encode(), "application/xml")
    result = read()
    assert (result.added, len(result.left_out), len(result.problems)) == (0, 2, 2)
    assert "not on the site" in result.problems[0] and "redirects more" in result.problems[1]


def test_a_sitemap_cannot_read_files_or_swell(read: Read, town: Town) -> None:
    town.put(
        "/sitemap.xml",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><urlset><url><loc>/bins&e;</loc></url></urlset>',
        "application/xml",
    )
    assert all(path == "/bins" or "hostname" not in path for path in town.asked)
    read()
    town.put("/sitemap.xml", gzip.compress(b" " * 5_000_000), "application/xml")
    with pytest.raises(SiteUnreadable, match="larger than"):
        read()


def test_pages_that_are_too_large_or_too_many_or_no_pages_are_named(read: Read, town: Town) -> None:
    town.put("/bins", b"<html>" + b"x" * 200_000)
    town.put("/photo", b"\xff\xd8", "image/jpeg")
    town.map("/bins", "/photo", "/parking", "/trees")
    result = read(largest=100_000, most=3)
    assert result.added == 1
    assert "larger than" in result.problems[0] and "image/jpeg" in result.problems[1]
    assert result.left_out == ["1 pages more than the 3 that are read at most"]


def test_a_reading_that_broke_off_goes_on_where_it_was(read: Read, town: Town, services: Services) -> None:
    class Killed(BaseException):
        pass

    def stop(address: str, done: int, total: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        read(progress=stop)
    assert titles(services) == ["Bins", "Parking"]
    town.asked.clear()
    result = read()
    assert (result.resumed, result.added) == (2, 1)
    assert [path for path in town.asked if path in ("/bins", "/parking", "/trees")] == ["/trees"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fd00::1",
        "fe80::1",
        "::ffff:10.0.0.1",
    ],
)
def test_addresses_inside_a_network_are_refused(address: str) -> None:
    fetcher = Fetcher(
        "http://town.example/", largest=1000, resolve=lambda host, port: ["93.184.216.34", address]
    )
    with pytest.raises(AddressRefused):
        fetcher.get("http://town.example/")


def test_a_public_name_may_be_asked_only_at_its_own_port() -> None:
    fetcher = Fetcher("https://town.example/", largest=1000, resolve=lambda host, port: ["93.184.216.34"])
    with pytest.raises(AddressRefused):
        fetcher.get("https://town.example:8443/")
    with pytest.raises(AddressRefused):
        Fetcher("file:///etc/passwd", largest=1000)


def test_a_server_that_never_ends_is_left(read: Read, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", -1.0)
    with pytest.raises(SiteUnreadable, match="takes longer"):
        read()
