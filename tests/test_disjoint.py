from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fusion.disjoint import DisjointSets

PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)))


@given(PAIRS)
def test_joined_things_are_together_and_nothing_is_twice(pairs: list[tuple[int, int]]) -> None:
    found: DisjointSets[int] = DisjointSets()
    for one, other in pairs:
        found.join(one, other)
    sets = found.sets()
    items = [item for members in sets for item in members]
    assert sorted(items) == sorted({item for pair in pairs for item in pair})
    for one, other in pairs:
        assert any(one in members and other in members for members in sets)


@given(PAIRS)
def test_things_are_together_only_through_pairs(pairs: list[tuple[int, int]]) -> None:
    found: DisjointSets[int] = DisjointSets()
    found.add(99)
    for one, other in pairs:
        found.join(one, other)
    for members in found.sets():
        reached = {members[0]}
        for _ in pairs:
            for one, other in pairs:
                if one in reached or other in reached:
                    reached |= {one, other}
        assert reached == set(members)
