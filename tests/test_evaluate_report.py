from __future__ import annotations

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from fusion.cli import main
from fusion.evaluate.report import chart, to_html
from fusion.evaluate.run import Made, MetricInfo, Results, Sample
from fusion.evaluate.scorer import Judged, Score
from fusion.evaluate.stats import Estimate
from fusion.evaluate.systems import OutputSentence, Passage, SystemOutput

if TYPE_CHECKING:
    from pathlib import Path

ATTACK = '<script>alert("1")</script>'


def example() -> Results:
    passage = Passage(file="a.txt", text=f"The mill of Orle burned. {ATTACK}")
    told = OutputSentence(text=f"The mill burned {ATTACK}.", passages=[passage])
    output = SystemOutput(headline=ATTACK, sentences=[told], claims=[told], seconds=2.5)
    good = Judged(text=told.text, verdict="supported", support=0.93, evidence=[passage])
    bad = good.model_copy(update={"verdict": "unsupported", "problems": ["No passage says 5."]})
    score = Score(values={"supported": 0.5}, remarks=[f"missing: {ATTACK}"], judged=[good, bad])
    return Results(
        task="try",
        made=Made(
            when=datetime(2026, 3, 1, 12, tzinfo=UTC), fusion="1", revision=None, code="c",
            python="3", packages={}, models={"fusion": "a" * 64}, prompts={}, data="d" * 64,
        ),
        metrics={"verifier.supported": MetricInfo(about="share", better="higher")},
        samples=[
            Sample(story="mill", system="fusion", output=output, scores={"verifier": score}),
            Sample(story="mill", system="cmd:x {story}", output=None, failure=f"Broke. {ATTACK}"),
        ],
    )  # fmt: skip


class Page(HTMLParser):
    """The tags of a page, checked to be closed in order, and the classes of its sentences."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.classes: list[str] = []
        self.links: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        found = dict(attrs)
        self.classes.append(found.get("class") or "")
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_needs_nothing_from_outside() -> None:
    text = to_html(example())
    page = Page(text)
    assert page.links == []
    assert "url(" not in text
    assert "@import" not in text
    assert {"svg", "figure", "details", "article"} <= set(page.seen)


def test_what_a_summary_says_is_text_and_never_markup() -> None:
    text = to_html(example())
    assert "script" not in Page(text).seen
    assert text.count("&lt;script&gt;") >= 6


def test_sentences_carry_their_verdict_and_open_to_their_evidence() -> None:
    text = to_html(example())
    classes = Page(text).classes
    assert classes.count("sentence supported") == 1
    assert classes.count("sentence unsupported") == 1
    assert "No passage says 5." in text
    assert "<cite>a.txt</cite>" in text
    assert "supported, 0.93, by what it cites" in text


def test_a_failure_is_shown_where_the_summary_would_be() -> None:
    assert '<p class="wrong">Broke. &lt;script&gt;' in to_html(example())


def test_bars_are_in_proportion_and_fit() -> None:
    drawn = chart({"a": Estimate(1.0, 0.5, 2.0, 9), "b": Estimate(0.0, None, None, 1)})
    widths = [float(part.split('"')[0]) for part in drawn.split('width="')[1:]]
    assert widths == pytest.approx([115.0, 0.0]), "the bar of half of the longest interval"
    assert Page(f"<p>{chart({'a': Estimate(0.0, 0.0, 0.0, 3)})}</p>")


def test_the_command_writes_the_file(tmp_path: Path) -> None:
    (tmp_path / "results.json").write_text(example().model_dump_json(by_alias=True))
    assert main(["eval", "report", str(tmp_path), "--html", str(tmp_path / "r.html")]) == 0
    assert (tmp_path / "r.html").read_text(encoding="utf-8") == to_html(example())
    assert main(["eval", "report", str(tmp_path / "x"), "--html", str(tmp_path / "r.html")]) == 3
