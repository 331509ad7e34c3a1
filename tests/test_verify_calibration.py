from __future__ import annotations

import json
from importlib.resources import files

import numpy as np
import pytest

from fusion import prompts
from fusion.verify.calibration import Calibration, calibration_for, fit
from fusion.verify.entailment import FEATURES, features

STORED = json.loads((files("fusion.verify") / "calibration.json").read_text(encoding="utf-8"))
PASSAGE = "The port of Kestrel will stay closed until 14 March, said Ivo Lund."


def test_fit_finds_the_curve_that_made_the_labels() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(20_000, 2))
    odds = 0.5 + x @ np.array([2.0, -1.0])
    labels = (rng.random(20_000) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    beta = fit(x, labels, np.ones(20_000))
    assert beta == pytest.approx([0.5, 2.0, -1.0], abs=0.1)


def test_fit_stays_finite_where_the_labels_are_separable() -> None:
    x = np.array([[-1.0], [-2.0], [1.0], [2.0]])
    beta = fit(x, np.array([0.0, 0.0, 1.0, 1.0]), np.ones(4))
    assert np.isfinite(beta).all()
    assert beta[1] > 0


def test_weights_count_like_repeated_rows() -> None:
    x, labels = np.array([[0.0], [1.0], [1.0]]), np.array([0.0, 1.0, 0.0])
    weighted = fit(x, labels, np.array([1.0, 3.0, 1.0]))
    repeated = fit(x[[0, 1, 1, 1, 2]], labels[[0, 1, 1, 1, 2]], np.ones(5))
    assert weighted == pytest.approx(repeated)


def test_a_failed_check_caps_the_support() -> None:
    calibration = Calibration(9.0, dict.fromkeys(FEATURES, 0.0), 0.5, failing=0.2)
    found = features(PASSAGE, [PASSAGE], 0.99)
    assert calibration.probability(found, passes=True) > 0.99
    assert calibration.probability(found, passes=False) == 0.2


@pytest.mark.parametrize("sha256", [None, "unknown", *STORED["models"]])
def test_parameters_are_whole_and_in_range(sha256: str | None) -> None:
    calibration = calibration_for(sha256)
    assert set(calibration.weights) == set(FEATURES)
    assert 0 < calibration.failing < calibration.threshold < 1


def test_a_model_that_was_not_measured_is_held_to_more() -> None:
    fallback = calibration_for("unknown")
    assert fallback.weights["entailed"] == 0
    assert all(fallback.threshold > calibration_for(sha).threshold for sha in STORED["models"])


@pytest.mark.parametrize("sha256", STORED["models"])
def test_parameters_belong_to_the_prompts_of_today(sha256: str) -> None:
    # After a change of these prompts: python -m benchmarks.verifier --fit
    measured_with = STORED["models"][sha256]["prompts"]
    assert measured_with == {name: prompts.load(name).sha256 for name in measured_with}


def test_features_of_a_copy_and_of_something_else() -> None:
    copy = dict(zip(FEATURES, features(PASSAGE, [PASSAGE], 0.5), strict=True))
    assert copy == {"entailed": 0, "covered": 1, "pairs": 1, "longest_copy": 1}
    other = dict(zip(FEATURES, features("Rain fell.", [PASSAGE], 0.5), strict=True))
    assert other == {"entailed": 0, "covered": 0, "pairs": 0, "longest_copy": 0}
