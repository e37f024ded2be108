"""What in a text is personal data, where it stands, and the text without it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban, luhn

from civic.kit.personal_data.identity import identity_numbers

# One word of each kind is put where the data stood; the catalogue names it as `personal-data-<kind>`.
KINDS = ("email", "phone", "iban", "card", "identity")


@dataclass(frozen=True)
class Find:
    """One piece of personal data and where it stands."""

    kind: str
    start: int
    end: int


# Written out so that no machine should read it, an address is one all the same.
_SIGN = r"(?:\s?@|\s?\(at\)|\s?\[at\]|\s+at\s+(?=[\w-]+\s+dot\s))\s?"
_DOT = r"(?:\.|\s?\(dot\)\s?|\s?\[dot\]\s?|\s+dot\s+)"
_NO_NAME = r"(?!(?:look|us|me|is|are|it|you|him|her|them) at )"
_EMAIL = re.compile(
    rf"(?<![\w.+-]){_NO_NAME}[\w.+%'-]{{1,64}}{_SIGN}(?:[\w-]{{1,63}}{_DOT}){{1,4}}[a-z]{{2,24}}(?![\w@])",
    re.IGNORECASE,
)
_AT = re.compile(r"\bat\b.*\bdot\b|[(\[]at[)\]]", re.IGNORECASE)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){3,8}(?![A-Z0-9])", re.IGNORECASE)
_CARD = re.compile(r"(?<![\d-])(?:[3-6]\d{3})[ -]?(?:\d{4}[ -]?\d{4}[ -]?\d{3,7}|\d{6}[ -]?\d{4,5})(?![\d-])")
_SORT_CODE = re.compile(r"(?<!\d)\d{2}-\d{2}-\d{2}[ ,;]{1,3}(?:\w+ ){0,4}\d{8}(?!\d)")
_ACCOUNT = re.compile(r"\baccount (?:no\.?|number|nr)?\s*(?:is|:)?\s*(\d{7,10})(?!\d)", re.IGNORECASE)
# Seven and more digits after words with which people give their number, whatever the numbering plan says.
_GIVEN = re.compile(
    r"\b(?:(?:call|ring|phone|text|reach|contact|whatsapp|get) me(?: back)?(?: please)?(?: on| at| under|:)?|"
    r"my (?:\w+ )?(?:number|mobile|phone|mob|tel|telephone|cell|whatsapp|landline)(?: (?:no|number|nr)\.?)?"
    r"(?: is|:|,)?|(?:\btel|\bmob|\bphone|\bmobile)(?:\.|:))\s*"
    r"(\+?(?:[\s().-]?\d){6,15})(?!\d|\s?%)",
    re.IGNORECASE,
)
_LOOKS_DIALLED = re.compile(r"^(?:\+|00|\(?0)")
_ENOUGH_DIGITS = 10


def find(text: str, region: str = "GB", own: Collection[str] = ()) -> list[Find]:
    """All personal data in a text, in order; `own` are numbers and addresses that the town publishes."""
    # Nearly every message ends here: it has no digit and no address.
    if not any(sign.isdigit() or sign == "@" for sign in text) and not _AT.search(text):
        return []
    published = {_plain(one) for one in own}
    found: list[Find] = []
    for look in (_emails, _ibans, _cards, _identities(region), _phones(region), _accounts):
        for one in look(text):
            if all(one.end <= other.start or one.start >= other.end for other in found):
                found.append(one)
    kept = (one for one in found if _plain(text[one.start : one.end]) not in published)
    return sorted(kept, key=lambda one: one.start)


def redact(text: str, found: Iterable[Find], word: Callable[[str], str]) -> str:
    """The text with each find replaced by the word for its kind, in brackets."""
    for one in sorted(found, key=lambda each: -each.start):
        text = f"{text[: one.start]}[{word(one.kind)}]{text[one.end :]}"
    return text


def _emails(text: str) -> Iterator[Find]:
    yield from (Find("email", *match.span()) for match in _EMAIL.finditer(text))


def _ibans(text: str) -> Iterator[Find]:
    for match in _IBAN.finditer(text):
        # The words after it may look like its last groups: the longest piece that checks out counts.
        ends = [at for at in range(len(match.group()), 14, -1) if match.group()[at - 1].isalnum()]
        end = next((at for at in ends if iban.is_valid(match.group()[:at])), None)
        if end is not None:
            yield Find("iban", match.start(), match.start() + end)


def _cards(text: str) -> Iterator[Find]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if 13 <= len(digits) <= 19 and luhn.is_valid(digits):
            yield Find("card", *match.span())


def _accounts(text: str) -> Iterator[Find]:
    for match in (*_SORT_CODE.finditer(text), *_ACCOUNT.finditer(text)):
        yield Find("iban", *match.span(match.lastindex or 0))


def _identities(region: str) -> Callable[[str], Iterator[Find]]:
    def look(text: str) -> Iterator[Find]:
        yield from (Find("identity", start, end) for start, end in identity_numbers(text, region))

    return look


def _phones(region: str) -> Callable[[str], Iterator[Find]]:
    def look(text: str) -> Iterator[Find]:
        for match in PhoneNumberMatcher(text, region, leniency=Leniency.POSSIBLE):
            digits = re.sub(r"\D", "", match.raw_string)
            # Without a leading 0 or + ten digits are as likely a reference or a sum.
            if len(digits) >= _ENOUGH_DIGITS and _LOOKS_DIALLED.match(match.raw_string):
                yield Find("phone", match.start, match.end)
        for given in _GIVEN.finditer(text):
            yield Find("phone", *given.span(1))

    return look


def _plain(text: str) -> str:
    """A number by its digits, an address in lower case: however it was typed."""
    if "@" in text:
        return text.strip().lower()
    return re.sub(r"\D", "", text)
