"""What changes service requests: drafts, filing once, the legal steps, replies, forgetting. Never commits."""

from __future__ import annotations

from civic.service_requests.commands.areas import Sorted, sort_into_areas
from civic.service_requests.commands.citizens import add_words_of_joiner, join, leave, withdraw
from civic.service_requests.commands.drafts import (
    begin_draft,
    discard_photos,
    drop_draft,
    keep_draft,
    purge_drafts,
)
from civic.service_requests.commands.erasure import erase_citizen
from civic.service_requests.commands.filing import CONFIRMABLE, add_case, file, forget_positions
from civic.service_requests.commands.hearing import hear, reopen_by_citizen, step_by_citizen
from civic.service_requests.commands.parts import Say
from civic.service_requests.commands.work import add_note, change_status, reply

__all__ = [
    "CONFIRMABLE",
    "Say",
    "Sorted",
    "add_case",
    "add_note",
    "add_words_of_joiner",
    "begin_draft",
    "change_status",
    "discard_photos",
    "drop_draft",
    "erase_citizen",
    "file",
    "forget_positions",
    "hear",
    "join",
    "keep_draft",
    "leave",
    "purge_drafts",
    "reopen_by_citizen",
    "reply",
    "sort_into_areas",
    "step_by_citizen",
    "withdraw",
]
