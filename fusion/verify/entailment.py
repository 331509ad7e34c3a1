"""How much the passages entail a sentence: the model's own probability, and how far it is a copy.

A small model's "Yes" orders sentences well, is far off as a probability, and is withheld even from
copies; how far a sentence is copied says little of one that is reworded. `calibration` weighs both.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fusion import prompts
from fusion.words import STOP_WORDS, stem, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.llm import LLM

FEATURES = ("entailed", "copied", "breaks")

# Breaks per word from which a sentence is no copy: with none, nearly all claims that people have
# labelled are supported; from one in ten words on, no more than among others.
_NO_COPY = 0.1
# Probabilities nearer to 0 or 1 than this say no more.
_CERTAIN = 1e-4
_NOWHERE = -1  # before the first word that is copied; it may come from anywhere


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

    `entailed` as log-odds; `copied` from 1, word for word, down to 0; `breaks` per word, 0..1.
    """
    entailed = min(max(entailed, _CERTAIN), 1 - _CERTAIN)
    broken = breaks(sentence, passages)
    return [math.log(entailed / (1 - entailed)), max(0.0, 1 - broken / _NO_COPY), broken]


def breaks(sentence: str, passages: Sequence[str]) -> float:
    """The fewest breaks, per word, at which `sentence` is pieced together from the passages' words.

    0 is a copy, 1 has nothing of them. Half a break each: to leave words of a passage out, and to
    put in a small word; one each: to go on in another place, and to put in any other word. The
    extractive fragments of Grusky et al. 2018, chosen for the fewest breaks and not the longest
    first.
    """
    theirs: list[str] = []
    begins: list[int] = []  # by place: where its passage does
    for passage in passages:
        words = [word for word, _ in _words(passage)]
        begins += [len(theirs)] * len(words)
        theirs += words
    ours = _words(sentence)
    spent = {_NOWHERE: 0.0}  # the fewest breaks so far, by the place of the last word copied
    for word, small in ours:
        anywhere = spent.get(_NOWHERE, min(spent.values()) + 1)
        after = {place: cost + (0.5 if small else 1) for place, cost in spent.items()}
        for place in (i for i, other in enumerate(theirs) if other == word):
            onwards = (
                cost + (0 if at == place - 1 else 0.5)
                for at, cost in spent.items()
                if begins[place] <= at < place
            )
            after[place] = min(after.get(place, math.inf), anywhere, *onwards)
        enough = min(after.values()) + 1  # for so much the best place leads anywhere
        spent = {place: cost for place, cost in after.items() if cost <= enough}
    return min(spent.values()) / len(ours) if ours else 0.0


def _words(text: str) -> list[tuple[str, bool]]:
    """Stems of the words and the numbers of `text`, and which are small words."""
    return [
        (stem(token.lower), token.lower in STOP_WORDS)
        for token in tokens(text)
        if token.text[0].isalnum()
    ]
