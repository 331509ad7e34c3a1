"""The scorers by name, as tasks name them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fusion.embed import E5Embedder, Remembered
from fusion.errors import UsageError
from fusion.evaluate.details import Details
from fusion.evaluate.faithful import Asked, Probe, Reader, Verifier
from fusion.evaluate.form import Form
from fusion.evaluate.insights import InsightCoverage
from fusion.evaluate.planted import Planted
from fusion.evaluate.reference import ReferenceFacts, Rouge
from fusion.settings import DEFAULT_MODEL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fusion.evaluate.scorer import Scorer
    from fusion.settings import Settings

SECOND_MODEL = "qwen2.5-coder-0.5b"  # the smallest whose answers order sentences at all


def scorers_from(names: Sequence[str], settings: Settings, folder: Path) -> list[Scorer]:
    """The scorers of these names; answers of models are kept in `folder`. Raises `UsageError`."""
    second = second_model(settings.model)
    verifier = Verifier(Asked(settings, folder / "verifier.jsonl"))
    known: dict[str, Callable[[], Scorer]] = {
        "planted": Planted,
        "rouge": Rouge,
        "facts": lambda: ReferenceFacts(Remembered(E5Embedder())),
        "insights": lambda: InsightCoverage(Remembered(E5Embedder())),
        "form": Form,
        "details": Details,
        "verifier": lambda: verifier,
        "probe": lambda: Probe(verifier),
        "reader": lambda: Reader(Asked(replace(settings, model=second), folder / "reader.jsonl")),
    }
    for name in names:
        if name not in known:
            raise UsageError(f"{name!r}: no such scorer; there are {', '.join(known)}.")
    return [known[name]() for name in names]


def second_model(first: str) -> str:
    """The model of the grader that is not to share one with the program, which uses `first`."""
    return SECOND_MODEL if first != SECOND_MODEL else DEFAULT_MODEL
