"""How long a summary is to be, and which of the sentences written make that length."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.settings import Settings

WORDS_A_SENTENCE = 20  # of a summary, about; news sentences have 15 to 30
SPARE = 1.5  # facts planned for each sentence asked for, since some cannot be told
OTHER_LENGTHS = 4  # facts planned beside, where sentences have to add up to a number of words


@dataclass(frozen=True, slots=True)
class Length:
    """What was asked for: `sentences`, or `words` within 10 % and about that many sentences."""

    sentences: int
    words: int | None = None

    @classmethod
    def of(cls, settings: Settings) -> Length:
        """Read it from `settings`."""
        if settings.words is None:
            return cls(settings.sentences)
        return cls(ceil(settings.words / WORDS_A_SENTENCE), settings.words)

    @property
    def facts(self) -> int:
        """How many facts to plan."""
        return round(self.sentences * SPARE) + (0 if self.words is None else OTHER_LENGTHS)

    @property
    def least(self) -> int:
        """Words from which the length is reached; 0 where sentences are counted."""
        return ceil((self.words or 0) * 9 / 10)

    @property
    def most(self) -> int:
        """Words that a summary may have, where words are counted."""
        return (self.words or 0) * 11 // 10

    def choose(self, sizes: Sequence[int]) -> list[int]:
        """Which sentences to print, of `sizes` words each, the worthiest first: their indices.

        The first ones; where words are counted, the choice that is within 10 % of them and takes
        the worthiest first, or else the longest below.
        """
        if self.words is None:
            return list(range(min(self.sentences, len(sizes))))
        # The totals that the sentences from each on can make.
        totals: list[set[int]] = [{0}]
        for size in reversed(sizes):
            more = {total + size for total in totals[-1] if total + size <= self.most}
            totals.append(totals[-1] | more)
        totals.reverse()
        least = min(self.least, max(totals[0]))
        chosen: list[int] = []
        words = 0
        for i, size in enumerate(sizes):
            if any(least <= words + size + rest <= self.most for rest in totals[i + 1]):
                chosen.append(i)
                words += size
        return chosen

    def reached(self, sizes: Sequence[int]) -> bool:
        """Whether sentences of `sizes` words can make the length, and keep the first."""
        chosen = self.choose(sizes)
        if self.words is None:
            return len(chosen) == self.sentences
        led = chosen[:1] == [0] or not sizes or sizes[0] > self.most
        return led and sum(sizes[i] for i in chosen) >= self.least

    def __str__(self) -> str:
        return f"{self.sentences} sentences" if self.words is None else f"{self.words} words"
