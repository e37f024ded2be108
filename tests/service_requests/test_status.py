"""Citizens ask what became of a report: everything of their own, the bare status of others'."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from civic.service_requests import status
from civic.service_requests.models import ServiceRequest
from tests.service_requests.conftest import Teller


def filed(teller: Teller, text: str = "rats behind the library") -> str:
    teller.says(text)
    teller.presses("Send anonymously")
    return str(
        teller.session.scalar(
            select(ServiceRequest.service_request_id).order_by(ServiceRequest.requested_at.desc()).limit(1)
        )
    )


def test_the_own_report_is_shown_in_full(anna: Teller) -> None:
    number = filed(anna)
    heard = anna.asks_status(f"what about {number}")
    assert number in heard and "behind the library" in heard
    assert "received, not yet looked at" in heard and "Expected by" in heard


def test_a_number_is_understood_as_it_is_typed(anna: Teller) -> None:
    number = filed(anna)
    body = number.removeprefix("FM-")
    misread = number.replace("1", "I").replace("0", "O")
    for typed in (number.lower(), f"fm{body}", f"FM {body}", body.lower(), misread):
        assert number in anna.asks_status(f"whats with {typed} please"), typed


def test_somebody_elses_report_shows_its_public_status_only(meet: Callable[..., Teller]) -> None:
    anna, ben = meet("anna"), meet("ben")
    number = filed(anna)
    heard = ben.asks_status(number)
    assert "Rats and other pests" in heard and "received" in heard
    assert "library" not in heard and "Expected" not in heard


def test_an_unknown_number_is_told_kindly(anna: Teller) -> None:
    assert "FM-7K3Q9" in anna.asks_status("fm-7k3q9")
    assert "I know no report" in anna.heard


def test_my_reports_lists_the_own_ones_as_buttons(meet: Callable[..., Teller]) -> None:
    anna, ben = meet("anna"), meet("ben")
    numbers = [filed(anna), filed(anna, "street light out at 5 Bridge Street")]
    other = filed(ben, "broken slide in Victoria Gardens")
    heard = anna.asks_status("my reports")
    assert all(number in heard for number in numbers) and other not in heard
    assert anna.labels == numbers[::-1]
    turn = anna._make(choice=anna.choice(numbers[0]).value, intent="choose")
    assert "behind the library" in status.pressed(anna.session, turn, anna.services).text


def test_a_single_report_is_shown_at_once(anna: Teller) -> None:
    number = filed(anna)
    assert number in anna.asks_status("what happened to my report") and "behind the library" in anna.heard


def test_a_long_list_shows_the_newest(anna: Teller) -> None:
    numbers = [filed(anna, f"rats at {house} Mill Lane") for house in range(1, 11)]
    anna.asks_status("my reports")
    assert anna.labels == numbers[::-1][: status.SHOWN] and "10 reports" in anna.heard


def test_who_reported_nothing_is_told_so(anna: Teller) -> None:
    assert "You have not reported anything from here" in anna.asks_status("my reports")
