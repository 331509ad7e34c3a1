"""Off-topic reports: those of another story that got into the folder.

Two things tell: how many of its names a report shares with the story's core (the half of the
reports whose names most others share too), and how near its opening is to that of the report
nearest to it, compared with how near the others are to each other. The wider the story, the
further out a report may be; the more names it shares, the further again. What is in doubt stays,
since a lost report costs more than one too many.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from fusion.dedup.document import Document
    from fusion.embed import PassageEmbedder

# How much further (in cosine) from its nearest a report's opening may be than the others' are from
# theirs: this much, and so much more for all of its names shared. The line that best separates
# reports from strangers of like stories, moved until it lost 1 report in 700: see the docs.
FURTHER = 0.008
FURTHER_BY_NAMES = 0.2

NAMES_SHARED = 0.3  # from there on no opening is far enough, so none need be embedded
FEW_NAMES = 2.0  # weight, in log uses, of names taken to be shared as usual: few prove little
USUALLY_SHARED = 0.3  # the median of reports on topic
CORE_NAMES_SHARED = 0.13  # a core with less in common is no story to be off
MIN_NAMES = 5  # different ones; a report with fewer cannot be judged by them, and stays
LEAD_PASSAGES = 4
COMPARED = 40  # reports, those of most names shared, to which openings are compared
MIN_REPORTS = 3  # of two reports, neither is the story


@dataclass(frozen=True, slots=True)
class OffTopic:
    """Why a report is another story's.

    `names_shared` is the share of its names, 0..1, in a report of the core. `nearest` is the best
    cosine of its opening with another's, `usual` the mean of that over the other reports.
    """

    names_shared: float
    nearest: float
    usual: float

    @property
    def is_certain(self) -> bool:
        """Whether it is further out than its names excuse."""
        return self.usual - self.nearest > FURTHER + FURTHER_BY_NAMES * self.names_shared


def off_topic(reports: Sequence[Document], embedder: PassageEmbedder) -> dict[str, OffTopic]:
    """The reports of another story, by id. Give one report for each text, not its copies."""
    if len(reports) < MIN_REPORTS:
        return {}
    names = {report.id: _names(report) for report in reports}
    with_all = _shared(names, list(names))
    ranked = sorted(reports, key=lambda report: (-with_all[report.id], report.id))
    # Shared with the core alone, a report's names are no fewer for other reports being strange.
    core = [report.id for report in ranked[: max(2, len(ranked) // 2)]]
    shared = _shared(names, core)
    suspects = [r for r in ranked if shared[r.id] < NAMES_SHARED and len(names[r.id]) >= MIN_NAMES]
    if not suspects or max(shared[key] for key in core) < CORE_NAMES_SHARED:
        return {}
    compared = ranked[:COMPARED]
    leads = np.stack([_lead(report, embedder) for report in compared])
    among = leads @ leads.T
    np.fill_diagonal(among, -1.0)
    found = {}
    for suspect in suspects:
        others = np.array([report is not suspect for report in compared])
        nearest = float((leads[others] @ _lead(suspect, embedder)).max())
        usual = float(among[np.ix_(others, others)].max(axis=1).mean())
        judged = OffTopic(shared[suspect.id], nearest, usual)
        if judged.is_certain:
            found[suspect.id] = judged
    return found


def _names(report: Document) -> dict[str, float]:
    counts = Counter(name for passage in report.names for name in passage)
    return {name: log(1 + n) for name, n in counts.items()}


def _shared(names: Mapping[str, Mapping[str, float]], core: Sequence[str]) -> dict[str, float]:
    """Mean share of each report's names, weighted by use, that a report of `core` has too.

    An estimate: the fewer the names, the nearer to what is usual.
    """
    spread = Counter(name for key in core for name in names[key])
    inside = frozenset(core)
    shares = {}
    for key, weights in names.items():
        itself = 1 if key in inside else 0
        others = max(1, len(core) - itself)
        found = sum(weight * (spread[name] - itself) for name, weight in weights.items())
        expected = FEW_NAMES * USUALLY_SHARED
        shares[key] = (found / others + expected) / (sum(weights.values()) + FEW_NAMES)
    return shares


def _lead(report: Document, embedder: PassageEmbedder) -> NDArray[np.float32]:
    vectors = embedder.passages([passage.text for passage in report.passages[:LEAD_PASSAGES]])
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
