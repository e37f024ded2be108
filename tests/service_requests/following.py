"""Citizens who follow cases and an official who works on them; every step is a transaction of its own."""

from __future__ import annotations

import itertools
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from actions.base import choice_handler
from actions.service_requests import ComplaintForm
from civic.accounts.commands import add_official
from civic.accounts.models import Official
from civic.accounts.rules import Role
from civic.conversation import commands as conversations
from civic.conversation.models import ChoiceToken, OutboundRecord
from civic.conversation.queries import conversation_at
from civic.conversation.types import InboundMessage, Location, Turn
from civic.kit.ids import new_id
from civic.kit.services import Services
from civic.service_requests import alerts, commands, deadlines, typed
from civic.service_requests.commands.parts import note_step
from civic.service_requests.desk import commands as desk
from civic.service_requests.models import (
    ServiceRequest,
    ServiceRequestAlert,
    ServiceRequestJoiner,
    ServiceRequestMessage,
    ServiceRequestVerdict,
)
from civic.service_requests.rules import Priority, Status
from civic.service_requests.services import ServiceList

_numbers = itertools.count(1)


class Follower:
    """A citizen who reads what arrives, types and presses."""

    def __init__(self, services: Services, address: str, channel: str = "telegram") -> None:
        self.services, self.address, self.channel = services, address, channel
        with services.sessions.begin() as session:
            at = conversations.open_conversation(session, channel, address, "en", services.clock.now())
            self.conversation_id, self.citizen_id = at.id, at.citizen_id

    def inbox(self) -> list[dict[str, Any]]:
        """Everything that was said to them, in order."""
        with self.services.sessions() as session:
            rows = session.scalars(
                select(OutboundRecord)
                .where(OutboundRecord.conversation_id == self.conversation_id)
                .order_by(OutboundRecord.seq)
            )
            return [row.payload for row in rows]

    @property
    def heard(self) -> list[str]:
        return [payload["text"] for payload in self.inbox()]

    def says(
        self,
        text: str | None = None,
        about: str | None = None,
        photo: str | None = None,
        place: tuple[float, float] | None = None,
    ) -> str | None:
        """What is answered; None where the message is not about a case, so that the dialogue takes it."""
        services = self.services
        message = InboundMessage(
            channel=self.channel,  # type: ignore[arg-type]
            address=self.address,
            message_id=f"m{next(_numbers)}",
            received_at=services.clock.now(),
            text=text,
            about=about,
            attachment_id=photo,
            location=Location(lat=place[0], long=place[1]) if place else None,
        )
        with services.sessions() as session:
            at = conversation_at(session, message.channel, message.address)
            found = typed.meant(session, at, message, services)
        if found is None:
            return None
        return self._acts(message, found.intent, found.value)

    def presses(self, label: str, which: int = -1) -> str:
        """Presses a button with this label: of the last message that has one, or of an earlier one."""
        having = [one for one in self.inbox() if any(each["label"] == label for each in one["choices"])]
        assert having, f"no button {label!r}"
        token = next(each["token"] for each in having[which]["choices"] if each["label"] == label)
        with self.services.sessions() as session:
            meaning = session.get_one(ChoiceToken, token)
        message = InboundMessage(
            channel=self.channel,  # type: ignore[arg-type]
            address=self.address,
            message_id=f"m{next(_numbers)}",
            received_at=self.services.clock.now(),
            choice=token,
        )
        return self._acts(message, meaning.intent, meaning.value)

    def _acts(self, message: InboundMessage, intent: str, value: str) -> str:
        services = self.services
        turn = Turn(
            conversation_id=self.conversation_id,
            citizen_id=self.citizen_id,
            message_id=message.message_id,
            language="en",
            now=services.clock.now(),
            intent=intent,
            text=message.text,
            choice=value,
            location=message.location,
            attachment_id=message.attachment_id,
            starting=True,
        )
        with services.sessions.begin() as session:
            if intent == "report_problem":
                replies = ComplaintForm(services).advance(session, turn, services).replies
            else:
                handler = choice_handler(value)
                assert handler is not None, value
                replies = handler(session, turn, services).replies
            conversations.append(session, self.conversation_id, replies, now=turn.now)
        return "\n".join(reply.text for reply in replies)


class Hall:
    """An official at work, and what the tables say."""

    def __init__(self, services: Services, role: Role = Role.AGENT, agency: str | None = None) -> None:
        self.services = services
        with services.sessions.begin() as session:
            name = f"{role.value}-{next(_numbers)}"
            words = "seven hedgehogs dance"
            self.official: Official = add_official(session, name, role, words, services.clock.now(), agency)
            session.expunge(self.official)

    def files(self, follower: Follower, service_code: str = "pothole", **more: Any) -> str:
        services, now = self.services, self.services.clock.now()
        known = services.get(ServiceList)
        service = known.get(service_code)
        with services.sessions.begin() as session:
            columns: dict[str, Any] = {
                "id": new_id(now),
                "draft_id": None,
                "service_code": service_code,
                "agency": service.agency,
                "status": Status.SUBMITTED,
                "description": "huge pothole outside 12 Mill Lane",
                "attributes": {},
                "citizen_id": follower.citizen_id,
                "conversation_id": follower.conversation_id,
                "language": "en",
                "requested_at": now,
                "updated_at": now,
                "expected_on": deadlines.promised(service, known.calendar, now),
            }
            case = commands.add_case(session, Random(next(_numbers)), **(columns | more))
            note_step(case, None, Status.SUBMITTED, "citizen", now)
            return case.service_request_id

    def joins(self, follower: Follower, number: str) -> None:
        now = self.services.clock.now()
        with self.services.sessions.begin() as session:
            case = self._case(session, number)
            session.add(
                ServiceRequestJoiner(
                    request_id=case.id,
                    citizen_id=follower.citizen_id,
                    conversation_id=follower.conversation_id,
                    language="en",
                    joined_at=now,
                )
            )

    def moves(self, number: str, *targets: Status, message: str | None = None, of: str | None = None) -> None:
        services = self.services
        for target in targets:
            with services.sessions.begin() as session:
                desk.move(
                    session,
                    self.official,
                    number,
                    target,
                    services=services.get(ServiceList),
                    say=services.text,
                    town="Marlow Vale",
                    now=services.clock.now(),
                    message=message,
                    duplicate_of=of,
                )

    def solves(self, number: str) -> None:
        self.moves(number, Status.IN_PROGRESS, Status.RESOLVED)

    def replies(self, number: str, text: str) -> ServiceRequestMessage:
        services = self.services
        with services.sessions.begin() as session:
            return commands.reply(
                session,
                self.official,
                number,
                text,
                services=services.get(ServiceList),
                say=services.text,
                now=services.clock.now(),
            )

    def sets_priority(self, number: str, priority: Priority) -> None:
        services = self.services
        with services.sessions.begin() as session:
            desk.set_priority(
                session,
                self.official,
                number,
                priority,
                services=services.get(ServiceList),
                now=services.clock.now(),
            )

    def case(self, number: str) -> ServiceRequest:
        with self.services.sessions() as session:
            return self._case(session, number)

    def thread(self, number: str) -> list[tuple[str, str]]:
        with self.services.sessions() as session:
            return [(one.author, one.text) for one in self._case(session, number).messages]

    def flags(self, number: str) -> list[str]:
        """The flags that nobody has seen yet."""
        with self.services.sessions() as session:
            case = self._case(session, number)
            return alerts.on(session, [case.id]).get(case.id, [])

    def alerts(self) -> list[ServiceRequestAlert]:
        with self.services.sessions() as session:
            return list(session.scalars(select(ServiceRequestAlert).order_by(ServiceRequestAlert.created_at)))

    def verdicts(self, number: str) -> list[ServiceRequestVerdict]:
        with self.services.sessions() as session:
            case = self._case(session, number)
            query = select(ServiceRequestVerdict).where(ServiceRequestVerdict.request_id == case.id)
            return list(session.scalars(query.order_by(ServiceRequestVerdict.asked_at)))

    def passes(self, **time: float) -> None:
        self.services.clock.advance(timedelta(**time))  # type: ignore[attr-defined]

    @staticmethod
    def _case(session: Any, number: str) -> ServiceRequest:
        case: ServiceRequest = session.scalars(
            select(ServiceRequest).where(ServiceRequest.service_request_id == number)
        ).one()
        return case
