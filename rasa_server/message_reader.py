"""The first step of the pipeline: reads each message in plain words, for the steps that understand it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tokenizers import Tokenizer

from civic.encoder import Manifest
from rasa_server.plain_text import PlainText, general_words
from rasa_server.sentence_featurizer import PLAIN_TEXT, encoder_folder

FILE_NAME = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class MessageReader(GraphComponent):
    """Learns the words of the examples; what the citizen wrote stays in the message as it is."""

    @classmethod
    def required_components(cls) -> list[type]:
        return []

    @staticmethod
    def required_packages() -> list[str]:
        return ["tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"encoder": None}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """The general vocabulary is the encoder's."""
        return Manifest.read(Path(encoder_folder(config))).digest

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reader: PlainText | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageReader:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> MessageReader:
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / FILE_NAME).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, PlainText(words["general"], words["learned"]))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which words are at home here."""
        folder = Path(encoder_folder(self._config))
        vocabulary = Tokenizer.from_file(str(folder / Manifest.read(folder).tokenizer_file)).get_vocab()
        texts = [example.get(TEXT) for example in training_data.intent_examples if example.get(TEXT)]
        self._reader = PlainText.fit(texts, general_words(vocabulary))
        words = {"general": self._reader.general, "learned": self._reader.learned}
        with self._model_storage.write_to(self._resource) as target:
            (target / FILE_NAME).write_text(json.dumps(words, separators=(",", ":")), encoding="utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the plain words beside the text."""
        for message in messages:
            text = message.get(TEXT)
            if self._reader is not None and text and not text.startswith("/"):
                message.set(PLAIN_TEXT, self._reader.read(text))
        return messages
