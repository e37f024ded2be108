"""What browsers may send: read strictly, so that nothing else gets further than here."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bot.webchat.sessions import CHANNEL, address_of
from civic.conversation.types import InboundMessage, Location
from civic.surveys import buttons as surveys

# Above the limit for citizens, so that somebody who wrote too much is told so in their own words.
LONGEST_TEXT = 20_000
LONGEST_FRAME = 64 * 1024


class ChatMessage(BaseModel):
    """One message of a citizen: a text, a pressed button, a place or a photo."""

    model_config = ConfigDict(extra="ignore")

    message_id: str = Field(min_length=1, max_length=100, description="Chosen by the client, once a message.")
    text: str | None = Field(None, max_length=LONGEST_TEXT)
    choice: str | None = Field(None, max_length=64, description="The token of the button that was pressed.")
    location: Location | None = None
    attachment: str | None = Field(None, max_length=64, description="From `POST /chat/attachments`.")
    language: str | None = Field(None, max_length=35, description="BCP 47, such as `en` or `pt-BR`.")
    survey: str | None = Field(
        None, pattern="^[a-z][a-z0-9-]{0,49}$", description="The survey that a link or a site leads to."
    )

    @model_validator(mode="after")
    def _says_something(self) -> ChatMessage:
        text = self.text and self.text.strip()
        if not (text or self.choice or self.location or self.attachment or self.survey):
            raise ValueError("a message needs a text, a choice, a location or an attachment")
        return self

    def inbound(self, session: str, language: str | None, now: datetime) -> InboundMessage:
        """The message as all channels hand it on."""
        return InboundMessage(
            channel=CHANNEL,
            address=address_of(session),
            message_id=self.message_id,
            received_at=now,
            text=self.text,
            choice=self.choice,
            location=self.location,
            attachment_id=self.attachment,
            language=self.language or language,
            intent="start_survey" if self.survey else None,
            value=surveys.start(self.survey) if self.survey else None,
        )


class PostedMessage(ChatMessage):
    """A message without a socket: it names its session itself."""

    session: str | None = Field(None, max_length=128, description="Left out at first; the answer has it.")


class Hello(BaseModel):
    """A client's first frame: which conversation, and from which number on."""

    session: str | None = Field(None, max_length=128)
    since: int = Field(0, ge=0)
    language: str | None = Field(None, max_length=35)
