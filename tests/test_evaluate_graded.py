from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fusion.cli import main
from fusion.errors import StoryError
from fusion.evaluate.graded import correlations
from fusion.evaluate.scorer import Metric, Score, Unscored

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion.evaluate.systems import SystemOutput
    from fusion.evaluate.task import Story

GRADES = {"good": (5, 4), "fair": (3, 3), "poor": (1, 2)}
TEXTS = {
    "good": "Two barns burned in Varn on Monday. Nobody was hurt.",
    "fair": "Two barns burned in Varn.",
    "poor": "The weather is fine and the harvest was late this year.",
}


class Words:
    """Scores a summary by its number of words, and not those of fewer than `least`."""

    name = "words"
    metrics: Mapping[str, Metric] = {"count": Metric("number of words")}
    identity: Mapping[str, object] = {}

    def __init__(self, least: int = 0) -> None:
        self._least = least

    def score(self, story: Story, output: SystemOutput) -> Score:
        count = len(output.body.split())
        if count < self._least:
            raise Unscored("It is too short.")
        return Score(values={"count": float(count)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three topics, three systems, two people."""
    lines = ["Topic\tPeer\tLength\tEvaluator\tGrade"]
    for topic in ("T1", "T2", "T3"):
        for part in ("articles", "references", "systems"):
            (tmp_path / topic / part).mkdir(parents=True)
        (tmp_path / topic / "references" / "A.txt").write_text(TEXTS["good"])
        for system, grades in GRADES.items():
            (tmp_path / topic / "systems" / f"{system}.txt").write_text(TEXTS[system])
            lines += [
                f"{topic}\t{system}\t9\t{who}\t{g}" for who, g in zip("AB", grades, strict=True)
            ]
    (tmp_path / "human_grades.tsv").write_text("\n".join(lines) + "\n")
    return tmp_path


def test_order_of_systems_by_hand(folder: Path) -> None:
    """By words: poor 11, good 10, fair 5; by people: good 4.5, fair 3, poor 1.5."""
    (found,) = correlations(folder, [Words()])
    assert (found.metric, found.systems, found.topics) == ("words.count", 3, 3)
    assert found.spearman.value == pytest.approx(-0.5)
    assert found.kendall.value == pytest.approx(-1 / 3)
    assert found.kendall.low == pytest.approx(-1 / 3), "the topics are alike"


def test_what_is_damaged_or_missing_is_named_and_the_rest_is_scored(folder: Path) -> None:
    (folder / "T3" / "systems" / "fair.txt").unlink()
    with (folder / "human_grades.tsv").open("a") as file:
        file.write("T1\tgood\t9\tC\tvery good\nT1\n")
    problems: list[str] = []
    (found,) = correlations(folder, [Words(least=6)], problems.append)
    assert (found.systems, found.topics) == (2, 3)
    assert problems[0].startswith(f"{folder / 'human_grades.tsv'}:20: ")
    assert problems[1].startswith(f"{folder / 'human_grades.tsv'}:21: ")
    assert "T3/systems/fair.txt" in "".join(problems)
    assert "words of fair on T1: It is too short." in problems


def test_a_story_without_a_reference_is_named_and_the_rest_is_scored(folder: Path) -> None:
    from fusion.evaluate.reference import Rouge

    pytest.importorskip("rouge_score", reason="the package rouge-score is not installed")
    (folder / "T2" / "references" / "A.txt").unlink()
    problems: list[str] = []
    found = {each.metric: each for each in correlations(folder, [Rouge()], problems.append)}
    assert found["rouge.rouge1"].topics == 2
    assert found["rouge.rouge1"].spearman.value == pytest.approx(1.0)
    assert problems == [f"rouge of {s} on T2: The story has no reference." for s in GRADES]


def test_a_folder_without_grades_is_named(folder: Path) -> None:
    with pytest.raises(StoryError, match="--graded"):
        correlations(folder / "T1", [Words()])
    with pytest.raises(StoryError, match="none of the graded"):
        correlations(folder, [Words(least=99)], lambda _: None)


class Letters:
    """An embedder whose vectors are counts of letters."""

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        letters = "abcdefghijklmnopqrstuvwxyz"
        rows = np.array([[text.lower().count(c) for c in letters] for text in texts], np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_the_command_prints_the_table(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rouge_score", reason="the package rouge-score is not installed")
    monkeypatch.setattr("fusion.embed.E5Embedder", Letters)
    monkeypatch.setattr("fusion.evaluate.stats.RESAMPLES", 100)
    asked = ["eval", "meta", "--graded", str(folder)]
    assert main(asked) == 0
    head, *rows = capsys.readouterr().out.strip().splitlines()
    assert head.split() == ["metric", "systems", "topics", "Spearman", "Kendall"]
    assert {row.split()[0] for row in rows} == {
        *(f"rouge.{name}" for name in ("rouge1", "rouge2", "rougeL")),
        *(f"facts.{name}" for name in ("recall", "precision", "similarity")),
    }
    (folder / "human_grades.tsv").write_text("Topic\tPeer\tGrade\nT1\tgood\t5\n")
    assert main([*asked, "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert len(result["systems"]) == len(rows)
    assert result["agreement"] == []
    assert result["systems"][0]["kendall"] == {"value": None, "low": None, "high": None}, (
        "one system"
    )
