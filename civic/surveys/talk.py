"""A survey as a talk: one message in, what to say and whether the survey goes on out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from civic.conversation.types import Choice, LoopStep, Reply, Turn
from civic.kit.i18n import Catalogue
from civic.kit.ids import new_id
from civic.surveys import buttons, commands, offering, queries, quotas, subscribing, waiting
from civic.surveys.definition import SurveyDefinition
from civic.surveys.engine import state as engine
from civic.surveys.engine.path import current
from civic.surveys.engine.state import Answer, Move, SurveyState
from civic.surveys.engine.step import start, step
from civic.surveys.engine.types import TYPES
from civic.surveys.hearing import read
from civic.surveys.models import SurveySession
from civic.surveys.publishing import sync
from civic.surveys.queries import closing
from civic.surveys.rendering import Rendering, Text
from civic.surveys.rules import IN_THE_MIDDLE, SessionState, is_aside, is_over, respondent_key
from civic.surveys.speaking import asked_for, language_for
from civic.understanding import Meaning, vocabulary
from civic.understanding.normal import normal

LONGEST_LANGUAGE = 16  # of a designer's own name for one


@dataclass(frozen=True)
class Desk:
    """What a survey talk needs from the house: words, the surveys folder, a secret, chance, meaning."""

    text: Text
    catalogue: Catalogue
    folder: Path
    secret: str
    random_id: Callable[[], str]
    meaning: Meaning | None = None


def advance(session: Session, turn: Turn, desk: Desk) -> LoopStep:
    """Takes one message of a citizen who is in a survey, or wants to be."""
    wanted = buttons.started(turn.choice)
    if turn.starting or wanted:
        sync(session, desk.folder, turn.now)
    if buttons.about_news(turn.choice):
        return LoopStep(status="interrupted")
    rows = queries.unfinished(session, turn.citizen_id)
    own = {row.id: row for row in rows if not _too_late(session, turn, desk, row)}
    if wanted or (turn.starting and turn.intent == "start_survey" and turn.choice):
        return _open(session, turn, desk, wanted or str(turn.choice))
    late = next((row for row in rows if row.id not in own), None)
    if late is not None and not own and not turn.resuming:
        return _gone(session, turn, desk, late)
    press = buttons.pressed(turn.choice)
    if press and press[0] in own:
        return _take(session, turn, desk, own[press[0]], press[1])
    active = next((row for row in own.values() if row.state == SessionState.OPEN), None)
    if turn.starting:
        return _begin(session, turn, desk, list(own.values()), stale=press is not None)
    if active is None:
        return LoopStep(replies=_said(desk, turn, "over") if press else [], status="done")
    if turn.resuming:
        return _take(session, turn, desk, active, Move.REPEAT)
    if press:  # a button of another session, long over
        return _take(session, turn, desk, active, engine.Pressed(""))
    return _hear(session, turn, desk, active)


def listing(session: Session, turn: Turn, desk: Desk) -> Reply:
    """The surveys that the citizen can answer, as buttons; with what the folder holds now."""
    sync(session, desk.folder, turn.now)
    return offering.listing(offering.offers(session, turn, desk.secret), desk.text, turn.speaks)


def _said(desk: Desk, turn: Turn, key: str, **args: object) -> list[Reply]:
    return [Reply(text=desk.text(f"surveys-{key}", turn.language, **args))]


def _definition(session: Session, row: SurveySession) -> SurveyDefinition:
    """The definition that a session answers."""
    return queries.definition_of(session, row.survey_id, row.version)


def _language(definition: SurveyDefinition, state: SurveyState, turn: Turn) -> str:
    """The language of a talk: the one asked for, else the citizen's own, else one that the house speaks."""
    return state.language or language_for(definition, turn.speaks, turn.language)


def _begin(session: Session, turn: Turn, desk: Desk, own: list[SurveySession], *, stale: bool) -> LoopStep:
    """Goes on where something waits; else opens the survey that is meant, or asks which one."""
    offers = offering.offers(session, turn, desk.secret)
    named = offering.named(turn.text or "", offers, turn.speaks)
    if named is not None:
        return _open(session, turn, desk, named)
    if own:
        if turn.intent != "start_survey" and turn.text and own[0].state == SessionState.OPEN:
            return _pick_up(session, turn, desk, own[0])
        return _take(session, turn, desk, own[0], Move.GO_ON, came_back=True)
    if stale:
        return LoopStep(replies=_said(desk, turn, "over"), status="done")
    fresh = [offer for offer in offers if not offer.answered]
    if len(fresh) == 1 and len(offers) == 1:
        return _open(session, turn, desk, fresh[0].id)
    return LoopStep(replies=[offering.listing(offers, desk.text, turn.speaks)], status="done")


def _open(session: Session, turn: Turn, desk: Desk, survey_id: str) -> LoopStep:
    """Begins a survey, or goes on with it where it was left."""
    rows = queries.unfinished(session, turn.citizen_id)
    mine = next((row for row in rows if row.survey_id == survey_id), None)
    if mine is not None:
        return _take(session, turn, desk, mine, Move.GO_ON, came_back=True)
    offers = offering.offers(session, turn, desk.secret)
    offer = next((offer for offer in offers if offer.id == survey_id), None)
    if offer is None:
        closed = offering.closed(session, survey_id, turn)
        if closed:
            return LoopStep(replies=_said(desk, turn, "closed", **closed), status="done")
        return LoopStep(replies=[offering.listing(offers, desk.text, turn.speaks)], status="done")
    if offer.answered:
        return _again(session, turn, desk, offer)
    _only(session, turn, None)
    first = start(offer.published.definition)
    row = commands.begin(
        session,
        offer.published,
        first.state,
        citizen_id=turn.citizen_id,
        conversation_id=turn.conversation_id,
        language=_language(offer.published.definition, first.state, turn)[:LONGEST_LANGUAGE],
        secret=desk.secret,
        now=turn.now,
    )
    if offer.published.definition.anonymous:
        commands.heard(row, turn.message_id)
    return _reply(desk, turn, row, offer.published.definition, first)


def _hear(session: Session, turn: Turn, desk: Desk, row: SurveySession) -> LoopStep:
    """A message in the middle of a survey: an answer, a wish, or something for somebody else."""
    if turn.choice or turn.intent == "choose":  # a button of something else
        return LoopStep(status="interrupted")
    shared = _shared(turn, _definition(session, row), row)
    if shared is not None or not turn.text:  # a place or a photo
        return _take(session, turn, desk, row, shared or engine.Unclear("only_words"))
    answer = _understand(session, turn, desk, row)
    if answer is None:
        return LoopStep(status="interrupted")
    if turn.intent == "start_survey" and not isinstance(answer, engine.Given):
        named = offering.named(turn.text, offering.offers(session, turn, desk.secret), turn.speaks)
        if named not in (None, row.survey_id):
            return _open(session, turn, desk, str(named))
    return _take(session, turn, desk, row, answer)


def _shared(turn: Turn, definition: SurveyDefinition, row: SurveySession) -> Answer | None:
    """The place or the photo that a citizen sent, where the question asks for one."""
    question = current(definition, SurveyState.model_validate(row.position))
    wanted = TYPES[question.type].shares if question else None
    if wanted == "location" and turn.location:
        return engine.Given(f"{turn.location.lat} {turn.location.long}")
    if wanted == "photo" and turn.attachment_id:
        return engine.Given(turn.attachment_id)
    return None


def _understand(session: Session, turn: Turn, desk: Desk, row: SurveySession) -> Answer | None:
    """The message as an answer; None where it is meant for somebody else."""
    definition, state = _definition(session, row), SurveyState.model_validate(row.position)
    question = current(definition, state)
    words, text = vocabulary(desk.catalogue, _language(definition, state, turn)), turn.text or ""
    answer = read(question, state, text, words, now=turn.now)
    closed = question is None or TYPES[question.type].closed
    if isinstance(answer, Move) or (closed and not isinstance(answer, engine.Unclear)):
        return answer
    if len(definition.languages) > 1:
        around = frozenset(desk.text("surveys-words-around-a-language", turn.language).split(", "))
        if (code := asked_for(text, definition, around, alone=closed)) is not None:
            return engine.Pressed("", code, engine.SPEAK)
    if normal(text) in words.elsewhere or is_aside(text, turn.intent, turn.confidence, closed=closed):
        return None
    if closed and turn.intent == "cancel":
        return Move.STOP
    if closed and turn.intent in ("repeat", "start_survey"):
        return Move.REPEAT
    return read(question, state, text, words, desk.meaning, turn.now) if closed else answer


def _pick_up(session: Session, turn: Turn, desk: Desk, row: SurveySession) -> LoopStep:
    """The thread was lost (a long silence): a clear answer counts, anything else is asked about."""
    answer = _understand(session, turn, desk, row)
    if isinstance(answer, engine.Given) and current(
        _definition(session, row), SurveyState.model_validate(row.position)
    ):
        return _take(session, turn, desk, row, answer, came_back=True)
    return _take(session, turn, desk, row, Move.GO_ON, came_back=True)


def _take(
    session: Session,
    turn: Turn,
    desk: Desk,
    row: SurveySession,
    answer: Answer,
    *,
    came_back: bool = False,
) -> LoopStep:
    definition, state = _definition(session, row), SurveyState.model_validate(row.position)
    if came_back:
        state = state.model_copy(update={"paused": True})
    if came_back or row.state != SessionState.OPEN:
        _only(session, turn, row)
    after = step(definition, state, answer, turn.now)
    if definition.anonymous and not turn.resuming:
        commands.heard(row, turn.message_id)
    row.language = _language(definition, after.state, turn)[:LONGEST_LANGUAGE]
    commands.move(session, row, definition, after.state, turn.now)
    answered = row.edits is None and len(after.state.answers) > len(state.answers)
    if answered and quotas.full(session, row.survey_id, after.state.values):
        return _too_many(session, turn, desk, row, definition)
    said = _reply(desk, turn, row, definition, after)
    if row.state == SessionState.COMPLETED:
        if not commands.complete(session, row, definition, desk.random_id, turn.now):
            return _too_many(session, turn, desk, row, definition)
        said = said.model_copy(update={"replies": _with_what_waits(session, turn, desk, said.replies)})
    elif row.state in (SessionState.DECLINED, SessionState.STOPPED):
        commands.close(session, row)
        if row.edits is not None:
            return LoopStep(replies=_said(desk, turn, "edit-left"), status="done")
    return said


def _too_many(
    session: Session, turn: Turn, desk: Desk, row: SurveySession, definition: SurveyDefinition
) -> LoopStep:
    """Enough people answered so, perhaps a moment ago: what was answered is kept and not counted."""
    if row.edits is not None:
        commands.drop_edit(session, row)
        return LoopStep(replies=_said(desk, turn, "edit-full"), status="done")
    commands.screen_out(session, row, definition, desk.random_id, turn.now)
    return LoopStep(replies=_said(desk, turn, "screened"), status="done")


def _too_late(session: Session, turn: Turn, desk: Desk, row: SurveySession) -> bool:
    """Whether a session can no longer go on; then it ends here, and what was answered stays."""
    if turn.now - row.updated_at < IN_THE_MIDDLE:  # nobody is cut off between two answers
        return False
    survey, definition = queries.survey(session, row.survey_id), _definition(session, row)
    closes = closing(survey, definition)
    if not is_over(row.updated_at, closes, turn.now):
        return False
    commands.expire(session, row, definition, desk.random_id, turn.now)
    return True


def _gone(session: Session, turn: Turn, desk: Desk, row: SurveySession) -> LoopStep:
    """Says that too much time has passed; where the survey is still open, it can be begun again."""
    definition = _definition(session, row)
    title = definition.title.in_language(turn.speaks)
    reply = Reply(text=desk.text("surveys-expired", turn.language, title=title))
    if any(offer.id == row.survey_id for offer in offering.offers(session, turn, desk.secret)):
        begin = Choice(
            label=desk.text("surveys-button-begin-again", turn.language),
            intent="start_survey",
            value=buttons.start(row.survey_id),
        )
        reply = reply.model_copy(update={"choices": [begin]})
    return LoopStep(replies=[reply], status="done")


def _again(session: Session, turn: Turn, desk: Desk, offer: offering.Offer) -> LoopStep:
    """Who answered already may go through the answers again; anonymous ones cannot be found any more."""
    title = offer.title(turn.speaks)
    former = queries.completed_by(session, offer.id, turn.citizen_id)
    if former is None:
        return LoopStep(replies=_said(desk, turn, "already-answered", title=title), status="done")
    _only(session, turn, None)
    respondent = respondent_key(desk.secret, offer.id, turn.citizen_id)
    row = commands.edit(session, former, respondent, new_id(turn.now), turn.now)
    definition, state = _definition(session, row), SurveyState.model_validate(row.position)
    said = _reply(desk, turn, row, definition, step(definition, state, Move.REPEAT, turn.now))
    return LoopStep(replies=[*_said(desk, turn, "edit", title=title), *said.replies], status=said.status)


def _with_what_waits(session: Session, turn: Turn, desk: Desk, replies: list[Reply]) -> list[Reply]:
    """After a survey: another one that waits its turn, else the offer to tell of new ones."""
    waits = waiting.offer_next(session, turn, desk.text)
    if waits is not None:
        return [*replies, waits]
    if subscribing.subscribed(session, turn.citizen_id):
        return replies
    tell = Choice(label=desk.text("surveys-button-subscribe", turn.language), value=buttons.SUBSCRIBE)
    return [*replies[:-1], replies[-1].model_copy(update={"choices": [*replies[-1].choices, tell]})]


def _only(session: Session, turn: Turn, row: SurveySession | None) -> None:
    """Lets every other session wait: one is open at a time, the others are offered again later."""
    for other in queries.unfinished(session, turn.citizen_id):
        if other is not row:
            other.state = SessionState.PAUSED


def _reply(
    desk: Desk, turn: Turn, row: SurveySession, definition: SurveyDefinition, after: engine.Step
) -> LoopStep:
    events = after.events
    if definition.anonymous and after.state.stage is engine.Stage.FINISHED:
        events = events[-1:]  # the last message stays in the chat: it repeats no answer
    language = _language(definition, after.state, turn)
    rendering = Rendering(definition, after.state, row.id, language, desk.text)
    going = not after.state.stage.over and not after.state.paused
    return LoopStep(replies=[rendering.reply(events)], status="asking" if going else "done")
