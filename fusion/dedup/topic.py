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
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion.dedup.document import Document
    from fusion.embed import PassageEmbedder

# Calibrated by benchmarks/dedup.py on half of its stories. On topic: 97 % share more names, the
# rest open nearer to the core. Off topic: median 0.03 of the names, cosine 0.89.
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
    weights = {report.id: _names(report) for report in reports}
    spread = Counter(name for names in weights.values() for name in names)
    shared = {
        key: _shared(names, spread, others=len(reports) - 1) for key, names in weights.items()
    }
    suspects = [
        report
        for report in reports
        if shared[report.id] < NAMES_SHARED and len(weights[report.id]) >= MIN_NAMES
    ]
    if not suspects:
        return {}
    ranked = sorted(reports, key=lambda report: (-shared[report.id], report.id))
    core = [report for report in ranked[: max(1, len(ranked) // 2)] if report not in suspects]
    if not core:  # nothing in common at all: no story to be off
        return {}
    leads = np.stack([_lead(report, embedder) for report in core[:CORE_MAX]])
    found = {}
    for suspect in suspects:
        cosine = float((leads @ _lead(suspect, embedder)).max())
        if cosine < LEAD_COSINE:
            found[suspect.id] = OffTopic(shared[suspect.id], cosine)
    return found


def _names(report: Document) -> dict[str, float]:
    counts = Counter(name for passage in report.names for name in passage)
    return {name: log(1 + n) for name, n in counts.items()}


def _shared(names: dict[str, float], spread: Counter[str], others: int) -> float:
    """Mean share of the other reports that have one of these names, weighted by use."""
    total = sum(names.values())
    return sum(w * (spread[name] - 1) / others for name, w in names.items()) / max(total, 1e-9)


def _lead(report: Document, embedder: PassageEmbedder) -> NDArray[np.float32]:
    vectors = embedder.passages([passage.text for passage in report.passages[:LEAD_PASSAGES]])
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), dtype=np.float32)
