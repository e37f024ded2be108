"""What can be wrong with a message."""

from __future__ import annotations

from civic.kit.errors import Invalid, NotFound, TooMany


class TooManyMessages(TooMany):
    """More messages a minute than the setting allows; the message was not stored."""

    code = "too_many_messages"
    title = "You are sending messages faster than we can read them"


class UnknownAttachment(Invalid):
    """The message names an attachment that this conversation does not have."""

    code = "unknown_attachment"
    title = "This attachment does not exist or belongs to another conversation"


class UnknownConversation(NotFound):
    """There is no conversation with this id."""

    code = "unknown_conversation"
    title = "There is no such conversation"
