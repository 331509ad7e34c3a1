from __future__ import annotations

import pytest
from passages import passages, source

from fusion.errors import MalformedOutput
from fusion.llm import ScriptedLLM
from fusion.write import MAX_TOKENS, cited, draft, one_sentence

CLOSED = "The Ostwick swing bridge was closed on Sunday after divers found cracks."


def saying(words: str) -> ScriptedLLM:
    return ScriptedLLM(write=lambda prompt: words)


@pytest.mark.parametrize(
    "written",
    [CLOSED, f"  {CLOSED} ", f"Sentence: {CLOSED}", f'"{CLOSED}"', f"- {CLOSED}", f"[1] {CLOSED}",
     f"{CLOSED[:-1]} [1, 2].", f"{CLOSED} It will reopen in May."],
)  # fmt: skip
def test_the_one_sentence_is_found(written: str) -> None:
    assert one_sentence(written) == CLOSED


@pytest.mark.parametrize(
    "written",
    ["", "It shut.", "The Ostwick swing bridge was closed on", "The passages say it was closed.",
     "The bridge was closed yesterday after divers found cracks."],
)  # fmt: skip
def test_what_is_no_news_sentence_is_refused(written: str) -> None:
    with pytest.raises(MalformedOutput):
        one_sentence(written)


def test_problems_are_told_to_the_model() -> None:
    llm = saying(CLOSED)
    assert draft([CLOSED], llm, problems=["The day is wrong."]) == CLOSED
    assert "Take care: The day is wrong.\n" in llm.calls[0][-1].content


def test_a_sentence_that_does_not_end_is_refused() -> None:
    with pytest.raises(MalformedOutput, match="did not end"):
        draft([CLOSED], saying("word " * (MAX_TOKENS + 1)))


def test_cited_are_those_whose_words_the_sentence_uses() -> None:
    chunks = passages(
        source("a", "The Ostwick swing bridge was closed on Sunday."),
        source("b", "Divers found cracks in two pillars of it."),
        source("c", "The chess cup went to Merrow again."),
    )
    assert [passage.source for passage in cited(CLOSED, chunks)] == ["a", "b"]


def test_a_passage_that_carries_the_sentence_alone_is_a_second_witness() -> None:
    chunks = passages(source("a", CLOSED), source("b", CLOSED))
    assert [passage.source for passage in cited(CLOSED, chunks)] == ["a", "b"]


def test_something_is_always_cited() -> None:
    chunks = passages(source("a", "The chess cup went to Merrow again."))
    assert cited(CLOSED, chunks) == chunks
