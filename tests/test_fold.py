from __future__ import annotations

import pytest

from fusion.fold import WORD, fold


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Defence", "defense"),
        ("organised", "organized"),
        ("Formalises", "formalizes"),
        ("normalisation", "normalization"),
        ("analysed", "analyzed"),
        ("harbour", "harbor"),
        ("labour", "labor"),
        ("centre", "center"),
        ("kilometres", "kilometers"),
        ("travelled", "traveled"),
        ("programme", "program"),
        ("catalogue", "catalog"),
        ("Korve’s", "Korve"),
        ("Zoë", "ZOE"),
        ("isn’t", "isn't"),
    ],
)
def test_two_prints_of_one_word(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("four", "for"), ("our", "or"), ("price", "prize"), ("1,900", "1,901")]
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_a_number_or_a_compound_is_one_word() -> None:
    words = [match.group() for match in WORD.finditer("At 4:52, a 189-metre ship’s 2.5 million.")]
    assert words == ["At", "4:52", "a", "189-metre", "ship’s", "2.5", "million"]
