"""Whether a passage depends on its report: whether it is unclear without the sentences before it.

Rules find what begins with “she” or speaks of “the second” (`antecedent.leans_back`), and miss “the
video” and “the talks were still on”. Readers marked both; what they marked is told, for passages of
stories never seen, by how a passage is worded and placed, and by its vector (see `fusion.probe`).
To make such a passage clear is decontextualization (Choi et al. 2021); here it is passed over.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from fusion.antecedent import leans_back
from fusion.probe import parameters, probability
from fusion.verify.claimant import unquoted
from fusion.words import content, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from fusion.types import Material

_PRONOUNS = re.compile(r"\b(?:it|he|she|they|him|them)\b", re.IGNORECASE)
_POINTERS = re.compile(
    r"\b(?:this|that|these|those|such|an?other|others|same|again|also|too|both|later|then|there"
    r"|still|second|instead|n?either|twice|half|former|latter|ones?|so|do|does|did|earlier)\b",
    re.IGNORECASE,
)
MOST_PRONOUNS, MOST_POINTERS, LATE, LONG = 3, 4, 12, 12  # that are told from more
COMMONEST = 3  # words of a passage that tie it to its story


def dependence(material: Material, spread: Mapping[str, float]) -> NDArray[np.float64]:
    """The probability, 0..1, that each passage is unclear by itself: shape (len(chunks),).

    `spread` is that of `voices.spread_of`. English only; else it is 0.
    """
    if not material.english:
        return np.zeros(len(material.chunks))
    return probability(features(material, spread), parameters("dependence")["beta"])


def features(material: Material, spread: Mapping[str, float]) -> NDArray[np.float64]:
    """What tells it: shape (len(chunks), 9 + dimensions of the vectors).

    Whether it leans back by rule; its pronouns and pointers, outside quotations; how many words it
    has; how like it is to the sentence before; how far down it stands; how common in the story its
    commonest words are; whether it quotes; whether a question or a colon stands before; its vector.
    """
    centred = (material.vectors - material.vectors.mean(axis=0)).astype(np.float64)
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    directions = centred / np.where(norms == 0, 1, norms)
    rows = []
    for i, passage in enumerate(material.chunks):
        told, words = unquoted(passage.text), set(content(passage.text))
        before = material.chunks[i - 1] if i else passage
        follows = i > 0 and before.source == passage.source
        common = sorted((spread.get(word, 0.0) for word in words), reverse=True)[:COMMONEST]
        rows.append(
            [
                leans_back(passage.text),
                min(MOST_PRONOUNS, len(_PRONOUNS.findall(told))) / MOST_PRONOUNS,
                min(MOST_POINTERS, len(_POINTERS.findall(told))) / MOST_POINTERS,
                len(words) / LONG,
                float(directions[i] @ directions[i - 1]) if follows else 0.0,
                min(LATE, passage.position) / LATE,
                sum(common) / max(1, len(common)),
                '"' in plain(passage.text),
                follows and before.text.rstrip().endswith(("?", ":")),
            ]
        )
    return np.column_stack([np.array(rows, dtype=np.float64).reshape(len(rows), -1), centred])
