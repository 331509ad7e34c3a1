"""What judges a summary. A scorer says which metrics it has and which way each is better.

What cannot be judged is `Unscored` with a reason, for a whole sample or for one metric of it, and
is left out of means; it is never a zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from fusion.evaluate.systems import Passage  # noqa: TC001 - pydantic reads it at run time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion.evaluate.systems import SystemOutput
    from fusion.evaluate.task import Story

    Better = Literal["higher", "lower", "neither"]


class Unscored(Exception):
    """A scorer cannot judge a sample; the message is the reason, as a sentence."""


@dataclass(frozen=True, slots=True)
class Metric:
    """What a number says; `better` is "neither" where it only describes."""

    about: str
    better: Better = "higher"


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Judged(_Record):
    """A sentence's verdict and what it was judged by; `support` is 0..1."""

    text: str
    verdict: Literal["supported", "contradicted", "unsupported"]
    support: float
    problems: list[str] = []
    evidence: list[Passage] = []
    found_by: Literal["cited", "closest"] = "cited"


class Score(_Record):
    """A scorer's findings on one summary.

    `values` and `unscored` (reasons) together have every metric. `remarks` name what was found,
    for people: the facts missing, the forbidden sentences said.
    """

    values: dict[str, float]
    unscored: dict[str, str] = {}
    remarks: list[str] = []
    judged: list[Judged] = []


class Scorer(Protocol):
    """Judges a summary of a story."""

    name: str
    metrics: Mapping[str, Metric]

    @property
    def identity(self) -> Mapping[str, object]:
        """All that its scores depend on but story and summary: the key by which they are kept."""

    def score(self, story: Story, output: SystemOutput) -> Score:
        """Judge `output`, which is not empty. Raises `Unscored`."""
