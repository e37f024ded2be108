"""Two acts in one message: a question about rules, and a complaint that something went wrong.

"What are the bin days, mine was not collected": the question is answered and the report is offered;
"my bin was not collected, when is the next round?" starts the report, and the question is answered first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from civic.service_requests.suggester import Suggestion

# Where one clause ends and the next begins.
_JOINS = r"and|but|because|as|since|cos|so"
_OPENS = (
    r"by the way|i|we|my|our|mine|it|they|the|there|nobody|no one|how|what|when|where|why|who|can|do|is|are"
)
_BETWEEN = re.compile(
    rf"(?<=[.!?;])\s+|\s*[,;–—]\s+|\s+-\s+|\s+(?:{_JOINS})\s+(?=(?:{_OPENS})\b)", re.IGNORECASE
)
_POLITE = r"hi|hello|please|so|and|but|also|good \w+|ok|sorry|excuse me"
_ASKING = (
    r"how|what|whats|what's|when|where|who|which|why|can|could|do|does|did|is|are|am|may|must|should|will|"
    r"tell me|i (?:want|need|would like) to know"
)
_ASKS = re.compile(rf"^\W*(?:(?:{_POLITE})\W+)*(?:{_ASKING})\b", re.IGNORECASE)


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# What happened to somebody, or is the matter: the sign of a complaint rather than of a question about rules.
_HAPPENED = _any_of(
    r"\b(?:was|were|has|have|had|is|are|did|does|do|still|been)(?:n't|nt| not)\b",
    r"\b(?:never|nobody|no one|none|again|still|too loud|all night|every night|full of)\b",
    r"\b(?:missed|late|broken|broke|blocked|overflow(?:ing|s)|dirty|filthy|dumped|smashed|stuck|ignored)\b",
    r"\b(?:forgot|forgotten|skipped|damaged|leak(?:ing|s)|flicker(?:ing|s)|stinks|disgusting|disgrace)\b",
    r"\b(?:waited|waiting|stopped|knocked|overgrown|unsafe|dangerous|fell|dead|ruined|vandalised)\b",
    r"\b(?:cancelled|rude|wrong)\b",
    r"\b(?:for|since) (?:\w+ )?(?:hours?|days?|weeks?|months?|yesterday)\b",
    r"\b(?:for|since) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
)
# A wish, a plan, a circumstance of one's own is no complaint, nor is what depends on an "if".
_MATTER = r"waited|waiting|broken|missed|blocked|ignored|rude|late|again|all night|every night|been playing"
_NOT_YET = _any_of(
    r"\bi(?:'ve| have)? (?:missed|lost|forgot|forgotten)\b",
    r"^\W*(?:and |but |so )?(?:if|when|once|unless|in case)\b",
    r"\b(?:i|we)(?:'d| would) like\b|\b(?:i|we) want to\b",
    r"\b(?:i|we) (?:do not|don't|dont|did not|didn't) (?:know|understand|have|want|qualify|drive)\b",
    r"\b(?:i|we) (?:do not|don't|dont|did not|didn't) (?:own|live|get|need)\b",
    r"\b(?:i|we)(?:'m| am|'re| are) (?:not|still) (?:sure|working|studying|disabled|living|a |an |in |on )",
    r"\b(?:is|are|has|have)(?:n't|nt| not) (?:on|in|been born|started|arrived|working|old|registered)\b",
    r"\b(?:i|we|he|she|my \w+) (?:still )?(?:live|work|earn|am|is|has|have|get|own)s?\b"
    rf"(?!.*\b(?:{_MATTER})\b)",
)
SURE_ENOUGH = 0.33
FEWEST_WORDS = 3


@dataclass(frozen=True)
class TwoActs:
    """The clauses of a message that ask, and those that complain."""

    question: str
    complaint: str


def two_acts(text: str, suggest: Callable[[str], Suggestion]) -> TwoActs | None:
    """Both acts of a message, or None when it has one only."""
    clauses = [clause.strip() for clause in _BETWEEN.split(text) if clause and clause.strip()]
    if len(clauses) < 2:
        return None
    asks = [clause for clause in clauses if is_question(clause)]
    tells = [clause for clause in clauses if clause not in asks and is_complaint(clause)]
    if not asks or not tells:
        return None
    # What was asked says what "mine" and "it" are.
    suggestion = suggest(text)
    if not suggestion.like_a_problem or suggestion.nearest < SURE_ENOUGH:
        return None
    return TwoActs(" ".join(asks), ", ".join(tells))


def is_question(clause: str) -> bool:
    """Whether a clause asks."""
    return bool(_ASKS.match(clause)) or clause.rstrip().endswith("?")


def is_complaint(clause: str) -> bool:
    """Whether a clause tells that something went wrong."""
    long_enough = len(clause.split()) >= FEWEST_WORDS
    return long_enough and bool(_HAPPENED.search(clause)) and not _NOT_YET.search(clause)
