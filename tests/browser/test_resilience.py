"""Bad networks, quick fingers, reloads: nothing is lost and nothing is sent twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Route, WebSocket, WebSocketRoute, expect

from bot.webchat.sessions import CHANNEL, address_of
from civic.conversation import commands, queries
from civic.conversation.types import Reply
from civic.kit.clock import SystemClock
from civic.kit.db import make_engine, make_sessions
from tests.browser.chat import PATIENCE, Chat
from tests.browser.conftest import OpenChat
from tests.stack import Stack

Picture = Callable[[Page, str], Path]


def session_of(chat: Chat) -> str:
    """The session that the browser keeps."""
    kept = "Object.entries(localStorage).find(([key]) => key.startsWith('folkmoot:'))[1]"
    return str(chat.page.evaluate(kept))


def push(stack: Stack, chat: Chat, *texts: str) -> None:
    """What another process does when an official answers."""
    session = session_of(chat)
    engine = make_engine(f"sqlite:///{stack.home / 'folkmoot.db'}")
    with make_sessions(engine)() as db:
        conversation = queries.conversation_at(db, CHANNEL, address_of(session))
        assert conversation is not None
        replies = [Reply(text=text) for text in texts]
        commands.append(db, conversation.id, replies, now=SystemClock().now())
        db.commit()
    engine.dispose()


def test_a_double_press_sends_once(chat: Chat) -> None:
    chat.say("hello")
    button = chat.choices.first
    label = button.inner_text().strip()
    before = chat.answers.count()
    button.dblclick(force=True)
    chat.answered(before)
    expect(chat.own.filter(has_text=label)).to_have_count(1)
    assert label not in chat.labels() or chat.choices.count() != 3


def test_a_reload_shows_the_same_conversation(chat: Chat) -> None:
    chat.say("hello")
    chat.press(chat.labels()[-1])
    before = (chat.own.all_inner_texts(), chat.answers.all_inner_texts(), chat.labels())
    chat.page.reload()
    chat.page.wait_for_selector("folkmoot-chat[data-loaded]", state="attached")
    expect(chat.answers).to_have_count(len(before[1]))
    assert (chat.own.all_inner_texts(), chat.answers.all_inner_texts(), chat.labels()) == before
    chat.say("cancel")


def test_a_message_written_offline_is_sent_when_the_network_is_back(
    open_chat: OpenChat, picture: Picture
) -> None:
    chat = open_chat("phone")
    chat.say("hello")
    session = session_of(chat)
    sent: list[str] = []

    def watch(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(str(frame)))

    chat.page.on("websocket", watch)
    network: BrowserContext = chat.page.context
    network.set_offline(True)
    expect(chat.page.get_by_text("You are offline")).to_be_visible()
    before = chat.answers.count()
    chat.box.fill("thank you")
    chat.box.press("Enter")
    expect(chat.own.last).to_contain_text("Will be sent when you are connected")
    picture(chat.page, "offline-phone")
    network.set_offline(False)
    chat.answered(before)
    expect(chat.page.get_by_text("You are offline")).to_be_hidden()
    expect(chat.own.last).not_to_contain_text("Will be sent")
    expect(chat.own).to_have_count(2)
    assert session_of(chat) == session
    assert '"since":1' in sent[0]


def test_a_connection_cut_in_the_middle_of_a_turn_loses_nothing(open_chat: OpenChat) -> None:
    sockets: list[WebSocketRoute] = []
    chat = open_chat(path="/embed-example")

    def through(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        server = socket.connect_to_server()

        def cut_after_the_message(message: str | bytes) -> None:
            server.send(message)
            if len(sockets) == 1 and '"type":"message"' in str(message):
                socket.close()

        socket.on_message(cut_after_the_message)

    chat.page.route_web_socket("**/chat/socket*", through)
    chat.page.get_by_role("button", name="Ask Marlow Vale").click()
    chat.box.fill("hello")
    chat.box.press("Enter")
    chat.answered(0)
    assert len(sockets) == 2
    expect(chat.own).to_have_count(1)
    expect(chat.answers).to_have_count(1)


def test_without_a_socket_plain_requests_do(open_chat: OpenChat, stack: Stack) -> None:
    chat = open_chat(path="/embed-example")
    posted: list[str] = []
    chat.page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    chat.page.route_web_socket("**/chat/socket*", lambda socket: socket.close())
    chat.page.get_by_role("button", name="Ask Marlow Vale").click()
    chat.say("hello")
    chat.press(chat.labels()[-1])
    assert len([url for url in posted if url.endswith("/chat/messages")]) == 2
    push(stack, chat, "We have repaired it.")
    expect(chat.page.get_by_text("We have repaired it.")).to_be_visible(timeout=PATIENCE)


def test_a_message_that_was_refused_can_be_tried_again(open_chat: OpenChat) -> None:
    chat = open_chat(path="/embed-example")
    refused = False

    def refuse_once(route: Route) -> None:
        nonlocal refused
        if route.request.method == "POST" and not refused:
            refused = True
            problem = {"title": "Too many", "status": 429, "detail": "That was very fast."}
            route.fulfill(status=429, json=problem)
        else:
            route.continue_()

    chat.page.route_web_socket("**/chat/socket*", lambda socket: socket.close())
    chat.page.route("**/chat/messages*", refuse_once)
    chat.page.get_by_role("button", name="Ask Marlow Vale").click()
    chat.box.fill("hello")
    chat.box.press("Enter")
    expect(chat.own.first).to_contain_text("That was very fast.", timeout=PATIENCE)
    chat.page.get_by_role("button", name="Try again").click()
    chat.answered(0)
    expect(chat.own).to_have_count(1)
    expect(chat.own.first).not_to_contain_text("That was very fast.")


def test_who_reads_further_up_is_told_of_new_messages_and_not_moved(
    open_chat: OpenChat, stack: Stack, picture: Picture
) -> None:
    chat = open_chat("phone")
    for _ in range(6):
        chat.say("hello")
    log = chat.page.locator("folkmoot-chat .log")
    log.evaluate("log => log.scrollTo(0, 0)")
    push(stack, chat, "The lamp in Mill Lane is repaired.")
    jump = chat.page.get_by_role("button", name="New messages")
    expect(jump).to_be_visible()
    assert log.evaluate("log => log.scrollTop") == 0
    picture(chat.page, "new-messages-phone")
    jump.click()
    expect(chat.page.get_by_text("The lamp in Mill Lane is repaired.")).to_be_in_viewport()
    expect(jump).to_be_hidden()


def test_a_closed_chat_tells_of_new_messages_on_its_button(open_chat: OpenChat, stack: Stack) -> None:
    chat = open_chat(path="/embed-example")
    chat.page.get_by_role("button", name="Ask Marlow Vale").click()
    chat.say("hello")
    chat.page.keyboard.press("Escape")
    push(stack, chat, "We have repaired it.")
    button = chat.page.get_by_role("button", name="New messages: 1")
    expect(button).to_be_visible()
    button.click()
    expect(chat.page.get_by_text("We have repaired it.")).to_be_visible()
