"""Learn which passages are colour, and which depend on their report, from readers' marks.

    python -m benchmarks.colour          # how well stories that it never saw are told
    python -m benchmarks.colour --fit    # learn from all, and write fusion/{colour,dependence}.json

`data/colour.tsv` has the sixteen sentences that the plan picked first of each own story of revision
67396a6, and about twenty that it picked next, shown to readers (language models told to judge as an
editor, not people) with the story's name and headlines only. N is news, S a scene or colour, C the
writer's comment, U not clear by itself, T trivial. Colour is S and C, dependent U. Each of the
figures is by parameters learned without the story that the sentence is of (`FOLDS`).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.worth import EVAL, material_of
from fusion.dependence import features
from fusion.embed import E5Embedder
from fusion.evaluate.agreement import auc
from fusion.probe import probability
from fusion.settings import default_cache_dir
from fusion.vectors import VectorFile
from fusion.verify.calibration import Array, fit
from fusion.voices import spread_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARKS = Path(__file__).parent / "data" / "colour.tsv"
PARAMETERS = Path(__file__).parents[1] / "fusion"
# By which marks, and how strong a ridge: of 0.1, 0.3 and 1 the best by cross-validation.
KINDS = {"colour": ("SC", 0.1), "dependence": ("U", 0.3)}
FOLDS = 8
DIGITS = 3  # of the weights kept


@dataclass(frozen=True)
class Marked:
    """The sentences: of which story, their marks, and the features of each kind, (n, k)."""

    stories: list[str]
    marks: list[str]
    features: dict[str, Array]

    @classmethod
    def read(cls, vectors: VectorFile) -> Marked:
        """Find the passages that were marked."""
        with MARKS.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
        by_story: dict[str, list[dict[str, str]]] = {}
        for row in rows:
            by_story.setdefault(row["story"], []).append(row)
        stories, marks = [], []
        colours, dependences = [], []
        for path in sorted(EVAL.glob("*/*/gold.yaml")):
            some = by_story.get(path.parent.name, [])
            if not some:
                continue
            material = material_of(path.parent, vectors)
            mean = material.vectors.mean(axis=0)
            found = features(material, spread_of(material.chunks))
            place = {" ".join(c.text.split()): i for i, c in enumerate(material.chunks)}
            for row in some:
                if (at := place.get(" ".join(row["sentence"].split()))) is not None:
                    stories.append(row["story"])
                    marks.append(row["mark"])
                    colours.append(material.vectors[at] - mean)
                    dependences.append(found[at])
        both = {"colour": np.array(colours, dtype=np.float64), "dependence": np.array(dependences)}
        return cls(stories, marks, both)

    def learn(self, kind: str, those: NDArray[np.bool_]) -> Array:
        """The parameters that `those` of the sentences teach."""
        letters, ridge = KINDS[kind]
        labels = np.isin(self.marks, list(letters))[those].astype(np.float64)
        return fit(self.features[kind][those], labels, np.ones(len(labels)), ridge=ridge)

    def cross_validated(self, kind: str) -> Array:
        """The probability of each sentence by parameters that never saw its story."""
        names = sorted(set(self.stories))
        random.Random(0).shuffle(names)  # noqa: S311 - no secret
        found = np.zeros(len(self.stories))
        for fold in (names[i::FOLDS] for i in range(FOLDS)):
            held = np.isin(self.stories, fold)
            found[held] = probability(self.features[kind][held], self.learn(kind, ~held))
        return found


def main() -> None:
    """Print the table, or write the parameters."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fit", action="store_true", help="write the parameters")
    options = parser.parse_args()
    embedder = E5Embedder()
    with VectorFile(default_cache_dir() / "benchmarks" / "worth.sqlite3", embedder) as vectors:
        marked = Marked.read(vectors)
    print("| told apart from the rest | sentences | AUC |\n| --- | --- | --- |")
    for kind, (letters, _) in KINDS.items():
        found = marked.cross_validated(kind)
        for these in sorted({letters, letters[0]}, reverse=True):
            labels = np.isin(marked.marks, list(these))
            told = auc(labels.astype(float), found)
            print(f"| {kind} ({these}) | {labels.sum()} of {len(labels)} | {told:.3f} |")
        if options.fit:
            beta = marked.learn(kind, np.ones(len(marked.marks), dtype=np.bool_)).round(DIGITS)
            learned = {
                "embedder": embedder.version,
                "marks": hashlib.sha256(MARKS.read_bytes()).hexdigest(),
                "beta": beta.tolist(),
            }
            path = PARAMETERS / f"{kind}.json"
            path.write_text(json.dumps(learned) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
