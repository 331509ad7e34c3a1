"""A fictional summary with everything in it, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from fusion.summary import (
    Citation,
    Disagreement,
    DisagreementSide,
    Dropped,
    Headline,
    ModelInfo,
    Run,
    StorySummary,
    SummarySentence,
    SummarySource,
    TimelineEntry,
    Tokens,
)
from fusion.types import Role

AGENCY_TEXT = (
    "The council of Vesterhavn signed the bridge contract on Monday.\n"
    "Police said 40 protesters were held near the quay."
)
OWN_TEXT = (
    "Mayor Ida Lund signed the contract at noon, her office said. "
    "The bridge will cost $310 million. Organisers counted 75 arrests."
)


def source(
    name: str,
    text: str,
    role: Role,
    *,
    group: str | None = None,
    outlet: str | None = None,
    agency: str | None = None,
    published: datetime | None = None,
) -> SummarySource:
    return SummarySource(
        id=name,
        file=f"{name}.txt",
        title=f"Bridge *deal* signed, says {name}",
        outlet=outlet,
        byline=None,
        agency=agency,
        published=published,
        updated=None,
        language="en",
        group=group or name,
        role=role,
        words=len(text.split()),
        text=text,
    )


def cite(of: SummarySource, words: str) -> Citation:
    start = of.text.index(words)
    return Citation(source=of.id, start=start, end=start + len(words), text=words)


def sentence(text: str, *citations: Citation) -> SummarySentence:
    return SummarySentence(
        text=text,
        kind="fact",
        citations=list(citations),
        independent_sources=1,
        support=0.93,
        checks={"numbers": True},
    )


def example_summary() -> StorySummary:
    """Two independent voices in three reports, one rewrite, one stray report, one bad file."""
    noon = datetime(2031, 3, 3, 12, 30, tzinfo=timezone(timedelta(hours=1)))
    wire = source(
        "wire", AGENCY_TEXT, Role.ORIGINAL, outlet="Fjord Daily", agency="NordWire", published=noon
    )
    reprint = source(
        "reprint",
        AGENCY_TEXT,
        Role.COPY,
        group="wire",
        outlet="Quay Post",
        published=datetime(2031, 3, 3),
    )
    own = source("own", OWN_TEXT, Role.INDEPENDENT, published=noon).model_copy(
        update={"updated": noon + timedelta(hours=2)}
    )
    spun = source("spun", "The board of Vesterhavn penned the bridge pact.", Role.DERIVED)
    stray = source("stray", "The herring season has begun.", Role.OFF_TOPIC)
    signed = cite(wire, "The council of Vesterhavn signed the bridge contract on Monday.")
    mayor = cite(own, "Mayor Ida Lund signed the contract at noon, her office said.")
    cost = cite(own, "The bridge will cost $310 million.")
    held = cite(wire, "Police said 40 protesters were held near the quay.")
    counted = cite(own, "Organisers counted 75 arrests.")
    return StorySummary(
        story="bridge",
        as_of=datetime(2031, 3, 3, 14, 5, tzinfo=UTC),
        headline=Headline(text="Vesterhavn signs bridge contract", citations=[signed]),
        sentences=[
            sentence("Vesterhavn's council signed the bridge contract on Monday.", mayor, signed),
            sentence("The bridge will cost $310 million.", cost),
        ],
        disagreements=[
            Disagreement(
                about="How many were arrested",
                sides=[
                    DisagreementSide(claim="40, police say.", citations=[held]),
                    DisagreementSide(claim="75, organisers say.", citations=[counted]),
                ],
            )
        ],
        timeline=[TimelineEntry(when=noon, text="The contract is signed.", citations=[mayor])],
        sources=[wire, reprint, own, spun, stray],
        dropped=[
            Dropped(stage="verify", what="The mayor wept.", reason="not in the cited passages"),
            Dropped(stage="ingest", what="scan.pdf", reason="no text layer"),
        ],
        run=Run(
            fusion="0.1.0",
            model=ModelInfo(name="tiny_model", file="tiny.gguf", sha256="0" * 64),
            settings_hash="0123456789abcdef",
            prompts={"write": "1" * 64},
            seed=0,
            tokens=Tokens(prompt=100, prompt_cached=60, generated=40),
            seconds={"write": 1.5},
            llm_calls=3,
        ),
    )
