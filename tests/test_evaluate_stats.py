from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from fusion.evaluate.stats import difference, estimate

VALUES = st.dictionaries(st.text(max_size=3), st.floats(-10, 10), min_size=2, max_size=8)


@settings(deadline=None)  # a busy machine is no fault of the code
@given(VALUES)
def test_the_interval_lies_within_the_values(values: dict[str, float]) -> None:
    found = estimate(values)
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    slack = 1e-9
    assert min(values.values()) - slack <= found.low <= found.high <= max(values.values()) + slack


@settings(deadline=None)  # a busy machine is no fault of the code
@given(VALUES)
def test_a_system_does_not_differ_from_itself(values: dict[str, float]) -> None:
    found = difference(values, values)
    assert found is not None
    assert (found.mean, found.low, found.high) == (0, 0, 0)


def test_the_interval_of_a_normal_mean() -> None:
    """For 400 stories, half 0 and half 1: 0.5 give or take 1.96 standard errors of 0.025."""
    found = estimate({str(i): float(i % 2) for i in range(400)})
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert math.isclose(found.low, 0.451, abs_tol=0.006)
    assert math.isclose(found.high, 0.549, abs_tol=0.006)


def test_pairing_uses_shared_stories_only() -> None:
    found = difference({"a": 2.0, "b": 5.0}, {"b": 1.0, "c": 9.0})
    assert found is not None
    assert (found.mean, found.stories, found.low) == (4.0, 1, None)
    assert difference({"a": 1.0}, {"b": 1.0}) is None
