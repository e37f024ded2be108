"""A question goes to the town hall and comes back, and the next citizen gets the answer at once."""

from __future__ import annotations

from collections.abc import Callable

from tests.people import Citizen, OfficialAtWork

ANSWER = "Yes. Llamas may be led on the promenade from October to March, on a lead of at most two metres."


def test_a_question_passed_on_is_answered_and_then_known(
    somebody: Callable[[], Citizen], official: OfficialAtWork
) -> None:
    citizen = somebody()
    citizen.says("May I walk my llama along the promenade?")
    citizen.presses("Pass my question on")
    assert "passed your question on" in citizen.heard
    (item,) = [item for item in official.gets("/questions")["items"] if "my llama" in item["text"]]
    public = {"question": "May llamas be walked on the promenade?", "section": "Parks and Open Spaces"}
    given = official.http.post(f"/questions/{item['id']}/answer", json={"text": ANSWER, "public": public})
    assert given.status_code == 201, given.text
    assert "on a lead of at most two metres" in citizen.waits_for("council's staff answer")

    done = official.http.post(f"/answers/{given.json()['id']}/decision", json={"approved": True})
    assert done.status_code == 200, done.text
    other = somebody()
    other.says("can llamas go on the promenade?")
    assert "October to March" in str(other.citations), other.heard
    assert other.citations[0]["title"] == public["question"]
    page = other.http.get(other.citations[0]["url"]).text
    assert "<mark>" in page and "my llama" not in page
