"""Scores against human references: words in common, and facts by the likeness of sentences."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import numpy as np

from fusion.evaluate.scorer import Metric, Score, Unscored
from fusion.sentences import split_sentences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from fusion.embed import PassageEmbedder
    from fusion.evaluate.systems import SystemOutput
    from fusion.evaluate.task import Story


class Rouge:
    """ROUGE-1, -2 and -L F1 with stemming (Lin 2004) by the package `rouge-score`.

    With several references the best counts, as in that package.
    """

    name = "rouge"
    identity: Mapping[str, object] = {"version": 1}
    metrics: Mapping[str, Metric] = {
        "rouge1": Metric("words in common with the reference, F1"),
        "rouge2": Metric("pairs of words in common with the reference, F1"),
        "rougeL": Metric("longest common sequence of words with the reference, F1"),
    }

    def score(self, story: Story, output: SystemOutput) -> Score:
        """See `Scorer.score`. Unscored without a reference."""
        references = _references(story)
        try:
            rouge = importlib.import_module("rouge_score.rouge_scorer")
        except ImportError as error:
            raise Unscored("The package rouge-score is not installed.") from error
        scorer = rouge.RougeScorer(list(self.metrics), use_stemmer=True)
        found = scorer.score_multi(references, output.body)
        return Score(values={name: float(found[name].fmeasure) for name in self.metrics})


class ReferenceFacts:
    """How like summary and reference are by embedding, as wholes and sentence by sentence.

    Each sentence counts by the cosine with its best match, put between what unrelated news
    sentences have and 1, as BERTScore rescales (Zhang et al. 2020). With several references the
    mean counts. It tells systems apart; no single value means that a fact is there. `similarity` is
    the cosine of the whole texts: what both are about, whatever they say of it; 1 for the same.
    """

    name = "facts"
    metrics: Mapping[str, Metric] = {
        "recall": Metric("likeness of reference sentences to their best match in the summary"),
        "precision": Metric("likeness of summary sentences to their best match in the reference"),
        "similarity": Metric("cosine of the summary and the reference as wholes"),
    }

    def __init__(self, embedder: PassageEmbedder) -> None:
        self._embedder = embedder

    @property
    def identity(self) -> Mapping[str, object]:
        """Its version and the embedder's."""
        return {"version": 2, "embedder": getattr(self._embedder, "version", "")}

    def score(self, story: Story, output: SystemOutput) -> Score:
        """See `Scorer.score`. Unscored without a reference."""
        told = [sentence.text for sentence in output.sentences]
        whole = self._embedder.passages([output.body])
        recalls, precisions, similarities = [], [], []
        for reference in _references(story):
            like = likeness(self._embedder, _sentences(reference), told)
            recalls.append(float(like.max(axis=1).mean()))
            precisions.append(float(like.max(axis=0).mean()))
            similarities.append(float((whole @ self._embedder.passages([reference]).T).item()))
        return Score(
            values={
                "recall": float(np.mean(recalls)),
                "precision": float(np.mean(precisions)),
                "similarity": float(np.mean(similarities)),
            }
        )


def likeness(
    embedder: PassageEmbedder, sentences: Sequence[str], others: Sequence[str]
) -> NDArray[np.float32]:
    """How like each sentence is to each of the others, 0..1, shape (sentences, others).

    The cosine, put between what unrelated news sentences have and 1, as BERTScore rescales.
    """
    cosines = embedder.passages(sentences) @ embedder.passages(others).T
    return np.asarray(np.clip((cosines - UNRELATED) / (1 - UNRELATED), 0, 1))


# Mean cosine, by multilingual-e5-small, of a planted story's reference sentences with their best
# match in another story's reference.
UNRELATED = 0.811


def _references(story: Story) -> Sequence[str]:
    if not story.references:
        raise Unscored("The story has no reference.")
    return story.references


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]
