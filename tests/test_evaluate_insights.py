from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from fusion.errors import StoryError
from fusion.evaluate.insights import (
    Insight,
    InsightCoverage,
    dump_insights,
    load_insights,
    nearness,
)
from fusion.evaluate.scorer import Unscored
from fusion.evaluate.systems import OutputSentence, Passage, SystemOutput
from fusion.evaluate.task import Story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray


class Letters:
    """An embedder whose vectors are counts of letters."""

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        letters = "abcdefghijklmnopqrstuvwxyz"
        rows = np.array([[text.lower().count(c) for c in letters] for text in texts], np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


INSIGHTS = (
    Insight(text="The bridge of Orle needs forty new cables.", articles=("a.txt", "b.txt")),
    Insight(text="Ferry owners fear for their income.", articles=("b.txt", "c.txt")),
)


def story(tmp_path: Path, *insights: Insight) -> Story:
    return Story("bridge", tmp_path / "articles", insights=insights)


def said(text: str, *files: str) -> OutputSentence:
    return OutputSentence(text=text, passages=[Passage(file=f, text="…") for f in files] or None)


def test_what_is_told_is_counted_and_what_is_not_is_named(tmp_path: Path) -> None:
    output = SystemOutput(
        sentences=[
            said("Forty new cables are needed for the bridge of Orle.", "a.txt", "c.txt"),
            said("It will rain.", "b.txt"),
        ],
        seconds=0,
    )
    score = InsightCoverage(Letters()).score(story(tmp_path, *INSIGHTS), output)
    assert score.values["told"] == 0.5
    assert score.values["carriers"] == 0.5, "a.txt carries it, c.txt does not"
    assert score.remarks == ["not told: Ferry owners fear for their income."]
    assert not score.unscored


def test_a_summary_without_citations_is_unscored_for_them_only(tmp_path: Path) -> None:
    output = SystemOutput(sentences=[said(INSIGHTS[0].text)], seconds=0)
    score = InsightCoverage(Letters()).score(story(tmp_path, INSIGHTS[0]), output)
    assert score.values == pytest.approx({"told": 1.0, "nearness": 1.0})
    assert set(score.unscored) == {"carriers"}


def test_a_story_without_insights_is_unscored(tmp_path: Path) -> None:
    output = SystemOutput(sentences=[said("It rains.")], seconds=0)
    with pytest.raises(Unscored, match=r"no insights\.json"):
        InsightCoverage(Letters()).score(story(tmp_path), output)


def test_nearness_is_one_for_the_same_words_and_falls_with_them() -> None:
    near = nearness(
        Letters(), ["Forty cables snapped."], ["Forty cables snapped.", "Forty cables."]
    )
    assert near.shape == (1, 2)
    assert near[0, 0] == pytest.approx(1.0)
    assert near[0, 1] < 0.9


def test_insights_survive_the_file(tmp_path: Path) -> None:
    path = tmp_path / "insights.json"
    assert load_insights(path) == ()
    path.write_text(dump_insights(INSIGHTS))
    assert load_insights(path) == INSIGHTS
    path.write_text('[{"text": "no articles"}]')
    with pytest.raises(StoryError, match=r"insights\.json: not a list of insights"):
        load_insights(path)
