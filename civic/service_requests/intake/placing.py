"""Where it is: words that become a point, places that are offered, and what lies outside the town."""

from __future__ import annotations

import re

from civic.conversation.types import Location
from civic.service_requests import rules
from civic.service_requests.intake.state import Heard, Knowing, Report, Said, Taken
from civic.service_requests.places import Place
from civic.service_requests.reading import closest, find_place

HOUSE_NUMBER = re.compile(r"\b\d{1,4}[a-zA-Z]?\b")


def with_address(
    report: Report, address: str, knowing: Knowing, *, asked: bool = False
) -> tuple[Report, list[Said]]:
    """The report with a place in words, and its point where the list of places knows it.

    A slip is asked about; where the place was `asked` for, so is whatever looks like a known one.
    """
    told = report.with_(address=address, place_settled=True, places_offered=(), unclear=0)
    if report.location is not None and report.point_from != "named":
        return told, []
    told = told.with_(location=None, point_from="")
    known = knowing.places.named_in(address)
    if known is None:
        alike = knowing.places.nearly_named_in(address) if asked else knowing.places.misspelt_in(address)
        if alike:
            return told.with_(place_settled=False, places_offered=tuple(place.name for place in alike)), []
        return told, []
    return at_known_place(told, known, knowing)


def at_known_place(report: Report, place: Place, knowing: Knowing) -> tuple[Report, list[Said]]:
    """The report at a place of the list; one outside the municipality is said, and not taken."""
    if knowing.areas.outside(place.lat, place.long):
        return report.with_(address=None, place_settled=False, places_offered=()), [Said("outside")]
    point = Location(lat=place.lat, long=place.long)
    return report.with_(location=point, point_from="named", place_settled=True, places_offered=()), []


def typed_place(
    report: Report, text: str, command: str | None, heard: Heard, knowing: Knowing
) -> Taken | None:
    """Takes words as the place, as one of the offered ones, or as leaving it out."""
    offered = report.places_offered
    if offered:
        position = knowing.words.ordinal(text)
        if position is None or position >= len(offered):
            position = 0 if command == "yes" and len(offered) == 1 else closest(text, offered)
        if position is not None:
            return pressed_place(report, f"named={offered[position]}", knowing)
        if command in ("skip", "no"):
            return pressed_place(report, "keep", knowing)
    elif report.photo_place and command == "yes":
        return pressed_place(report, "photo", knowing)
    elif report.photo_place and command == "no":
        return Taken(report.with_(photo_place=None))
    if command in ("skip", "no"):
        return Taken(report.with_(place_settled=True, unclear=0))
    if command in ("yes", "send", "new", "anonymous"):
        return None
    if len(text) > rules.MAX_ADDRESS:
        return Taken(report, (Said("cut-place", {"limit": rules.MAX_ADDRESS}),))
    within = find_place(text, knowing.words)
    asks = text.endswith("?") or (heard.intent == "ask_policy" and knowing.words.asks(text))
    if within is None and asks and not _names_one(text, knowing):
        return None  # "is anyone coming today?"
    if within is not None and any(knowing.words.command(start) == "no" for start in _starts(text)):
        text = within  # "no wait, it's the one at Station Road"
    address = knowing.words.own_name(text)
    first, _, rest = address.partition(" ")
    if rest and first.lower() in knowing.words.plain_before_place:
        address = rest
    if not report.unclear and not any(character.isalpha() for character in address):
        return None
    report, said = with_address(report, address, knowing, asked=True)
    return Taken(report, tuple(said))


def place_alone(report: Report, text: str, knowing: Knowing) -> Taken | None:
    """Takes a message that is nothing but a known place, before anybody asked for one; None for others."""
    named = HOUSE_NUMBER.sub("", text).strip(" ,.")
    known = knowing.places.named(named)
    if known is None or report.place_settled:
        return None
    placed, said = with_address(report, text, knowing)
    return Taken(placed, tuple(said or [Said("kept-place")]))


def _starts(text: str) -> tuple[str, str]:
    words = text.replace(",", " ").split()
    return words[0], " ".join(words[:2])


def _names_one(text: str, knowing: Knowing) -> bool:
    return knowing.places.named_in(text) is not None or HOUSE_NUMBER.search(text) is not None


def pressed_place(report: Report, answer: str, knowing: Knowing) -> Taken:
    """Takes a button of the place question."""
    name = answer.removeprefix("named=")
    known = knowing.places.named(name) if name != answer else None
    if known is not None and report.address is not None:
        number = HOUSE_NUMBER.search(report.address)
        address = f"{number.group()} {known.name}" if number else known.name
        report, said = at_known_place(report.with_(address=address, unclear=0), known, knowing)
        return Taken(report, tuple(said))
    if answer == "photo" and report.photo_place:
        place = {"location": report.photo_place, "point_from": "photo", "photo_place": None}
        return Taken(report.with_(place_settled=True, unclear=0, **place))
    if answer == "elsewhere":
        return Taken(report.with_(photo_place=None))
    return Taken(report.with_(place_settled=True, places_offered=(), photo_place=None, unclear=0))
