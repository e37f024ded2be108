"""Updates of requests, as FixMyStreet and its kin exchange them: read by anybody, sent with a key."""

from __future__ import annotations

from fastapi import Response

from api.deps import Now, Parts
from api.open311 import describe
from api.open311.deps import Asked, Form, Posted, viewer
from api.open311.formats import render
from api.open311.routes import route, used_key
from civic.kit.db import read_session
from civic.service_requests.open311 import commands, queries, rules, search, updates
from civic.service_requests.open311.errors import Reason, Refusal, refuse

ROOT = "service_request_updates"


@route("GET", "/servicerequestupdates", replies="updates", takes=describe.UPDATE_FILTERS)
def list_updates(parts: Parts, asked: Asked, form: Form, at: Now) -> Response:
    """What happened to requests, oldest first: of the last 90 days where nothing else is said."""
    wrong: list[str] = []
    since, until = search.read_window(asked.fields, at, wrong)
    numbers = search.read_numbers(asked.fields, wrong)
    if wrong:
        raise Refusal([Reason(400, sentence) for sentence in wrong])
    with read_session(parts.sessions) as session:
        found = viewer(parts).updates(
            updates.changes(session, numbers=numbers, since=since, until=until),
            updates.replies(session, numbers=numbers, since=since, until=until),
            rules.MOST_REQUESTS,
        )
    return render(found, ROOT, form)


@route("GET", "/requests/{service_request_id}/updates", replies="updates")
def updates_of_a_request(service_request_id: str, parts: Parts, asked: Asked, form: Form) -> Response:
    """What happened to one request, oldest first."""
    number = search.stored_number(rules.fit(service_request_id))
    with read_session(parts.sessions) as session:
        if not queries.page(session, queries.Wanted(numbers=[number], limit=1), ()):
            raise refuse(404, "There is no request with this service_request_id.")
        found = viewer(parts).updates(
            updates.changes(session, numbers=[number]),
            updates.replies(session, numbers=[number]),
            rules.MOST_REQUESTS,
        )
    return render(found, ROOT, form)


@route("POST", "/servicerequestupdates", replies="update_sent", form=describe.UPDATE)
def send_update(posted: Posted, parts: Parts, form: Form, at: Now) -> Response:
    """Adds a citizen's words to the thread of a request that came with the same key."""
    key = used_key(parts, posted)
    number, text = posted.one("service_request_id"), posted.one("description")
    external_id = posted.one("update_id")
    wrong = []
    if number is None:
        wrong.append("The service_request_id is missing.")
    if text is None or len(text) > rules.MAX_DESCRIPTION:
        wrong.append(f"A description of 1 to {rules.MAX_DESCRIPTION} characters is needed.")
    if external_id and len(external_id) > rules.MAX_SHORT:
        wrong.append(f"The update_id may have {rules.MAX_SHORT} characters at most.")
    if wrong or number is None or text is None:
        raise Refusal([Reason(400, sentence) for sentence in wrong])
    with parts.sessions.begin() as session:
        update_id, new = commands.add_update(
            session, key, search.stored_number(number), text, external_id, at
        )
    return render([{"update_id": update_id}], ROOT, form, 201 if new else 200)
