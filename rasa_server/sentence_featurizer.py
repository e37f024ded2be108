"""Gives every message the vector of our sentence encoder, as an ordinary dense sentence feature of Rasa."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from civic.encoder import Manifest, SentenceEncoder

# Where `MessageReader` puts the words that were meant; without it the text itself is taken.
PLAIN_TEXT = "plain_text"


def encoder_folder(config: dict[str, Any]) -> str:
    """The folder in config.yml, or else the one in `FOLKMOOT_ENCODER_DIR`."""
    return str(config.get("encoder") or os.environ.get("FOLKMOOT_ENCODER_DIR") or "var/encoder")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceFeaturizer(DenseFeaturizer, GraphComponent):
    """Sets one sentence feature per message; needs no tokenizer before it."""

    @classmethod
    def required_components(cls) -> list[type]:
        return []

    @staticmethod
    def required_packages() -> list[str]:
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {FEATURIZER_CLASS_ALIAS: None, "encoder": None}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Another encoder means other vectors: what Rasa cached for this step is then stale."""
        from pathlib import Path

        return Manifest.read(Path(encoder_folder(config))).digest

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, config)
        self._alias = config.get(FEATURIZER_CLASS_ALIAS) or name
        self._encoder = SentenceEncoder.load(encoder_folder(config))

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to check: the encoder's folder is checked when it is loaded."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Encode each message by itself, so that its vector does not depend on its company."""
        for message in messages:
            text = message.get(TEXT)
            if text and not text.startswith("/"):
                self._set(message, self._encoder.encode([message.get(PLAIN_TEXT) or text]))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def _set(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, self._alias))
