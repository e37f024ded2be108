"""What was found, put together."""

from __future__ import annotations

from civic.knowledge.answering.outcomes import Answer, Cited, Status
from civic.knowledge.answering.state import Asking


def conclude(asking: Asking) -> Answer | None:
    """The answer: partly where a part was not found, or conditions stand outside of the quote."""
    cited = distinct([part.cited for part in asking.parts if part.cited is not None])
    missing = tuple(part.text for part in asking.parts if part.cited is None)
    detail = "part" if missing else "conditions" if any(one.conditions for one in cited) else None
    shown = {one.hit.entry for one in cited}
    return Answer(
        Status.ANSWERED_PARTLY if detail else Status.ANSWERED,
        asking.confidence,
        cited=cited,
        missing=missing,
        others=tuple(hit for hit in asking.best.hits if hit.entry not in shown),
        about=cited[0].hit.entry.title,
        detail=detail,
    )


def distinct(cited: list[Cited]) -> tuple[Cited, ...]:
    """The quotes without those that overlap an earlier one."""
    kept: list[Cited] = []
    for one in cited:
        if not any(
            one.hit.entry == other.hit.entry
            and one.quote[0] < other.quote[1]
            and other.quote[0] < one.quote[1]
            for other in kept
        ):
            kept.append(one)
    return tuple(kept)
