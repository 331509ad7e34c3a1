"""A metric of every system as one small chart: SVG drawn by Vega, in the colours of its page."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING

import altair as alt
import vl_convert  # noqa: F401 - what altair draws SVG with: if missing, told at once

from fusion.evaluate.table import cell

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fusion.evaluate.stats import Estimate

# In units of the drawing, which its page scales to the column that it stands in.
WIDTH, ROW, NAMES = 150, 26, 100
# Custom properties of the page: one drawing serves a light and a dark reader, and print.
INK, FAINT, LINE, DOT = "var(--ink)", "var(--faint)", "var(--line)", "var(--dot)"


def chart(found: Mapping[str, Estimate | None], values: Mapping[str, Mapping[str, float]]) -> str:
    """Means with their intervals, one system a row, over the values of single stories, as SVG.

    `found` and `values` (by story) are by system, in the order of the rows. The scale starts at 0
    and reaches 1 at least, so that shares can be compared from chart to chart.
    """
    known = {name: each for name, each in found.items() if each is not None}
    means = [
        {
            "system": name,
            "mean": each.mean,
            "low": each.mean if each.low is None else each.low,
            "high": each.mean if each.high is None else each.high,
        }
        for name, each in known.items()
    ]
    stories = [
        {"system": name, "value": value} for name in known for value in values[name].values()
    ]
    labels = [
        {"system": name, "label": cell(each and replace(each, low=None, high=None))}
        for name, each in found.items()
    ]
    largest = max(1.0, *(value for name in known for value in values[name].values()))
    x = alt.Scale(domain=[0, largest], nice=True)
    numbers = alt.Axis(tickCount=3, labelFlush=False, domain=False, ticks=False, labelPadding=4)
    # Fonts differ between here and the reader's browser: the limit leaves room for a wider one.
    names = alt.Axis(labelLimit=NAMES - 15, minExtent=NAMES, domain=False, ticks=False)
    y = alt.Y("system:N", scale=alt.Scale(domain=list(found)), title=None, axis=names)
    of_stories = alt.Chart(alt.InlineData(values=stories))
    of_means = alt.Chart(alt.InlineData(values=means))
    of_labels = alt.Chart(alt.InlineData(values=labels))
    drawing = (
        alt.layer(
            of_stories.mark_circle(size=36, color=DOT, opacity=0.45).encode(
                x=alt.X("value:Q", title=None, axis=numbers, scale=x), y=y
            ),
            of_means.mark_rule(size=2.5, color=INK).encode(x="low:Q", x2="high:Q", y=y),
            of_means.mark_tick(size=15, thickness=3.5, color=INK, opacity=1).encode(
                x="mean:Q", y=y
            ),
            of_labels.mark_text(align="left", color=INK, fontSize=12).encode(
                x=alt.value(WIDTH + 8), y=y, text="label:N"
            ),
        )
        .properties(width=WIDTH, height=alt.Step(ROW), background="transparent")
        .configure(font="system-ui, sans-serif", aria=False)
        .configure_view(stroke=None)
        .configure_axis(gridColor=LINE, labelColor=FAINT, labelFontSize=11)
        .configure_axisY(grid=False, labelColor=INK, labelFontSize=12, labelPadding=8)
    )
    svg = StringIO()
    drawing.save(svg, format="svg")
    return svg.getvalue()
