"""Results and differences as tables for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.evaluate.stats import Estimate, difference
from fusion.progress import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fusion.evaluate.run import Results

ARROWS = {"higher": "↑", "lower": "↓", "neither": " "}
SHOWN_PROBLEMS = 20  # reasons listed under the table; the rest are in results.json


def render_results(results: Results) -> str:
    """Every metric's mean and 95 % interval by system, and below it what failed and why."""
    rows = [["", *(printable(system) for system in results.systems)]]
    for metric, info in results.metrics.items():
        cells = [cell(results.estimate(system, metric)) for system in results.systems]
        rows.append([f"{metric} {ARROWS[info.better]}", *cells])
    stories = len({sample.story for sample in results.samples})
    head = (
        f"{results.task}: {stories} {'story' if stories == 1 else 'stories'}; "
        "mean [95 % interval by the bootstrap over stories]\n\n"
    )
    return head + _aligned(rows) + "".join(f"\n{line}" for line in problems(results)) + "\n"


def render_difference(ours: Results, our_system: str, theirs: Results, their_system: str) -> str:
    """Every metric's mean paired difference on the stories that both have.

    A difference whose interval leaves out zero is marked: `+` for better, `-` for worse.
    """
    rows = [["", "A", "B", "A - B", ""]]
    for metric, info in ours.metrics.items():
        a, b = ours.values(our_system, metric), theirs.values(their_system, metric)
        both = difference(a, b)
        if both is None:
            continue
        shared = sorted(a.keys() & b.keys())
        means = [sum(values[story] for story in shared) / len(shared) for values in (a, b)]
        rows.append(
            [
                f"{metric} {ARROWS[info.better]}",
                *(f"{mean:.3f}" for mean in means),
                cell(both),
                verdict(both, info.better),
            ]
        )
    return _aligned(rows) + "\n"


def verdict(found: Estimate, better: str) -> str:
    """`+` or `-` where the difference's interval leaves out zero and one way is better."""
    if found.low is None or found.high is None or found.low <= 0 <= found.high:
        return ""
    if better == "neither":
        return "≠"
    return "+" if (found.mean > 0) == (better == "higher") else "-"


def problems(results: Results) -> Iterator[str]:
    """Failures, and what is unscored, each with its reason and how often."""
    counted: dict[str, list[str]] = {}
    for sample in results.samples:
        if sample.failure:
            counted.setdefault(f"{sample.system} failed: {sample.failure}", []).append(sample.story)
        for scorer, score in sample.scores.items():
            for metric, reason in score.unscored.items():
                what = f"{scorer}.{metric} of {sample.system} unscored: {reason}"
                counted.setdefault(what, []).append(sample.story)
    for what, stories in list(counted.items())[:SHOWN_PROBLEMS]:
        shown = ", ".join(stories[:3]) + (f" and {len(stories) - 3} more" if stories[3:] else "")
        yield printable(f"{what} ({shown})")
    if len(counted) > SHOWN_PROBLEMS:
        yield f"and {len(counted) - SHOWN_PROBLEMS} more; all are in results.json"


def cell(found: Estimate | None) -> str:
    """A mean with its interval, as short as its size allows; a dash for none."""
    if found is None:
        return "-"
    digits = 0 if abs(found.mean) >= 100 else 1 if abs(found.mean) >= 10 else 3
    if found.low is None or found.high is None:
        return f"{found.mean:.{digits}f}"
    return f"{found.mean:.{digits}f} [{found.low:.{digits}f}, {found.high:.{digits}f}]"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    wide = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, wide, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines) + "\n"
