"""Contrastive training of the encoder's upper layers; the only part that needs torch."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import math
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from civic.encoder.export import load
from civic.kit.errors import Invalid
from civic.knowledge.tuning.pairs import Pair

Progress = Callable[[int, int], None]


class LibrariesMissing(Invalid):
    """Training needs libraries that answering does not."""

    code = "tuning_libraries_missing"
    title = "The libraries for training are not installed"


@dataclass(frozen=True)
class Plan:
    """How is trained; what was trained by another plan is not gone on with."""

    epochs: int = 3
    batch: int = 16
    rate: float = 2e-5
    longest: int = 128
    trained_layers: int = 3
    most_steps: int = 600
    save_every: int = 10
    seed: int = 1

    def steps(self, pairs: int) -> int:
        """How many batches there are to train on."""
        return min(self.most_steps, self.epochs * max(1, math.ceil(pairs / self.batch)))


def refuse_without_libraries() -> None:
    """Raises `LibrariesMissing` with what to install."""
    missing = [name for name in ("torch", "sentence_transformers") if importlib.util.find_spec(name) is None]
    if missing:
        raise LibrariesMissing(
            f"Tuning needs {' and '.join(missing)}, which this environment does not have.",
            remedy="Install them where you tune: pip install 'folkmoot[encoder]'. Answering needs neither.",
        )


def train(
    base: str | None, pairs: Sequence[Pair], folder: Path, fingerprint: str, plan: Plan, progress: Progress
) -> Path:
    """The folder of the trained model; goes on from the last checkpoint of the same plan and pairs."""
    refuse_without_libraries()
    torch = importlib.import_module("torch")
    losses = importlib.import_module("sentence_transformers.sentence_transformer.losses")
    torch.manual_seed(plan.seed)
    model = load(base)
    length = model.max_seq_length
    model.max_seq_length = min(plan.longest, length or plan.longest)
    trained = _open_upper_layers(model, plan.trained_layers)
    loss = losses.MultipleNegativesRankingLoss(model)
    optimizer = torch.optim.AdamW(trained.values(), lr=plan.rate, weight_decay=0.01)
    total = plan.steps(len(pairs))
    about = {"fingerprint": fingerprint, "plan": asdict(plan), "base": base}
    checkpoint = folder / "checkpoint.pt"
    done = _go_on(torch, checkpoint, about, trained, optimizer)
    model.train()
    for step in range(done, total):
        progress(step, total)
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * _pace(step, total)
        torch.manual_seed(plan.seed + step)  # so that a resumed run goes the same way as one in one piece
        batch = _batch(pairs, step, plan)
        columns = [[one.question for one in batch], [one.text for one in batch]]
        value = loss([model.preprocess(texts) for texts in columns], None)
        value.backward()
        torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if (step + 1) % plan.save_every == 0 or step + 1 == total:
            state = {name: parameter.detach() for name, parameter in trained.items()}
            kept = {"about": about, "done": step + 1, "model": state, "optimizer": optimizer.state_dict()}
            draft = checkpoint.with_suffix(".draft")
            torch.save(kept, draft)
            draft.replace(checkpoint)
    progress(total, total)
    model.eval()
    model.max_seq_length = length
    out = folder / "model"
    model.save(str(out))
    return out


def _open_upper_layers(model: Any, layers: int) -> dict[str, Any]:
    """The parameters that are trained: the last layers. The words' own vectors stay as they are."""
    for parameter in model.parameters():
        parameter.requires_grad = False
    transformer = model[0].auto_model
    stack = transformer.encoder.layer if hasattr(transformer, "encoder") else transformer.transformer.layer
    opened = list(stack)[-layers:] + list(model)[1:]
    for module in opened:
        for parameter in module.parameters():
            parameter.requires_grad = True
    return {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}


def _go_on(
    torch: Any, checkpoint: Path, about: dict[str, Any], trained: dict[str, Any], optimizer: Any
) -> int:
    if not checkpoint.exists():
        return 0
    with contextlib.suppress(Exception):  # a damaged checkpoint only costs the time it took
        kept = torch.load(checkpoint, weights_only=True)
        if kept["about"] == about:
            with torch.no_grad():
                for name, value in kept["model"].items():
                    trained[name].copy_(value)
            optimizer.load_state_dict(kept["optimizer"])
            return int(kept["done"])
    return 0


def _batch(pairs: Sequence[Pair], step: int, plan: Plan) -> list[Pair]:
    """The pairs of a step, in each epoch in an order of its own; one is the wrong answer of the others."""
    a_round = max(1, math.ceil(len(pairs) / plan.batch))
    epoch, at = divmod(step, a_round)
    order = list(range(len(pairs)))
    random.Random(plan.seed + epoch).shuffle(order)
    chosen: dict[str, Pair] = {}
    seen: set[str] = set()
    for place in [*order[at * plan.batch :], *order[: at * plan.batch]]:
        pair = pairs[place]
        if pair.text not in chosen and pair.question not in seen:
            chosen[pair.text] = pair
            seen.add(pair.question)
        if len(chosen) == plan.batch:
            break
    return list(chosen.values())


def _pace(step: int, total: int) -> float:
    """Slow at first, then full, then slower to the end."""
    warm = max(1, total // 10)
    return min((step + 1) / warm, (total - step) / max(1, total - warm))
