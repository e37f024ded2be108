"""A survey's link into Telegram, as the officials' pages show it, begins that survey."""

from __future__ import annotations

from civic.kit.services import Services
from civic.surveys.sharing import BotName, ways_to
from tests.fakes.telegram_api import FakeTelegram
from tests.telegram.conftest import Channel, Dialogue


def test_the_link_that_pages_show_begins_the_survey(
    channel: Channel, channel_services: Services, dialogue: Dialogue, telegram: FakeTelegram, chat: int
) -> None:
    assert (
        ways_to(Services(channel_services.settings, engine=channel_services.engine), "parks").telegram is None
    )
    telegram.say(chat, "hello")
    telegram.wait_for(chat, "You said hello")
    link = ways_to(channel_services, "parks").telegram
    assert link is not None and link.startswith(f"https://t.me/{channel_services.get(BotName).name}?start=")
    telegram.say(chat, "/start " + link.partition("?start=")[2])
    telegram.wait_for(chat, "You said start_survey")
    assert dialogue.asked[-1]["metadata"]["choice"] == "survey:start:parks"
