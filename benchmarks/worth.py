"""Learn how much each feature of a passage says for telling it, from stories with planted truth.

    python -m benchmarks.worth                   # how well weights do on stories they never saw
    python -m benchmarks.worth --stories DIR     # how well the weights in use do on those of DIR
    python -m benchmarks.worth --fit             # the weights to put into fusion/worth.py

The reward of a pick is the importance, as a share of all, of the required facts that its sentence
tells and no pick before has told, times the probability that it can be understood alone, which is
nothing where a rule says that it cannot; `HARM` is taken for one that says what is forbidden,
`UNREAD` for one that cannot be understood, times that probability. What leads has weights of its
own: its reward is 1 if it tells a main fact (importance 3) that the newest report was the first to
tell, `OLD` if one that the oldest did, and between them by the newness of the first to tell it.

The weights maximise the expected reward of a pick drawn by the softmax of the passages' worth (an
expected, listwise loss; the gradient is exact), in the states that they themselves lead to: states
are gathered anew with each round's weights and added to those of the rounds before (DAgger, Ross,
Gordon and Bagnell 2011).

For cross-validation the stories are dealt into `FOLDS`; each is told by weights learned on the
other folds, for three ways of dealing. No language model takes part.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fusion.chunk import chunk, with_voices
from fusion.clean import clean
from fusion.dedup import dedup
from fusion.disputes import disputes
from fusion.embed import E5Embedder
from fusion.evaluate.gold import first_match, load_gold, sentences_of
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
UNCLEAR, DEPENDENT = map(list(WEIGHTS).index, ("unclear", "dependent"))
HARM = 0.2  # of a story's importance
UNREAD = 0.02  # the same; a third fewer unclear sentences for 0.003 of recall
OLD = 0.3
LENGTHS = (8, 10)  # sentences of the summaries that the tables are of
LEARNED = 9  # picks a story that are learned from
FOLDS, DEALS = 6, 3
ROUNDS, STEPS, RATE = 4, 200, 4.0
DECAY = 0.002  # pull of the weights to 0, over standardised features

Weights = tuple["NDArray[np.float64]", "NDArray[np.float64]"]  # of the lead, and of all else
Episode = tuple["NDArray[np.float64]", "NDArray[np.float64]"]  # features and rewards of a state


@dataclass(frozen=True)
class Story:
    """The candidates of a story, which facts each tells, and which says what is false."""

    name: str
    candidates: Candidates
    tells: NDArray[np.float64]  # (passages, required facts): the fact's share of all importance
    false: NDArray[np.bool_]
    leads: NDArray[np.float64]  # what each passage would earn as the lead, 0..1

    @classmethod
    def of(cls, folder: Path, vectors: VectorFile) -> Story:
        """Read it as the pipeline does, up to the plan."""
        gold = load_gold(folder / "gold.yaml")
        material = material_of(folder, vectors)
        sources = material.sources
        found = disputes(material.chunks, sources)
        apart = [passage for each in found for passage in each.passages]
        candidates = Candidates.of(material, apart)
        assert candidates is not None, folder  # noqa: S101 - our own stories have passages
        by_file = {sources[key].article.file: new for key, new in newness(material).items()}
        return cls(folder.name, candidates, *_labels(candidates, gold, by_file))

    def reward(self, picked: Sequence[int], features: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each passage would earn after `picked`."""
        if not picked:
            new = self.leads
        else:
            new = (self.tells * ~(self.tells[list(picked)] > 0).any(axis=0)).sum(axis=1)
        clear = 1 - features[:, DEPENDENT]
        earned: NDArray[np.float64] = new * (1 - features[:, UNCLEAR]) * clear
        return earned - HARM * self.false - UNREAD * (1 - clear)


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


def learn(stories: Sequence[Story]) -> Weights:
    """The weights that these stories teach: of what leads, and of all else."""
    leading = _fit([next(iter(_episode(story, None, None))) for story in stories])
    states: list[Episode] = []
    weights = np.zeros(len(WEIGHTS))
    draw: random.Random | None = random.Random(0)  # noqa: S311 - only the first picks are random
    for _ in range(ROUNDS):
        begun = [
            state
            for story in stories
            for state in list(_episode(story, (leading, weights), draw))[1:]
        ]
        states = begun if draw else states + begun
        weights, draw = _fit(states), None
    return leading, weights


def _episode(
    story: Story, weights: Weights | None, draw: random.Random | None
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


def tell(story: Story, weights: Weights) -> list[float]:
    """Recall by importance at each of `LENGTHS`, forbidden and unclear sentences, the lead's worth.

    Of the lead: whether it tells a main fact, and what that earns.
    """
    picked: list[int] = []
    unclear = 0.0
    while len(picked) < max(LENGTHS) and (allowed := story.candidates.allowed(picked)):
        features = story.candidates.worth.features(picked)
        picked.append(_best(allowed, features, weights[bool(picked)]))
        unclear += features[picked[-1], UNCLEAR] * (len(picked) <= LENGTHS[0])
    every = story.tells.max(axis=0)
    recalls = [float(((story.tells[picked[:n]] > 0).any(axis=0) * every).sum()) for n in LENGTHS]
    first = picked[: LENGTHS[0]]
    lead = float(story.leads[picked[0]])
    return [*recalls, float(story.false[first].sum()), unclear, float(lead > 0), lead]


def cross_validated(stories: Sequence[Story]) -> NDArray[np.float64]:
    """`tell` of every story by weights that never saw it, the mean over the ways of dealing."""
    found = np.zeros((len(stories), len(LENGTHS) + 4))
    for deal in range(DEALS):
        order = list(range(len(stories)))
        random.Random(deal).shuffle(order)  # noqa: S311 - no secret
        for fold in (order[i::FOLDS] for i in range(FOLDS)):
            weights = learn([stories[i] for i in order if i not in fold])
            for i in fold:
                found[i] += tell(stories[i], weights)
    return found / DEALS


def _print(name: str, rows: NDArray[np.float64]) -> None:
    recall8, recall10, false, unclear, main, new = rows.mean(axis=0)
    print(
        f"| {name} | {len(rows)} | {recall8:.3f} | {recall10:.3f} | {false:.2f} | {unclear:.2f} |"
        f" {main:.2f} | {new:.2f} |"
    )


def main() -> None:
    """Print the table, or the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stories", type=Path, help="stories to tell by the weights in use")
    parser.add_argument("--fit", action="store_true", help="learn from all own stories")
    options = parser.parse_args()
    folders = [options.stories] if options.stories else [EVAL / "stories", EVAL / "held-out"]
    with VectorFile(default_cache_dir() / "benchmarks" / "worth.sqlite3", E5Embedder()) as vectors:
        suites = {
            folder.name: [Story.of(p.parent, vectors) for p in sorted(folder.glob("*/gold.yaml"))]
            for folder in folders
        }
    every = [story for stories in suites.values() for story in stories]
    if options.fit:
        for feature, leading, weight in zip(WEIGHTS, *learn(every), strict=True):
            print(f'    "{feature}": ({leading:.2f}, {weight:.2f}),')
        return
    print("| stories | number | recall of 8 | of 10 | forbidden | unclear | main lead | new lead |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    leading, others = np.array(list(WEIGHTS.values())).T
    in_use = leading, others
    found = None if options.stories else cross_validated(every)
    start = 0
    for name, stories in suites.items():
        _print(f"{name}, weights in use", np.array([tell(story, in_use) for story in stories]))
        if found is not None:
            _print(f"{name}, cross-validated", found[start : start + len(stories)])
        start += len(stories)


if __name__ == "__main__":
    main()
