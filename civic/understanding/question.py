"""What must be known of a question to understand an answer to it, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One answer to choose: how it is kept, how it is shown, and everything that people call it."""

    name: str
    label: str
    also: tuple[str, ...] = ()
    # The label in every language: a citizen may answer in another than the one they are asked in.
    labels: tuple[str, ...] = ()

    @property
    def forms(self) -> tuple[str, ...]:
        """Every text that names it."""
        return tuple(dict.fromkeys((self.label, *self.labels, *self.also, self.name.replace("-", " "))))


@dataclass(frozen=True)
class Question:
    """A question of one type; `other` is the option that stands for an answer in the citizen's own words."""

    type: str
    options: tuple[Option, ...] = ()
    required: bool = False
    start: int | float = 1
    end: int | float = 5
    step: int | float = 1
    other: str | None = None
    # The words in which it is asked: "minutes" in them says what "an hour" comes to.
    text: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the options, in their order."""
        return tuple(option.name for option in self.options)
