"""What the stages hand to each other, in pipeline order.

Frozen dataclasses travel inside the program. `StorySummary` and its parts, which leave it, are
in `fusion.summary`. Offsets are always 0-based, end-exclusive code points into a cleaned text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a report says about itself. None where it says nothing; nothing is guessed.

    `published` and `updated` are aware where the report states a zone, naive where it does not.
    `date_only` is true where the report states a day but no time of day. `embargoed` is when the
    report may be published, whether or not that has passed. `opinion` is true where it calls itself
    a comment, an editorial or the like, or a party's statement. `issuer` is who issues it, where it
    is a party's own.
    """

    headline: str | None = None
    outlet: str | None = None
    byline: str | None = None
    agency: str | None = None
    dateline: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    date_only: bool = False
    language: str | None = None  # ISO 639-1
    url: str | None = None
    rights: str | None = None
    embargoed: datetime | None = None
    opinion: bool = False
    issuer: str | None = None

    @property
    def latest(self) -> datetime | None:
        """When the report was last published, as far as it says."""
        return self.updated or self.published


@dataclass(frozen=True, slots=True)
class RawArticle:
    """A report as read: decoded, out of its container, not yet cleaned.

    `file` is relative to the story folder, with `/`; an item inside a container is named
    `bundle.zip!a.txt` or `feed.xml#2`. `text` has one paragraph, heading or caption a line.
    `metadata` holds only what the format itself states (an HTML head, ninjs fields, …).
    """

    file: str
    format: str
    text: str
    metadata: Metadata
    sha256: str  # of the file's bytes


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that could not be used, and why, as a sentence for the user."""

    file: str
    reason: str


@dataclass(frozen=True, slots=True)
class Cut:
    """A line of a report that is not its body: `text` as it stood, and why it was cut."""

    source: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned report. `text` is its body, one paragraph a line, and is what citations point into.

    `id` is made of the file's name and the cleaned text: other articles coming, changing or
    going never move it.
    """

    id: str
    file: str
    text: str
    metadata: Metadata
    cut: tuple[Cut, ...] = ()

    @property
    def words(self) -> int:
        """Length of the body in whitespace-separated words."""
        return len(self.text.split())


class Role(StrEnum):
    """What a report is to the story."""

    ORIGINAL = "original"  # the fullest or earliest of a group that shares one text
    COPY = "copy"  # the same text: a reprint or a trim
    DERIVED = "derived"  # a rewrite of another report's text; never cited
    INDEPENDENT = "independent"  # its own reporting
    UPDATE = "update"  # a later version by the same outlet, and what is cited
    OFF_TOPIC = "off_topic"  # another story; left out


@dataclass(frozen=True, slots=True)
class GroupEvidence:
    """Why `member` was put with `original`: the measure, its value, and what can be read."""

    member: str
    original: str
    reason: str
    scores: Mapping[str, float]
    examples: tuple[tuple[str, str], ...] = ()  # aligned pairs: (original's words, member's words)


@dataclass(frozen=True, slots=True)
class Group:
    """Reports that are one voice. `id` is the id of `original`."""

    id: str
    members: tuple[str, ...]
    original: str
    evidence: tuple[GroupEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """An article with its place in the story."""

    article: Article
    group: str
    role: Role

    @property
    def citable(self) -> bool:
        """Whether sentences may rest on it."""
        return self.role in (Role.ORIGINAL, Role.INDEPENDENT, Role.UPDATE, Role.COPY)

    @property
    def published(self) -> datetime | None:
        """When it was last published, as far as it says."""
        return self.article.metadata.latest


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """A passage of `source` whose words are another group's: it is that `group`'s voice."""

    source: str
    start: int
    end: int
    group: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """Who is independent: every article as a source, in the order given; each is in one group."""

    sources: tuple[Source, ...]
    groups: tuple[Group, ...]
    shared: tuple[SharedPassage, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage of whole sentences of one source: what is embedded, retrieved and cited.

    `key` is the hash of its text alone, so that the same words in two reports are embedded once.
    `voice` is the id of the independent group whose words these are: its report's group, or the
    one that its report took the passage from.
    """

    source: str
    start: int
    end: int
    text: str
    key: str
    position: int  # 0 = first passage of its source
    voice: str = ""

    @property
    def id(self) -> str:
        """Unique in the story, stable across runs."""
        return f"{self.source}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Material:
    """What the plan is made from: the passages and their vectors, aligned, and the sources.

    `vectors` is float32 of shape (len(chunks), dimensions), unit length.
    """

    chunks: Sequence[Chunk]
    vectors: NDArray[np.float32]
    sources: Mapping[str, Source]

    @property
    def english(self) -> bool:
        """Whether the rules about English words apply."""
        return all(s.article.metadata.language in (None, "en") for s in self.sources.values())


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the story turns on, and the passages that report it, best first.

    `rank` is its place in the order of worth, 0 the worthiest; the plan is in the order of telling.
    """

    id: str
    passages: tuple[Chunk, ...]
    groups: tuple[str, ...]  # ids of the independent groups that carry it
    rank: int = 0
    when: datetime | None = None
    background: bool = False


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a disagreement: the words of the passages that make the claim."""

    claim: str
    passages: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two or more claims about one thing that cannot all be right."""

    about: str
    sides: tuple[Side, ...]

    @property
    def passages(self) -> tuple[Chunk, ...]:
        """What all its sides rest on."""
        return tuple(passage for side in self.sides for passage in side.passages)


@dataclass(frozen=True, slots=True)
class Plan:
    """The facts in the order of telling; `overtaken` are ids of passages no longer true."""

    facts: tuple[Fact, ...]
    overtaken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one sentence is written from: passages of one fact, from different groups first."""

    fact: Fact
    passages: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence's cited passages say it. `support` is a calibrated probability, 0..1."""

    supported: bool
    support: float
    checks: Mapping[str, bool] = field(default_factory=dict)
    problems: tuple[str, ...] = ()  # what is wrong, in words that a writer can act on


def as_utc(moment: datetime) -> datetime:
    """Make times with and without a zone comparable: one without is taken as UTC."""
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
