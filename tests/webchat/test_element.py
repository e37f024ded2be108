"""The element's files: small, whole, cached, and open to the sites that may embed them."""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.webchat import words
from bot.webchat.origins import allowed
from bot.webchat.script import FOLDER, MODULES, assets, joined
from civic.kit.services import Services

pytestmark = pytest.mark.one_database


def test_the_element_is_under_twelve_kilobytes() -> None:
    total = sum(len(assets()[name].compressed) for name in ("folkmoot-chat.js", "folkmoot-chat.css"))
    assert total < 12_000


def test_the_joined_script_has_every_module_and_no_import_left() -> None:
    script = joined()
    assert {path.name for path in FOLDER.glob("*.js")} == set(MODULES)
    assert not re.search(r"^\s*(import|export)\b", script, re.MULTILINE)
    for name in ("class Connection", "class Composer", "class Log", "customElements.define", "function el("):
        assert script.count(name) == 1


def test_the_joined_script_is_valid(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed; the browser tests run the script anyway")
    file = tmp_path / "element.mjs"
    file.write_text(joined())
    assert subprocess.run([node, "--check", file], capture_output=True, check=False).returncode == 0


def test_no_text_is_ever_read_as_markup() -> None:
    for name in MODULES:
        source = (FOLDER / name).read_text()
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|DOMParser", source
        )


def test_the_element_has_no_words_of_its_own_and_asks_for_none_that_are_missing(services: Services) -> None:
    source = "".join((FOLDER / name).read_text() for name in MODULES)
    known = words.words(services, "en")["strings"]
    used = set(re.findall(r"(?:this\.#t|strings|\bt)\(\s*\"([a-z-]+)\"", source))
    assert used - set(known) == set()
    assert len(used) > 25
    by_variable = {"you", "assistant", "official", "sending", "waiting", "failed", "offline", "reconnecting"}
    assert set(known) - used == by_variable


def test_what_the_browser_fills_in_is_left_open(services: Services) -> None:
    strings = words.words(services, "en")["strings"]
    assert "{count}" in strings["characters-left"]
    assert "{megabytes}" in strings["photo-size"]
    assert services.settings.town in strings["heading"]
    assert not any("$" in text for text in strings.values())


def test_an_unknown_language_gets_the_default(chat: TestClient) -> None:
    response = chat.get("/chat/strings?lang=xx-YY")
    assert response.json()["language"] == "en"
    assert response.json()["limits"] == {"characters": 2000, "megabytes": 10}


@pytest.mark.parametrize("name", ["folkmoot-chat.js", "folkmoot-chat.css"])
def test_the_files_are_compressed_and_checked_again_before_use(chat: TestClient, name: str) -> None:
    first = chat.get(f"/chat/{name}", headers={"Origin": "https://any.example"})
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["access-control-allow-origin"] == "*"
    again = chat.get(f"/chat/{name}", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    plain = chat.get(f"/chat/{name}", headers={"Accept-Encoding": "identity"})
    assert plain.content == gzip.decompress(assets()[name].compressed) == first.content


def test_only_named_sites_may_speak_for_a_citizen(services: Services, chat: TestClient) -> None:
    ask = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    assert "access-control-allow-origin" not in chat.options("/chat/messages", headers=ask).headers
    posted = chat.post("/chat/messages", json={"message_id": "1", "text": "x"}, headers=ask)
    assert "access-control-allow-origin" not in posted.headers
    assert "access-control-allow-origin" not in chat.get("/api/v1/openapi.json", headers=ask).headers


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, True),
        ("http://127.0.0.1:8000", True),
        ("https://chat.example", True),
        ("http://chat.example:8000", False),
        ("https://named.example", True),
        ("https://other.example", False),
        ("null", False),
    ],
)
def test_whose_pages_may_open_a_socket(services: Services, origin: str | None, expected: bool) -> None:
    settings = services.settings.model_copy(update={"allowed_origins": ["https://named.example/"]})
    assert allowed(origin, "chat.example", settings) is expected
