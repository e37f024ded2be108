"""Whatever anybody sends in whatever order: the engine asks on, and sends nothing that was not agreed to."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from civic.conversation.types import Location
from civic.kit.i18n import load_catalogue
from civic.service_requests import areas, places, rules
from civic.service_requests.intake import engine
from civic.service_requests.intake.state import Heard, Knowing, Report, Step
from civic.service_requests.reading import lexicon
from civic.service_requests.services import load
from civic.service_requests.suggester import Suggester
from tests.fixtures import ROOT

SERVICES = load(ROOT / "content" / "services.yml")
KNOWING = Knowing(
    SERVICES,
    Suggester(SERVICES, None).suggest,
    lexicon(load_catalogue(ROOT / "content" / "locales"), "en"),
    places.load(ROOT / "content" / places.FILE),
    areas.load(ROOT / "content" / areas.FILE),
)
WORDS = (
    "pothole outside 12 Mill Lane",
    "pothole in Brige Street",
    "in Stowbridge",
    "my bin was missed",
    "abandoned car",
    "it is broken",
    "2",
    "yes",
    "no",
    "skip",
    "back",
    "help",
    "repeat",
    "change the place to 3 High Street",
    "change the type to noise",
    "wrong description",
    "my name is Ben",
    "Ben",
    "what does it cost?",
    "😀",
    "gas leak",
    "send it",
    "anonymous",
)
INTENTS = (
    "report_problem",
    "ask_policy",
    "affirm",
    "deny",
    "out_of_scope",
    "talk_to_official",
    "greet",
    "cancel",
)
ANSWERS = (
    "none",
    "group=Parks and trees",
    "noise",
    "skip",
    "anonymous",
    "name",
    "change",
    "send",
    "new",
    "back",
    "receipt",
    "keep",
    "photo",
    "elsewhere",
    "named=Mill Lane",
)
FIELDS = ("description", "type", "place", "photo", "name", "back_to_summary", "food", "go_on", "")

texts = st.builds(
    lambda text, intent, confidence: Heard(text=text, intent=intent, confidence=confidence),
    st.sampled_from(WORDS) | st.text(min_size=1, max_size=12),
    st.sampled_from(INTENTS),
    st.floats(0, 1),
)
presses = st.builds(
    lambda key, answer, stale: Heard(key=None if stale else key, answer=answer, stale=stale, intent="choose"),
    st.sampled_from([str(step) for step in Step] + ["attribute=bin_type", "HERE"]),
    st.sampled_from(ANSWERS + FIELDS),
    st.booleans(),
)
here_or_far = st.sampled_from([Location(lat=51.5, long=-1.25), Location(lat=1, long=2)])
shares = st.builds(
    Heard,
    photo=st.sampled_from(["p1", "p2"]),
    photo_place=st.none() | here_or_far,
    intent=st.just("share_photo"),
) | st.builds(Heard, location=here_or_far, intent=st.just("share_location"))
menus = st.builds(Heard, intent=st.sampled_from(INTENTS))
messages = st.lists(texts | presses | shares | menus, max_size=14)


def here(heard: Heard, report: Report) -> Heard:
    """Half of all taps hit the question that is being asked."""
    return Heard(key=report.key, answer=heard.answer, intent="choose") if heard.key == "HERE" else heard


def agrees(heard: Heard, before: Report) -> bool:
    """Whether this message can be meant as sending what the summary showed."""
    if before.step is Step.NAME and before.name_sends:
        return heard.text is not None
    pressed = heard.key == "summary" and heard.answer in ("send", "anonymous", "receipt")
    return before.step is Step.SUMMARY and (pressed or heard.text is not None)


@settings(max_examples=150, deadline=None)
@given(texts, messages)
def test_nothing_is_sent_without_a_summary_that_was_agreed_to(first: Heard, sequence: list[Heard]) -> None:
    report = engine.begin(first, KNOWING).report
    for raw in sequence:
        before, heard = report, here(raw, report)
        taken = engine.take(before, heard, KNOWING)
        report = taken.report
        assert taken.end not in ("join", "comment", "withdraw"), "nothing of the kind was offered"
        if taken.end in ("file", "file_with_receipt"):
            assert agrees(heard, before)
            assert report.description and KNOWING.service(report) is not None
            assert KNOWING.missing_attribute(report) is None
            assert report.place_settled or SERVICES.get(report.service_code or "").no_place
        if taken.end in ("file", "file_with_receipt", "cancel"):
            return
        assert report.location is None or not KNOWING.areas.outside(report.location.lat, report.location.long)
        assert Report.model_validate(report.model_dump(mode="json")) == report, "what is kept comes back"
        assert len(report.photos) <= rules.MAX_PHOTOS
        if report.step is Step.SUMMARY:
            assert report.description and KNOWING.missing_attribute(report) is None
        if taken.end == "interrupted":
            assert report.key == before.key, "the same question is asked afterwards"


@settings(max_examples=100, deadline=None)
@given(texts, messages)
def test_cancelling_always_works(first: Heard, sequence: list[Heard]) -> None:
    report = engine.begin(first, KNOWING).report
    for raw in sequence:
        taken = engine.take(report, here(raw, report), KNOWING)
        if taken.end in ("file", "file_with_receipt", "cancel"):
            return
        report = taken.report
        assert (
            engine.take(report, Heard(text="Cancel, please", intent="out_of_scope"), KNOWING).end == "cancel"
        )
