"""Choices as people name them: by number, letter, label, other words, and with typing mistakes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from civic.understanding.normal import normal, with_digits, words
from civic.understanding.numbers import interval
from civic.understanding.question import Question
from civic.understanding.types import Given, Reading, Unclear, Unsure
from civic.understanding.vocabulary import Vocabulary

_NUMBER_SIGN = re.compile(r"(?:#|\bno\.?|\bnr\.?|№)\s*(?=\d)")
_ORDINAL = r"(\d{1,2})(?:st|nd|rd|th|[.º°])?"
# One slip away from a short word lies many another word ("are": "rare"): inside a sentence it proves nothing.
SAFE_LENGTH = 6
_MARK = "\0"  # stands where a choice was found


@dataclass
class _Found:
    """What a text says about the choices: certain ones, possible ones, and whether words were left over."""

    sure: list[str] = field(default_factory=list)
    maybe: list[str] = field(default_factory=list)
    unknown: bool = False
    negated: bool = False
    alternatives: bool = False
    quantity: bool = False


def read_choice(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """One choice. `text` is normal. Two possible ones are asked back."""
    forms = _forms(question)
    exact = _exact(text, forms)
    if exact:
        return Given(exact)
    found = _look(question, text, forms, vocabulary)
    candidates = list(dict.fromkeys([*found.sure, *found.maybe]))
    if found.negated or not candidates:
        return Unclear("choice")
    if len(candidates) == 1 and found.sure:
        return Given(candidates[0], read_as=not _plain_index(text))
    return Unsure(tuple(candidates[:4])) if len(candidates) <= 4 else Unclear("one_choice")


def read_choices(question: Question, text: str, vocabulary: Vocabulary) -> Reading:
    """Any number of choices in one sentence. `text` is normal."""
    forms = _forms(question)
    exact = _exact(text, forms)
    if exact:
        return Given((exact,))
    if text in vocabulary.all or with_digits(text, vocabulary.language) == f"all {len(forms)}":
        return Given(tuple(forms), read_as=True)
    found = _look(question, text, forms, vocabulary)
    if found.negated or not (found.sure or found.maybe):
        return Unclear("choices")
    every = {*found.sure, *found.maybe}
    ordered = tuple(name for name in forms if name in every)
    if found.maybe or found.unknown:
        return Unsure((ordered,))
    return Given(ordered, read_as=True)


def _plain_index(text: str) -> bool:
    return re.fullmatch(r"\d{1,2}|[a-z]", text) is not None


def _forms(question: Question) -> dict[str, list[str]]:
    """By choice, everything it may be called."""
    return {option.name: [form for form in map(normal, option.forms) if form] for option in question.options}


def _exact(text: str, forms: dict[str, list[str]]) -> str | None:
    bare = " ".join(words(text))
    found = [
        name for name, own in forms.items() if text in own or bare in (" ".join(words(form)) for form in own)
    ]
    return found[0] if len(found) == 1 else None


def _look(question: Question, text: str, forms: dict[str, list[str]], vocabulary: Vocabulary) -> _Found:
    """Labels first, wherever they stand; then numbers, letters and near spellings in what is left."""
    tokens = words(_NUMBER_SIGN.sub("", text))
    found = _Found()
    tokens = _take_labels(tokens, forms, found)
    quantities = _intervals(question, vocabulary)
    for clause in _clauses(tokens, vocabulary, found):
        said = [token for token in clause if token != _MARK]
        left = [token for token in said if token not in vocabulary.fillers]
        named = _MARK in clause
        if set(left) & vocabulary.negations:
            found.negated = True
        elif not named and _numbered(said, forms, quantities, vocabulary, found):
            continue
        elif left and not _numbered(left, forms, quantities, vocabulary, found):
            near, certain = _nearest({" ".join(said), " ".join(left)}, left, forms, vocabulary)
            if near and certain:
                found.sure += near
            elif near and not named:
                found.maybe += near
            elif not named:
                found.unknown = True
    return found


def _take_labels(tokens: list[str], forms: dict[str, list[str]], found: _Found) -> list[str]:
    by_length = sorted(
        (
            (words(written), name)
            for name, own in forms.items()
            for form in own
            for written in ((form, f"{form}s") if " " in form else (form,))  # "early mornings"
        ),
        key=lambda pair: -len(pair[0]),
    )
    for form, name in by_length:
        size = len(form)
        # A letter or a number that is a form stands for itself only where the text is nothing else.
        if not size or (size == 1 and (len(form[0]) == 1 or form[0].isdigit())):
            continue
        for at in range(len(tokens) - size + 1):
            if tokens[at : at + size] == form:
                if name not in found.sure:
                    found.sure.append(name)
                tokens = [*tokens[:at], _MARK, *tokens[at + size :]]
                break
    return tokens


def _clauses(tokens: Sequence[str], vocabulary: Vocabulary, found: _Found) -> list[list[str]]:
    clauses: list[list[str]] = [[]]
    for token in tokens:
        if token in vocabulary.alternatives:
            found.alternatives = True
            clauses.append([])
        elif token in vocabulary.separators or token in (",", ";", "/", "+", "&", "\n", "|"):
            clauses.append([])
        else:
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]


def _intervals(question: Question, vocabulary: Vocabulary) -> dict[str, tuple[float, float]]:
    """The spans of numbers that the choices stand for, where at least half of them are spans."""
    spans = {
        option.name: span
        for option in question.options
        if (span := interval(normal(option.label), vocabulary))
    }
    return spans if 2 * len(spans) >= len(question.options) else {}


def _numbered(
    left: list[str],
    forms: dict[str, list[str]],
    quantities: dict[str, tuple[float, float]],
    vocabulary: Vocabulary,
    found: _Found,
) -> bool:
    """Whether what is left is nothing but numbers or letters of choices, or a quantity they span."""
    if not left:
        return False
    names = list(forms)
    text = with_digits(
        " ".join(token for token in left if token not in vocabulary.numbering), vocabulary.language
    )
    text = re.sub(r"^(?:the )?" + _ORDINAL + r"(?: 1)?$", r"\1", text)
    parts = text.split()
    plain = [token for token in left if token not in vocabulary.numbering]
    if len(plain) == 1 and plain[0] in vocabulary.last:
        found.maybe.append(names[-1])
        return True
    if len(plain) == 1 and re.fullmatch(r"[a-z]", plain[0]):
        index = ord(plain[0]) - ord("a")
        if index < len(names):
            found.sure.append(names[index])
            return True
        return False
    span = re.fullmatch(r"(\d{1,2})\s+(\S+)\s+(\d{1,2})", text)
    if span and span[2] in vocabulary.to and 1 <= int(span[1]) < int(span[3]) <= len(names):
        found.maybe += names[int(span[1]) - 1 : int(span[3])]
        return True
    if not parts or not all(re.fullmatch(_ORDINAL, part) for part in parts):
        return _quantity(text, quantities, found)
    numbers = [int(re.sub(r"\D", "", part)) for part in parts]
    if quantities and len(numbers) == 1:
        inside = [name for name, (low, high) in quantities.items() if low <= numbers[0] <= high]
        by_index = names[numbers[0] - 1] if 1 <= numbers[0] <= len(names) else None
        if inside and by_index not in (None, inside[0]):
            found.maybe += [inside[0], str(by_index)]
            return True
        if inside:
            found.sure += inside
            return True
    if not all(1 <= number <= len(names) for number in numbers):
        return False
    found.sure += [names[number - 1] for number in numbers if names[number - 1] not in found.sure]
    return True


def _quantity(text: str, quantities: dict[str, tuple[float, float]], found: _Found) -> bool:
    numbers = re.findall(r"(?<![\w.])\d{1,6}(?![\w.])", text)
    if not quantities or len(numbers) != 1:
        return False
    inside = [name for name, (low, high) in quantities.items() if low <= int(numbers[0]) <= high]
    found.sure += inside
    return bool(inside)


def _nearest(
    texts: set[str], left: list[str], forms: dict[str, list[str]], vocabulary: Vocabulary
) -> tuple[list[str], bool]:
    """The choices spelled nearest to one of the texts, and whether it can only be that one."""
    distances: dict[str, int] = {}
    certain: set[str] = set()
    for name, form in ((name, form) for name, own in forms.items() for form in _variants(own, vocabulary)):
        size = len(words(form))
        windows = {" ".join(left[at : at + size]) for at in range(len(left) - size + 1)}
        for window in texts | windows:
            distance = OSA.distance(window, form, score_cutoff=3)
            if window not in texts and distance and len(form) < SAFE_LENGTH:
                continue
            if distance <= _typos(form) + (len(form) > 5 or not _typos(form)):
                if distance < distances.get(name, 99):
                    distances[name] = distance
                    certain.discard(name)
                if distance == distances[name] and distance <= _typos(form):
                    certain.add(name)
    if not distances:
        return [], False
    best = min(distances.values())
    close = [name for name, distance in distances.items() if distance <= best + 1]
    nearest = [name for name in close if distances[name] == best]
    if len(nearest) == 1 and nearest[0] in certain and (best == 0 or len(close) == 1):
        return nearest, True
    return close, False


def _variants(own: list[str], vocabulary: Vocabulary) -> set[str]:
    """The forms, and the forms without the words that say nothing."""
    bare = {" ".join(word for word in words(form) if word not in vocabulary.fillers) for form in own}
    return {*own, *bare} - {""}


def _typos(form: str) -> int:
    """How many slips of the finger leave a word recognisable."""
    return 0 if len(form) < 4 else 1 if len(form) < 8 else 2
