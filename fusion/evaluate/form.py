"""How a summary is made up: what it repeats, copies, leaves out, and whose voices it carries."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from itertools import combinations
from typing import TYPE_CHECKING

from fusion.evaluate.cite import evidence
from fusion.evaluate.scorer import Metric, Score
from fusion.types import Role
from fusion.when import undated
from fusion.words import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fusion.evaluate.systems import SystemOutput
    from fusion.evaluate.task import Story


class Form:
    """Redundancy, extractiveness, compression, order and voices; no model has a say.

    Density and coverage are those of Newsroom (Grusky et al. 2018) over all reports together: the
    mean length, in words, of the copied run that a summary's word stands in, and the share of
    words in such runs. Order is the share of concordant pairs, (Kendall's tau + 1) / 2. A sentence
    without citations is taken to rest on the closest one.
    """

    name = "form"
    identity: Mapping[str, object] = {"version": 2}
    metrics: Mapping[str, Metric] = {
        "redundancy": Metric("content words that the two likest sentences share, 0..1", "lower"),
        "density": Metric("mean length of copied runs, in words", "neither"),
        "coverage": Metric("share of words in copied runs", "neither"),
        "compression": Metric("words of the reports for one of the summary", "neither"),
        "order": Metric("pairs of sentences told in the order of their reports' days", "neither"),
        "voices": Metric("independent groups of reports that its sentences rest on, of all"),
    }

    def score(self, story: Story, output: SystemOutput) -> Score:
        """See `Scorer.score`. `voices` needs the groups of a gold file."""
        articles = [_words(article.text) for article in story.sources]
        summary = _words(output.body)
        runs = copied_runs(summary, articles)
        size = max(len(summary), 1)
        values = {
            "redundancy": redundancy([undated(s.text, story.times) for s in output.sentences]),
            "density": sum(run * run for run in runs) / size,
            "coverage": sum(runs) / size,
            "compression": sum(map(len, articles)) / size,
        }
        unscored = {}
        files = [{p.file for p in evidence(story, s, count=1)[0]} for s in output.sentences]
        in_order = order([_day(story, named) for named in files])
        if in_order is None:
            unscored["order"] = "No two sentences rest on reports of different known days."
        else:
            values["order"] = in_order
        if story.gold is None:
            unscored["voices"] = "The story has no gold.yaml that tells its groups."
        else:
            heard = {a.group for a in story.gold.articles.values() if a.role not in _NO_VOICE}
            told = {
                story.gold.articles[f].group for f in set().union(*files) & set(story.gold.articles)
            }
            values["voices"] = len(heard & told) / len(heard)
        return Score(values=values, unscored=unscored)


_NO_VOICE = (Role.DERIVED, Role.OFF_TOPIC)


def redundancy(sentences: Sequence[str]) -> float:
    """The largest share of a sentence's content words that another one has too, 0..1."""
    bags = [bag for bag in (set(content(sentence)) for sentence in sentences) if bag]
    shares = (len(a & b) / min(len(a), len(b)) for a, b in combinations(bags, 2))
    return max(shares, default=0.0)


def copied_runs(summary: Sequence[str], articles: Iterable[Sequence[str]]) -> list[int]:
    """Lengths of the runs of words that the summary shares with an article, greedily, longest."""
    starts: dict[str, list[tuple[Sequence[str], int]]] = {}
    for article in articles:
        for at, word in enumerate(article):
            starts.setdefault(word, []).append((article, at))
    runs, here = [], 0
    while here < len(summary):
        longest = max(
            (_common(summary, here, *s) for s in starts.get(summary[here], ())), default=0
        )
        if longest:
            runs.append(longest)
        here += max(longest, 1)
    return runs


def order(days: Sequence[date | None]) -> float | None:
    """Share of the pairs of different known days that come in the order of time; None if none."""
    pairs = [(a, b) for a, b in combinations(days, 2) if a and b and a != b]
    return sum(a < b for a, b in pairs) / len(pairs) if pairs else None


def _common(one: Sequence[str], at: int, other: Sequence[str], there: int) -> int:
    length = 0
    while (
        at + length < len(one)
        and there + length < len(other)
        and one[at + length] == other[there + length]
    ):
        length += 1
    return length


def _day(story: Story, files: set[str]) -> date | None:
    """The first day of the reports that a sentence rests on."""
    days = []
    for article in story.sources:
        if article.file in files:
            stated = article.metadata.published
            if story.gold and article.file in story.gold.articles:
                known = story.gold.articles[article.file].published
            else:
                known = stated
            if known:
                days.append(_as_day(known))
    return min(days, default=None)


def _as_day(known: date | datetime) -> date:
    if isinstance(known, datetime):
        return (known.astimezone(UTC) if known.tzinfo else known).date()
    return known


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
