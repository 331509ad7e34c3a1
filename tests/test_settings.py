from __future__ import annotations

import pytest

from fusion.errors import UsageError
from fusion.settings import Settings


def test_the_hash_of_settings_that_were_there_first_stays() -> None:
    """It is in summaries and baselines that people keep."""
    assert Settings(sentences=8, model="qwen2.5-coder-1.5b").hash() == "7f0ece8b833048f0"


def test_each_setting_that_changes_a_summary_changes_the_hash() -> None:
    some = [Settings(), Settings(words=100), Settings(words=200), Settings(language="fr")]
    assert len({each.hash() for each in some}) == len(some)


@pytest.mark.parametrize("words", [19, 801, -1])
def test_words_have_a_range(words: int) -> None:
    with pytest.raises(UsageError, match=f"--words must be 20 to 800, not {words}"):
        Settings(words=words)


@pytest.mark.parametrize("language", ["french", "FR", "", "f1"])
def test_a_language_is_a_code(language: str) -> None:
    with pytest.raises(UsageError, match="--language must be two letters"):
        Settings(language=language)
