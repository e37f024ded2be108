"""Playing a survey in the real chat element: the engine and its words, and nothing of it is stored."""

from __future__ import annotations

import itertools
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode, urlsplit

import anyio.to_thread
from fastapi import APIRouter, Depends, Request, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection

from api.deps import Db, services
from api.headers import CONTENT_POLICY
from api.pages import session as sessions
from api.pages.shell import FormNotOurs, caller, render
from api.pages.surveys import PATH, Reader
from api.pages.surveys_drafts import DRAFTS
from civic.accounts import queries as accounts
from civic.accounts.errors import RoleForbids
from civic.accounts.models import Official
from civic.accounts.rules import Permission, Role, may
from civic.conversation.types import Reply
from civic.kit.db import read_session
from civic.kit.errors import FolkmootError
from civic.kit.ids import new_secret
from civic.kit.services import Services
from civic.surveys import buttons, queries
from civic.surveys.definition import SurveyDefinition
from civic.surveys.drafts import queries as drafts
from civic.surveys.drafts.errors import DraftBroken
from civic.surveys.engine import state as engine
from civic.surveys.engine.path import current
from civic.surveys.engine.state import Given, Move
from civic.surveys.engine.types import TYPES
from civic.surveys.trial import Trial
from civic.understanding.meaning import meaning_of

TRIAL = f"{PATH}/_trial"
router = APIRouter(prefix=TRIAL, include_in_schema=False)

LONGEST_FRAME = 64 * 1024
LONGEST_TEXT = 2000
POLICY_VIOLATION = 1008
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")
AGAIN = "again"


def found(db: Session, what: str, role: Role) -> tuple[SurveyDefinition, str]:
    """The survey that `what` names, a draft or `<survey>.<version>`, and the page to go back to."""
    survey_id, dot, number = what.partition(".")
    needed = Permission.SURVEYS_READ if dot else Permission.SURVEYS_WORK
    if not may(role, needed):
        raise RoleForbids(f"This needs {needed.value}.", remedy="Ask an administrator of the town hall.")
    if dot:
        usable = number.isascii() and number.isdigit() and len(number) < 9
        return queries.definition_of(db, survey_id[:60], int(number) if usable else 0), f"{PATH}/{survey_id}"
    definition = drafts.definition_of(drafts.draft(db, what[:26]))
    if definition is None:
        raise DraftBroken("A file with mistakes cannot be played.", remedy="Correct the mistakes first.")
    return definition, f"{DRAFTS}/{what}"


@router.get("/{what}/{language}")
def trial_page(request: Request, what: str, language: str, who: Reader, db: Db) -> Response:
    """The chat as citizens see it, with this survey already begun."""
    definition, back = found(db, what, who.role)
    language = language if language in definition.languages else definition.language
    response = render(
        request,
        "surveys_trial.html",
        title=definition.title.in_language(definition.language),
        what=what,
        language=language,
        languages=definition.languages,
        server=f"{TRIAL}/{what}/{language}",
        back=back,
        trial=TRIAL,
    )
    host = request.headers.get("host", "")
    if HOST.fullmatch(host):  # not every browser counts the socket of the same host as 'self'
        policy = CONTENT_POLICY.replace("connect-src 'self'", f"connect-src 'self' ws://{host} wss://{host}")
        response.headers["Content-Security-Policy"] = policy
    return response


@router.get("/{what}/{language}/chat/strings")
def strings(what: str, language: str, _: Reader, lang: str = "") -> Response:
    """The element's own words are those of the chat."""
    return RedirectResponse("/chat/strings?" + urlencode({"lang": language or lang}), status_code=307)


@router.get("/{what}/{language}/chat/folkmoot-chat.css")
def style(what: str, language: str, _: Reader) -> Response:
    """The element's own look is that of the chat."""
    return RedirectResponse("/chat/folkmoot-chat.css", status_code=307)


@router.post("/{what}/{language}/chat/attachments", status_code=201)
async def attachment(request: Request, _: Annotated[Official, Depends(caller)]) -> Response:
    """Takes a photo as the chat does, and throws it away."""
    # The element sends no form of ours, so its page must be ours.
    if not _is_ours(request):
        raise FormNotOurs("It comes from another site.", remedy="Open the page again.")
    async for _part in request.stream():
        pass
    return JSONResponse({"attachment": "photo", "session": ""}, status_code=201)


@router.websocket("/{what}/{language}/chat/socket")
async def socket(websocket: WebSocket, what: str, language: str) -> None:
    """Speaks the chat's protocol; what is said lives as long as the socket."""
    parts = services(websocket)  # type: ignore[arg-type]  # a socket has an app, too
    try:
        definition = await anyio.to_thread.run_sync(_allowed, websocket, parts, what)
    except (FolkmootError, PermissionError):
        await websocket.close(POLICY_VIOLATION)
        return
    await websocket.accept()
    play = Play(definition, parts, language)
    try:
        while True:
            text = await websocket.receive_text()
            frame = json.loads(text) if len(text) <= LONGEST_FRAME else None
            if not isinstance(frame, dict):
                break
            for answer in await anyio.to_thread.run_sync(play.hears, frame):
                await websocket.send_json(answer)
    except (WebSocketDisconnect, RuntimeError, ValueError):
        return  # RuntimeError: starlette's answer to sending on a socket that is gone
    await websocket.close(POLICY_VIOLATION)


def _allowed(websocket: WebSocket, parts: Services, what: str) -> SurveyDefinition:
    """The survey, if an official of this house asks from a page of this house."""
    if websocket.headers.get("origin") and not _is_ours(websocket):
        raise PermissionError
    session = sessions.read(websocket.cookies, parts, parts.clock.now())
    with read_session(parts.sessions) as db:
        official = session and accounts.active_with_token(
            db, session.official_id, session.credentials_version
        )
        if not official:
            raise PermissionError
        return found(db, what, official.role)[0]


def _is_ours(asked: HTTPConnection) -> bool:
    """Whether the browser says that a page of this host asks."""
    return urlsplit(asked.headers.get("origin", "")).netloc == asked.headers.get("host")


@dataclass
class Play:
    """One trial over one socket: frames in, frames out."""

    definition: SurveyDefinition
    parts: Services
    language: str
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def hears(self, frame: dict[str, Any]) -> list[dict[str, Any]]:
        """What to send for a frame of the element's."""
        kind = frame.get("type")
        if kind == "ping":
            return [{"type": "pong"}]
        if kind == "hello":
            since = frame.get("since")
            # Numbers go on after a break: the element shows each of them once.
            self.numbers = itertools.count((since if isinstance(since, int) else 0) + 1)
            begun = self._shown(self._begin())
            return [
                {"type": "session", "session": new_secret(24)},
                {
                    "type": "messages",
                    "messages": [
                        {"from": "bot", "at": _time(self.parts.clock.now()), **one} for one in begun
                    ],
                },
            ]
        message_id = frame.get("message_id")
        if kind != "message" or not isinstance(message_id, str):
            return []
        replies = self._shown(self._answer(frame))
        turn = {"type": "turn", "message_id": message_id, "state": "answered", "replies": replies}
        return [{"type": "accepted", "message_id": message_id}, turn]

    def _begin(self) -> list[Reply]:
        self.trial = Trial(
            self.definition,
            self.parts.catalogue,
            self.parts.clock.now(),
            self.language,
            meaning_of(self.parts),
        )
        return [self.trial.reply]

    def _answer(self, frame: dict[str, Any]) -> list[Reply]:
        if not hasattr(self, "trial") or self.trial.state.stage.over or frame.get("choice") == AGAIN:
            return self._begin()
        reply = self._said(frame)
        if self.trial.state.stage is engine.Stage.FINISHED:
            return [reply, Reply(text=self._kept())]
        return [reply]

    def _said(self, frame: dict[str, Any]) -> Reply:
        trial = self.trial
        trial.now = self.parts.clock.now()
        if trial.state.paused:
            return trial.answers(Move.GO_ON)
        press = buttons.pressed(str(frame.get("choice") or ""))
        if press:
            return trial.answers(press[1])
        question = current(self.definition, trial.state)
        shares = TYPES[question.type].shares if question else None
        place = frame.get("location")
        if isinstance(place, dict) and shares == "location":
            return trial.answers(Given(f"{place.get('lat')} {place.get('long')}"))
        if frame.get("attachment") and shares == "photo":
            return trial.answers(Given("photo"))
        text = str(frame.get("text") or "")[:LONGEST_TEXT].strip()
        return trial.says(text) if text else trial.answers(engine.Unclear("only_words"))

    def _kept(self) -> str:
        lines = ["This was a trial: nothing was stored. From a citizen these answers would be kept:"]
        for answered in self.trial.state.answers:
            value = answered.value
            said = ", ".join(value) if isinstance(value, tuple) else value
            lines.append(f"- {answered.question}: {'(skipped)' if said is None else said}")
        return "\n".join(lines)

    def _shown(self, replies: list[Reply]) -> list[dict[str, Any]]:
        rendered = []
        for place, reply in enumerate(replies, start=1):
            one = reply.model_dump(mode="json", exclude_none=True, exclude={"choices"})
            one["choices"] = [
                {**choice.model_dump(mode="json", exclude={"intent", "value"}), "token": choice.value}
                for choice in reply.choices
            ]
            if place == len(replies) and self.trial.state.stage.over:
                one["choices"] = [{"label": "Play it again", "token": AGAIN}]
            rendered.append({"seq": next(self.numbers), **one})
        return rendered


def _time(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
