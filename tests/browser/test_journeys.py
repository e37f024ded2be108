"""What citizens come for, from the first word to the last, on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.chat import PATIENCE, Chat
from tests.browser.conftest import OpenChat
from tests.stack import Stack

Picture = Callable[[Page, str], Path]
NoViolations = Callable[[Page], None]

both_sizes = pytest.mark.parametrize("size", ["desktop", "phone"])


@pytest.fixture(scope="session")
def policies(stack: Stack) -> None:
    """The town's documents; importing them again changes nothing."""
    done = stack.folkmoot("knowledge", "add", "content/policies")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def official(stack: Stack) -> httpx.Client:
    """The first official, signed in."""
    written = (stack.home / "first-official.txt").read_text()
    name, password = (line.split(": ", 1)[1] for line in written.strip().splitlines())
    client = httpx.Client(base_url=f"{stack.url}/api/v1", trust_env=False, timeout=20)
    answer = client.post("/token", data={"username": name, "password": password})
    assert answer.status_code == 200, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


@pytest.fixture
def photo_file(tmp_path: Path) -> Path:
    path = tmp_path / "hole.jpg"
    Image.linear_gradient("L").resize((1600, 1200)).convert("RGB").save(path, "JPEG")
    return path


@both_sizes
def test_an_answer_quotes_its_source_and_opens_it(
    policies: None, open_chat: OpenChat, picture: Picture, no_violations: NoViolations, size: str
) -> None:
    chat = open_chat(size)
    chat.page.get_by_role("button", name="When is my garden waste collected?").click()
    chat.answered(1)
    source = chat.page.locator("folkmoot-chat .source")
    expect(source.locator("blockquote")).to_contain_text(re.compile("garden waste", re.IGNORECASE))
    expect(source.get_by_role("link")).to_have_text(re.compile("waste", re.IGNORECASE))
    expect(source.locator(".place")).to_contain_text(re.compile(r"\d{4}"))
    no_violations(chat.page)
    picture(chat.page, f"answer-{size}")
    with chat.page.context.expect_page() as opened:
        source.get_by_role("link").click()
    expect(opened.value.locator("mark").first).to_be_visible()
    assert chat.labels() == ["Yes", "No", "Not what I meant"]
    chat.press("Yes")


@both_sizes
def test_a_whole_complaint_and_what_the_town_answers(
    open_chat: OpenChat,
    official: httpx.Client,
    picture: Picture,
    no_violations: NoViolations,
    photo_file: Path,
    size: str,
) -> None:
    chat = open_chat(
        size, geolocation={"latitude": 51.5025, "longitude": -1.2463}, permissions=["geolocation"]
    )
    page = chat.page
    page.get_by_role("button", name="There is a deep pothole on my road").click()
    expect(page.get_by_role("button", name="Use where I am now")).to_be_visible(timeout=PATIENCE)
    chat.answered(0)
    no_violations(page)
    picture(page, f"complaint-place-{size}")
    before = chat.answers.count()
    page.get_by_role("button", name="Use where I am now").click()
    chat.answered(before)
    expect(chat.own.last).to_contain_text("My location")
    expect(chat.last).to_contain_text("51.50250")

    add_photo(chat, photo_file)
    no_violations(page)
    picture(page, f"complaint-photo-{size}")
    before = chat.answers.count()
    page.get_by_role("button", name="Send").last.click()
    chat.answered(before)
    no_violations(page)
    picture(page, f"complaint-summary-{size}")

    filed = chat.press("Send anonymously").inner_text()
    number = re.search(r"FM-[A-Z0-9]+", filed)
    assert number, filed
    picture(page, f"complaint-filed-{size}")

    case = official.get(f"/service-requests/{number[0]}").json()
    assert case["description"].startswith("There is a deep pothole")
    assert len(case["attachments"]) == 1
    words = "Thank you. A crew comes on Thursday."
    sent = official.post(f"/service-requests/{number[0]}/replies", json={"text": words})
    assert sent.status_code == 201, sent.text
    expect(page.locator("folkmoot-chat .official").last).to_contain_text(words, timeout=PATIENCE)
    picture(page, f"complaint-reply-{size}")


def add_photo(chat: Chat, photo_file: Path) -> None:
    with chat.page.expect_file_chooser() as chooser:
        chat.page.get_by_role("button", name="Add a photo").click()
    chooser.value.set_files(photo_file)
    expect(chat.page.get_by_role("img", name="The photo you chose")).to_be_visible()


def test_a_file_that_is_no_photo_or_too_large_is_refused_before_it_is_sent(
    open_chat: OpenChat, tmp_path: Path, photo_file: Path
) -> None:
    chat = open_chat()
    uploads: list[str] = []
    chat.page.on("request", lambda request: uploads.append(request.url) if "attach" in request.url else None)
    chat.say("There is a pothole on Mill Lane")
    note = chat.page.locator("folkmoot-chat .note")
    giant = tmp_path / "giant.jpg"
    giant.write_bytes(photo_file.read_bytes() + b"\0" * 10 * 1024 * 1024)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7")
    fake = tmp_path / "fake.jpg"
    fake.write_bytes(b"this is no photo")
    for path, words in ((giant, "10 MB"), (paper, "cannot be used"), (fake, "cannot be used")):
        with chat.page.expect_file_chooser() as chooser:
            chat.page.get_by_role("button", name="Add a photo").click()
        chooser.value.set_files(path)
        expect(note).to_contain_text(words)
    assert uploads == []
    add_photo(chat, photo_file)
    expect(note).to_be_empty()
    chat.page.get_by_role("button", name="Remove the photo").click()
    expect(chat.page.locator("folkmoot-chat .preview")).to_be_hidden()
    expect(chat.box).to_be_focused()


def test_who_does_not_share_the_place_may_type_it(open_chat: OpenChat) -> None:
    chat = open_chat(permissions=[])
    chat.say("There is a deep pothole on my road")
    chat.page.get_by_role("button", name="Use where I am now").click()
    expect(chat.page.get_by_text("Please type the address")).to_be_visible(timeout=PATIENCE)
    expect(chat.box).to_be_focused()
    chat.say("Mill Lane 4")
    expect(chat.page.get_by_text("Place: Mill Lane 4")).to_be_visible()


@both_sizes
def test_a_whole_survey_by_its_buttons_with_a_question_in_between(
    policies: None, open_chat: OpenChat, picture: Picture, no_violations: NoViolations, size: str
) -> None:
    chat = open_chat(size)
    chat.page.get_by_role("button", name="I want to take part in a survey").click()
    chat.answered(0)
    chat.press("Opening hours of the library")
    chat.press("Yes")
    chat.press("Every month")
    chat.say("How do I get a parking permit?")
    expect(chat.page.locator("folkmoot-chat .source")).to_have_count(1)
    expect(chat.last).to_contain_text("Question 2")
    expect(chat.last.get_by_role("checkbox").first).to_have_accessible_name("1 Borrowing books and films")
    expect(chat.last.locator(".prose")).not_to_contain_text("Borrowing books")
    assert chat.page.evaluate("scrollY") == 0
    no_violations(chat.page)
    picture(chat.page, f"survey-{size}")
    chat.say("1 and 3")
    chat.press("4")
    chat.say("saturday and sunday")
    chat.press("Yes")
    expect(chat.page.get_by_text("The new hours will be on the library's door").last).to_be_visible()
    picture(chat.page, f"survey-done-{size}")


def test_deleted_data_is_gone_from_the_screen_too(open_chat: OpenChat) -> None:
    chat = open_chat()
    chat.say("There is a pothole on Mill Lane")
    chat.press("Cancel")
    chat.say("delete my data")
    chat.choices.first.click()
    expect(chat.own).to_have_count(0, timeout=PATIENCE)
    expect(chat.answers).to_have_count(1)
    said = chat.answers.all_inner_texts()
    assert "Mill Lane" not in chat.page.locator("folkmoot-chat .log").inner_text()
    chat.page.reload()
    chat.page.wait_for_selector("folkmoot-chat[data-loaded]", state="attached")
    assert chat.answers.all_inner_texts() == said
    expect(chat.page.locator("folkmoot-chat .official")).to_have_count(0)
    chat.say("hello")
