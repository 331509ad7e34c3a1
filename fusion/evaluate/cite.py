"""What a sentence rests on: the passages that it cites, or else the closest ones of the story."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

from fusion.evaluate.systems import Passage
from fusion.words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.evaluate.systems import OutputSentence
    from fusion.evaluate.task import Story

CLOSEST = 3  # what fusion's own sentences cite, at most, is of this order
SHORT_DOCUMENT_WORDS = 100  # a text no longer than this is read whole


def evidence(
    story: Story, sentence: OutputSentence, count: int = CLOSEST
) -> tuple[list[Passage], Literal["cited", "closest"]]:
    """The passages that `sentence` is judged by, and how they were found.

    A system that cites nothing is judged by the `count` closest sentences of all reports. That
    flatters it: an editor would have to find them.
    """
    if sentence.passages is not None:
        return sentence.passages, "cited"
    found = closest(sentence.text, [text for _, text in story.sentences], count)
    return [Passage(file=f, text=t) for f, t in (story.sentences[i] for i in found)], "closest"


def closest(claim: str, sentences: Sequence[str], count: int = CLOSEST) -> list[int]:
    """Indices of the sentences that share most rare words with the claim, each adding new ones."""
    if sum(len(s.split()) for s in sentences) <= SHORT_DOCUMENT_WORDS:
        return list(range(len(sentences)))
    bags = [_words(s) for s in sentences]
    frequency = Counter(word for bag in bags for word in bag)
    rarity = {word: math.log(1 + len(bags) / n) for word, n in frequency.items()}
    need, got, chosen = _words(claim), set[str](), list[int]()

    def worth(i: int) -> float:
        shared = need & bags[i]
        new = sum(rarity[w] for w in sorted(shared - got))
        return float(
            (0.3 * sum(rarity[w] for w in sorted(shared)) + new) / (1 + len(bags[i])) ** 0.25
        )

    while len(chosen) < min(count, len(sentences)):
        best = max((i for i in range(len(bags)) if i not in chosen), key=worth)
        chosen.append(best)
        got |= bags[best]
    return sorted(chosen)


def _words(text: str) -> set[str]:
    found = (word.lower() for word in re.findall(r"[^\W_]+(?:['’][a-z]+)?", text))
    return {word for word in found if word not in STOP_WORDS}
