"""The officials' desk in a browser: without a mouse, at a phone's width, beside a colleague."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenDesk
from tests.stack import Stack

pytestmark = pytest.mark.browser

INBOX = "/officials/service-requests"


def first_case(page: Page) -> str:
    return str(page.locator(".cases .what a").first.get_attribute("href"))


@pytest.mark.parametrize("size", ["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_violation_or_is_wider_than_the_screen(
    open_desk: OpenDesk,
    stack: Stack,
    no_violations: Callable[[Page], None],
    picture: Callable[[Page, str], Path],
    size: str,
    scheme: str,
) -> None:
    page = open_desk(size=size, color_scheme=scheme)
    page.goto(f"{stack.url}{INBOX}?all=1")
    case = first_case(page)
    paths = (
        "/officials",
        f"{INBOX}?all=1",
        f"{INBOX}?text=x",
        f"{INBOX}/map?all=1",
        case,
        "/officials/templates",
    )
    for number, path in enumerate(paths):
        page.goto(f"{stack.url}{path}")
        picture(page, f"desk {number} {size} {scheme}")
        no_violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{path} is {wide} px too wide"


def test_what_is_touched_is_large_enough_on_a_phone(open_desk: OpenDesk, stack: Stack) -> None:
    page = open_desk(INBOX, size="phone")
    for path in (INBOX, first_case(page)):
        page.goto(f"{stack.url}{path}")
        sizes = page.evaluate(
            """(touched) => [...document.querySelectorAll(touched)]
            .filter((one) => one.offsetParent && !one.closest(".skip"))
            .map((one) => (one.closest("label") ?? one))
            .map((one) => [one.getBoundingClientRect().height, one.textContent.trim().slice(0, 30)])""",
            "button, select, textarea, input:not([type=hidden]), nav a",
        )
        assert len(sizes) > 8
        assert [small for small in sizes if small[0] < 43.5] == []


def test_a_case_is_found_taken_moved_and_answered_without_a_mouse(
    open_desk: OpenDesk, stack: Stack, no_violations: Callable[[Page], None]
) -> None:
    page = open_desk()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()

    def tab_to(locator: Any, most: int = 80) -> None:
        for _ in range(most):
            if locator.evaluate("(one) => one === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError("never reached with the Tab key")

    tab_to(page.get_by_role("link", name="Service requests"))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{INBOX}")
    tab_to(page.get_by_role("link", name="New", exact=True))
    page.keyboard.press("Enter")
    page.wait_for_url("**status=submitted")
    tab_to(page.get_by_text("Search and filter"))
    page.keyboard.press("Enter")
    tab_to(page.get_by_role("searchbox", name="Search"))
    page.keyboard.type("food caddy")
    page.keyboard.press("Enter")
    page.wait_for_url("**text=food**")
    expect(page.locator(".cases li")).to_have_count(1)
    tab_to(page.locator(".cases .what a"))
    page.keyboard.press("Enter")
    expect(page.locator("#report")).to_be_visible()
    tab_to(page.locator("#reply"))
    page.keyboard.type("A crew looks at it tomorrow.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".said")).to_contain_text("on its way")
    tab_to(page.locator("input[value=acknowledged]"))
    page.keyboard.press("Space")
    tab_to(page.get_by_role("button", name="Take the step"))
    page.keyboard.press("Enter")
    # What was done is said where it stands, and one goes on from there.
    done = page.locator("#done")
    expect(done).to_contain_text("acknowledged")
    expect(done).to_be_focused()
    expect(done).to_be_in_viewport()
    expect(page.locator(".story > li").last).to_be_in_viewport()
    no_violations(page)
    expect(page.locator(".story")).to_contain_text("A crew looks at it tomorrow.")
    page.keyboard.press("Tab")
    expect(done.get_by_role("link", name="Back to the list")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**text=food**")


def test_the_cases_are_two_keys_away_and_the_way_back_leads_to_the_filter(
    open_desk: OpenDesk, stack: Stack
) -> None:
    page = open_desk(f"{INBOX}?all=1&sort=oldest")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the cases")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".cases input[name=number]").first).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#report")).to_be_visible()
    page.locator("p a", has_text="Service requests").press("Enter")
    page.wait_for_url("**all=1&sort=oldest")
    page.goto(f"{stack.url}{INBOX}?open=1&sort=expected&near=here")
    expect(page.get_by_label("Place, or number of a case")).to_be_focused()
    page.keyboard.type("Mill Lane")
    page.keyboard.press("Enter")
    page.wait_for_url("**near=Mill**")
    near = page.get_by_role("link", name="Near", exact=True)
    near.press("Enter")
    page.wait_for_url("**near=here")
    expect(near).to_have_attribute("aria-current", "page")
    expect(page.locator(".cases")).to_contain_text("Mill Lane")


def test_a_case_that_changes_under_ones_eyes_says_so_and_nothing_typed_is_lost(
    open_desk: OpenDesk, stack: Stack, picture: Callable[[Page, str], Path]
) -> None:
    one = open_desk(f"{INBOX}?text=cooling")
    address = stack.url + first_case(one)
    other = open_desk(INBOX)
    one.goto(address)
    other.goto(address)
    one.locator("#reply").fill("We measure on Friday.")
    other.locator("#note").fill("The owner was called.")
    other.get_by_role("button", name="Keep the note").click()
    expect(one.locator(".changed")).to_contain_text("changed meanwhile", timeout=15_000)
    picture(one, "desk changed meanwhile")
    one.get_by_role("button", name="Send", exact=True).click()
    expect(one.get_by_role("alert")).to_contain_text("Nothing of yours was saved")
    expect(one.locator("#reply")).to_have_value("We measure on Friday.")
    expect(one.locator(".story")).to_contain_text("The owner was called.")
    expect(one.locator(".story")).not_to_contain_text("We measure on Friday.")
    one.get_by_role("button", name="Send", exact=True).click()
    expect(one.locator(".story")).to_contain_text("We measure on Friday.")


def test_a_list_is_worked_down_on_a_phone_without_scripts(
    open_desk: OpenDesk, stack: Stack, picture: Callable[[Page, str], Path]
) -> None:
    page = open_desk(f"{INBOX}?all=1&sort=oldest", size="phone", java_script_enabled=False)
    cases = [link.get_attribute("href") for link in page.locator(".cases .what a").all()]
    page.goto(stack.url + str(cases[0]))
    page.locator("#note").fill("The first one is seen to.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator("#done")).to_be_in_viewport()
    expect(page.locator(".story > li").last).to_be_in_viewport()
    picture(page, "desk done phone")
    page.locator("#done").get_by_role("link", name="Next case").click()
    expect(page).to_have_url(f"{stack.url}{cases[1]}")
    picture(page, "desk next case phone")
    expect(page.locator(".way")).to_contain_text(f"2 of {len(cases)}")
    page.locator(".way").get_by_role("link", name="Service requests").click()
    expect(page).to_have_url(f"{stack.url}{INBOX}?sort=oldest")


def test_it_all_works_without_scripts(open_desk: OpenDesk, stack: Stack) -> None:
    page = open_desk(f"{INBOX}?text=tyres", java_script_enabled=False)
    page.locator("input[name=number]").first.check()
    page.get_by_role("button", name="Assign").click()
    expect(page.locator(".said")).to_contain_text("1 of 1 changed.")
    page.goto(stack.url + first_case(page))
    page.get_by_label("Template", exact=True).select_option(label="On its way")
    page.get_by_role("button", name="Insert").click()
    expect(page.locator("#reply")).to_have_value(re.compile("thank you for your report FM-"))


def test_on_a_phone_the_menu_unfolds_and_nothing_of_it_lies_beyond_the_edge(
    open_desk: OpenDesk, stack: Stack
) -> None:
    page = open_desk("/officials/documents", size="phone", java_script_enabled=False)
    menu = page.locator("nav.menu")
    expect(menu.get_by_role("link")).to_have_count(0)
    menu.locator("summary").click()
    links = menu.get_by_role("link")
    assert links.count() >= 6
    assert all(
        box["x"] >= 0 and box["x"] + box["width"] <= 390 for one in links.all() if (box := one.bounding_box())
    )
    expect(menu.get_by_role("link", name="Documents")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="Upload", exact=True).click()
    expect(page.get_by_label("File", exact=True)).to_be_in_viewport()


def test_a_printed_case_has_the_whole_story_and_nothing_to_press(open_desk: OpenDesk, stack: Stack) -> None:
    page = open_desk(f"{INBOX}?text=tyres")
    page.goto(stack.url + first_case(page))
    page.locator("#note").fill("For the file: the crew was there.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.locator(".story")).to_contain_text("For the file")
    number = page.locator("h1 .id").inner_text()
    page.emulate_media(media="print")
    for there in ("h1", "#report", ".told .words", ".story", "#facts", ".facts"):
        expect(page.locator(there).first).to_be_visible()
    expect(page.locator("h1")).to_contain_text(number)
    expect(page.locator(".story")).to_contain_text("For the file: the crew was there.")
    seen = "button, input, select, textarea, summary, nav, .top, .skip, #next, #who, #to-citizen, #among"
    assert [one.inner_text() for one in page.locator(seen).all() if one.is_visible()] == []
    # On paper everything is black on white, whatever the screen is like.
    page.emulate_media(media="print", color_scheme="dark")
    look = "(one) => [getComputedStyle(one).color, getComputedStyle(document.body).backgroundColor]"
    ink, paper = page.locator(".told .words").first.evaluate(look)
    assert (ink, paper) in (("rgb(0, 0, 0)", "rgb(255, 255, 255)"), ("rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"))
    assert page.pdf(format="A4").startswith(b"%PDF-")
    page.goto(f"{stack.url}{INBOX}?all=1")
    expect(page.locator(".cases li").first).to_be_visible()
    assert [one.inner_text() for one in page.locator(seen).all() if one.is_visible()] == []


def test_on_a_phone_an_answer_has_room_beside_a_long_question(open_desk: OpenDesk, stack: Stack) -> None:
    page = open_desk(f"{INBOX}?all=1&text=hatchback", size="phone")
    page.goto(stack.url + first_case(page))
    answer = page.locator(".told .facts dd").first.bounding_box()
    assert answer is not None
    assert answer["width"] > 120, answer
