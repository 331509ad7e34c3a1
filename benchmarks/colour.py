"""Learn which passages are colour, from sentences that readers have marked.

    python -m benchmarks.colour          # how well stories that it never saw are told
    python -m benchmarks.colour --fit    # learn from all, and write fusion/colour.json

`data/colour.tsv` has the sixteen sentences that the plan picked first of each own story of revision
67396a6, shown to readers (language models told to judge as an editor, not people) with the story's
name and headlines only. N is news, S a scene or colour, C the writer's comment, U not clear by
itself, T trivial. Colour is S and C. Each of the figures is by parameters learned without the story
that the sentence is of (`FOLDS`).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.worth import EVAL, material_of
from fusion.colour import probability
from fusion.embed import E5Embedder
from fusion.evaluate.agreement import auc
from fusion.settings import default_cache_dir
from fusion.vectors import VectorFile
from fusion.verify.calibration import Array, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MARKS = Path(__file__).parent / "data" / "colour.tsv"
PARAMETERS = Path(__file__).parents[1] / "fusion" / "colour.json"
KINDS = {"colour": "SC", "scenes": "S", "trivial": "T", "unclear": "U", "all but news": "SCTU"}
FOLDS = 8
RIDGE = 0.1  # of 0.1, 0.3 and 1 the best by cross-validation
DIGITS = 3  # of the weights kept


def _read(vectors: VectorFile) -> tuple[list[str], list[str], NDArray[np.float32]]:
    """The story, mark and centred vector of each sentence."""
    with MARKS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    marked = {row["story"] for row in rows}
    means = {
        path.parent.name: material_of(path.parent, vectors).vectors.mean(axis=0)
        for path in EVAL.glob("*/*/gold.yaml")
        if path.parent.name in marked
    }
    found = vectors.passages([row["sentence"] for row in rows])
    centred = np.stack([v - means[row["story"]] for v, row in zip(found, rows, strict=True)])
    return [row["story"] for row in rows], [row["mark"] for row in rows], centred


def _learn(centred: NDArray[np.float32], labels: NDArray[np.bool_]) -> Array:
    every = np.ones(len(labels))
    return fit(centred.astype(np.float64), labels.astype(np.float64), every, ridge=RIDGE)


def _cross_validated(
    stories: Sequence[str], centred: NDArray[np.float32], labels: NDArray[np.bool_]
) -> Array:
    names = sorted(set(stories))
    random.Random(0).shuffle(names)  # noqa: S311 - no secret
    found = np.zeros(len(stories))
    for fold in (names[i::FOLDS] for i in range(FOLDS)):
        held = np.isin(stories, fold)
        found[held] = probability(centred[held], _learn(centred[~held], labels[~held]))
    return found


def main() -> None:
    """Print the table, or write the parameters."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="store_true", help="write fusion/colour.json")
    options = parser.parse_args()
    embedder = E5Embedder()
    with VectorFile(default_cache_dir() / "benchmarks" / "worth.sqlite3", embedder) as vectors:
        stories, marks, centred = _read(vectors)
    print("| told apart from the rest | sentences | AUC |\n| --- | --- | --- |")
    for kind, letters in KINDS.items():
        labels = np.isin(marks, list(letters))
        told = auc(labels.astype(float), _cross_validated(stories, centred, labels))
        print(f"| {kind} | {labels.sum()} of {len(marks)} | {told:.3f} |")
    if options.fit:
        bias, *weights = _learn(centred, np.isin(marks, list(KINDS["colour"]))).round(DIGITS)
        learned = {
            "embedder": embedder.version,
            "marks": hashlib.sha256(MARKS.read_bytes()).hexdigest(),
            "bias": bias,
            "weights": weights,
        }
        PARAMETERS.write_text(json.dumps(learned) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
