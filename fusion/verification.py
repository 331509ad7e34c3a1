"""What a draft was found to be: the JSON contract `fusion/verification/1`.

As in a summary, every citation is a span of the source that it names, and every sentence one of
the draft: a `Verification` that breaks this cannot exist.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fusion.summary import Citation, Dropped, Run, SummarySource, demand_spans

Verdict = Literal["supported", "not_supported", "contradicted"]


class _Contract(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DraftSentence(_Contract):
    """A sentence of the draft, what it was judged by, and what came of it.

    `start` and `end` are its place in the draft's text, citation marks included; `text` is what was
    judged, without marks and markup. `cites` are the ids of the sources it names by marks, by their
    outlet, or by its citations; empty where it names none and all of them were searched.
    `support` is the calibrated probability, 0 to 1, that `evidence` says all of the sentence.
    `elsewhere` is what does say it, where the sources it names do not and others do.
    `checks` names each check and whether it passed; `problems` say what is wrong.
    """

    text: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(gt=0)]
    cites: list[str]
    verdict: Verdict
    support: Annotated[float, Field(ge=0, le=1)]
    evidence: list[Citation]
    elsewhere: list[Citation]
    checks: dict[str, bool]
    problems: list[str]


class Unjudged(_Contract):
    """A part of the draft that is no claim, such as a section's heading, and why it was passed."""

    text: str
    reason: str


class Verification(_Contract):
    """A draft against a folder of reports. See `docs/summary-format.md`.

    `language` is the draft's (ISO 639-1), where it is long enough to tell. `left_out` has the
    reports that are not evidence, with the reasons.
    """

    schema_: Annotated[Literal["fusion/verification/1"], Field(alias="schema")] = (
        "fusion/verification/1"
    )
    story: str
    draft: str
    language: str | None
    sentences: Annotated[list[DraftSentence], Field(min_length=1)]
    unjudged: list[Unjudged]
    sources: list[SummarySource]
    left_out: list[Dropped]
    warnings: list[str]
    run: Run

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    @property
    def supported(self) -> bool:
        """Whether every sentence is."""
        return all(sentence.verdict == "supported" for sentence in self.sentences)

    def count(self, verdict: Verdict) -> int:
        """How many sentences have this verdict."""
        return sum(sentence.verdict == verdict for sentence in self.sentences)

    @model_validator(mode="after")
    def _spans_are_spans(self) -> Self:
        demand_spans((c for s in self.sentences for c in s.evidence + s.elsewhere), self.sources)
        for sentence in self.sentences:
            if not sentence.start < sentence.end <= len(self.draft):
                raise ValueError(f"{sentence.start}-{sentence.end} is no part of the draft")
        return self

    def to_json(self) -> str:
        """The verification as JSON text, by the contract, with a final newline."""
        return self.model_dump_json(by_alias=True, indent=2) + "\n"
