"""The summary put together: what was told, what was dropped, and how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.summary import (
    Citation,
    Disagreement,
    DisagreementSide,
    Dropped,
    Headline,
    StorySummary,
    SummarySentence,
    SummarySource,
    TimelineEntry,
)
from fusion.types import Role, as_utc

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fusion.compose import Told, Untold
    from fusion.summary import Run
    from fusion.types import Article, Chunk, Conflict, Fact, Grouping, Skipped


def assemble(
    story: str,
    headline: tuple[str, Sequence[Chunk]],
    told: Sequence[tuple[Fact, Told]],
    untold: Sequence[Untold],
    conflicts: Sequence[Conflict],
    grouping: Grouping,
    skipped: Sequence[Skipped],
    run: Run,
    foreign: Sequence[Article] = (),
) -> StorySummary:
    """Make the summary. `told` is in the order of reading; `foreign` are in another language.

    `headline` comes with the passages that it rests on.
    """
    times = [
        as_utc(t)
        for s in grouping.sources
        if s.citable and s.article not in foreign and (t := s.published)
    ]
    return StorySummary(
        story=story,
        as_of=max(times, default=None),
        headline=Headline(text=headline[0], citations=citations(headline[1])),
        sentences=[sentence_of(each) for _, each in told],
        disagreements=[_disagreement(conflict) for conflict in conflicts],
        timeline=_timeline(told),
        sources=[SummarySource.of(source) for source in grouping.sources],
        dropped=[
            *left_out(grouping, skipped),
            *(Dropped(stage="chunk", what=each.file, reason=_FOREIGN) for each in foreign),
            *(Dropped(stage="verify", what=each.what, reason=each.reason) for each in untold),
        ],
        run=run,
    )


def sentence_of(told: Told) -> SummarySentence:
    """Turn a verified sentence into the contract's form."""
    return SummarySentence(
        text=told.text,
        kind=told.kind,
        citations=citations(told.passages),
        independent_sources=len({passage.voice for passage in told.passages}),
        support=round(told.verdict.support, 3),
        checks=dict(told.verdict.checks),
    )


def citations(passages: Iterable[Chunk]) -> list[Citation]:
    """The spans of `passages`."""
    return [Citation(source=p.source, start=p.start, end=p.end, text=p.text) for p in passages]


def left_out(grouping: Grouping, skipped: Iterable[Skipped]) -> list[Dropped]:
    """The reports that no sentence can rest on, with the reasons."""
    return [
        *(Dropped(stage="ingest", what=each.file, reason=each.reason) for each in skipped),
        *(
            Dropped(stage="dedup", what=source.article.file, reason=_REASONS[source.role])
            for source in grouping.sources
            if source.role in _REASONS
        ),
    ]


_FOREIGN = "It is in another language than the summary."
_REASONS = {
    Role.DERIVED: "A rewrite of another report: its words are never cited.",
    Role.OFF_TOPIC: "It is about another story.",
}


def _timeline(told: Sequence[tuple[Fact, Told]]) -> list[TimelineEntry]:
    entries = [
        TimelineEntry(when=fact.when, text=each.text, citations=citations(each.passages))
        for fact, each in told
        if fact.when and not fact.background
    ]
    return sorted(entries, key=lambda entry: entry.when)


def _disagreement(conflict: Conflict) -> Disagreement:
    return Disagreement(
        about=conflict.about,
        sides=[
            DisagreementSide(claim=side.claim, citations=citations(side.passages))
            for side in conflict.sides
        ],
    )
