"""A message that does not belong here, or that could mean two things, is not forced into an intent."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from rasa_server.linear_intent_classifier import MARGIN, RANKING, SCORE, THRESHOLD, LinearIntentClassifier
from rasa_server.thresholds import OUT_OF_SCOPE


def decide(
    ranking: list[dict[str, Any]], score: float, threshold: float, margin: float, harmless: str | None = None
) -> str | None:
    """The intent to put in front of the ranking, or `None` where its first is to be believed.

    Below the threshold the message is a stranger: it is out of scope when that is among the likely
    readings; otherwise, or when it may be the harmless one, we say that we did not understand, which looks
    in the documents first. Above it, two readings closer than the margin are a toss-up, in which the harmless
    one wins: to look something up in vain disturbs nobody, to start a complaint would.
    """
    names = [entry["name"] for entry in ranking]
    if score < threshold:
        strange = OUT_OF_SCOPE in names[:2] and names[0] != harmless
        return OUT_OF_SCOPE if strange else DEFAULT_NLU_FALLBACK_INTENT_NAME
    if len(ranking) > 1 and ranking[0]["confidence"] - ranking[1]["confidence"] < margin:
        return harmless if harmless in names[:2] else DEFAULT_NLU_FALLBACK_INTENT_NAME
    return None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ScopeFallback(IntentClassifier, GraphComponent):
    """Comes after the classifier and overrules it where `decide` says so."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [LinearIntentClassifier]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"harmless": None}

    def __init__(self, config: dict[str, Any]) -> None:
        self._harmless = config["harmless"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ScopeFallback:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = message.get(RANKING)
            if not ranking or message.get(SCORE) is None:
                continue
            doubts = (message.get(SCORE), message.get(THRESHOLD), message.get(MARGIN) or 0.0)
            name = decide(ranking, *doubts, self._harmless)
            if name is not None and name != ranking[0]["name"]:
                chosen = {"name": name, "confidence": ranking[0]["confidence"]}
                rest = [entry for entry in ranking if entry["name"] != name]
                message.set(INTENT, chosen, add_to_output=True)
                message.set(RANKING, [chosen, *rest], add_to_output=True)
        return messages
