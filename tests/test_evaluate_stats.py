from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion.evaluate.stats import Interval, difference, estimate, interval

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


def test_an_interval_over_clusters_of_one_is_that_of_the_mean() -> None:
    values = {str(i): float(i % 3) for i in range(60)}
    rows = np.array(list(values.values()))
    found = interval(list(values), lambda drawn: float(rows[drawn].mean()))
    plain = estimate(values)
    assert plain is not None
    assert found.value == plain.mean == 1.0
    assert found.low == pytest.approx(plain.low, abs=0.03)
    assert found.high == pytest.approx(plain.high, abs=0.03)


def test_rows_of_a_cluster_come_and_go_together() -> None:
    """A hundred copies of a row say no more than the row."""
    rows = np.repeat([0.0, 1.0, 2.0, 3.0], 100)
    together = interval(np.repeat(list("abcd"), 100).tolist(), lambda d: float(rows[d].mean()))
    apart = interval([str(i) for i in range(400)], lambda d: float(rows[d].mean()))
    assert together.low is not None
    assert together.high is not None
    assert apart.low is not None
    assert apart.high is not None
    assert together.high - together.low > 5 * (apart.high - apart.low)


def test_a_figure_that_most_draws_do_not_have_has_no_interval() -> None:
    assert interval(["a", "a"], lambda d: float(len(d))) == Interval(2.0, None, None)
    only_whole = interval(list("abcd"), lambda d: 1.0 if len(set(d)) == 4 else math.nan)
    assert only_whole == Interval(1.0, None, None)
