"""Trains a Rasa configuration on examples and has it parse messages, in a process and folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from civic.kit.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
OUT_OF_SCOPE = "out_of_scope"
REFUSALS = frozenset({OUT_OF_SCOPE, "nlu_fallback"})
CLASSIFIER = "rasa_server.linear_intent_classifier.LinearIntentClassifier"


class PipelineFailed(RuntimeError):
    """Rasa could not be run; the message says what is missing or holds the end of what it said."""


@dataclass(frozen=True)
class Pipeline:
    """A configuration and the interpreter of the environment that it is made for."""

    name: str
    python: Path
    config: Mapping[str, Any]
    through_boot: bool


@dataclass(frozen=True)
class Parse:
    """What was made of a message: refused or not, the best guess, and how much it seems to belong here."""

    intent: str
    guess: str
    score: float
    ms: float

    @property
    def refused(self) -> bool:
        return self.intent in REFUSALS


@dataclass(frozen=True)
class Run:
    """What one training and its parses gave."""

    train_seconds: float
    parses: list[Parse]


def shipped() -> Pipeline:
    """The pipeline of config.yml, which also says how much each message seems to belong here."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    config.pop("policies", None)
    for step in config["pipeline"]:
        if step["name"] == CLASSIFIER:
            step["report_scope"] = True
    return Pipeline("Folkmoot", ROOT / ".venv-rasa" / "bin" / "python", config, through_boot=True)


def run(
    pipeline: Pipeline, examples: Sequence[tuple[str, str]], messages: Sequence[str], quiet: bool = False
) -> Run:
    """Train on the examples and parse the messages, with a progress bar."""
    if not pipeline.python.exists():
        raise PipelineFailed(f"{pipeline.python} is missing: run `make setup` in the checkout first.")
    encoder = Settings().encoder_dir.resolve()
    if pipeline.through_boot and not (encoder / "manifest.json").exists():
        raise PipelineFailed(f"There is no encoder in {encoder}: run `make setup` in the checkout first.")
    # Rasa reads slashes and other signs in the name of an intent: it gets names of ours.
    intents = sorted({intent for _, intent in examples} - {OUT_OF_SCOPE})
    alias = {intent: f"intent_{number}" for number, intent in enumerate(intents)} | {
        OUT_OF_SCOPE: OUT_OF_SCOPE
    }
    with tempfile.TemporaryDirectory(prefix="folkmoot-evaluation-") as name:
        folder = Path(name)
        (folder / "config.yml").write_text(yaml.safe_dump(dict(pipeline.config)), encoding="utf-8")
        job = {
            "through_boot": pipeline.through_boot,
            "folder": str(folder),
            "config": str(folder / "config.yml"),
            "examples": [(text, alias[intent]) for text, intent in examples],
            "messages": list(messages),
            "out": str(folder / "out.json"),
        }
        (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
        environment = {
            **os.environ,
            "FOLKMOOT_ENCODER_DIR": str(encoder),
            "RASA_CACHE_DIRECTORY": str(folder / "cache"),
            "RASA_TELEMETRY_ENABLED": "false",
            "TF_CPP_MIN_LOG_LEVEL": "2",
        }
        _follow(pipeline, folder, len(messages), environment, quiet)
        result = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    original = {short: intent for intent, short in alias.items()}
    return Run(result["train_seconds"], [parse_of(one, original) for one in result["parses"]])


def parse_of(parsed: Mapping[str, Any], original: Mapping[str, str]) -> Parse:
    """Ours says what belongs here and how much; of any other pipeline it is the first confidence."""
    scope = parsed["scope"]
    if scope is None:
        home = [(name, share) for name, share in parsed["ranking"] if name not in REFUSALS]
        guess, score = home[0] if home else (OUT_OF_SCOPE, 0.0)
    else:
        guess, score = scope["guess"], scope["score"]
    intent = parsed["intent"] or "nlu_fallback"
    return Parse(original.get(intent, intent), original.get(guess, guess), float(score), parsed["ms"])


def _follow(
    pipeline: Pipeline, folder: Path, messages: int, environment: dict[str, str], quiet: bool
) -> None:
    """Run Rasa's side and show how far it is."""
    command = [str(pipeline.python), "-W", "ignore", "-m", "evaluation.rasa_side", str(folder / "job.json")]
    columns = (TextColumn("{task.description:<28}"), BarColumn(), TextColumn("{task.completed}"))
    log = folder / "log.txt"
    with (
        Progress(*columns, TimeElapsedColumn(), disable=quiet) as shown,
        log.open("wb") as errors,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        bar = shown.add_task(f"{pipeline.name}: starting", total=None)
        assert process.stdout is not None
        for line in process.stdout:
            said = _progress(line)
            if said.get("stage") == "training":
                shown.update(bar, description=f"{pipeline.name}: training")
            elif said.get("stage") == "parsing":
                shown.update(bar, description=f"{pipeline.name}: parsing", total=messages, completed=0)
            elif "parsed" in said:
                shown.update(bar, completed=said["parsed"])
        shown.update(bar, total=messages, completed=messages)
    if process.returncode:
        said_last = log.read_text(encoding="utf-8", errors="replace")[-2000:]
        raise PipelineFailed(f"Rasa ended with {process.returncode}. The end of what it said:\n{said_last}")


def _progress(line: str) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:  # something else that Rasa prints
        return {}
    return said if isinstance(said, dict) else {}
