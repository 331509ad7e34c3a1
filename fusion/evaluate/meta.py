"""The graders judged: how well each agrees with people on labelled sentences.

Half of the documents of each set give the threshold, the other half the figures. The verifier's
parameters were fitted on sentences of these same sets, so its own figures here are those of a
grader that knows the exam; `python -m benchmarks.verifier` holds documents out of the fit too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion.errors import StoryError
from fusion.evaluate import details
from fusion.evaluate.agreement import auc, balanced, best_threshold, calibration_error
from fusion.evaluate.labelled import read
from fusion.verify import WARNINGS, calibration_for, check, verify
from fusion.verify.text import coverage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fusion.evaluate.faithful import Asked
    from fusion.evaluate.labelled import Claim

    Grader = Callable[[Claim], float]

LIMIT = 40  # claims of each half of a set that are asked about: a model takes seconds for each


@dataclass(frozen=True, slots=True)
class Agreement:
    """A grader on the half of a set that is reported; `threshold` comes from the other half.

    `error` is the expected calibration error, of which only a probability has any use.
    """

    dataset: str
    grader: str
    claims: int
    auc: float
    balanced: float
    threshold: float
    error: float


def graders(asked: Asked | None) -> dict[str, Grader]:
    """The graders by name, each from a claim to a score of 0..1; with a model, the verifier too."""
    found: dict[str, Grader] = {
        "words in common": lambda claim: coverage(claim.text, " ".join(claim.passages)),
        "named checks": _checked,
        "details": _detailed,
    }
    if asked is not None:
        calibration = calibration_for(asked.sha256)
        found["verifier"] = lambda claim: (
            verify(claim.text, claim.passages, asked.llm(), calibration).support
        )
    return found


def agreement(folder: Path, asked: Asked | None, limit: int = LIMIT) -> Iterator[Agreement]:
    """Each grader on each set of `folder`, as they are done.

    A set whose sampled halves do not have claims of both labels is left out. Raises `StoryError`
    where there is no set.
    """
    sets = sorted(folder.glob("*.jsonl"))
    if not sets:
        raise StoryError(f"{folder}: no labelled sets there; name their folder with --data.")
    for path in sets:
        claims = read(path)
        fit = [claim for claim in claims if claim.first_half][:limit]
        held = [claim for claim in claims if not claim.first_half][:limit]
        if any(len({claim.supported for claim in half}) < 2 for half in (fit, held)):
            continue
        for name, grade in graders(asked).items():
            yield _agreement(path.stem, name, grade, fit, held)


def _agreement(
    dataset: str, name: str, grade: Grader, fit: list[Claim], held: list[Claim]
) -> Agreement:
    (fit_labels, fit_scores), (labels, scores) = (
        (
            np.array([float(claim.supported) for claim in half]),
            np.array([grade(claim) for claim in half]),
        )
        for half in (fit, held)
    )
    threshold = best_threshold(fit_labels, fit_scores, np.zeros(len(fit)))
    return Agreement(
        dataset=dataset,
        grader=name,
        claims=len(held),
        auc=auc(labels, scores),
        balanced=balanced(labels, scores >= threshold),
        threshold=threshold,
        error=calibration_error(labels, scores),
    )


def _checked(claim: Claim) -> float:
    """1 where no named check finds a fault, else 0."""
    found = check(claim.text, claim.passages)
    return float(not any(each for name, each in found.items() if name not in WARNINGS))


def _detailed(claim: Claim) -> float:
    """Share of the claim's names, numbers and days that its passages have; 1 without any."""
    together = " ".join(claim.passages)
    told = [
        (kind(claim.text), kind(together))
        for kind in (details.names, details.numbers, details.days)
    ]
    count = sum(len(found) for found, _ in told)
    words = set(together.replace("'s", "").split())
    known = sum(len(found & (there | words)) for found, there in told)
    return known / count if count else 1.0
