"""Trains and parses through Rasa itself; runs with the interpreter of a Rasa environment.

    PYTHON -m evaluation.rasa_side JOB.json

The job (`evaluation.rasa_pipeline` writes it) names a configuration, the training examples and the messages.
Progress goes to standard output as one JSON object a line; the parses go to the file named in the job.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from pathlib import Path
from typing import Any

Job = dict[str, Any]
TELL_EVERY = 25


def main(path: str) -> None:
    """Do the job in the file and write what came of it."""
    job = json.loads(Path(path).read_text(encoding="utf-8"))
    if job["through_boot"]:
        from rasa_server import boot

        boot.prepare()
    folder = Path(job["folder"])
    write_project(job, folder)
    tell(stage="training")
    started = time.perf_counter()
    model = train(job, folder)
    result = {"train_seconds": time.perf_counter() - started}
    tell(stage="parsing")
    result["parses"] = asyncio.run(parse(model, job["messages"]))
    Path(job["out"]).write_text(json.dumps(result), encoding="utf-8")


def write_project(job: Job, folder: Path) -> None:
    """The examples as Rasa's own YAML, and a domain that knows no more than their intents."""
    import yaml

    by_intent: dict[str, list[str]] = {}
    for text, intent in job["examples"]:
        by_intent.setdefault(intent, []).append(plain(text))
    entries = [
        {"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)}
        for intent, texts in by_intent.items()
    ]
    dump = {"allow_unicode": True, "width": 100_000, "sort_keys": False}
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": entries}, **dump), "utf-8")
    domain = {"version": "3.1", "intents": list(by_intent)}
    (folder / "domain.yml").write_text(yaml.safe_dump(domain, **dump), "utf-8")


def plain(text: str) -> str:
    """One line that Rasa does not read as markup: `[words](entity)` would lose its brackets."""
    return re.sub(r"\](?=[({])", "] ", " ".join(text.split()))


def train(job: Job, folder: Path) -> str:
    """Train the natural-language half of the configuration; the path of the model."""
    from rasa.model_training import train_nlu

    made = train_nlu(
        job["config"],
        str(folder / "nlu.yml"),
        str(folder / "models"),
        fixed_model_name="evaluated",
        domain=str(folder / "domain.yml"),
    )
    if not made:
        raise SystemExit("Rasa trained nothing.")
    return str(made)


async def parse(model: str, messages: list[str]) -> list[Job]:
    """What the loaded model makes of each message, and how long it took."""
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    for warm_up in messages[:3]:
        await agent.parse_message(warm_up)
    parses = []
    for number, message in enumerate(messages):
        # A slash would be a command; the input channel takes it off as well.
        said = message.strip().lstrip("/").strip() or "?"
        started = time.perf_counter()
        parsed = await agent.parse_message(said)
        seconds = time.perf_counter() - started
        ranking = [(one["name"], one["confidence"]) for one in parsed.get("intent_ranking", [])]
        parses.append(
            {
                "intent": parsed["intent"]["name"],
                "ranking": ranking[:10],
                "scope": parsed.get("scope"),
                "ms": 1000 * seconds,
            }
        )
        if number % TELL_EVERY == 0:
            tell(parsed=number)
    return parses


def tell(**what: Any) -> None:
    """One line for the process that waits for us."""
    print(json.dumps(what), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
