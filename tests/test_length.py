from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.length import Length
from fusion.settings import Settings


@pytest.mark.parametrize(
    ("sizes", "words", "chosen"),
    [([30, 25, 40, 30], 100, [0, 1, 2]),  # 95: the first three are enough
     ([30, 25, 60, 40], 100, [0, 1, 3]),  # the third would overshoot; a later one fits
     ([28, 15, 20], 50, [0, 2]),          # 43 and 63 are out: the second makes room
     ([60, 50], 50, [1]),                 # the first is too long even alone
     ([12, 15], 100, [0, 1]),             # there is no more to tell
     ([40, 30], 20, []),                  # nothing is short enough
     ([], 100, [])],
)  # fmt: skip
def test_the_worthiest_that_make_the_words_are_printed(
    sizes: list[int], words: int, chosen: list[int]
) -> None:
    assert Length(5, words).choose(sizes) == chosen


@given(st.lists(st.integers(1, 70), max_size=9), st.integers(20, 200))
def test_no_other_choice_does_better(sizes: list[int], words: int) -> None:
    length = Length(5, words)
    chosen = length.choose(sizes)
    total = sum(sizes[i] for i in chosen)
    possible = [
        (sum(sizes[i] for i in some), list(some))
        for many in range(len(sizes) + 1)
        for some in combinations(range(len(sizes)), many)
        if sum(sizes[i] for i in some) <= 1.1 * words
    ]
    within = [some for made, some in possible if made >= 0.9 * words]
    if within:
        assert chosen in within
        assert length.reached(sizes) == (chosen[0] == 0 or sizes[0] > 1.1 * words)
        assert all(chosen[:1] <= some[:1] for some in within)
    else:
        assert not length.reached(sizes)
        assert total == max(made for made, _ in possible)


def test_what_cannot_lead_at_this_length_is_replaced_only_at_last() -> None:
    length = Length(3, 50)
    assert length.choose([40, 20, 30]) == [1, 2]
    assert not length.reached([40, 20, 30])
    assert length.reached([40, 20, 30, 10])
    assert length.reached([60, 20, 30])


def test_sentences_are_counted_where_words_are_not() -> None:
    length = Length.of(Settings(sentences=2))
    assert (str(length), length.facts, length.least) == ("2 sentences", 3, 0)
    assert length.choose([70]) == [0]
    assert not length.reached([70])
    assert length.choose([70, 70, 70]) == [0, 1]
    assert length.reached([70, 70])


def test_words_ask_for_facts_by_their_number() -> None:
    short, long = (Length.of(Settings(words=words)) for words in (20, 800))
    assert str(short) == "20 words"
    assert (short.sentences, long.sentences) == (1, 40)
    assert 1 < short.facts < long.facts
