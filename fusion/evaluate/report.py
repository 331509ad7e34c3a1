"""Results as one HTML file: charts, and every story's summaries side by side.

Nothing in it needs a network or a script: it opens as it is, in a light or a dark room, on a
phone and on paper. Each sentence is coloured by the verifier's verdict and opens to show its
evidence. The template escapes all that comes from summaries and reports, and the page's policy
forbids scripts, so nothing that a report says can act.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fusion.errors import UsageError
from fusion.evaluate.table import ARROWS, cell
from fusion.progress import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fusion.evaluate.run import MetricInfo, Results, Sample
    from fusion.evaluate.scorer import Judged
    from fusion.evaluate.stats import Estimate
    from fusion.evaluate.systems import OutputSentence, Passage

    Verdict = Literal["supported", "unsupported", "contradicted", "unjudged"]

# The mark of a verdict, beside its colour, and what it means.
VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    "supported": ("✓", "its passages say it"),
    "unsupported": ("?", "its passages do not clearly say it"),
    "contradicted": ("✗", "a name, number, date, quotation or role is not theirs"),
    "unjudged": ("", "not judged"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence as it is shown, what is said of it, and the passages to show with it."""

    text: str
    verdict: Verdict
    notes: Sequence[str]
    passages: Sequence[Passage]


@dataclass(frozen=True, slots=True)
class Column:
    """A summary among its rivals: the first `sentences` of `told` are its body."""

    sample: Sample
    told: Sequence[Told]
    sentences: int
    verdicts: Mapping[Verdict, int]
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric by system, None where it has no value; `spoken` is the chart in words."""

    metric: str
    info: MetricInfo
    found: Mapping[str, Estimate | None]
    svg: str
    spoken: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why systems have no value of some metrics, or (no `metrics`) no summary, of which stories."""

    metrics: str
    reason: str
    stories: Mapping[str, Sequence[str]]  # by system


def to_html(results: Results) -> str:
    """The report of a run as a whole HTML document. Raises `UsageError` without its packages."""
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
        from markupsafe import Markup

        from fusion.evaluate.charts import chart
    except ImportError as error:
        raise UsageError(
            f"the report needs the package {error.name}; run pip install 'fusion-news[report]'."
        ) from error

    def shown(value: object) -> object:
        # Exactly str: what is Markup is our own drawing. Control and bidi characters go.
        return printable(value) if type(value) is str else value

    page = Environment(
        loader=PackageLoader("fusion", "evaluate"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    figures = []
    for metric, info in results.metrics.items():
        found = {name: results.estimate(name, metric) for name in results.systems}
        if any(found.values()):
            drawn = chart(found, {name: results.values(name, metric) for name in found})
            spoken = "; ".join(f"{name} {cell(each)}" for name, each in found.items())
            svg = Markup(printable(drawn))  # noqa: S704 - Vega escapes the names of systems
            figures.append(Figure(metric, info, found, svg, spoken))
    return page.get_template("report.html").render(
        made=results.made,
        results=results,
        groups=_by_scorer(figures),
        problems=problems(results),
        stories={
            story: [column(sample) for sample in results.samples if sample.story == story]
            for story in dict.fromkeys(sample.story for sample in results.samples)
        },
        verdicts=VERDICTS,
        judged=any(score.judged for sample in results.samples for score in sample.scores.values()),
        arrows=ARROWS,
        cell=cell,
    )


def _by_scorer(figures: Sequence[Figure]) -> dict[str, list[Figure]]:
    groups: dict[str, list[Figure]] = {}
    for each in figures:
        scorer, dot, _ = each.metric.partition(".")
        groups.setdefault(scorer if dot else "cost", []).append(each)
    return groups


def problems(results: Results) -> list[Problem]:
    """Every failure, then all that is unscored; what shares metrics and reason is one problem."""
    failed: dict[tuple[str, str], dict[str, list[str]]] = {}
    unscored: dict[tuple[str, str], dict[str, list[str]]] = {}
    for sample in results.samples:
        if sample.output is None:
            by_system = failed.setdefault(("", sample.failure), {})
            by_system.setdefault(sample.system, []).append(sample.story)
        for scorer, score in sample.scores.items():
            reasons: dict[str, list[str]] = {}
            for metric, reason in score.unscored.items():
                reasons.setdefault(reason, []).append(f"{scorer}.{metric}")
            for reason, metrics in reasons.items():
                by_system = unscored.setdefault((", ".join(metrics), reason), {})
                by_system.setdefault(sample.system, []).append(sample.story)
    return [Problem(*what, by_system) for what, by_system in [*failed.items(), *unscored.items()]]


def column(sample: Sample) -> Column:
    """A sample as it is shown. Sentences and claims have verdicts where the verifier judged."""
    if sample.output is None:
        return Column(sample, [], 0, {}, [])
    verifier = sample.scores.get("verifier")
    if verifier is not None and verifier.judged:
        told = [_judged(each) for each in verifier.judged]
    else:
        told = [_unjudged(each) for each in [*sample.output.sentences, *sample.output.claims]]
    return Column(
        sample,
        told,
        len(sample.output.sentences),
        Counter(each.verdict for each in told),
        [remark for score in sample.scores.values() for remark in score.remarks],
    )


def _judged(each: Judged) -> Told:
    by = "what it cites" if each.found_by == "cited" else "the closest passages: it cites nothing"
    said = f"{each.verdict}, support {each.support:.2f}, by {by}"
    return Told(each.text, each.verdict, [said, *each.problems], each.evidence)


def _unjudged(each: OutputSentence) -> Told:
    if each.passages is None:
        return Told(each.text, "unjudged", ["not judged; it cites nothing"], [])
    return Told(each.text, "unjudged", ["not judged; it cites:"], each.passages)
