"""The intent classifier of the pipeline: a linear head, saved as plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from rasa_server.linear_head import LinearHead, train
from rasa_server.sentence_featurizer import PLAIN_TEXT, SentenceFeaturizer
from rasa_server.thresholds import STRANGERS

FILE_NAME = "intents.npz"
RANKING = "intent_ranking"
# Keys under which the fallback finds the score of belonging and the threshold it was fitted with.
SCORE = "scope_score"
THRESHOLD = "scope_threshold"
MARGIN = "toss_up_margin"
# The same for whoever measures, in the parse itself; it is not wanted in every event of a conversation.
SCOPE = "scope"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(IntentClassifier, GraphComponent):
    """Trained in seconds, loaded in milliseconds; the same data give the same model."""

    @classmethod
    def required_components(cls) -> list[type]:
        return [SentenceFeaturizer]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        # `ranking_length`: what is kept travels with every later action call, so it is short.
        # `strangers`: the share of messages that are expected to be meant for somebody else.
        return {
            "strength": 30.0,
            "tfidf_weight": 0.5,
            "strangers": STRANGERS,
            "ranking_length": 3,
            "report_scope": False,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        head: LinearHead | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._head = head

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, LinearHead.load(folder / FILE_NAME))

    def train(self, training_data: TrainingData) -> Resource:
        """Train on every example that has a text and an intent."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        self._head = train(
            [_words(e) for e in examples],
            np.stack([_vector(e) for e in examples]),
            [e.get(INTENT) for e in examples],
            self._config["strength"],
            self._config["tfidf_weight"],
            self._config["strangers"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._head.save(folder / FILE_NAME)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing to add: no later step learns from our guesses."""
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent, a short ranking, and the score of belonging."""
        for message in messages:
            if self._head is None or not message.get(TEXT) or not message.features:
                continue
            judgement = self._head.judge(_words(message), _vector(message))
            ranking = [
                {"name": name, "confidence": round(share, 4)}
                for name, share in judgement.ranking[: self._config["ranking_length"]]
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(RANKING, ranking, add_to_output=True)
            message.set(SCORE, judgement.score)
            message.set(THRESHOLD, self._head.threshold)
            message.set(MARGIN, self._head.margin)
            if self._config["report_scope"]:
                guess = self._head.at_home(judgement)
                scope = {"guess": guess, "score": judgement.score, "threshold": self._head.threshold}
                message.set(SCOPE, scope, add_to_output=True)
        return messages


def _words(message: Message) -> str:
    words: str = message.get(PLAIN_TEXT) or message.get(TEXT)
    return words


def _vector(message: Message) -> np.ndarray:
    # Rasa's own `get_dense_features` makes a deep copy, which is not needed for one vector.
    of_text = [f for f in message.features if f.attribute == TEXT and f.type == FEATURE_TYPE_SENTENCE]
    if len(of_text) == 1 and of_text[0].is_dense():
        vector: np.ndarray = of_text[0].features[0]
        return vector
    combined: np.ndarray = message.get_dense_features(TEXT)[1].features[0]
    return combined
