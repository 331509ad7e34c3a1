"""Results as one HTML file: charts, and every story's summaries side by side.

Nothing in it needs a network or a script: it opens as it is, in a light or a dark room. Each
sentence is coloured by the verifier's verdict and opens to show its evidence. All that comes from
summaries and reports is escaped, and the page's policy forbids scripts.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from fusion.evaluate.scorer import Judged
from fusion.evaluate.table import ARROWS, problems

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fusion.evaluate.run import Results, Sample
    from fusion.evaluate.stats import Estimate
    from fusion.evaluate.systems import OutputSentence

_STYLE = """
:root { color-scheme: light dark; --page: #fdfdfc; --ink: #1c1c1a; --faint: #6a6a64;
  --line: #d8d8d2; --good: #1f7a4d; --good-back: #e3f3ea;
  --bad: #a8321f; --bad-back: #fbe6e1; --bar: #3c6ea8; }
@media (prefers-color-scheme: dark) { :root { --page: #171816; --ink: #e9e9e4; --faint: #a3a39b;
  --line: #3a3b37; --good: #6fd0a0; --good-back: #17352a; --bad: #f09a86; --bad-back: #42201a;
  --bar: #7fb0e6; } }
body { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif;
  margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2.5rem; } .faint { color: var(--faint); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(22rem, 1fr)); gap: 1rem; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 6px; padding: .75rem; }
figcaption { font-weight: 600; } figcaption span { display: block; font-weight: 400;
  font-size: .85rem; color: var(--faint); }
svg { width: 100%; height: auto; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
svg rect { fill: var(--bar); } svg line { stroke: var(--ink); stroke-width: 1.5; }
.story { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem; }
article { border: 1px solid var(--line); border-radius: 6px; padding: 0 1rem 1rem; min-width: 0; }
details.sentence { margin: .35rem 0; padding: .15rem .5rem; border-left: 4px solid var(--line); }
details.supported { border-color: var(--good); background: var(--good-back); }
details.unsupported { border-color: var(--bad); background: var(--bad-back); }
summary { cursor: pointer; } blockquote { margin: .4rem 0 .4rem .5rem; font-size: .9rem; }
ul { padding-left: 1.2rem; font-size: .9rem; } .wrong { color: var(--bad); }
"""
_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title><style>{style}</style></head><body>
"""
_BAR, _LEFT, _WIDTH = 26, 110, 400  # of a chart, in its own units: a row, the names, the whole


def to_html(results: Results) -> str:
    """The report of a run as a whole HTML document."""
    parts = [
        _HEAD.format(title=escape(f"fusion eval: {results.task}"), style=_STYLE),
        *_introduction(results),
        '<h2>Systems</h2><div class="charts">',
        *_charts(results),
        "</div>",
        *_problems(results),
        *_stories(results),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _introduction(results: Results) -> Iterator[str]:
    made = results.made
    models = ", ".join(f"{name} {sha256[:12]}" for name, sha256 in made.models.items()) or "none"
    yield f"<h1>{escape(results.task)}</h1>"
    yield (
        f'<p class="faint">{made.when:%Y-%m-%d %H:%M} UTC · fusion {escape(made.fusion)} · '
        f"revision {escape((made.revision or 'unknown')[:12])} · data {made.data[:12]} · "
        f"models: {escape(models)}</p>"
    )
    yield (
        "<p>Bars are means over the stories, lines their 95 % intervals (bootstrap by story). "
        "↑ more is better, ↓ less is better. Open a sentence to see what it was judged by.</p>"
    )


def _charts(results: Results) -> Iterator[str]:
    for metric, info in results.metrics.items():
        found = {name: results.estimate(name, metric) for name in results.systems}
        known = {name: each for name, each in found.items() if each is not None}
        if known:
            yield (
                f"<figure><figcaption>{escape(metric)} {ARROWS[info.better]}"
                f"<span>{escape(info.about)}</span></figcaption>{chart(known)}</figure>"
            )


def chart(found: dict[str, Estimate]) -> str:
    """Horizontal bars with intervals, one a system, as SVG."""
    largest = max(each.mean if each.high is None else each.high for each in found.values()) or 1.0
    scale = (_WIDTH - _LEFT - 60) / largest
    rows = []
    for row, (name, each) in enumerate(found.items()):
        top, end = row * _BAR, _LEFT + each.mean * scale
        shown = f"{name[:14]}…" if len(name) > 15 else name
        rows.append(
            f'<text x="0" y="{top + 17}">{escape(shown)}<title>{escape(name)}</title></text>'
        )
        rows.append(f'<rect x="{_LEFT}" y="{top + 5}" width="{end - _LEFT:.1f}" height="16"/>')
        if each.low is not None and each.high is not None:
            low, high = (_LEFT + value * scale for value in (each.low, each.high))
            rows.append(f'<line x1="{low:.1f}" x2="{high:.1f}" y1="{top + 13}" y2="{top + 13}"/>')
            end = max(end, high)
        rows.append(f'<text x="{end + 5:.1f}" y="{top + 17}">{each.mean:.4g}</text>')
    return f'<svg viewBox="0 0 {_WIDTH} {len(found) * _BAR}" role="img">{"".join(rows)}</svg>'


def _problems(results: Results) -> Iterator[str]:
    found = list(problems(results))
    if found:
        items = "".join(f"<li>{escape(each)}</li>" for each in found)
        yield f"<h2>Failed or unscored</h2><ul>{items}</ul>"


def _stories(results: Results) -> Iterator[str]:
    for story in dict.fromkeys(sample.story for sample in results.samples):
        yield f'<h2 id="{escape(story)}">{escape(story)}</h2><div class="story">'
        for sample in results.samples:
            if sample.story == story:
                yield from _summary(sample)
        yield "</div>"


def _summary(sample: Sample) -> Iterator[str]:
    yield f"<article><h3>{escape(sample.system)}</h3>"
    if sample.output is None:
        yield f'<p class="wrong">{escape(sample.failure)}</p></article>'
        return
    if sample.output.headline:
        yield f"<p><strong>{escape(sample.output.headline)}</strong></p>"
    verifier = sample.scores.get("verifier")
    told = [*sample.output.sentences, *sample.output.claims]
    judged = verifier.judged if verifier and verifier.judged else []
    for number, sentence in enumerate(told):
        if number == len(sample.output.sentences):
            yield '<p class="faint">Sources differ</p>'
        yield _sentence(judged[number] if judged else sentence)
    values = [
        f"<li>{escape(scorer)}.{escape(metric)} {value:.3g}</li>"
        for scorer, score in sample.scores.items()
        for metric, value in score.values.items()
    ]
    remarks = [
        f'<li class="wrong">{escape(remark)}</li>'
        for score in sample.scores.values()
        for remark in score.remarks
    ]
    if values or remarks:
        yield f"<details><summary>Scores</summary><ul>{''.join([*remarks, *values])}</ul></details>"
    yield "</article>"


def _sentence(told: Judged | OutputSentence) -> str:
    if isinstance(told, Judged):
        verdict, passages = str(told.verdict), told.evidence
        said = f"{told.verdict}, {told.support:.2f}, by what it {_FOUND[told.found_by]}"
        notes = [said, *told.problems]
    else:
        verdict, passages, notes = "", told.passages or [], ["not judged"]
    inside = "".join(f'<p class="faint">{escape(note)}</p>' for note in notes)
    inside += "".join(
        f"<blockquote>{escape(each.text)} <cite>{escape(each.file)}</cite></blockquote>"
        for each in passages
    )
    return (
        f'<details class="sentence {verdict}"><summary>{escape(told.text)}</summary>'
        f"{inside}</details>"
    )


_FOUND = {"cited": "cites", "closest": "is closest to, as it cites nothing"}
