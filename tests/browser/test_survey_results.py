"""Results of a survey in a browser: at the desk and for everybody, at two widths, by day and by night."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from civic.accounts.commands import add_official
from civic.accounts.rules import Role
from civic.kit.clock import SettableClock
from civic.kit.db import make_engine
from civic.kit.services import Services
from civic.kit.settings import Settings
from cli.wiring import provide_parts
from migrations.upgrade import upgrade
from tests.browser.conftest import SIZES
from tests.fixtures import NOON, ROOT
from tests.surveys.results_town import parks, publish, town

pytestmark = pytest.mark.browser
RESULTS = "/officials/surveys/parks/results"
PASSWORD = "seven hedgehogs dance"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The pages over a database in which sixty people have answered; no dialogue is needed for them."""
    folder = tmp_path_factory.mktemp("results")
    url = f"sqlite:///{folder / 'town.db'}"
    engine = make_engine(url)
    upgrade(engine)
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        home=folder / "home",
        content=ROOT / "content",
        database_url=url,
    )
    services = Services(settings, clock=SettableClock(NOON), engine=engine)
    provide_parts(services)
    with services.sessions.begin() as session:
        add_official(session, "dora", Role.DESIGNER, PASSWORD, NOON)
        publish(session, parks(), NOON)
        town(session, parks(), NOON)
    server = uvicorn.Server(uvicorn.Config(create_app(services), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    engine.dispose()


def signs_in(page: Page, site: str, path: str) -> None:
    page.goto(f"{site}{path}")
    page.get_by_label("Name").fill("dora")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{path}")


@pytest.mark.parametrize(("size", "scheme"), [("desktop", "light"), ("phone", "dark")])
def test_results_are_read_compared_and_published(
    chromium: Browser,
    site: str,
    no_violations: Callable[[Page], None],
    picture: Callable[[Page, str], Path],
    size: str,
    scheme: str,
) -> None:
    context = chromium.new_context(**{"reduced_motion": "reduce", **SIZES[size], "color_scheme": scheme})
    page = context.new_page()

    def looks(name: str) -> None:
        picture(page, f"survey results {name} {size}")
        no_violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{name} is {wide} px too wide"

    signs_in(page, site, RESULTS)
    expect(page.get_by_role("img", name="Which park?")).to_be_visible()
    page.locator("figure summary").first.click()
    looks("page")
    page.get_by_label("Compare by").select_option("park")
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text("Among those who said").first).to_be_visible()
    looks("compared")
    page.goto(f"{site}{RESULTS}/page")
    page.get_by_label("You said").fill("")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Write in a sentence or two")).to_be_visible()
    looks("publish")
    page.get_by_label("You said").fill("You want more benches, and dogs on a lead.")
    page.get_by_label("We did").fill("Ten benches come in May.")
    page.get_by_label("Which park?").check()
    page.get_by_label("How good?").check()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="See the public page").click()
    expect(page.get_by_role("heading", name="You said")).to_be_visible()
    looks("public")
    context.close()
