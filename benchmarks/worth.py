"""Learn how much each feature of a passage says for telling it, from planted truth and references.

    python -m benchmarks.worth                   # how well weights do on stories they never saw
    python -m benchmarks.worth --stories DIR     # how well the weights in use do on those of DIR
    python -m benchmarks.worth --fit             # the weights to put into fusion/worth.py

The reward of a pick is the importance, as a share of all, of the required facts that its sentence
tells and no pick before has told, times the probability that it can be understood alone, which is
nothing where a rule says that it cannot; `HARM` is taken for one that says what is forbidden,
`UNREAD` for one that cannot be understood and `SCENIC` for a scene or a comment, times the
probability of either. Of the stories of `wikinews` and `multinews` (in `FUSION_DATA`), which have
references, what is earned is what it adds to the F1 of ROUGE-2 and half of that of ROUGE-1 with
them. What leads has weights of its own: its reward is 1 if it tells a main fact (importance 3) that
the newest report was the first to tell, `OLD` if one that the oldest did, and between them by the
newness of the first to tell it; it is learned from planted truth alone.

The weights maximise the expected reward of a pick drawn by the softmax of the passages' worth (an
expected, listwise loss; the gradient is exact), in the states that they themselves lead to: states
are gathered anew with each round's weights and added to those of the rounds before (DAgger, Ross,
Gordon and Bagnell 2011).

For cross-validation the stories are dealt into `FOLDS`; each is told by weights learned on the
other folds, for three ways of dealing. No language model takes part. Where `FUSION_DATA` has no
such stories the others teach alone.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fusion.chunk import chunk, with_voices
from fusion.clean import clean
from fusion.dedup import dedup
from fusion.disputes import disputes
from fusion.embed import E5Embedder
from fusion.evaluate.gold import first_match, load_gold, sentences_of
from fusion.evaluate.task import data_folder
from fusion.ingest import ingest
from fusion.newness import newness
from fusion.plan import Candidates
from fusion.settings import default_cache_dir
from fusion.types import Material
from fusion.vectors import VectorFile
from fusion.worth import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from fusion.evaluate.gold import Gold

EVAL = Path(__file__).parents[1] / "eval"
COLOUR, UNCLEAR, DEPENDENT = map(list(WEIGHTS).index, ("colour", "unclear", "dependent"))
HARM = 0.2  # of a story's importance
UNREAD = 0.04  # the same; a third fewer unclear sentences for hardly any recall (ADR 8)
SCENIC = 0.05  # the same; four in ten fewer sentences that are likely scenes, for no recall
OLD = 0.3
LENGTHS = (8, 10)  # sentences of the summaries that the tables are of
LEARNED = 9  # picks a story that are learned from
FOLDS, DEALS = 6, 3
ROUNDS, STEPS, RATE = 4, 200, 4.0
DECAY = 0.002  # pull of the weights to 0, over standardised features

REFERENCED = ("wikinews", "multinews")
ROUGE = {1: 0.5, 2: 1.0}  # what the F1 of ROUGE-n counts, by n

Ngrams = Counter[tuple[str, ...]]
Weights = tuple["NDArray[np.float64]", "NDArray[np.float64]"]  # of the lead, and of all else
Episode = tuple["NDArray[np.float64]", "NDArray[np.float64]"]  # features and rewards of a state


@dataclass(frozen=True)
class Planted:
    """The candidates of a story, which facts each tells, and which says what is false."""

    name: str
    candidates: Candidates
    tells: NDArray[np.float64]  # (passages, required facts): the fact's share of all importance
    false: NDArray[np.bool_]
    leads: NDArray[np.float64]  # what each passage would earn as the lead, 0..1

    @classmethod
    def of(cls, folder: Path, vectors: VectorFile) -> Planted:
        """Read it as the pipeline does, up to the plan."""
        gold = load_gold(folder / "gold.yaml")
        material = material_of(folder, vectors)
        candidates = _candidates(material)
        by_file = {
            material.sources[key].article.file: new for key, new in newness(material).items()
        }
        return cls(folder.name, candidates, *_labels(candidates, gold, by_file))

    def reward(self, picked: Sequence[int], features: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each passage would earn after `picked`."""
        if not picked:
            new = self.leads
        else:
            new = (self.tells * ~(self.tells[list(picked)] > 0).any(axis=0)).sum(axis=1)
        return _read(new, features) - HARM * self.false


@dataclass(frozen=True)
class Referenced:
    """The candidates of a story, their words and pairs of words, and those of its references."""

    name: str
    candidates: Candidates
    says: Mapping[int, Sequence[Ngrams]]  # by how many words
    references: Mapping[int, Sequence[Ngrams]]

    @classmethod
    def of(cls, folder: Path, vectors: VectorFile) -> Referenced:
        """Read it as the pipeline does, up to the plan."""
        candidates = _candidates(material_of(folder, vectors))
        texts = [path.read_text(encoding="utf-8") for path in folder.glob("references/*.txt")]
        said = [passage.text for passage in candidates.passages]
        return cls(
            folder.name,
            candidates,
            {n: [_ngrams(text, n) for text in said] for n in ROUGE},
            {n: [_ngrams(text, n) for text in texts] for n in ROUGE},
        )

    def reward(self, picked: Sequence[int], features: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each passage would earn after `picked`."""
        earned = np.zeros(len(features))
        for n, share in ROUGE.items():
            before = sum((self.says[n][i] for i in picked), Counter())
            after = [self.f1(before + own, n) for own in self.says[n]]
            earned += share * (np.array(after) - self.f1(before, n))
        return _read(earned, features)

    def f1(self, said: Ngrams, n: int) -> float:
        """Of ROUGE-n, with the reference that is likest."""
        return max(
            2 * (said & reference).total() / (said.total() + reference.total())
            for reference in self.references[n]
        )


def _read(earned: NDArray[np.float64], features: NDArray[np.float64]) -> NDArray[np.float64]:
    """What is left of what each passage earns, by how likely it can be understood and is news."""
    clear = 1 - features[:, DEPENDENT]
    price = UNREAD * (1 - clear) + SCENIC * features[:, COLOUR]
    return earned * (1 - features[:, UNCLEAR]) * clear - price


def _ngrams(text: str, n: int) -> Ngrams:
    tokenizers = import_module("rouge_score.tokenizers")
    words = tokenizers.DefaultTokenizer(use_stemmer=True).tokenize(text)
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


def _candidates(material: Material) -> Candidates:
    found = disputes(material.chunks, material.sources)
    candidates = Candidates.of(material, [p for each in found for p in each.passages])
    assert candidates is not None  # noqa: S101 - these stories have passages
    return candidates


def material_of(folder: Path, vectors: VectorFile) -> Material:
    """Read a story as the pipeline does, up to the plan."""
    articles, _ = clean(ingest(folder / "articles")[0])
    grouping = dedup(articles, vectors)
    sources = {s.article.id: s for s in grouping.sources if s.citable}
    chunks = with_voices(chunk(s.article for s in sources.values()), grouping)
    return Material(chunks, vectors.passages([c.text for c in chunks]), sources)


def _labels(
    candidates: Candidates, gold: Gold, new: Mapping[str, float]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.float64]]:
    told = [sentences_of(passage.text) for passage in candidates.passages]
    tells = [
        [fact.importance * (first_match(fact.any, some) is not None) for fact in gold.required]
        for some in told
    ]
    false = [
        any(first_match(bad.any, some, bad.unless) is not None for bad in gold.forbidden)
        for some in told
    ]
    first = [min((new[f] for f in fact.sources if f in new), default=0) for fact in gold.required]
    fresh = [
        (fact.importance == 3) * (OLD + (1 - OLD) * at)
        for fact, at in zip(gold.required, first, strict=True)
    ]
    every = sum(fact.importance for fact in gold.required)
    leads = ((np.array(tells) > 0) * np.array(fresh)).max(axis=1)
    return np.array(tells) / every, np.array(false), leads


def learn(stories: Sequence[Planted], referenced: Sequence[Referenced]) -> Weights:
    """The weights that these stories teach: of what leads, and of all else."""
    leading = _fit([next(iter(_episode(story, None, None))) for story in stories])
    states: list[Episode] = []
    weights = np.zeros(len(WEIGHTS))
    every: list[Planted | Referenced] = [*stories, *referenced]
    draw: random.Random | None = random.Random(0)  # noqa: S311 - only the first picks are random
    for _ in range(ROUNDS):
        begun = [
            state
            for story in every
            for state in list(_episode(story, (leading, weights), draw))[1:]
        ]
        states = begun if draw else states + begun
        weights, draw = _fit(states), None
    return leading, weights


def _episode(
    story: Planted | Referenced, weights: Weights | None, draw: random.Random | None
) -> Iterator[Episode]:
    """The states that `weights` lead to, the lead's first; all but that at random, if to `draw`."""
    picked: list[int] = []
    while len(picked) < LEARNED and (allowed := story.candidates.allowed(picked)):
        features = story.candidates.worth.features(picked)
        if len(allowed) > 1 or not picked:  # else there is nothing to choose
            yield features[allowed], story.reward(picked, features)[allowed]
        if draw and picked:
            picked.append(draw.choice(allowed))
        elif weights:
            picked.append(_best(allowed, features, weights[bool(picked)]))
        else:
            return


def _best(
    allowed: Sequence[int], features: NDArray[np.float64], weights: NDArray[np.float64]
) -> int:
    worth = features @ weights
    return max(allowed, key=lambda i: float(worth[i]))


def _fit(states: Sequence[Episode]) -> NDArray[np.float64]:
    """Ascend the gradient of the mean expected reward; the states are padded to one length."""
    every = np.concatenate([features for features, _ in states])
    scale = every.std(axis=0) + 1e-6
    told = [(features / scale, reward) for features, reward in states if (reward > 0).any()]
    longest = max(len(reward) for _, reward in told)
    inputs = np.zeros((len(told), longest, len(WEIGHTS)), dtype=np.float32)
    rewards = np.zeros((len(told), longest), dtype=np.float32)
    absent = np.full((len(told), longest), -1e9, dtype=np.float32)
    for i, (features, reward) in enumerate(told):
        n = len(reward)
        inputs[i, :n], rewards[i, :n], absent[i, :n] = features, reward, 0
    flat = inputs.reshape(-1, len(WEIGHTS))
    weights = np.zeros(len(WEIGHTS), dtype=np.float32)
    for _ in range(STEPS):
        worth = (flat @ weights).reshape(absent.shape) + absent
        chance = np.exp(worth - worth.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        gain = chance * (rewards - (chance * rewards).sum(axis=1, keepdims=True))
        weights += RATE * (flat.T @ gain.ravel() / len(told) - DECAY * weights)
    return np.asarray(weights / scale, dtype=np.float64)


def tell(story: Planted, weights: Weights) -> list[float]:
    """Recall by importance at each of `LENGTHS`, forbidden and unclear sentences, the lead's worth.

    Of the lead: whether it tells a main fact, and what that earns.
    """
    picks = list(_picks(story, weights))
    picked = [i for i, _ in picks]
    first = picked[: LENGTHS[0]]
    unclear = sum(float(features[i, UNCLEAR]) for i, features in picks[: LENGTHS[0]])
    every = story.tells.max(axis=0)
    recalls = [float(((story.tells[picked[:n]] > 0).any(axis=0) * every).sum()) for n in LENGTHS]
    lead = float(story.leads[picked[0]])
    return [*recalls, float(story.false[first].sum()), unclear, float(lead > 0), lead]


def _picks(
    story: Planted | Referenced, weights: Weights
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """What these weights pick, one by one, each with the features that it was picked by."""
    picked: list[int] = []
    while len(picked) < max(LENGTHS) and (allowed := story.candidates.allowed(picked)):
        features = story.candidates.worth.features(picked)
        picked.append(_best(allowed, features, weights[bool(picked)]))
        yield picked[-1], features


def rouge(story: Referenced, weights: Weights) -> list[float]:
    """F1 of ROUGE-1 and ROUGE-2 at the greatest of `LENGTHS`."""
    picked = [i for i, _ in _picks(story, weights)]
    return [story.f1(sum((story.says[n][i] for i in picked), Counter()), n) for n in ROUGE]


def cross_validated(
    stories: Sequence[Planted], referenced: Sequence[Referenced]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`tell` and `rouge` of each by weights that never saw it, the mean over the dealings."""
    told = np.zeros((len(stories), len(LENGTHS) + 4))
    like = np.zeros((len(referenced), len(ROUGE)))
    for deal in range(DEALS):
        draw = random.Random(deal)  # noqa: S311 - no secret
        orders = [draw.sample(range(len(some)), len(some)) for some in (stories, referenced)]
        for fold in range(FOLDS):
            left, right = (set(order[fold::FOLDS]) for order in orders)
            weights = learn(
                [stories[i] for i in orders[0] if i not in left],
                [referenced[i] for i in orders[1] if i not in right],
            )
            for i in left:
                told[i] += tell(stories[i], weights)
            for i in right:
                like[i] += rouge(referenced[i], weights)
    return told / DEALS, like / DEALS


def main() -> None:
    """Print the tables, or the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stories", type=Path, help="stories to tell by the weights in use")
    parser.add_argument("--fit", action="store_true", help="learn from all of them")
    options = parser.parse_args()
    folders = [options.stories] if options.stories else [EVAL / "stories", EVAL / "held-out"]
    real = [] if options.stories else [data_folder() / "stories" / name for name in REFERENCED]
    with VectorFile(default_cache_dir() / "benchmarks" / "worth.sqlite3", E5Embedder()) as vectors:
        suites = {
            folder.name: [Planted.of(p.parent, vectors) for p in sorted(folder.glob("*/gold.yaml"))]
            for folder in folders
        }
        with_references = {
            folder.name: [
                Referenced.of(p.parent, vectors) for p in sorted(folder.glob("*/references"))
            ]
            for folder in real
        }
    stories = [story for some in suites.values() for story in some]
    referenced = [story for some in with_references.values() for story in some]
    if options.fit:
        for feature, leading, weight in zip(WEIGHTS, *learn(stories, referenced), strict=True):
            print(f'    "{feature}": ({leading:.2f}, {weight:.2f}),')
        return
    in_use = tuple(np.array(list(WEIGHTS.values())).T)
    unseen = None if options.stories else cross_validated(stories, referenced)
    print("| stories | number | recall of 8 | of 10 | forbidden | unclear | main lead | new lead |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    told = {name: [tell(story, in_use) for story in some] for name, some in suites.items()}
    _print(told, unseen and unseen[0], (3, 3, 2, 2, 2, 2))
    if referenced:
        print("\n| stories | number | ROUGE-1 | ROUGE-2 |")
        print("| --- | --- | --- | --- |")
        like = {
            name: [rouge(story, in_use) for story in some] for name, some in with_references.items()
        }
        _print(like, unseen and unseen[1], (3, 3))


def _print(
    measured: Mapping[str, Sequence[Sequence[float]]],
    unseen: NDArray[np.float64] | None,
    digits: Sequence[int],
) -> None:
    """Rows of means, with the weights in use and, cross-validated, with those of other stories."""
    start = 0
    for name, values in measured.items():
        rows = {f"{name}, weights in use": np.array(values)}
        if unseen is not None:
            rows[f"{name}, cross-validated"] = unseen[start : start + len(values)]
        start += len(values)
        for label, columns in rows.items():
            means = [f"{mean:.{d}f}" for mean, d in zip(columns.mean(axis=0), digits, strict=True)]
            print("|", " | ".join([label, str(len(values)), *means]), "|")


if __name__ == "__main__":
    main()
