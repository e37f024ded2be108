"""Reads what citizens type: commands, the part to change, the place. Its words come from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from civic.kit.i18n import Catalogue
from civic.service_requests.services import ServiceAttribute
from civic.understanding import Vocabulary, vocabulary

COMMANDS = ("cancel", "help", "repeat", "back", "skip", "yes", "no", "anonymous", "send", "new")
FIELDS = ("description", "type", "place", "photo", "name")
WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
ALIKE = 86


@dataclass(frozen=True)
class Lexicon:
    """The words of one language by which a citizen steers the talk or names a place."""

    commands: dict[str, frozenset[str]]
    fields: dict[str, frozenset[str]]
    polite: frozenset[str]
    bare: frozenset[str]
    change: frozenset[str]
    before_place: tuple[str, ...]
    plain_before_place: frozenset[str]
    streets: frozenset[str]
    landmarks: frozenset[str]
    named_landmarks: frozenset[str]
    no_name: frozenset[str]
    joining: frozenset[str]
    withdraw: frozenset[str]
    comment: tuple[str, ...]
    ordinals: tuple[frozenset[str], ...]
    name_openings: tuple[str, ...]
    before_question: frozenset[str]
    questions: tuple[str, ...]
    # The words by which answers to extra questions are understood.
    answers: Vocabulary

    def command(self, text: str) -> str | None:
        """The command that the whole text is, e.g. `cancel` for "Stop it, please"."""
        said = _without(self.polite, text)
        return next((name for name in COMMANDS if said in self.commands[name]), None)

    def is_bare(self, text: str) -> bool:
        """Whether the text only says that something shall be reported, and not what."""
        return all(word in self.bare for word in _words(text))

    def field_to_change(self, text: str) -> tuple[str, str | None] | None:
        """The part that the text wants changed, and to what, e.g. ("place", "14 Mill Lane")."""
        words = _words(text)
        for field in FIELDS:
            named = [word for word in words if word in self.fields[field]]
            value = self._new_value(text, named[0]) if named else None
            if named and (value or len(words) <= 3 or self.change & set(words)):
                return field, value
        return None

    def says_change(self, text: str) -> bool:
        """Whether a word of changing is in the text."""
        return bool(self.change & set(_words(text)))

    def asks(self, text: str) -> bool:
        """Whether the text ends as a question, or begins as one: on phones the mark is left out."""
        words = _words(text)
        while words and words[0] in self.before_question:
            del words[0]
        said = f"{' '.join(words)} "
        return text.rstrip().endswith("?") or any(said.startswith(f"{one} ") for one in self.questions)

    def wants_withdrawal(self, text: str) -> bool:
        """Whether the text wants a report taken back."""
        return bool(self.withdraw & set(_words(text)))

    def wants_comment(self, text: str) -> bool:
        """Whether the text wants to add something to a report."""
        said = f" {' '.join(_words(text))} "
        return any(f" {opening} " in said for opening in self.comment)

    def _new_value(self, text: str, field_word: str) -> str | None:
        joining = "|".join(re.escape(word) for word in sorted(self.joining, key=len, reverse=True))
        after = re.search(
            rf"\b{re.escape(field_word)}\b(?:\s+(?:{joining})\s|\s*:)\s*(.+)$",
            text,
            re.IGNORECASE | re.DOTALL,
        )
        value = after.group(1).strip(" .\"'") if after else ""
        # "the place is wrong" names no new place.
        return value if value and not set(_words(value)) <= self.change | self.bare else None

    def ordinal(self, text: str) -> int | None:
        """The position that a text names ("2", "the second one"), counted from 0."""
        words = [word for word in _words(text) if word not in self.polite]
        positions = [self._position(word) for word in words]
        # In the order of the text: "the second one" is the second. "The food one" is no position at all.
        return positions[0] if positions and None not in positions else None

    def _position(self, word: str) -> int | None:
        return next((index for index, names in enumerate(self.ordinals) if word in names), None)

    def own_name(self, text: str) -> str:
        """The name without what people put in front of it, e.g. "my name is"."""
        for opening in self.name_openings:
            if text.lower().startswith(opening + " "):
                return text[len(opening) :].strip(" .,:!")
        return text.strip(" .,:!")


def _without(polite: frozenset[str], text: str) -> str:
    """The words of a text without "please" and the like, unless nothing else is left."""
    words = _words(text)
    return " ".join(word for word in words if word not in polite) or " ".join(words)


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


@lru_cache(maxsize=16)
def lexicon(catalogue: Catalogue, language: str) -> Lexicon:
    """The words of a language, from its catalogue."""

    def listed(name: str) -> list[str]:
        text = catalogue.text(f"service-requests-words-{name}", language)
        return [" ".join(part.split()).lower() for part in text.split(",") if part.strip()]

    polite = frozenset(listed("polite"))
    return Lexicon(
        commands={name: frozenset(_without(polite, said) for said in listed(name)) for name in COMMANDS},
        fields={name: frozenset(listed(f"field-{name}")) for name in FIELDS},
        polite=polite,
        bare=frozenset(listed("bare")),
        change=frozenset(listed("change")),
        before_place=tuple(sorted(listed("before-place"), key=len, reverse=True)),
        plain_before_place=frozenset(listed("plain-before-place")),
        streets=frozenset(listed("streets")),
        landmarks=frozenset(listed("landmarks")),
        named_landmarks=frozenset(listed("named-landmarks")),
        no_name=frozenset(listed("no-name")),
        joining=frozenset(listed("joining")),
        withdraw=frozenset(listed("withdraw")),
        comment=tuple(listed("comment")),
        ordinals=tuple(frozenset(part.split()) for part in listed("ordinals")),
        before_question=frozenset(listed("before-question")),
        questions=tuple(listed("questions")),
        name_openings=tuple(sorted(listed("name-openings"), key=len, reverse=True)),
        answers=vocabulary(catalogue, language),
    )


# ------------------------------------------------------------------------------------------------ places


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int

    @property
    def low(self) -> str:
        return self.text.lower().replace("’", "'")

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def number(self) -> bool:
        return self.text[0].isdigit()


LONGEST_NAME = 4
JOINS = frozenset({"and", "&", "/", "and the"})


def find_place(text: str, words: Lexicon) -> str | None:
    """The place that a sentence mentions, e.g. "outside 12 Mill Lane"; None when it names none clearly."""
    tokens = [_Token(found.group(), found.start(), found.end()) for found in WORD.finditer(text)]
    spans = [span for index in range(len(tokens)) if (span := _name_ending_at(text, tokens, index, words))]
    if not spans:
        return None
    first, last = spans[0]
    for start, end in spans[1:]:
        # "Mill Lane" has a mill and a lane in it; "Mill Lane and High Street" is one place, too: a corner.
        between = text[tokens[last].end : tokens[start].start].strip().lower()
        if start <= last:
            first, last = min(first, start), end
        elif between in JOINS:
            last = end
    if last + 1 < len(tokens) and tokens[last + 1].number and tokens[last].low in words.streets:
        # "Mill Lane 12", but not "Mill Lane 3 days ago".
        after = text[tokens[last + 1].end :].strip()
        if (not after or after[0] in ",.;") and not text[tokens[last].end : tokens[last + 1].start].strip():
            last += 1
    return text[_with_preposition(tokens, first, words) : tokens[last].end]


def _name_ending_at(text: str, tokens: Sequence[_Token], end: int, words: Lexicon) -> tuple[int, int] | None:
    noun = tokens[end].low
    pair = f"{tokens[end - 1].low} {noun}" if end else ""
    street = noun in words.streets
    landmark_start = end - 1 if pair in words.landmarks | words.named_landmarks else end
    kind = pair if landmark_start < end else noun
    if not street and kind not in words.landmarks | words.named_landmarks:
        return None
    start = landmark_start
    while start > 0 and end - start < LONGEST_NAME:
        before = tokens[start - 1]
        apart = text[before.end : tokens[start].start].strip(" .'’")
        if apart or before.low in words.no_name or _ends_preposition(tokens, start - 1, words):
            break
        start -= 1
        if before.number:
            break
    named = landmark_start - start
    numbered = tokens[start].number and start < end
    led = _preposition_before(tokens, start, words) is not None
    if numbered and street and end - start >= 1:
        return start, end
    proper = [token for token in tokens[start:landmark_start] if token.capital]
    if proper and tokens[start:landmark_start][-1].capital:
        while not tokens[start].capital:
            start += 1
        return start, end
    if kind == pair and pair in words.landmarks and tokens[end].capital:
        return start, end  # "High Street", "Town Hall": a name even without a preposition
    if not led or (not named and kind not in words.landmarks):
        return None
    return start, end


def _ends_preposition(tokens: Sequence[_Token], index: int, words: Lexicon) -> bool:
    return _preposition_before(tokens, index + 1, words, articles=False) is not None


def _preposition_before(
    tokens: Sequence[_Token], start: int, words: Lexicon, *, articles: bool = True
) -> tuple[int, str] | None:
    """The preposition in front of a position, and where it begins; an article may stand in between."""
    index = start
    while articles and index > 0 and tokens[index - 1].low in ARTICLES:
        index -= 1
    for phrase in words.before_place:
        parts = phrase.split()
        if index >= len(parts) and [token.low for token in tokens[index - len(parts) : index]] == parts:
            return index - len(parts), phrase
    return None


ARTICLES = frozenset({"the", "number", "no", "nr", "no."})


def _with_preposition(tokens: Sequence[_Token], start: int, words: Lexicon) -> int:
    found = _preposition_before(tokens, start, words)
    if found is None:
        return tokens[start].start
    index, phrase = found
    if phrase not in words.plain_before_place:
        return tokens[index].start
    # "in the library": the preposition adds nothing, the article reads better.
    return tokens[start - 1].start if tokens[start - 1].low == "the" else tokens[start].start


# ---------------------------------------------------------------------------------------------- answers


def closest(text: str, labels: Sequence[str]) -> int | None:
    """Which of the labels a text means: the same words, a part of them, or nearly the same letters."""
    said = " ".join(_words(text))
    if not said:
        return None
    plain = [" ".join(_words(label)) for label in labels]
    if said in plain:
        return plain.index(said)
    inside = [index for index, label in enumerate(plain) if re.search(rf"\b{re.escape(said)}\b", label)]
    if len(inside) == 1 and len(said) >= 3:
        return inside[0]
    within = [index for index, label in enumerate(plain) if re.search(rf"\b{re.escape(label)}\b", said)]
    if len(within) == 1:
        return within[0]
    best = process.extractOne(said, plain, scorer=fuzz.ratio, score_cutoff=ALIKE)
    return int(best[2]) if best else None


def answer_in(text: str, attribute: ServiceAttribute) -> str | None:
    """The answer to an extra question that a text already gives, or None when it gives none or several."""
    if attribute.found_by:
        found = re.search(attribute.found_by, text)
        return found.group().strip() if found else None
    said = f" {' '.join(_words(text))} "
    keys = {
        value.key
        for value in attribute.values
        for word in (value.name, *value.words)
        if f" {' '.join(_words(word))} " in said
    }
    return keys.pop() if len(keys) == 1 else None
