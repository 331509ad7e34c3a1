from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from fusion.cli import main
from fusion.errors import LLMError, StoryError
from fusion.evaluate.agreement import (
    auc,
    balanced,
    best_threshold,
    calibration_error,
    kendall,
    pearson,
    reliability,
    spearman,
)
from fusion.evaluate.labelled import read
from fusion.evaluate.meta import PUBLISHED, Grader, agreement, graders
from fusion.evaluate.meta_table import AGREEMENT_HEAD, render_agreement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from fusion.evaluate.labelled import Claim

ALL = {"words in common", "likest sentence", "details", "named checks"}


class Letters:
    """An embedder whose vectors are counts of letters and digits."""

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array(
            [
                [text.lower().count(c) for c in "abcdefghijklmnopqrstuvwxyz0123456789"]
                for text in texts
            ],
            np.float32,
        )
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture(autouse=True)
def _few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fusion.evaluate.stats.RESAMPLES", 100)


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


@pytest.fixture
def rows() -> list[dict[str, object]]:
    """Claims whose unsupported half has a number and a name that the document has not."""
    found: list[dict[str, object]] = []
    for i in range(40):
        document = f"The mill of Orle burned on day {i}. Ana Tey saw it from the quay."
        true = f"On day {i} the mill of Orle burned."
        false = f"On day {i + 900} the mill of Varn burned."
        found += [
            {"id": f"{i}-{label}", "document": document, "claim": claim, "label": label}
            for claim, label in ((true, 1), (false, 0))
        ]
    return found


@pytest.fixture
def folder(tmp_path: Path, rows: list[dict[str, object]]) -> Path:
    write(tmp_path / "mills.jsonl", rows)
    return tmp_path


def test_graders_tell_what_is_made_up(folder: Path) -> None:
    found = {each.grader: each for each in agreement(folder, graders(Letters()))}
    assert set(found) == ALL
    for each in found.values():
        assert each.dataset == "mills"
        assert each.auc.value > 0.9, each.grader
        assert each.auc.low is not None
        assert each.auc.low <= each.auc.value
        assert each.spearman is None, "nobody graded these"
    for name in ("words in common", "named checks", "details"):
        assert (found[name].auc.value, found[name].balanced.value) == (1.0, 1.0)


def test_the_threshold_comes_from_the_other_half(folder: Path) -> None:
    """A grader whose scale differs between the halves: its own half's threshold would be right."""

    def shifted(claim: Claim) -> float:
        return 0.2 * claim.supported + (0.0 if claim.first_half else 0.7)

    (found,) = agreement(folder, [Grader("shifted", "nothing", shifted)])
    assert found.auc.value == 1.0
    assert found.balanced.value == 0.5
    assert found.threshold <= 0.2


def test_people_s_grades_are_correlated_with_scores(
    tmp_path: Path, rows: list[dict[str, object]]
) -> None:
    graded = [{**row, "consistency": 5.0 if row["label"] else 1.5} for row in rows]
    write(tmp_path / "graded.jsonl", graded)
    opposite = Grader("opposite", "nothing", lambda claim: 1.0 - claim.supported)
    found = {g.grader: g for g in agreement(tmp_path, [*graders(Letters()), opposite])}
    for name, value in (("details", 1.0), ("opposite", -1.0)):
        for each in (found[name].spearman, found[name].pearson):
            assert each is not None
            assert each.value == pytest.approx(value)


def test_a_damaged_line_is_named_and_the_rest_is_scored(folder: Path) -> None:
    file = folder / "mills.jsonl"
    lines = file.read_text().splitlines()
    lines[2] = '{"id": "cut off'
    lines[5] = json.dumps({"id": "x", "document": "A mill.", "claim": "A mill.", "label": 7})
    file.write_text("\n".join(lines) + "\n")
    problems: list[str] = []
    found = list(agreement(folder, graders(Letters()), warn=problems.append))
    assert {each.grader for each in found} == ALL
    assert [problem.split(": ")[0] for problem in problems] == [f"{file}:3", f"{file}:6"]
    assert "label" in problems[1]


def test_a_set_that_cannot_be_judged_is_named_and_the_rest_is_scored(
    folder: Path, rows: list[dict[str, object]]
) -> None:
    (folder / "bytes.jsonl").write_bytes(b"\xff\xfe\xfa")
    write(folder / "onesided.jsonl", [row for row in rows if row["label"]])
    problems: list[str] = []
    found = list(agreement(folder, graders(Letters()), warn=problems.append))
    assert {each.dataset for each in found} == {"mills"}
    assert ["bytes.jsonl" in problems[0], "onesided.jsonl" in problems[1]] == [True, True]


def test_a_grader_that_fails_is_named_and_the_rest_is_scored(folder: Path) -> None:
    def fail(claim: Claim) -> float:
        raise LLMError(f"no answer on {claim.id}")

    problems: list[str] = []
    judges = [Grader("broken", "nothing", fail), *graders(Letters())]
    assert len(list(agreement(folder, judges, warn=problems.append))) == len(ALL)
    assert problems[0].startswith("broken on mills: no answer")


def test_no_document_is_in_both_halves(folder: Path) -> None:
    claims = read(folder / "mills.jsonl")
    halves = [
        {claim.document for claim in claims if claim.first_half is half} for half in (False, True)
    ]
    assert not halves[0] & halves[1]
    assert all(halves)


def test_a_topic_of_insights_is_a_labelled_set(tmp_path: Path) -> None:
    documents = {
        f"d{i}": {
            "document_id": f"d{i}",
            "idx": i,
            "document_metadata": {"article_source": "orle.example"},
            "document_text": f"Report {i}. The bridge of Orle reopened after the flood.",
            "insights_included": ["open"],
            "label_open": 1,
            "label_perhaps": 2,
        }
        for i in range(3)
    }
    texts = {"open": "The bridge reopened.", "toll": "It has a toll.", "perhaps": "It is painted."}
    insights = {key: {"insight": text} for key, text in texts.items()}
    path = tmp_path / "bridge.json"
    path.write_text(json.dumps({"documents": documents, "insights": insights}))
    claims = read(path)
    assert {(claim.text, claim.supported) for claim in claims} == {
        ("The bridge reopened.", True),
        ("It has a toll.", False),
    }
    path.write_text("{}")
    with pytest.raises(StoryError, match=r"bridge\.json: not a topic"):
        read(path)


def test_the_command_prints_what_was_measured_and_what_was_published(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fusion.embed.E5Embedder", Letters)
    asked = ["eval", "meta", "--data", str(folder), "--limit", "10"]
    assert main([*asked, "--reliability"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(AGREEMENT_HEAD)
    for name in ALL:
        assert f"\nmills             {name} " in text
    assert "predicted" in text
    assert "\n  details              1.000  measured, mean of 1 set\n" in text
    assert "\n  HHEM-2.1-open        0.718  published, LLM-AggreFact, mean of 11 sets; " in text
    assert main([*asked, "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert [each["grader"] for each in result["agreement"]] == [g.name for g in graders(Letters())]
    for each in result["agreement"]:
        assert sum(b["claims"] for b in each["reliability"]) == each["claims"]
    assert len(result["published"]) == len(PUBLISHED)


def test_a_row_has_its_grades_and_its_curve_below(
    tmp_path: Path, rows: list[dict[str, object]]
) -> None:
    write(tmp_path / "set.jsonl", [{**row, "grade": row["label"]} for row in rows])
    (found,) = agreement(tmp_path, [Grader("g", "nothing", lambda c: 0.95 * c.supported)])
    plain, with_curve = (render_agreement(found, curve=curve) for curve in (False, True))
    assert "Spearman 1.00" in plain
    assert with_curve.startswith(plain)
    curve = [line.split() for line in with_curve.removeprefix(plain).splitlines()]
    assert curve[0] == ["score", "claims", "predicted", "observed"]
    assert [line[-2:] for line in curve[1:]] == [["0.00", "0.00"], ["0.95", "1.00"]]


def test_a_folder_without_sets_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match="no labelled sets"):
        next(agreement(tmp_path, graders(Letters())))


def test_measures_of_agreement_by_hand() -> None:
    labels, scores = np.array([1.0, 1.0, 0.0, 0.0]), np.array([0.9, 0.4, 0.4, 0.1])
    assert auc(labels, scores) == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    assert balanced(labels, scores >= 0.4) == 0.75
    assert best_threshold(labels, scores, np.zeros(4)) in (0.4, 0.65, 0.9)
    assert math.isclose(calibration_error(labels, scores), (0.1 + 2 * 0.1 + 0.1) / 4)
    low, middle, high = reliability(labels, scores)
    assert (low.low, low.claims, low.observed) == (0.1, 1, 0.0)
    assert (middle.predicted, middle.observed, middle.claims) == (0.4, 0.5, 2)
    assert (high.high, high.predicted) == (1.0, 0.9)


SCORES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=12)


@given(SCORES)
def test_correlations_are_those_of_scipy(pairs: list[tuple[int, int]]) -> None:
    a, b = np.array(pairs, dtype=float).T
    if min(len(set(a)), len(set(b))) == 1:
        assert all(math.isnan(measure(a, b)) for measure in (pearson, spearman, kendall))
        return
    assert pearson(a, b) == pytest.approx(reference.pearsonr(a, b).statistic)
    assert spearman(a, b) == pytest.approx(reference.spearmanr(a, b).statistic)
    assert kendall(a, b) == pytest.approx(reference.kendalltau(a, b).statistic)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=30))
def test_the_curve_has_every_claim_once_and_its_error_is_a_share(
    claims: list[tuple[bool, float]],
) -> None:
    labels, scores = np.array(claims, dtype=float).T
    assert sum(each.claims for each in reliability(labels, scores)) == len(claims)
    assert 0 <= calibration_error(labels, scores) <= 1
