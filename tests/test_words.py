from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fusion.words import content, coverage, is_past, plain, stem, tokens


@pytest.mark.parametrize(
    "forms",
    [
        "accuse accused accuses accusing",
        "realise realize realised",
        "deny denies denied",
        "stop stopped stopping",
        "write wrote written writes",
    ],
)
def test_forms_of_one_word_have_one_stem(forms: str) -> None:
    assert len({stem(word) for word in forms.split()}) == 1


def test_other_words_have_another_stem() -> None:
    words = ["past", "pass", "press", "ship", "shop", "mine", "mind"]
    assert len({stem(word) for word in words}) == len(words)


@pytest.mark.parametrize(
    ("word", "past"), [("signed", True), ("sank", True), ("sign", False), ("red", False)]
)
def test_a_past_form_is_known_by_its_ending_or_by_heart(word: str, past: bool) -> None:
    assert is_past(word) is past


def test_marks_have_one_form_and_what_cannot_be_seen_is_left_out() -> None:
    assert plain("«Shut» – he\u00a0said, ‘for\u200b good’…") == "\"Shut\" - he said, 'for good'..."


def test_content_is_without_stop_words_and_possessives() -> None:
    assert content("The mayor's 1,200.5 ferries were in the U.K.") == [
        *(stem(word) for word in ("mayor", "1,200.5", "ferries", "uk")),
    ]


@given(st.text(max_size=60))
def test_tokens_are_where_they_say(text: str) -> None:
    found = tokens(text)
    assert [plain(text)[token.start : token.end] for token in found] == [t.text for t in found]
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.text(max_size=60), st.text(max_size=60))
def test_coverage_is_a_share_and_a_text_covers_itself(one: str, other: str) -> None:
    assert 0 <= coverage(one, other) <= 1
    assert coverage(one, one) == 1
    assert coverage(one, f"{other}\n{one}") == 1
