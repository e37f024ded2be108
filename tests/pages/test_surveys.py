"""Designers bring a survey from a broken file into force, compare, pause, close and share it, on pages."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from starlette.websockets import WebSocketDisconnect

from actions.surveys import SurveyForm
from civic.accounts.rules import Role
from civic.audit.models import AuditRow
from civic.kit.clock import SettableClock
from civic.kit.services import Services
from civic.surveys import buttons, queries
from civic.surveys.drafts.models import SurveyDraft
from civic.surveys.models import SurveyAnswer, SurveySession
from civic.surveys.publishing import sync
from civic.surveys.rules import Standing
from civic.surveys.sharing import BotName
from tests.office import Talker
from tests.pages.conftest import Desk, DeskOf

SURVEYS = "/officials/surveys"
TalkerOf = Callable[..., Talker]

SURVEY = [
    ["type", "name", "label::English (en)", "label::French (fr)", "relevant", "required"],
    ["select_one parks", "park", "Which park do you visit?", "Quel parc visitez-vous ?", "", "yes"],
    [
        "integer",
        "visits",
        "How often last month?",
        "Combien de fois le mois dernier ?",
        "${park} = 'mill'",
        "yes",
    ],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::French (fr)"],
    ["parks", "mill", "Mill Park", "Parc du Moulin"],
    ["parks", "abbey", "Abbey Gardens", "Jardins de l'abbaye"],
]
SETTINGS = [
    ["form_id", "form_title", "consent", "thanks", "default_language"],
    ["parks", "Our parks", "For the parks team only.", "Thank you!", "English (en)"],
]


def workbook(
    survey: list[list[str]] = SURVEY, choices: list[list[str]] = CHOICES, settings: list[list[str]] = SETTINGS
) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in (("survey", survey), ("choices", choices), ("settings", settings)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(rows: list[list[str]], row: int, column: str, to: str) -> list[list[str]]:
    copy = [list(each) for each in rows]
    copy[row][rows[0].index(column)] = to
    return copy


BROKEN = workbook(changed(SURVEY, 2, "relevant", "${prak} = 'mill'"))


def uploaded(desk: Desk, data: bytes, name: str = "parks.xlsx", at: str = SURVEYS) -> None:
    desk.opens(at)
    fields = {key: value for key, value in desk.form(SURVEYS).form_values() if key != "file"}
    desk.answer = desk.web.post(SURVEYS, data=fields, files={"file": (name, data)})


def published(desk: Desk, data: bytes) -> None:
    uploaded(desk, data)
    desk.sends(f"{desk.path}/publish")
    assert "is published" in desk.text, desk.text


@pytest.fixture
def designer(desk_of: DeskOf) -> Desk:
    return desk_of(Role.DESIGNER)


def test_a_problem_stands_in_the_cell_in_which_it_is_and_the_repaired_file_is_published(
    designer: Desk, services: Services
) -> None:
    uploaded(designer, BROKEN)
    draft = designer.path
    assert "1 mistake" in designer.text and not designer.page.xpath("//form[contains(@action, 'publish')]")
    cell = designer.page.xpath("//tr[@id='row-survey-3']/td[contains(@class, 'error')]")[0]
    assert cell.text.strip() == "${prak} = 'mill'" and "Mistake:" in cell.text_content()
    assert designer.page.xpath("//a[@href='#cell-survey-3-4']")
    uploaded(designer, workbook(), at=draft)
    assert designer.path == draft and "no mistakes" in designer.text
    designer.sends(f"{draft}/publish")
    assert designer.path == f"{SURVEYS}/parks" and "Version 1 is published" in designer.text
    with services.sessions() as session:
        assert "parks" in {one.survey.id for one in queries.open_surveys(session, services.clock.now())}
        assert session.query(SurveyDraft).count() == 0
        tags = [row.tag for row in session.query(AuditRow).order_by(AuditRow.id)]
        assert "official:upload:survey_draft" in tags and "official:publish:survey" in tags


def test_a_text_file_shows_its_lines_and_what_cannot_be_opened_says_so(designer: Desk) -> None:
    uploaded(designer, b"settings:\n  form_id: parks\n  form_titel: Parks\n", "parks.yml")
    line = designer.page.xpath("//tr[@id='row--3']/td")[0]
    assert "form_titel: Parks" in line.text and "Mistake:" in line.text_content()
    uploaded(designer, b"\x00\x01 no workbook", "broken.xlsx")
    assert designer.answer.status_code == 200 and "It could not be opened" in designer.text
    uploaded(designer, b"x", "letter.docx")
    assert "is no survey" in designer.text
    designer.opens(SURVEYS)
    assert designer.text.count("has mistakes") == 3


def test_what_a_new_version_changes_is_told_before_and_after_it_is_published(designer: Desk) -> None:
    published(designer, workbook())
    second = changed(CHOICES, 2, "name", "gardens")
    uploaded(designer, workbook(changed(SURVEY, 2, "required", "no"), second), at=f"{SURVEYS}/parks")
    assert "Publish as version 2" in designer.text
    for expected in ("choice abbey", "choice gardens", "required", "cannot be compared"):
        assert expected in designer.text, expected
    designer.sends(f"{designer.path}/publish")
    designer.opens(f"{SURVEYS}/parks/changes?before=1&after=2")
    assert "choice gardens" in designer.text
    assert "Nothing is different" in (designer.opens(f"{designer.path}?before=2&after=2") and designer.text)


def test_nobody_publishes_what_they_have_not_seen(designer: Desk, desk_of: DeskOf) -> None:
    uploaded(designer, workbook())
    draft = designer.path
    other = desk_of(Role.DESIGNER, "other")
    uploaded(other, workbook(settings=changed(SETTINGS, 1, "form_title", "Parks!")), at=draft)
    designer.sends(f"{draft}/publish")
    assert designer.answer.status_code == 409 and "changed meanwhile" in designer.text
    other.opens(draft)
    other.sends(f"{draft}/publish")
    assert "Version 1 is published" in other.text
    assert designer.opens(draft).status_code == 404


def test_a_survey_is_paused_opened_closed_and_given_a_time(
    designer: Desk, services: Services, clock: SettableClock
) -> None:
    published(designer, workbook())

    def is_open() -> bool:
        with services.sessions() as session:
            found = queries.open_surveys(session, services.clock.now())
            return "parks" in {one.survey.id for one in found}

    page = f"{SURVEYS}/parks"
    designer.sends(f"{page}/pause")
    assert "paused" in designer.text and not is_open()
    designer.sends(f"{page}/resume")
    assert "People can begin now" in designer.text and is_open()
    designer.sends(f"{page}/schedule", opens="2026-07-01T09:00", closes="2026-06-01T09:00")
    assert designer.answer.status_code == 422 and "end before it begins" in designer.text
    designer.opens(page)
    designer.sends(f"{page}/schedule", opens="2026-07-01T09:00", closes="2026-07-08T09:00")
    assert "not open yet" in designer.text and not is_open()
    assert designer.page.xpath("//input[@id='opens']/@value") == ["2026-07-01T09:00"]
    with services.sessions() as session:  # nine o'clock in the town is eight in UTC in summer
        opens = queries.one_published(session, "parks").opens
    assert opens is not None and opens.isoformat() == "2026-07-01T08:00:00+00:00"
    clock.advance(opens - clock.now())
    assert is_open()
    # Forms are good for a working day: a day in July is a new one.
    again = Desk(designer.web)
    again.signs_in("designer", at=f"/officials/sign-in?next={page}")
    again.opens(page)
    again.sends(f"{page}/close")
    assert "It is closed" in again.text and not is_open()


def test_a_survey_can_be_published_for_later_and_keeps_its_times_over_versions(
    designer: Desk, services: Services
) -> None:
    uploaded(designer, workbook())
    draft = designer.path
    designer.sends(f"{draft}/publish", opens="2026-04-01T09:00", closes="yesterday")
    assert designer.answer.status_code == 422 and "Write a day and a time" in designer.text
    assert designer.page.xpath("//input[@id='opens']/@value") == ["2026-04-01T09:00"]
    designer.sends(f"{draft}/publish", opens="2026-04-01T09:00", closes="2026-03-01T09:00")
    assert designer.answer.status_code == 422 and "end before it begins" in designer.text
    designer.sends(f"{draft}/publish", opens="2026-04-01T09:00", closes="")
    assert "not open yet" in designer.text
    uploaded(designer, workbook(changed(SURVEY, 2, "required", "no")), at=f"{SURVEYS}/parks")
    designer.sends(f"{designer.path}/publish")
    assert "version 2" in designer.text and "not open yet" in designer.text


def test_every_way_to_a_survey_is_shown_and_its_file_can_be_downloaded(
    designer: Desk, services: Services
) -> None:
    services.provide(BotName, lambda _: BotName("marlow_bot"))
    published(designer, workbook())
    site = services.settings.site
    assert designer.page.xpath("//input[@id='link']/@value") == [f"{site}/s/parks"]
    assert designer.page.xpath("//input[@id='telegram']/@value") == [
        "https://t.me/marlow_bot?start=survey_parks"
    ]
    assert '<folkmoot-chat survey="parks">' in designer.page.xpath("//textarea[@id='snippet']")[0].text
    assert designer.page.xpath("//*[local-name()='svg'][@class='qr']")
    saved = designer.web.get(f"{SURVEYS}/parks/qr.svg")
    assert saved.headers["content-type"] == "image/svg+xml" and b"<svg" in saved.content
    book = openpyxl.load_workbook(io.BytesIO(designer.web.get(f"{SURVEYS}/parks/survey.xlsx").content))
    assert "Which park do you visit?" in str(list(book["survey"].values))


def test_a_trial_speaks_as_the_chat_does_and_stores_nothing(designer: Desk, services: Services) -> None:
    uploaded(designer, workbook())
    draft = designer.path.rpartition("/")[2]
    trial = f"{SURVEYS}/_trial/{draft}"
    assert "Nothing that you say here is stored" in (designer.opens(f"{trial}/en") and designer.text)
    assert designer.page.xpath("//folkmoot-chat/@server") == [f"{trial}/en"]
    photo = {"file": ("park.jpg", b"a photo", "image/jpeg")}
    for origin, status in (("http://testserver", 201), ("https://elsewhere.example", 403)):
        sent = designer.web.post(f"{trial}/en/chat/attachments", headers={"origin": origin}, files=photo)
        assert sent.status_code == status
    with designer.web.websocket_connect(f"{trial}/fr/chat/socket") as socket:
        socket.send_json({"type": "hello", "language": "en"})
        assert socket.receive_json()["type"] == "session"
        first = socket.receive_json()["messages"][0]
        assert "Our parks" in first["text"]

        def says(**what: Any) -> list[dict[str, Any]]:
            socket.send_json({"type": "message", "message_id": "m", **what})
            assert socket.receive_json()["type"] == "accepted"
            replies: list[dict[str, Any]] = socket.receive_json()["replies"]
            return replies

        asked = says(choice=first["choices"][0]["token"])[0]
        assert "Quel parc" in asked["text"]
        assert "Combien de fois" in says(choice=asked["choices"][0]["token"])[0]["text"]
        end = says(text="3")
        assert (
            "Thank you!" in end[0]["text"]
            and "park: mill" in end[1]["text"]
            and "visits: 3" in end[1]["text"]
        )
        assert "Our parks" in says(choice=end[1]["choices"][0]["token"])[0]["text"]
    with services.sessions() as session:
        assert session.query(SurveySession).count() == session.query(SurveyAnswer).count() == 0


def test_a_trial_is_for_officials_on_their_own_pages_only(designer: Desk, desk_of: DeskOf) -> None:
    uploaded(designer, workbook())
    address = f"{SURVEYS}/_trial/{designer.path.rpartition('/')[2]}/en/chat/socket"
    viewer, stranger = desk_of(Role.VIEWER), Desk(designer.web)
    cases = [(viewer, {}), (stranger, {}), (designer, {"origin": "https://elsewhere.example"})]
    for desk, headers in cases:
        with pytest.raises(WebSocketDisconnect), desk.web.websocket_connect(address, headers=headers):
            pass


def test_what_lies_in_the_folder_is_published_when_somebody_looks(designer: Desk) -> None:
    designer.opens(SURVEYS)
    assert "library-hours.yml published" in designer.text and "Opening hours of the library" in designer.text
    assert "was read" not in (designer.opens(SURVEYS) and designer.text)


def test_who_may_only_read_sees_surveys_and_changes_none(designer: Desk, desk_of: DeskOf) -> None:
    published(designer, workbook())
    viewer = desk_of(Role.VIEWER)
    viewer.opens(SURVEYS)
    assert "Our parks" in viewer.text and "Upload" not in viewer.text
    viewer.opens(f"{SURVEYS}/parks")
    assert not viewer.page.xpath("//main//form")
    token = viewer.form("/officials/sign-out").fields["csrf"]
    for path in ("parks/pause", "parks/close", "parks/schedule"):
        assert viewer.web.post(f"{SURVEYS}/{path}", data={"csrf": token}).status_code == 403
    assert viewer.web.post(SURVEYS, data={"csrf": token}).status_code == 403


def test_two_citizens_answer_what_a_designer_published_one_overnight_and_in_another_language(
    designer: Desk, talker: TalkerOf, services: Services, clock: SettableClock
) -> None:
    published(designer, workbook())
    telegram = talker(SurveyForm, "telegram-1")
    start = {"intent": "start_survey", "choice": buttons.start("parks")}
    assert "For the parks team only." in telegram.sends(**start)
    telegram.presses("Yes, let's begin")
    assert "Which park" in telegram.heard
    telegram.says("pause")
    assert telegram.status == "done"
    # Version 2 comes overnight; in the morning the telephone speaks French.
    second = changed(SURVEY, 1, "label::French (fr)", "Quel est votre parc ?")
    uploaded(designer, workbook(second), at=f"{SURVEYS}/parks")
    designer.sends(f"{designer.path}/publish")
    clock.advance(timedelta(hours=15))
    telegram.language = "fr"
    assert "Quel parc visitez-vous ?" in telegram.sends(**start)
    telegram.presses("Parc du Moulin")
    assert "Combien de fois" in telegram.heard and "Thank you!" in telegram.says("4")
    web = talker(SurveyForm, "web-1")
    web.language = "fr"
    web.sends(**start)
    web.presses("Yes, let's begin")
    assert "Quel est votre parc ?" in web.heard
    web.presses("Jardins de l'abbaye")
    assert "no longer" not in web.heard and "Thank you!" in web.heard
    with services.sessions() as session:
        rows, total = queries.completed(session, "parks")
        assert total == 2 and sorted(row.version for row in rows) == [1, 2]


def test_a_survey_of_the_folder_that_is_taken_over_is_no_longer_changed_by_the_folder(
    designer: Desk, services: Services, tmp_path: Path, now: datetime
) -> None:
    folder = tmp_path / "surveys"
    folder.mkdir()
    file = folder / "parks.xlsx"

    def synced() -> str:
        with services.sessions.begin() as session:
            changes = sync(session, folder, now)
        return "".join(change.outcome for change in changes if change.file == file.name)

    file.write_bytes(workbook())
    assert synced() == "published"
    uploaded(designer, workbook(settings=changed(SETTINGS, 1, "thanks", "Thanks!")))
    assert "no longer by the file in the folder" in designer.text
    designer.sends(f"{designer.path}/publish")
    file.write_bytes(workbook(settings=changed(SETTINGS, 1, "thanks", "Bye!")))
    assert synced() == "broken"
    file.unlink()
    assert synced() == "withdrawn"
    with services.sessions() as session:
        one = queries.one_published(session, "parks")
        assert one.version.number == 2 and one.standing(now) is Standing.OPEN
        assert one.definition.thanks is not None and one.definition.thanks.in_language("en") == "Thanks!"
