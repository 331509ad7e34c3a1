"""The summary as it leaves the program: the JSON contract `fusion/summary/1`.

Offsets are 0-based, end-exclusive code points into the cleaned text of the source they name, and
`citation.text == source.text[citation.start:citation.end]` always holds: it is checked when a
`StorySummary` is made, so a summary that breaks it cannot exist.
"""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads the annotation at run time
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fusion.types import Role, Source  # noqa: TC001 - as above

if TYPE_CHECKING:
    from collections.abc import Iterable


class _Contract(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(_Contract):
    """A passage of a source that a sentence rests on."""

    source: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    text: str


class Headline(_Contract):
    """The summary's headline, made from its first sentence's evidence."""

    text: str
    citations: list[Citation]


class SummarySentence(_Contract):
    """One sentence of the summary with what it rests on.

    `independent_sources` counts groups, not files: copies of one text are one voice.
    `support` is the calibrated probability, 0 to 1, that the cited passages say all of it.
    `checks` names each deterministic check and whether it passed.
    """

    text: str
    kind: Literal["fact", "quote", "attributed", "background"]
    citations: Annotated[list[Citation], Field(min_length=1)]
    independent_sources: Annotated[int, Field(ge=1)]
    support: Annotated[float, Field(ge=0, le=1)]
    checks: dict[str, bool]


class DisagreementSide(_Contract):
    """One claim in a disagreement, in the words of the sources cited for it."""

    claim: str
    citations: Annotated[list[Citation], Field(min_length=1)]


class Disagreement(_Contract):
    """Claims of independent sources about one thing that cannot all be right."""

    about: str
    sides: Annotated[list[DisagreementSide], Field(min_length=2)]


class TimelineEntry(_Contract):
    """A dated development."""

    when: datetime
    text: str
    citations: list[Citation]


class SummarySource(_Contract):
    """A report of the story folder, cited or not, with its cleaned text.

    `rights` is the report's own notice. `embargoed` is the time before which it must not be
    published; it is given whether or not that has passed, since a summary knows no clock.
    """

    id: str
    file: str
    title: str | None
    outlet: str | None
    byline: str | None
    agency: str | None
    published: datetime | None
    updated: datetime | None
    language: str | None
    group: str
    role: Role
    words: int
    text: str
    rights: str | None = None
    embargoed: datetime | None = None

    @classmethod
    def of(cls, source: Source) -> Self:
        """Describe `source` in the contract's form."""
        article, known = source.article, source.article.metadata
        return cls(
            id=article.id,
            file=article.file,
            title=known.headline,
            outlet=known.outlet,
            byline=known.byline,
            agency=known.agency,
            published=known.published,
            updated=known.updated,
            language=known.language,
            group=source.group,
            role=source.role,
            words=article.words,
            text=article.text,
            rights=known.rights,
            embargoed=known.embargoed,
        )


def demand_spans(citations: Iterable[Citation], sources: Iterable[SummarySource]) -> None:
    """Raise `ValueError` unless every citation is a span of one of `sources`."""
    texts = {source.id: source.text for source in sources}
    for citation in citations:
        if citation.source not in texts:
            raise ValueError(f"citation of {citation.source!r}, which is not among the sources")
        if texts[citation.source][citation.start : citation.end] != citation.text:
            raise ValueError(
                f"citation {citation.source}:{citation.start}-{citation.end} is not the "
                f"source's words: {citation.text!r}"
            )


class Dropped(_Contract):
    """Something left out, at which stage, and why."""

    stage: str
    what: str
    reason: str


class ModelInfo(_Contract):
    """The model file that wrote and checked the sentences."""

    name: str
    file: str
    sha256: str


class Tokens(_Contract):
    """LLM tokens of the run; `prompt_cached` is the part of `prompt` found in the KV cache."""

    prompt: int
    prompt_cached: int
    generated: int


class Run(_Contract):
    """How the summary was made. Only `seconds` may differ between two equal runs."""

    fusion: str
    model: ModelInfo
    settings_hash: str
    prompts: dict[str, str]
    seed: int
    tokens: Tokens
    seconds: dict[str, float]
    llm_calls: int


class StorySummary(_Contract):
    """A fused summary of one story. See `docs/summary-format.md`."""

    schema_: Annotated[Literal["fusion/summary/1"], Field(alias="schema")] = "fusion/summary/1"
    story: str
    as_of: datetime | None
    headline: Headline
    sentences: list[SummarySentence]
    disagreements: list[Disagreement]
    timeline: list[TimelineEntry]
    sources: list[SummarySource]
    dropped: list[Dropped]
    run: Run

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    def citations(self) -> list[Citation]:
        """Every citation, in the order of reading."""
        found = list(self.headline.citations)
        for sentence in self.sentences:
            found += sentence.citations
        for disagreement in self.disagreements:
            for side in disagreement.sides:
                found += side.citations
        for entry in self.timeline:
            found += entry.citations
        return found

    @model_validator(mode="after")
    def _citations_are_spans(self) -> Self:
        demand_spans(self.citations(), self.sources)
        return self

    def to_json(self) -> str:
        """The summary as JSON text, by the contract, with a final newline."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"
