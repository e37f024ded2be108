"""What is done from time to time: those who answered are told of results, older sessions are counted."""

from __future__ import annotations

from civic.conversation.types import Reply
from civic.kit.services import Services
from civic.surveys import queries as surveys
from civic.surveys.results import commands


def tell_of_results(services: Services) -> int:
    """Tells some of those who answered that results were published; returns how many."""

    def reply(title: str, survey_id: str, language: str) -> Reply:
        link = f"{services.settings.site}/results/{survey_id}"
        return Reply(text=services.text("surveys-results-shared", language, title=title, link=link))

    with services.sessions.begin() as session:
        return commands.share_back(session, reply, services.clock.now())


def catch_up(services: Services) -> int:
    """Counts completed sessions that nothing counted yet; returns how many."""
    done = 0
    with services.sessions() as session:
        ids = [one.survey.id for one in surveys.published(session)]
    for survey_id in ids:
        more = 1
        while more:
            with services.sessions.begin() as session:
                more = commands.catch_up(session, survey_id)
            done += more
    return done
