"""Every SELECT of service requests; officials' ones all go through `visible_to` or `seen_by`."""

from __future__ import annotations

from civic.service_requests.queries.cases import (
    Placed,
    by_draft,
    by_number,
    how_many_placed,
    number_of,
    numbers_of,
    photo,
    photos,
    placed_after,
    read,
)
from civic.service_requests.queries.citizens import (
    Subscriber,
    draft,
    is_filed,
    joiner,
    joiner_counts,
    last_public_message,
    open_near,
    own,
    receipt,
    shared_just_before,
    subscribers,
)
from civic.service_requests.queries.doors import is_ended, is_open, seen_by, visible_to
from civic.service_requests.queries.lists import CasePage, count, count_up_to, page
from civic.service_requests.queries.order import Sort, cursor_of, in_order
from civic.service_requests.queries.wanted import METRES_A_DEGREE, NOBODY, Near, Wanted, conditions

__all__ = [
    "METRES_A_DEGREE",
    "NOBODY",
    "CasePage",
    "Near",
    "Placed",
    "Sort",
    "Subscriber",
    "Wanted",
    "by_draft",
    "by_number",
    "conditions",
    "count",
    "count_up_to",
    "cursor_of",
    "draft",
    "how_many_placed",
    "in_order",
    "is_ended",
    "is_filed",
    "is_open",
    "joiner",
    "joiner_counts",
    "last_public_message",
    "number_of",
    "numbers_of",
    "open_near",
    "own",
    "page",
    "photo",
    "photos",
    "placed_after",
    "read",
    "receipt",
    "seen_by",
    "shared_just_before",
    "subscribers",
    "visible_to",
]
