"""Tells other systems that a case changed: queued with the change, signed, and tried until it is taken."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import httpx
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from civic.accounts.models import Official
from civic.audit.commands import record
from civic.kit.clock import Clock
from civic.kit.db import Sessions
from civic.kit.ids import new_id, new_secret
from civic.service_requests.desk.errors import UnknownWebhook
from civic.service_requests.desk.models import Webhook, WebhookDelivery
from civic.service_requests.desk.rules import usable_url, wait_after
from civic.service_requests.models import ServiceRequest

log = logging.getLogger(__name__)

SIGNATURE, TIMESTAMP, EVENT_ID = "Folkmoot-Signature", "Folkmoot-Timestamp", "Folkmoot-Event"
TIMEOUT = 10.0
AT_ONCE = 50
# How long another process keeps off a delivery that is being sent.
HELD = timedelta(seconds=60)
KEPT = timedelta(days=7)


def add(session: Session, official: Official, url: str, now: datetime, *, allow_local: bool) -> Webhook:
    """Adds an address; its secret is shown once, to whoever adds it."""
    hook = Webhook(
        id=new_id(now),
        url=usable_url(url, allow_local=allow_local),
        secret=new_secret(32),
        agency=official.agency,
        created_by=official.id,
        created_at=now,
    )
    session.add(hook)
    session.flush()
    record(session, official, "official:add:webhook", hook.id, {}, now)
    return hook


def everyone(session: Session, official: Official) -> Sequence[Webhook]:
    """The webhooks in use, of the official's department or of all."""
    query = select(Webhook).where(Webhook.ended_at.is_(None)).order_by(Webhook.created_at)
    return session.scalars(query.where(Webhook.agency == official.agency) if official.agency else query).all()


def end(session: Session, official: Official, webhook_id: str, now: datetime) -> None:
    """Ends a webhook; what was on its way to it is dropped."""
    hook = next((one for one in everyone(session, official) if one.id == webhook_id), None)
    if hook is None:
        raise UnknownWebhook
    hook.ended_at = now
    session.execute(delete(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id))
    record(session, official, "official:end:webhook", webhook_id, {}, now)


def announce(session: Session, case: ServiceRequest, event: str, now: datetime) -> None:
    """Queues an event for whoever listens, in the transaction of the change. Codes only, nobody's words."""
    listening = or_(Webhook.agency.is_(None), Webhook.agency == case.agency)
    for hook in session.scalars(select(Webhook.id).where(Webhook.ended_at.is_(None), listening)):
        event_id = new_id(now)
        payload = {
            "id": event_id,
            "event": event,
            "at": now.isoformat(),
            "service_request_id": case.service_request_id,
            "service_code": case.service_code,
            "agency": case.agency,
            "status": case.status.value,
            "version": case.version,
        }
        session.add(
            WebhookDelivery(id=event_id, webhook_id=hook, payload=payload, due_at=now, created_at=now)
        )


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What the receiver computes too: HMAC-SHA256 over the time, a dot and the body."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def send_due(sessions: Sessions, clock: Clock, http: httpx.Client) -> int:
    """Sends what is due, at least once each; returns how many were taken. No transaction waits meanwhile."""
    now = clock.now()
    with sessions.begin() as session:
        due = session.execute(
            select(WebhookDelivery, Webhook)
            .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
            .where(WebhookDelivery.state == "pending", WebhookDelivery.due_at <= now)
            .order_by(WebhookDelivery.due_at)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True, of=WebhookDelivery)
        ).all()
        for delivery, _ in due:
            delivery.due_at = now + HELD
            delivery.attempts += 1
        session.execute(delete(WebhookDelivery).where(WebhookDelivery.created_at < now - KEPT))
    taken = 0
    for delivery, hook in due:
        status = _call(http, hook, delivery, now)
        taken += _settle(sessions, delivery.id, status, clock.now())
    return taken


def _call(http: httpx.Client, hook: Webhook, delivery: WebhookDelivery, now: datetime) -> int | None:
    body = json.dumps(delivery.payload, separators=(",", ":"), sort_keys=True).encode()
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        TIMESTAMP: timestamp,
        EVENT_ID: delivery.id,
        SIGNATURE: signature(hook.secret, timestamp, body),
    }
    try:
        return http.post(hook.url, content=body, headers=headers, timeout=TIMEOUT).status_code
    except httpx.HTTPError as error:
        log.info("a webhook was not reached: %s", type(error).__name__)
        return None


def _settle(sessions: Sessions, delivery_id: str, status: int | None, now: datetime) -> bool:
    with sessions.begin() as session:
        delivery = session.get(WebhookDelivery, delivery_id, with_for_update=True)
        if delivery is None:  # the webhook was ended meanwhile
            return False
        delivery.answered = status
        if status is not None and 200 <= status < 300:
            delivery.state, delivery.sent_at = "sent", now
            return True
        wait = wait_after(delivery.attempts)
        if wait is None:
            delivery.state = "failed"
        else:
            delivery.due_at = now + wait
    return False
