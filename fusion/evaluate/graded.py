"""Summaries that people have graded, and whether reference metrics put systems in their order.

The form of MultiLing 2011 (Giannakopoulos et al. 2011): a folder of stories, each with
`references/*.txt` and `systems/NAME.txt`, and a `human_grades.tsv` whose columns `Topic`, `Peer`
and `Grade` say what one person gave, 1 to 5.
"""

from __future__ import annotations

import csv
import warnings
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fusion.errors import StoryError
from fusion.evaluate.agreement import Array, kendall, spearman
from fusion.evaluate.scorer import Unscored
from fusion.evaluate.stats import Interval, interval
from fusion.evaluate.systems import read_output
from fusion.evaluate.task import load_story

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fusion.evaluate.scorer import Scorer

    Warn = Callable[[str], object]
    Key = tuple[str, str]  # topic, system

GRADES = "human_grades.tsv"


@dataclass(frozen=True, slots=True)
class SystemCorrelation:
    """A metric's mean by system against people's mean grade by system.

    Intervals draw topics again: with five topics they are rough, and say nothing of other systems.
    """

    metric: str
    systems: int
    topics: int
    spearman: Interval
    kendall: Interval


def correlations(
    folder: Path, scorers: Sequence[Scorer], warn: Warn = warnings.warn
) -> list[SystemCorrelation]:
    """Every metric of `scorers` against people's grades, by system.

    `warn` is told of damaged lines, missing summaries and what cannot be scored, which are left
    out. Raises `StoryError` where there are no grades, or none of what is graded is there.
    """
    grades = _grades(folder / GRADES, warn)
    values: dict[str, dict[Key, float]] = defaultdict(dict)
    for topic, system in grades:
        root = folder / topic
        try:
            text = (root / "systems" / f"{system}.txt").read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            warn(f"{root}/systems/{system}.txt: graded, but no such text is there; left out.")
            continue
        story, output = load_story(root), read_output(text, 0.0)
        for scorer in scorers:
            try:
                found = scorer.score(story, output).values
            except Unscored as error:
                warn(f"{scorer.name} of {system} on {topic}: {error}")
                continue
            for name, value in found.items():
                values[f"{scorer.name}.{name}"][topic, system] = value
    if not values:
        raise StoryError(f"{folder}: none of the graded summaries could be scored.")
    return [_correlation(metric, scored, grades) for metric, scored in values.items()]


def _grades(path: Path, warn: Warn) -> dict[Key, float]:
    """The mean grade of each summary."""
    given = defaultdict[tuple[str, str], list[float]](list)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t")
            for row in rows:
                try:
                    grade = float(row["Grade"])
                    given[row["Topic"], row["Peer"]].append(grade)
                except (KeyError, TypeError, ValueError):
                    warn(f"{path}:{rows.line_num}: left out, it has no topic, peer and grade.")
    except (OSError, UnicodeDecodeError) as error:
        raise StoryError(f"{path}: no grades there; name their folder with --graded.") from error
    return {key: sum(grades) / len(grades) for key, grades in given.items()}


def _correlation(
    metric: str, values: dict[Key, float], grades: dict[Key, float]
) -> SystemCorrelation:
    keys = sorted(values)
    names, which = np.unique([system for _, system in keys], return_inverse=True)
    ours = np.array([values[key] for key in keys])
    theirs = np.array([grades[key] for key in keys])
    topics = [topic for topic, _ in keys]

    def by_system(measure: Callable[[Array, Array], float]) -> Interval:
        def of(rows: np.typing.NDArray[np.intp]) -> float:
            drawn = which[rows]
            there = [drawn == number for number in np.unique(drawn)]
            means = [np.array([each[rows][s].mean() for s in there]) for each in (ours, theirs)]
            return measure(means[0], means[1])

        return interval(topics, of)

    return SystemCorrelation(
        metric=metric,
        systems=len(names),
        topics=len(set(topics)),
        spearman=by_system(spearman),
        kendall=by_system(kendall),
    )
