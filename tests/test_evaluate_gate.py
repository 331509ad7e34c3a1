from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from fusion.cli import main
from fusion.errors import FusionError, UsageError
from fusion.evaluate import gate
from fusion.evaluate.gate import Baseline, load_baseline, pin, regressions, save
from fusion.evaluate.run import Made, MetricInfo, Results, Sample, data_hash
from fusion.evaluate.scorer import Score
from fusion.evaluate.systems import OutputSentence, SystemOutput
from fusion.evaluate.task import load_stories, load_task

if TYPE_CHECKING:
    from pathlib import Path


MADE = Made(
    when=datetime(2026, 3, 9, tzinfo=UTC),
    fusion="0",
    revision=None,
    code="c",
    python="3",
    packages={},
    models={"x": "m"},
    prompts={"write": "p"},
    data="d",
)
OUTPUT = SystemOutput(sentences=[OutputSentence(text="The mill burned.")], seconds=1.0)


def results(recall: float, errors: float = 1.0, failure: str = "") -> Results:
    score = Score(values={"recall": recall, "errors": errors, "length": recall})
    samples = [Sample(story="a", system="x", output=OUTPUT, scores={"it": score})]
    if failure:
        samples.append(Sample(story="b", system="x", output=None, failure=failure))
    return Results(
        task="try",
        made=MADE,
        metrics={
            "it.recall": MetricInfo(about="", better="higher"),
            "it.errors": MetricInfo(about="", better="lower"),
            "it.length": MetricInfo(about="", better="neither"),
            "seconds": MetricInfo(about="", better="lower"),
        },
        samples=samples,
    )


FLOORS = pin(results(0.7), None, None)


def test_floors_are_of_what_has_a_better_side_and_is_no_cost() -> None:
    assert FLOORS.floors == {"x": {"it.recall": 0.7, "it.errors": 1.0}}


@pytest.mark.parametrize(
    ("recall", "errors", "worse"),
    [
        (0.7, 1.0, ""),
        (0.9, 0.0, ""),
        (0.69, 1.0, "it.recall is 0.69"),
        (0.7, 2.0, "it.errors is 2"),
    ],
)
def test_either_direction_of_worse_is_seen(recall: float, errors: float, worse: str) -> None:
    found = regressions(results(recall, errors), FLOORS)
    assert len(found) == bool(worse)
    assert worse in "".join(found)


def test_the_noise_is_what_two_seeds_differ_by_and_no_more_is_forgiven() -> None:
    noisy = pin(results(0.7), None, None, [results(0.72), results(0.68, 1.5)])
    assert noisy.floors == FLOORS.floors, "floors are of the settings' own seed"
    assert noisy.noise == {"x": {"it.recall": 0.04, "it.errors": 0.5}}
    assert regressions(results(0.66), noisy) == []
    assert regressions(results(0.65), noisy) == [
        "x: it.recall is 0.65, its floor 0.7, the noise 0.04."
    ]


def test_a_changed_prompt_is_judged_not_refused() -> None:
    harmed = results(0.5)
    made = harmed.made.model_copy(update={"prompts": {"write": "harmed"}})
    (found,) = regressions(harmed.model_copy(update={"made": made}), FLOORS)
    assert "it.recall is 0.5" in found


def test_a_story_that_fails_is_a_regression_whatever_the_means() -> None:
    assert regressions(results(0.9, failure="It broke."), FLOORS) == ["x failed on b: It broke."]
    with pytest.raises(FusionError, match="no floors while something fails: x failed on b"):
        pin(results(0.9, failure="It broke."), None, None)


def test_a_metric_that_is_gone_is_a_regression() -> None:
    gone = results(0.7).model_copy(update={"samples": []})
    assert len(regressions(gone, FLOORS)) == 2


@pytest.mark.parametrize("part", ["data", "models"])
def test_other_data_or_another_model_is_refused(part: str) -> None:
    changed: object = "other" if part == "data" else {"x": "other"}
    made = results(0.7).made.model_copy(update={part: changed})
    with pytest.raises(FusionError, match="--update"):
        regressions(results(0.9).model_copy(update={"made": made}), FLOORS)


def test_a_floor_is_lowered_only_with_a_reason_that_is_kept(tmp_path: Path) -> None:
    with pytest.raises(FusionError, match=r"lowers x it\.recall 0\.7; say why"):
        pin(results(0.6), FLOORS, None)
    lower = pin(results(0.6), FLOORS, "a stricter judge")
    save(tmp_path / "b.json", Baseline(tasks={"try": lower}))
    (kept,) = load_baseline(tmp_path / "b.json").tasks["try"].regressions
    assert (kept.reason, kept.lowered) == ("a stricter judge", ["x it.recall 0.7"])
    raised = pin(results(0.8), lower, None)
    assert raised.floors["x"]["it.recall"] == 0.8
    assert raised.regressions == lower.regressions


def test_a_damaged_baseline_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("{")
    with pytest.raises(UsageError, match=r"b\.json: not a baseline"):
        load_baseline(tmp_path / "b.json")


def test_the_gate_is_green_on_what_it_pinned_and_red_below_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "BASELINE", tmp_path / "baseline.json")
    command = ["eval", "gate", "planted-quick", "--out", str(tmp_path)]
    assert main([*command, "--update"]) == 0
    assert main(command) == 0
    baseline = load_baseline(gate.BASELINE)
    baseline.tasks["planted-quick"].floors["lead-3"]["planted.recall"] = 0.99
    save(gate.BASELINE, baseline)
    assert main(command) == 1
    assert "lead-3: planted.recall is" in capsys.readouterr().err


def test_new_floors_are_measured_with_other_seeds_where_a_model_has_a_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recalls = {0: 0.7, 1: 0.72, 2: 0.68}
    run: list[tuple[Path, int]] = []

    def fake(name: str, out: Path, *, seed: int = 0) -> Results:
        run.append((out, seed))
        return results(recalls[seed])

    monkeypatch.setattr("fusion.evaluate.commands._evaluate", fake)
    monkeypatch.setattr(gate, "BASELINE", tmp_path / "baseline.json")
    assert main(["eval", "gate", "try", "--update", "--out", str(tmp_path)]) == 0
    assert run == [
        (tmp_path / "try", 0),
        (tmp_path / "try-seed-1", 1),
        (tmp_path / "try-seed-2", 2),
    ]
    assert load_baseline(gate.BASELINE).tasks["try"].noise["x"]["it.recall"] == 0.04


def test_the_shipped_floors_are_of_the_shipped_stories() -> None:
    tasks = load_baseline(gate.BASELINE).tasks
    assert "planted-quick" in tasks
    for name, pinned in tasks.items():
        task, folder = load_task(name)
        stories = load_stories(folder, task.limit)
        assert pinned.data == data_hash(stories), f"fusion eval gate {name} --update"


def test_the_gate_has_graders_that_do_not_use_the_verifier() -> None:
    task, _ = load_task("gate")
    assert {"planted", "details", "probe"} <= set(task.scorers)


def test_a_task_without_floors_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "gate", "no-such-task"]) == 2
    assert "no-such-task: it has no floors" in capsys.readouterr().err
