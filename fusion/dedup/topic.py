"""Off-topic reports: those of another story that got into the folder.

A report is on topic when it shares names with the story, or when its opening says something near
to what the story's core says; only one that does neither is off topic, since a lost report costs
more than one too many. The core is the half of the reports whose names most others share too.
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

# Calibrated by benchmarks/dedup.py on half of its stories: so set, none of 576 reports was lost and
# 122 of 140 strangers were found. On topic: 95 % share more names with the core, and all others
# open nearer to it. Off topic: median 0.03 of the names, cosine 0.89.
NAMES_SHARED = 0.13
LEAD_COSINE = 0.91

MIN_NAMES = 5  # different ones; a report with fewer cannot be judged by them, and stays
LEAD_PASSAGES = 4
CORE_MAX = 40  # reports whose openings are embedded as the story's core
MIN_REPORTS = 3  # of two reports, neither is the story


@dataclass(frozen=True, slots=True)
class OffTopic:
    """Why a report is another story's: 0..1 of its names shared, and its opening's best cosine."""

    names_shared: float
    lead_cosine: float


def off_topic(reports: Sequence[Document], embedder: PassageEmbedder) -> dict[str, OffTopic]:
    """The reports of another story, by id. Give one report for each text, not its copies."""
    if len(reports) < MIN_REPORTS:
        return {}
    names = {report.id: _names(report) for report in reports}
    with_all = _shared(names, list(names))
    ranked = sorted(names, key=lambda key: (-with_all[key], key))
    core = ranked[: max(2, len(ranked) // 2)]
    # Compared with the core alone, a report is not further from the story for others being strange.
    shared = _shared(names, core)
    core = [key for key in core if shared[key] >= NAMES_SHARED]
    suspects = [
        key for key in ranked if shared[key] < NAMES_SHARED and len(names[key]) >= MIN_NAMES
    ]
    if not core or not suspects:  # a core with nothing in common is no story to be off
        return {}
    by_id = {report.id: report for report in reports}
    leads = np.stack([_lead(by_id[key], embedder) for key in core[:CORE_MAX]])
    found = {}
    for key in suspects:
        cosine = float((leads @ _lead(by_id[key], embedder)).max())
        if cosine < LEAD_COSINE:
            found[key] = OffTopic(shared[key], cosine)
    return found


def _names(report: Document) -> dict[str, float]:
    counts = Counter(name for passage in report.names for name in passage)
    return {name: log(1 + n) for name, n in counts.items()}


def _shared(names: Mapping[str, Mapping[str, float]], core: Sequence[str]) -> dict[str, float]:
    """Mean share of each report's names, weighted by use, that a report of `core` has too."""
    spread = Counter(name for key in core for name in names[key])
    inside = frozenset(core)
    shares = {}
    for key, weights in names.items():
        itself = 1 if key in inside else 0
        others = max(1, len(core) - itself)
        found = sum(weight * (spread[name] - itself) for name, weight in weights.items())
        shares[key] = found / others / max(sum(weights.values()), 1e-9)
    return shares


def _lead(report: Document, embedder: PassageEmbedder) -> NDArray[np.float32]:
    vectors = embedder.passages([passage.text for passage in report.passages[:LEAD_PASSAGES]])
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
