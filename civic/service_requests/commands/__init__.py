"""What changes service requests: drafts, filing once, the legal steps, replies, forgetting. Never commits."""

from __future__ import annotations

from civic.service_requests.commands.drafts import (
    begin_draft,
    discard_photos,
    drop_draft,
    keep_draft,
    purge_drafts,
)
from civic.service_requests.commands.erasure import erase_citizen
from civic.service_requests.commands.filing import CONFIRMABLE, add_case, file
from civic.service_requests.commands.parts import Say
from civic.service_requests.commands.work import add_note, change_status, reply

__all__ = [
    "CONFIRMABLE",
    "Say",
    "add_case",
    "add_note",
    "begin_draft",
    "change_status",
    "discard_photos",
    "drop_draft",
    "erase_citizen",
    "file",
    "keep_draft",
    "purge_drafts",
    "reply",
]
