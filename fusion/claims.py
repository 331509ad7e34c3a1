"""Claims: sentences that tell what somebody says, and who that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from fusion.sentences import split_sentences
from fusion.verify.claimant import claimant, denies
from fusion.words import content, word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fusion.types import Chunk

_PRONOUNS = word_set("he she they it who which we i one this that those these there")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that gives what somebody says; `who` is as the report names them.

    A pronoun stands for who spoke last. `place` counts the sentences of the report.
    """

    passage: Chunk
    who: str
    place: int

    @property
    def denies(self) -> bool:
        """Whether it turns down what somebody else says."""
        return denies(self.passage.text)

    @property
    def words(self) -> frozenset[str]:
        """Stems of its content words, the claimant's name left out."""
        return frozenset(content(self.passage.text)) - frozenset(content(self.who))

    def by_another(self, other: Claim) -> bool:
        """Whether no word of the two claimants' names is the same."""
        return not set(content(self.who)) & set(content(other.who))


def sentences(chunks: Iterable[Chunk]) -> Iterator[tuple[int, Chunk]]:
    """Each sentence of the passages as a passage of its own, with its place in its report."""
    place, source = 0, ""
    for passage in chunks:
        place = place if passage.source == source else 0
        source = passage.source
        for start, end in split_sentences(passage.text):
            words = passage.text[start:end]
            at = passage.start + start
            yield place, replace(passage, start=at, end=at + len(words), text=words)
            place += 1


def claims(chunks: Iterable[Chunk]) -> list[Claim]:
    """The claims among passages, which come in the order of reading."""
    found: list[Claim] = []
    last: dict[str, str] = {}
    for place, sentence in sentences(chunks):
        who = claimant(sentence.text)
        if who.lower() in _PRONOUNS:
            who = last.get(sentence.source, "")
        if who:
            last[sentence.source] = who
            found.append(Claim(sentence, who, place))
    return found
