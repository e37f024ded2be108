"""What became of imagined people in a survey: who was stuck, left or misunderstood, and the minutes."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

# How fast people read (Brysbaert 2019, Journal of Memory and Language: 238 words a minute of English prose)
# and type on a telephone (Palin et al. 2019, MobileHCI: 36 words a minute). Pressing and
# thinking are guesses of ours.
READ_WORDS_A_MINUTE = 238
TYPED_WORDS_A_MINUTE = 36
SECONDS_A_PRESS = 1.5
SECONDS_TO_THINK = 3.0


@dataclass
class QuestionRehearsed:
    """What became of one question."""

    asked: int = 0
    right: int = 0  # at the first try
    asked_back: int = 0
    not_understood: int = 0
    misunderstood: int = 0  # kept as something else than was meant
    stuck: int = 0
    left: int = 0
    skipped: int = 0
    values: Counter[str] = field(default_factory=Counter)
    failing: Counter[str] = field(default_factory=Counter)


@dataclass
class Rehearsal:
    """The report."""

    respondents: int
    seed: int
    finished: int = 0
    questions: dict[str, QuestionRehearsed] = field(default_factory=lambda: defaultdict(QuestionRehearsed))
    minutes: list[float] = field(default_factory=list)
    never_asked: list[str] = field(default_factory=list)
    never_chosen: list[str] = field(default_factory=list)
    branches: tuple[int, int] = (0, 0)

    @property
    def dead_ends(self) -> list[str]:
        """Questions at which somebody could not go on."""
        return [name for name, one in self.questions.items() if one.stuck]

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        often = quantiles(self.minutes, n=10)[-1] if len(self.minutes) > 1 else None
        return {
            "respondents": self.respondents,
            "seed": self.seed,
            "finished": self.finished,
            "minutes": {
                "median": round(median(self.minutes), 2) if self.minutes else None,
                "p90": round(often, 2) if often is not None else None,
                "assumed": {
                    "read_words_a_minute": READ_WORDS_A_MINUTE,
                    "typed_words_a_minute": TYPED_WORDS_A_MINUTE,
                    "seconds_a_press": SECONDS_A_PRESS,
                    "seconds_to_think": SECONDS_TO_THINK,
                },
            },
            "dead_ends": self.dead_ends,
            "never_asked": self.never_asked,
            "never_chosen": self.never_chosen,
            "branches": {"taken": self.branches[0], "of": self.branches[1]},
            "questions": [
                {
                    "question": name,
                    "asked": one.asked,
                    "right_at_once": one.right,
                    "asked_back": one.asked_back,
                    "not_understood": one.not_understood,
                    "misunderstood": one.misunderstood,
                    "skipped": one.skipped,
                    "left": one.left,
                    "stuck": one.stuck,
                    "failing": [list(pair) for pair in one.failing.most_common(5)],
                }
                for name, one in self.questions.items()
            ],
        }
