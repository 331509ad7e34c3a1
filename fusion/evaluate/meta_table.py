"""What `fusion eval meta` prints: a line as soon as it is measured, so the widths are fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.progress import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.evaluate.graded import SystemCorrelation
    from fusion.evaluate.meta import Agreement, Grader, Published
    from fusion.evaluate.stats import Interval

_WIDE = 19  # of a figure with its interval

AGREEMENT_HEAD = (
    f"{'set':17} {'grader':16} {'claims':>6} {'docs':>4}  {'AUC':{_WIDE}} "
    f"{'balanced accuracy':{_WIDE}} {'at':>4}  {'calibration error':{_WIDE}}\n"
)
SYSTEMS_HEAD = f"\n{'metric':17} {'systems':>7} {'topics':>6}  {'Spearman':{_WIDE + 2}} Kendall\n"


def render_agreement(found: Agreement, *, curve: bool) -> str:
    """A line of the table that `AGREEMENT_HEAD` begins; below it what not every set has.

    That is the correlation with people's grades and, where `curve`, the reliability curve.
    """
    text = (
        f"{printable(found.dataset):17} {found.grader:16} {found.claims:6} {found.documents:4}  "
        f"{_figure(found.auc):{_WIDE}} {_figure(found.balanced):{_WIDE}} {found.threshold:4.2f}  "
        f"{_figure(found.error)}\n"
    )
    if found.spearman and found.pearson:
        text += (
            f"{'':17} with people's grades: Spearman {_figure(found.spearman)}, "
            f"Pearson {_figure(found.pearson)}\n"
        )
    if curve:
        text += f"{'':17} {'score':>9} {'claims':>6} {'predicted':>9} {'observed':>8}\n"
        for each in found.reliability:
            text += (
                f"{'':17} {each.low:4.1f}-{each.high:3.1f}  {each.claims:6} "
                f"{each.predicted:9.2f} {each.observed:8.2f}\n"
            )
    return text


def render_shared(graders: Sequence[Grader]) -> str:
    """What each grader shares with the verifier, a line each."""
    lines = (f"  {grader.name:16} {grader.shares}\n" for grader in graders)
    return "\nWhat a grader shares with the verifier:\n" + "".join(lines)


def render_balanced(found: Sequence[Agreement], published: Sequence[Published]) -> str:
    """Each grader's mean over the sets, and beside it other checkers' as they were published."""
    by_grader: dict[str, list[float]] = {}
    for each in found:
        by_grader.setdefault(each.grader, []).append(each.balanced.value)
    ours = (
        f"  {grader:20} {sum(values) / len(values):.3f}  measured, mean of {len(values)} "
        f"{'set' if len(values) == 1 else 'sets'}\n"
        for grader, values in by_grader.items()
    )
    theirs = (
        f"  {each.checker:20} {each.balanced:.3f}  published, {each.claims}; {each.source}\n"
        for each in published
    )
    return (
        "\nBalanced accuracy; what is published is of whole documents, and not on these claims:\n"
        + "".join([*ours, *theirs])
    )


def render_systems(found: Sequence[SystemCorrelation]) -> str:
    """Reference metrics against people's grades, by system."""
    return SYSTEMS_HEAD + "".join(
        f"{each.metric:17} {each.systems:7} {each.topics:6}  "
        f"{_figure(each.spearman):{_WIDE + 2}} {_figure(each.kendall)}\n"
        for each in found
    )


def _figure(found: Interval) -> str:
    if found.low is None or found.high is None:
        return f"{found.value:.2f}"
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"
