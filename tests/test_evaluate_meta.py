from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pytest

from fusion.cli import main
from fusion.errors import StoryError
from fusion.evaluate.agreement import auc, balanced, best_threshold, calibration_error
from fusion.evaluate.labelled import read
from fusion.evaluate.meta import agreement

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A set whose unsupported claims have a number and a name that the document has not."""
    rows = []
    for i in range(40):
        document = f"The mill of Orle burned on day {i}. Ana Tey saw it from the quay."
        true = f"On day {i} the mill of Orle burned."
        false = f"On day {i + 900} the mill of Varn burned."
        rows += [
            {"id": f"{i}-{label}", "document": document, "claim": claim, "label": label}
            for claim, label in ((true, 1), (false, 0))
        ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "mills.jsonl").write_text(text)
    return tmp_path


def test_graders_tell_what_is_made_up(folder: Path) -> None:
    found = {each.grader: each for each in agreement(folder, None)}
    assert set(found) == {"words in common", "named checks", "details"}
    for each in found.values():
        assert (each.auc, each.balanced) == (1.0, 1.0)
        assert each.dataset == "mills"


def test_no_document_is_in_both_halves(folder: Path) -> None:
    claims = read(folder / "mills.jsonl")
    halves = [
        {claim.document for claim in claims if claim.first_half is half} for half in (False, True)
    ]
    assert not halves[0] & halves[1]
    assert all(halves)


def test_the_command_prints_the_table(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "meta", "--data", str(folder), "--limit", "10"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["set", "grader", "claims", "AUC", "balanced", "at", "ECE"]
    assert len(rows) == 3


def test_a_folder_without_sets_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match="no labelled sets"):
        next(agreement(tmp_path, None))


def test_measures_of_agreement_by_hand() -> None:
    labels, scores = np.array([1.0, 1.0, 0.0, 0.0]), np.array([0.9, 0.4, 0.4, 0.1])
    assert auc(labels, scores) == pytest.approx((1 + 1 + 0.5 + 1) / 4)
    assert balanced(labels, scores >= 0.4) == 0.75
    assert best_threshold(labels, scores, np.zeros(4)) in (0.4, 0.65, 0.9)
    assert math.isclose(calibration_error(labels, scores), (0.1 + 2 * 0.1 + 0.1) / 4)
