"""The web chat as a citizen's hands and eyes meet it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

# Rasa on a busy machine takes its time.
PATIENCE = 20_000


class Chat:
    """One open page with the chat on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self._heard(message.text))

    def _heard(self, text: str) -> None:
        if "Content Security" in text:
            self.faults.append(text)

    def open(self, path: str = "/") -> Chat:
        self.page.goto(self.url + path)
        # A launcher connects when it is opened; a page at once.
        ready = "data-loaded" if path == "/" else "data-ready"
        self.page.wait_for_selector(f"folkmoot-chat[{ready}]", state="attached", timeout=PATIENCE)
        return self

    @property
    def box(self) -> Locator:
        return self.page.get_by_label("Your message")

    @property
    def answers(self) -> Locator:
        return self.page.locator("folkmoot-chat .message:not(.citizen)")

    @property
    def own(self) -> Locator:
        return self.page.locator("folkmoot-chat .message.citizen")

    @property
    def last(self) -> Locator:
        return self.answers.last

    @property
    def choices(self) -> Locator:
        """The buttons that may be pressed now."""
        return self.page.locator("folkmoot-chat .choices:not(.used) button")

    def say(self, text: str) -> Locator:
        """Types a text, sends it, waits for the answer and returns its last message."""
        before = self.answers.count()
        self.box.fill(text)
        self.box.press("Enter")
        return self.answered(before)

    def press(self, label: str) -> Locator:
        """Presses a choice by (part of) its label and returns the answer's last message."""
        before = self.answers.count()
        self.choices.filter(has_text=label).last.click()
        return self.answered(before)

    def answered(self, before: int) -> Locator:
        """Waits until there are more than `before` answers and no more are on their way."""
        expect(self.answers.nth(before)).to_be_visible(timeout=PATIENCE)
        expect(self.page.locator("folkmoot-chat .typing")).to_be_hidden(timeout=PATIENCE)
        return self.last

    def labels(self) -> list[str]:
        return [label.strip() for label in self.choices.all_inner_texts()]
