"""The graders of faithfulness judged: how well each agrees with people on labelled claims.

Half of the documents of each set give the threshold, the other half the figures. The verifier's
parameters were fitted on sentences of these same sets, so its own figures here are those of a
grader that knows the exam; `python -m benchmarks.verifier` holds documents out of the fit too.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fusion.errors import FusionError, StoryError
from fusion.evaluate import details
from fusion.evaluate.agreement import (
    Array,
    Bin,
    auc,
    balanced,
    best_threshold,
    calibration_error,
    pearson,
    reliability,
    spearman,
)
from fusion.evaluate.faithful import reads_yes
from fusion.evaluate.labelled import read, sets_in
from fusion.evaluate.reference import likeness
from fusion.evaluate.stats import Interval, interval
from fusion.verify import WARNINGS, calibration_for, check, verify
from fusion.words import coverage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion.embed import PassageEmbedder
    from fusion.evaluate.faithful import Asked
    from fusion.evaluate.labelled import Claim, Warn

LIMIT = 40  # claims of each half of a set that are asked about: a model takes seconds for each


class Grader(NamedTuple):
    """A way to grade a claim by its passages, 0..1, and what it shares with the verifier."""

    name: str
    shares: str
    grade: Callable[[Claim], float]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A grader on the half of a set that is reported; `threshold` comes from the other half.

    Intervals draw documents again. `error` is the expected calibration error, of which, as of the
    reliability curve, only a probability has any use. The correlations are with people's grades,
    None where the set has none.
    """

    dataset: str
    grader: str
    claims: int
    documents: int
    auc: Interval
    balanced: Interval
    threshold: float
    error: Interval
    reliability: tuple[Bin, ...]
    spearman: Interval | None
    pearson: Interval | None


class Published(NamedTuple):
    """Another checker's balanced accuracy as its publisher gives it: not measured here."""

    checker: str
    balanced: float
    claims: str
    source: str


_AGGREFACT = "LLM-AggreFact, mean of 11 sets"
_LEADERBOARD = "llm-aggrefact.github.io, the leaderboard of Tang et al. 2024, arXiv 2404.10774"
PUBLISHED = (
    Published("Bespoke-MiniCheck-7B", 0.774, _AGGREFACT, _LEADERBOARD),
    Published("MiniCheck-Flan-T5-L", 0.750, _AGGREFACT, _LEADERBOARD),
    Published("HHEM-2.1-open", 0.718, _AGGREFACT, _LEADERBOARD),
    Published("AlignScore", 0.705, _AGGREFACT, _LEADERBOARD),
    Published("SummaC-ZS", 0.677, _AGGREFACT, _LEADERBOARD),
    Published("SummaC-Conv", 0.610, _AGGREFACT, _LEADERBOARD),
    Published(
        "SummaC-Conv", 0.744, "SummaC, mean of 6 sets", "Laban et al. 2022, TACL 10, abstract"
    ),
)


def graders(
    embedder: PassageEmbedder, asked: Asked | None = None, second: Asked | None = None
) -> list[Grader]:
    """The graders; with the program's model the verifier too, with a second one the reader."""
    found = [
        Grader(
            "words in common",
            "how words are read; it is one of the verifier's features",
            lambda claim: coverage(claim.text, " ".join(claim.passages)),
        ),
        Grader("likest sentence", "nothing", lambda claim: _likest(claim, embedder)),
        Grader("details", "nothing", _detailed),
        Grader("named checks", "all: they are its checks", _checked),
    ]
    if asked is not None:
        found.append(Grader("verifier", "all", lambda claim: _verified(claim, asked)))
    if second is not None:
        found.append(
            Grader(
                "reader",
                "nothing: another model, another question",
                lambda claim: reads_yes(claim.text, claim.passages, second.llm()),
            )
        )
    return found


def agreement(
    folder: Path,
    graders: Sequence[Grader],
    limit: int = LIMIT,
    warn: Warn = warnings.warn,
) -> Iterator[Agreement]:
    """Each grader on each set of `folder`, as they are done.

    `warn` is told of damaged lines, of a set whose sampled halves do not have claims of both
    labels, and of a grader that fails, each of which is left out. Raises `StoryError` where there
    is no set.
    """
    sets = sets_in(folder)
    if not sets:
        raise StoryError(f"{folder}: no labelled sets there; name their folder with --data.")
    for path in sets:
        try:
            claims = read(path, warn)
        except StoryError as error:
            warn(f"{error} The set is left out.")
            continue
        fit = [claim for claim in claims if claim.first_half][:limit]
        held = [claim for claim in claims if not claim.first_half][:limit]
        if any(len({claim.supported for claim in half}) < 2 for half in (fit, held)):
            warn(f"{path}: left out, a half of its documents has claims of one label only.")
            continue
        for grader in graders:
            try:
                yield _agreement(path.stem, grader, fit, held)
            except FusionError as error:
                warn(f"{grader.name} on {path.stem}: {error}")


def _agreement(dataset: str, grader: Grader, fit: list[Claim], held: list[Claim]) -> Agreement:
    (fit_labels, fit_scores), (labels, scores) = (
        (
            np.array([float(claim.supported) for claim in half]),
            np.array([grader.grade(claim) for claim in half]),
        )
        for half in (fit, held)
    )
    threshold = best_threshold(fit_labels, fit_scores, np.zeros(len(fit)))
    documents = [claim.document for claim in held]

    def measured(measure: Callable[[Array, Array], float]) -> Interval:
        return interval(documents, lambda rows: measure(labels[rows], scores[rows]))

    graded = [i for i, claim in enumerate(held) if claim.grade is not None]
    return Agreement(
        dataset=dataset,
        grader=grader.name,
        claims=len(held),
        documents=len(set(documents)),
        auc=measured(auc),
        balanced=measured(lambda labels, scores: balanced(labels, scores >= threshold)),
        threshold=threshold,
        error=measured(calibration_error),
        reliability=tuple(reliability(labels, scores)),
        spearman=_correlation(spearman, held, graded, scores),
        pearson=_correlation(pearson, held, graded, scores),
    )


def _correlation(
    measure: Callable[[Array, Array], float], held: list[Claim], graded: list[int], scores: Array
) -> Interval | None:
    """Of scores with people's grades, over the claims that have one."""
    if len(graded) < 3:
        return None
    grades, theirs = np.array([held[i].grade for i in graded], dtype=float), scores[graded]

    def of(rows: NDArray[np.intp]) -> float:
        return measure(grades[rows], theirs[rows])

    return interval([held[i].document for i in graded], of)


def _likest(claim: Claim, embedder: PassageEmbedder) -> float:
    """The likeness, by embedding, of the claim to the passage that is likest."""
    return float(likeness(embedder, [claim.text], claim.passages).max())


def _checked(claim: Claim) -> float:
    """1 where no named check finds a fault, else 0."""
    found = check(claim.text, claim.passages)
    return float(not any(each for name, each in found.items() if name not in WARNINGS))


def _verified(claim: Claim, asked: Asked) -> float:
    return verify(claim.text, claim.passages, asked.llm(), calibration_for(asked.sha256)).support


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
