"""What channels and features say to each other: the only types they share."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Channel = Literal["web", "telegram"]
Request = Literal["location", "photo"]


class Value(BaseModel):
    """A value: never changed once made."""

    model_config = ConfigDict(frozen=True)


class Location(Value):
    """A point in degrees, WGS 84."""

    lat: float = Field(ge=-90, le=90)
    long: float = Field(ge=-180, le=180)


class Choice(Value):
    """A button: what it shows, and the intent with a value that pressing it means.

    Citizens' devices only ever see an opaque token in place of intent and value.
    """

    label: str = Field(min_length=1, max_length=120)
    intent: str = "choose"
    value: str = ""


class Citation(Value):
    """Where a statement comes from: a page of ours that opens at the exact quote."""

    title: str
    url: str
    quote: str
    page: int | None = None
    section: str | None = None
    date: str | None = None


class Widget(Value):
    """How a channel that has forms may ask: `one` of a list, `several` of it, or a number on a `scale`.

    Answering by text says the same, so a channel may leave it out. `stands_for` names the buttons that the
    form takes the place of.
    """

    kind: Literal["one", "several", "scale"]
    options: list[str] = []
    chosen: list[str] = []
    start: float = 0
    end: float = 0
    step: float = 1
    stands_for: list[str] = []


class Reply(Value):
    """One message to a citizen, for every channel to render as it can.

    `replaces`: only the buttons of the message have changed whose button was pressed; a channel that can
    change them there need not send anything.
    """

    text: str
    choices: list[Choice] = []
    citations: list[Citation] = []
    status: str | None = None
    request: Request | None = None
    widget: Widget | None = None
    replaces: bool = False


class InboundMessage(Value):
    """One message from a citizen, as its channel understood it.

    `address` is the channel's own name for the chat (a Telegram chat id, a web session);
    `message_id` is unique within it: the same one twice is one message.
    """

    channel: Channel
    address: str = Field(min_length=1, max_length=200)
    message_id: str = Field(min_length=1, max_length=200)
    received_at: datetime
    text: str | None = None
    choice: str | None = None
    intent: str | None = None
    value: str | None = None
    location: Location | None = None
    attachment_id: str | None = None
    language: str | None = None
    # The number of the report that it replies to, where the channel knows what a message replies to.
    about: str | None = None
    # The kinds of personal data that were taken out of the text before it was stored.
    personal_data: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> InboundMessage:
        if not (
            (self.text and self.text.strip())
            or self.choice
            or self.intent
            or self.location
            or self.attachment_id
        ):
            raise ValueError("a message needs a text, a choice, a location or an attachment")
        return self


class Turn(Value):
    """What an action is told about the message it acts on."""

    conversation_id: str
    citizen_id: str
    message_id: str
    language: str
    now: datetime
    intent: str = ""
    confidence: float = 0.0
    text: str | None = None
    choice: str | None = None
    location: Location | None = None
    attachment_id: str | None = None
    history: list[str] = []
    loop: str | None = None
    resuming: bool = False
    starting: bool = False
    back_after_silence: bool = False
    # What was noticed before the message was stored: kinds of personal data taken out, a kind of danger.
    personal_data: tuple[str, ...] = ()
    danger: str | None = None
    # The citizen's own language as a BCP 47 tag. `language` is the nearest in which the house has words;
    # what a town's own files say may be there in more.
    own_language: str | None = None

    @property
    def speaks(self) -> str:
        """The citizen's own language, where the channel tells it."""
        return self.own_language or self.language


class LoopStep(Value):
    """How a loop (survey, complaint, ...) took a message.

    `asking` stays in the loop, `done` ends it, `interrupted` says the message was not an answer:
    its intent's rule is run, and then the loop is asked to repeat its question (`turn.resuming`).
    """

    replies: list[Reply] = []
    status: Literal["asking", "done", "interrupted"] = "asking"
