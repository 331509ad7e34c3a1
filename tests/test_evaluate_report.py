from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from fusion.cli import main
from fusion.evaluate.charts import chart
from fusion.evaluate.report import Problem, problems, to_html
from fusion.evaluate.run import Made, MetricInfo, Results, Sample
from fusion.evaluate.scorer import Judged, Score
from fusion.evaluate.stats import Estimate
from fusion.evaluate.systems import OutputSentence, Passage, SystemOutput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ATTACK = '</style><script>alert("1")</script>\u202e'
COMMAND = f"cmd:python tools/summarise.py {ATTACK}"
METRICS = {
    "verifier.supported": MetricInfo(about=f"share {ATTACK}", better="higher"),
    "form.order": MetricInfo(about="pairs in order", better="neither"),
    "seconds": MetricInfo(about="wall clock", better="lower"),
}


def example() -> Results:
    """Two stories: one summary with every verdict, one that is not judged, and a failure."""
    passage = Passage(file="a.txt", text=f"The mill of Orle burned on Monday. {ATTACK}")
    told = OutputSentence(text=f"The mill burned {ATTACK}.", passages=[passage])
    output = SystemOutput(
        headline=f"Mill of Orle {ATTACK}", sentences=[told, told], claims=[told], seconds=2.5,
        prompt_tokens=1200, generated_tokens=34,
    )  # fmt: skip
    good = Judged(text=told.text, verdict="supported", support=0.93, evidence=[passage])
    weak = good.model_copy(update={"verdict": "unsupported", "found_by": "closest"})
    bad = weak.model_copy(
        update={"verdict": "contradicted", "problems": ["No passage has the number 5."]}
    )
    score = Score(
        values={"supported": 1 / 3}, remarks=[f"missing: {ATTACK}"], judged=[good, weak, bad]
    )
    form = Score(values={}, unscored={"order": f"One day only. {ATTACK}"})
    plain = SystemOutput(sentences=[OutputSentence(text="The mill is gone.")], seconds=1.0)
    return Results(
        task="try",
        made=Made(
            when=datetime(2026, 3, 1, 12, tzinfo=UTC), fusion="1.2", revision="e" * 40, code="c",
            python="3", packages={"numpy": "2.4"}, models={"fusion": "a" * 64},
            prompts={"write": "b" * 64}, data="d" * 64,
        ),
        metrics=METRICS,
        samples=[
            Sample(
                story="mill", system="fusion", output=output,
                scores={"verifier": score, "form": form},
            ),
            Sample(story=ATTACK, system="fusion", output=plain, scores={"form": form}),
            Sample(story="mill", system=COMMAND, output=None, failure=f"Broke. {ATTACK}"),
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def html() -> str:
    return to_html(example())


class Page(HTMLParser):
    """The tags of a page, checked to be closed in order, its classes, its links and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.classes: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.classes += [value or "" for name, value in attrs if name == "class"]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_and_needs_nothing_from_outside(html: str) -> None:
    page = Page(html)
    assert {"svg", "figure", "details", "article", "table"} <= set(page.seen)
    assert "url(" not in html
    assert "@import" not in html
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_what_a_summary_says_is_text_and_never_markup(html: str) -> None:
    page = Page(html)
    assert "script" not in page.seen
    assert page.seen.count("style") == 1
    assert html.count("&lt;script&gt;") >= 10, "in headline, sentences, names, reasons, charts"
    assert "\u202e" not in html


def test_sentences_carry_their_verdict_and_their_evidence(html: str) -> None:
    page = Page(html)
    for verdict, times in {
        "supported": 1,
        "unsupported": 1,
        "contradicted": 1,
        "unjudged": 1,
    }.items():
        assert page.classes.count(f"sentence {verdict}") == times
    assert "supported, support 0.93, by what it cites" in page.text
    assert "by the closest passages: it cites nothing" in page.text
    assert "No passage has the number 5." in page.text
    assert "<cite>a.txt</cite>" in html
    assert page.text.count("Sources differ") == 1


def test_it_says_what_made_it(html: str) -> None:
    text = Page(html).text
    for what in ("e" * 40, "d" * 64, "a" * 64, "b" * 64, "1.2", "2.4", "2026-03-01 12:00"):
        assert what in text


def test_failures_come_first_and_the_unscored_share_a_reason() -> None:
    reason = f"One day only. {ATTACK}"
    assert problems(example()) == [
        Problem("", f"Broke. {ATTACK}", {COMMAND: ["mill"]}),
        Problem("form.order", reason, {"fusion": ["mill", ATTACK]}),
    ]


def test_a_metric_without_a_value_has_no_chart(html: str) -> None:
    page = Page(html)
    assert page.seen.count("figure") == 2
    assert "form.order" in page.text


def test_a_chart_names_every_system_and_stands_on_a_common_scale() -> None:
    few = chart({"a": Estimate(0.5, 0.25, 0.75, 2), "b": None}, {"a": {"x": 0.25, "y": 0.75}})
    assert ">a</text>" in few
    assert ">0.500</text>" in few
    assert ">b</text>" in few
    assert ">-</text>" in few
    assert ">1.0</text>" in few, "shares are drawn on 0..1"
    large = chart({"a": Estimate(40.0, None, None, 1)}, {"a": {"x": 40.0}})
    assert ">40</text>" in large
    assert ">0.5</text>" not in large
    assert "NaN" not in few + large + chart({"a": Estimate(0.0, 0.0, 0.0, 2)}, {"a": {"x": 0.0}})


def test_the_command_writes_the_file(tmp_path: Path, html: str) -> None:
    (tmp_path / "results.json").write_text(example().model_dump_json(by_alias=True))
    assert main(["eval", "report", str(tmp_path), "--html", str(tmp_path / "r.html")]) == 0
    assert (tmp_path / "r.html").read_text(encoding="utf-8") == html
    assert main(["eval", "report", str(tmp_path / "x"), "--html", str(tmp_path / "r.html")]) == 3


def test_a_missing_package_is_named_with_the_way_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "results.json").write_text(example().model_dump_json(by_alias=True))
    monkeypatch.delitem(sys.modules, "fusion.evaluate.charts")
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    assert main(["eval", "report", str(tmp_path), "--html", str(tmp_path / "r.html")]) == 2
    assert "vl_convert; run pip install 'fusion-news[report]'" in capsys.readouterr().err


# In a browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = [*filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))]
    if not found:
        pytest.skip("no Chromium is installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found[0])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def url(html: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(html, encoding="utf-8")
    return file.as_uri()


# Every piece of text with its colour and what it stands on: [text, [r, g, b], [r, g, b]].
SHOWN_TEXT = """() => {
  const rgb = (value) => value.match(/[\\d.]+/g).map(Number)
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const back = rgb(getComputedStyle(at).backgroundColor)
      if (back.length === 3 || back[3] === 1) return back.slice(0, 3)
    }
  }
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement
    if (!texts.currentNode.data.trim() || !element.checkVisibility({ checkOpacity: true })) continue
    const style = getComputedStyle(element)
    const color = element instanceof SVGElement ? style.fill : style.color
    found.push([texts.currentNode.data.trim(), rgb(color), ground(element)])
  }
  return found
}"""


def contrast(one: list[float], other: list[float]) -> float:
    """The ratio of WCAG 2.2, 1..21, of two sRGB colours of 0..255."""

    def luminance(color: list[float]) -> float:
        linear = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (value / 255 for value in color[:3])
        ]
        weights = (0.2126, 0.7152, 0.0722)
        return sum(weight * part for weight, part in zip(weights, linear, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_a_browser_it_is_quiet_fits_a_phone_and_can_be_read(
    chromium: Browser, url: str, scheme: Any
) -> None:
    page = chromium.new_page(color_scheme=scheme, viewport={"width": 360, "height": 740})
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    columns = page.locator("dd").evaluate_all("all => all.map((each) => each.clientWidth)")
    assert min(columns) > 100, "no long name squeezes what stands beside it"
    texts = page.evaluate(SHOWN_TEXT)
    assert {"fusion", "0.333"} <= {text for text, _, _ in texts}, "those of the charts too"
    weak = [text for text, color, back in texts if contrast(color, back) < 4.5]
    assert weak == [], "WCAG AA"
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == scheme
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).colorScheme") == "light"
    page.close()
    assert said == []
    assert asked == [url]


def test_a_sentence_opens_to_its_evidence_by_mouse_and_by_keyboard(
    chromium: Browser, url: str
) -> None:
    page = chromium.new_page()
    page.goto(url)
    sentence = page.locator("details.contradicted")
    evidence = sentence.locator("blockquote")
    assert not evidence.is_visible()
    sentence.locator("summary").click()
    assert evidence.is_visible()
    assert "The mill of Orle burned on Monday." in evidence.inner_text()
    assert "a.txt" in evidence.inner_text()
    page.keyboard.press("Enter")
    assert not evidence.is_visible()
    page.keyboard.press("Space")
    assert evidence.is_visible()
    page.close()
