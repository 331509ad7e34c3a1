"""Which report of a group is the original, and which group a shared passage belongs to."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion.dedup.document import Document

    Text = list[Document]  # reports that carry one text, fullest first

FULL_TEXT = 0.8  # of the fullest report's words: a shorter one is a trim, not the original

# "Reprinted from The Halm Courier", "Story source: materials provided by …", "First appeared in …",
# but not "First published on 3 May", by which an outlet dates its own report.
_REPRINT = re.compile(
    r"\bre(?:printed|published|posted) (?:here )?(?:from|with|courtesy)\b"
    r"|\b(?:originally|first) (?:published|appeared) (?:in|by|at|on)\b(?! \d| \w+ \d)"
    r"|\b(?:story|article|text|materials?) (?:source\b|provided by|courtesy of)",
    re.IGNORECASE,
)

_UNDATED = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice: its original, the reports with the original's wording, and the rewrites."""

    original: Document
    text: Text
    rewrites: tuple[Text, ...]

    @property
    def members(self) -> tuple[str, ...]:
        """Ids: the original first."""
        ids = [document.id for text in (self.text, *self.rewrites) for document in text]
        return tuple(dict.fromkeys([self.original.id, *ids]))


def published(document: Document) -> datetime:
    """For ordering only: undated reports come last, those with a day alone at the day's end.

    A time without a zone is read as UTC.
    """
    metadata = document.article.metadata
    if (when := metadata.published) is None:
        return _UNDATED
    if metadata.date_only:
        when = datetime.combine(when.date(), time.max, when.tzinfo)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when


def _surely_before(one: Document, other: Document) -> bool:
    """Whether `one` was out before `other`; a day without a time is not before any of that day."""
    if one is other:
        return True
    earliest = published(other)
    if other.article.metadata.date_only:
        earliest = earliest.replace(hour=0, minute=0, second=0, microsecond=0)
    return published(one) < earliest


def is_update(document: Document, earlier: Document) -> bool:
    """Whether `document` is a later version of `earlier` by the same outlet, with other words."""
    outlet, same = document.article.metadata.outlet, earlier.article.metadata.outlet
    return (
        outlet is not None
        and same is not None
        and outlet.casefold() == same.casefold()
        and published(earlier) < published(document) < _UNDATED
        and document.words != earlier.words
    )


def usage(documents: Iterable[Document]) -> Counter[str]:
    """How many reports use each word."""
    return Counter(word for document in documents for word in document.vocabulary)


def choose_original(texts: Sequence[Text], used: Mapping[str, int]) -> Voice:
    """The original of a text and its rewrites.

    A text that was out before all others was rewritten. Where the dates do not tell, the genuine
    wording is the one that more outlets carry, or that is signed, or that is plain: whoever puts
    other words for a reporter's uses words that the story's other reports do not.
    """
    champions = [(_champion(text, used), text) for text in texts]
    plain = _plainness([champion for champion, _ in champions], texts, used)
    original, chosen = min(
        champions,
        key=lambda pair: (
            not all(_surely_before(pair[0], other) for other, _ in champions),
            -len(pair[1]),
            not _signed(pair[0]),
            -plain[pair[0].id],
            -pair[0].size,
            pair[0].id,
        ),
    )
    return Voice(original, chosen, tuple(text for _, text in champions if text is not chosen))


def seniority(voice: Voice) -> tuple[int, bool, datetime, str]:
    """Sort key: the voice a shared passage belongs to comes first.

    What several outlets carry is an agency's; then what credits one; then what came first.
    """
    original = voice.original
    credit = original.article.metadata.agency
    return -len(voice.text), credit is None, published(original), original.id


def _champion(text: Text, used: Mapping[str, int]) -> Document:
    first = [d for d in text if not any(is_update(d, earlier) for earlier in text)]
    full = max(document.size for document in first) * FULL_TEXT
    rivals = [document for document in first if document.size >= full]
    plain = _plainness(rivals, [text], used)

    def key(rival: Document) -> tuple[bool, bool, float, int, str]:
        late = any(other is not rival and _surely_before(other, rival) for other in rivals)
        return _is_reprint(rival), late, -plain[rival.id], -rival.size, rival.id

    return min(rivals, key=key)


def _is_reprint(document: Document) -> bool:
    """Whether it says, above or below its text, that another has printed it first."""
    ends = [passage.text for passage in (*document.passages[:1], *document.passages[-2:])]
    cut = [line.text for line in document.article.cut]
    return any(_REPRINT.search(line) for line in ends + cut)


def _signed(document: Document) -> bool:
    metadata = document.article.metadata
    return metadata.agency is not None or metadata.byline is not None


def _plainness(
    rivals: Sequence[Document], texts: Iterable[Text], used: Mapping[str, int]
) -> dict[str, float]:
    """How many reports outside `texts` use a word by which a rival differs: the mean, by id."""
    if len(rivals) == 1:
        return {rivals[0].id: 0.0}
    inside = usage(document for text in texts for document in text)
    words = {rival.id: rival.vocabulary for rival in rivals}
    common = frozenset.intersection(*words.values())
    return {
        key: sum(used[word] - inside[word] for word in own - common) / max(1, len(own - common))
        for key, own in words.items()
    }
