"""What `fusion verify` finds to judge a sentence by, against simpler ways: no language model.

Each sentence of the planted stories' references tells facts that the story's `gold.yaml` knows by
pattern. Of these, the share that the three passages found for the sentence tell too.

    python -m benchmarks.draft_evidence
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import bm25s
import numpy as np

from fusion.chunk import chunk
from fusion.drafts import Passages
from fusion.embed import E5Embedder, Remembered
from fusion.evaluate.cite import closest
from fusion.evaluate.gold import judge
from fusion.evaluate.task import load_story
from fusion.sentences import split_sentences
from fusion.types import Material, Role, Source
from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fusion.evaluate.task import Story

STORIES = Path(__file__).parents[1] / "eval" / "stories"
NO_EVIDENCE = (Role.DERIVED, Role.OFF_TOPIC)


def main() -> None:
    """Print the table."""
    embedder = Remembered(E5Embedder())
    told: Counter[str] = Counter()
    facts = 0
    for folder in sorted(path.parent for path in STORIES.glob("*/gold.yaml")):
        story = load_story(folder)
        assert story.gold is not None, story.gold_problem  # noqa: S101 - our own stories are sound
        for sentence, ways in _found(story, embedder):
            wanted = set(judge(sentence, story.gold).found)
            facts += len(wanted)
            for way, passages in ways.items():
                told[way] += len(wanted.intersection(judge("\n".join(passages), story.gold).found))
    print(f"| of {facts} facts, by three passages | told |\n| --- | --- |")
    for way, count in told.items():
        print(f"| {way} | {count / facts:.1%} |")


def _found(story: Story, embedder: Remembered) -> Iterator[tuple[str, Mapping[str, list[str]]]]:
    """Each sentence of the reference with the passages that each way finds."""
    assert story.gold is not None  # noqa: S101 - as above
    roles = story.gold.articles
    reports = [a for a in story.sources if roles[a.file].role not in NO_EVIDENCE]
    chunks = list({passage.key: passage for passage in chunk(reports)}.values())
    texts = [passage.text for passage in chunks]
    vectors = embedder.passages(texts)
    sources = {a.id: Source(a, a.id, Role.INDEPENDENT) for a in reports}
    passages = Passages(Material(chunks, vectors, sources), embedder)
    bm25 = bm25s.BM25()
    bm25.index([content(text) or ["-"] for text in texts], show_progress=False)
    for start, end in split_sentences(story.gold.reference):
        sentence = story.gold.reference[start:end]
        near = vectors @ embedder.passages([sentence])[0]
        shared = bm25.get_scores(content(sentence) or ["-"])
        yield (
            sentence,
            {
                "`fusion verify`": [passage.text for passage in passages.closest(sentence)],
                "rare words, each adding new ones": [texts[i] for i in closest(sentence, texts)],
                "BM25": [texts[i] for i in np.argsort(-shared, kind="stable")[:3]],
                "vectors": [texts[i] for i in np.argsort(-near, kind="stable")[:3]],
            },
        )


if __name__ == "__main__":
    main()
