"""How much the passages entail a sentence: the model's own probability beside the words in common.

A small model's "Yes" alone orders sentences well and is far off as a probability; words in common
alone take a changed figure for a faithful copy. `calibration` weighs them together.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from fusion import prompts
from fusion.words import content, coverage, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.llm import LLM

FEATURES = ("entailed", "covered", "pairs", "longest_copy")

# Probabilities nearer to 0 or 1 than this say no more.
_CERTAIN = 1e-4


def entailment(sentence: str, passages: Sequence[str], llm: LLM) -> float:
    """The model's uncalibrated probability, 0..1, that the passages say the sentence is true.

    Read from the logits of the answer's first token (Kadavath et al. 2022, "P(True)"). The prompt
    begins with the passages, so a model that has just written from them does not read them again.
    """
    messages = prompts.messages(
        "check",
        {"passages": prompts.passages_block(passages), "sentence": " ".join(sentence.split())},
    )
    return llm.choose(messages, ("Yes", "No"))["Yes"]


def features(sentence: str, passages: Sequence[str], entailed: float) -> list[float]:
    """The numbers that `calibration` weighs, in the order of `FEATURES`.

    `entailed` as log-odds, the rest shares of the sentence's words, 0..1.
    """
    entailed = min(max(entailed, _CERTAIN), 1 - _CERTAIN)
    together = " ".join(passages)
    return [
        math.log(entailed / (1 - entailed)),
        coverage(sentence, together),
        _pairs_covered(sentence, passages),
        max(_longest_copy(sentence, passage) for passage in passages),
    ]


def _pairs_covered(sentence: str, passages: Sequence[str]) -> float:
    """Share of the sentence's neighbouring content words that are neighbours in a passage too."""
    words = content(sentence)
    pairs = set(itertools.pairwise(words))
    there = {
        pair
        for passage in passages
        for found in [content(passage)]
        for pair in itertools.pairwise(found)
    }
    return len(pairs & there) / len(pairs) if pairs else 1.0


def _longest_copy(sentence: str, passage: str) -> float:
    """The longest run of words that both have, as a share of the sentence."""
    ours = [token.lower for token in tokens(sentence) if token.text[0].isalnum()]
    theirs = [token.lower for token in tokens(passage) if token.text[0].isalnum()]
    longest, ending = 0, [0] * (len(theirs) + 1)
    for word in ours:
        row = [0] * (len(theirs) + 1)
        for j, other in enumerate(theirs, start=1):
            if word == other:
                row[j] = ending[j - 1] + 1
                longest = max(longest, row[j])
        ending = row
    return longest / len(ours) if ours else 1.0
