from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from passages import fact, passages, source

from fusion.compose import TRIES, Composer, Told, Untold, within
from fusion.llm import ScriptedLLM
from fusion.models import REGISTRY
from fusion.settings import DEFAULT_MODEL
from fusion.types import Evidence
from fusion.verify import calibration_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CALIBRATION = calibration_for(REGISTRY[DEFAULT_MODEL].sha256)  # type: ignore[union-attr]
CLOSED = "The Ostwick swing bridge was closed on Sunday after divers found cracks in two pillars."
# Too long to be printed as it is, while it can be shortened.
LONG = (
    "The Ostwick swing bridge, which carries most of the traffic between the old harbour and the"
    " northern suburbs, was closed on Sunday after divers found cracks, and engineers began to look"
    " at its other parts."
)
SHUT = "The Ostwick swing bridge was closed on Sunday after divers found cracks."
WRONG = "The Ostwick swing bridge was closed on Friday after 40 divers found nine cracks."


def yes(prompt: str, choices: Sequence[str]) -> dict[str, float]:
    return {"Yes": 0.99, "No": 0.01}


def tell(
    write: Callable[[str], str], *texts: str, told: Sequence[Told] = ()
) -> tuple[Told | Untold, ScriptedLLM]:
    chunks = tuple(passages(*(source(f"s{n}", text) for n, text in enumerate(texts))))
    llm = ScriptedLLM(write=write, choice=yes)
    composer = Composer(llm, CALIBRATION, seed=0)
    return composer.tell(Evidence(fact(*chunks), chunks), told), llm


def test_a_supported_sentence_is_told_with_its_passages() -> None:
    result, _ = tell(lambda prompt: SHUT, LONG)
    assert isinstance(result, Told)
    assert (result.text, result.kind) == (SHUT, "fact")
    assert [passage.text for passage in result.passages] == [LONG]
    assert result.verdict.supported


def test_an_unsupported_one_is_written_again_with_what_was_wrong() -> None:
    def better(prompt: str) -> str:
        return SHUT if "Take care:" in prompt else WRONG

    result, llm = tell(better, LONG)
    assert isinstance(result, Told)
    assert result.text == SHUT
    remarks = [call[-1].content for call in llm.calls if "Take care:" in call[-1].content]
    assert "Friday" in remarks[0]


@pytest.mark.parametrize("written", [WRONG, ""])
def test_else_a_source_is_given_its_own_words(written: str) -> None:
    result, llm = tell(lambda prompt: written, LONG)
    assert isinstance(result, Told)
    assert (result.text, result.verdict.support) == (LONG, 1.0)
    asked = [call for call in llm.calls if "Write only the sentence" in call[-1].content]
    assert len(asked) == TRIES


def test_a_short_sentence_of_one_voice_is_printed_as_it_stands_without_asking() -> None:
    result, llm = tell(lambda prompt: SHUT, CLOSED)
    assert isinstance(result, Told)
    assert (result.text, result.verdict.support, llm.calls) == (CLOSED, 1.0, [])
    tied, _ = tell(lambda prompt: SHUT, f"However, t{CLOSED[1:]}")
    assert isinstance(tied, Told)
    assert tied.text == CLOSED


@pytest.mark.parametrize(
    "written",
    ["The bridge was closed after cracks were found by divers on Sunday in the northern suburbs.",
     f"{LONG[:-1]} as well."],
)  # fmt: skip
def test_a_draft_in_another_order_or_no_shorter_is_not_printed(written: str) -> None:
    result, _ = tell(lambda prompt: written, LONG)
    assert isinstance(result, Told)
    assert result.text == LONG


def test_it_cites_the_other_voices_that_say_it_too_and_no_others() -> None:
    about = "Divers found cracks in two pillars of another bridge and the Ostwick bridge is old."
    result, llm = tell(lambda prompt: WRONG, CLOSED, f"In May, t{CLOSED[1:]}", about)
    assert isinstance(result, Told)
    assert result.text == CLOSED
    assert [passage.source for passage in result.passages] == ["s0", "s1"]
    assert all("is the sentence true" in call[-1].content for call in llm.calls)


def test_a_sentence_too_long_for_the_model_is_printed_without_asking() -> None:
    too_long = (
        f"{LONG[:-1]}, while ferries were sent for from Merrow, and from the isles beyond it."
    )
    result, llm = tell(lambda prompt: SHUT, too_long)
    assert isinstance(result, Told)
    assert (result.text, llm.calls) == (too_long, [])


def test_a_draft_that_leaves_out_the_day_is_written_again_or_not_printed() -> None:
    timeless = SHUT.replace(" on Sunday", "")

    def better(prompt: str) -> str:
        return SHUT if "Say when: Sunday." in prompt else timeless

    for write, text in ((better, SHUT), (lambda _: timeless, LONG)):
        result, _ = tell(write, LONG)
        assert isinstance(result, Told)
        assert result.text == text


def test_a_draft_that_leaves_out_that_it_was_the_first_time_is_not_printed() -> None:
    first = LONG.replace(" on Sunday", " for the first time on Sunday", 1)
    assert first != LONG
    result, llm = tell(lambda prompt: SHUT, first)
    assert isinstance(result, Told)
    assert result.text == first
    assert any("Say when: for the first time." in call[-1].content for call in llm.calls)


def test_a_draft_that_leaves_out_who_somebody_is_is_written_again_or_not_printed() -> None:
    passage = (
        "The chief of the island's dredging office, Mara Quill, declined to say on Tuesday when the"
        " Ostwick swing bridge would open again, and pointed to all of the plates still to be seen"
        " by her divers and by those of the town."
    )
    bare = "Mara Quill declined to say on Tuesday when the Ostwick swing bridge would open again."
    whole = f"The dredging office's {bare}"
    result, llm = tell(lambda prompt: bare, passage)
    assert isinstance(result, Told)
    assert result.text == passage
    assert any("Say who that is: Mara Quill, The chief" in call[-1].content for call in llm.calls)
    result, _ = tell(lambda prompt: whole, passage)
    assert isinstance(result, Told)
    assert result.text == whole


def test_what_somebody_says_is_told_as_theirs() -> None:
    bare = "The bridge is safe and will open again on Monday."
    passage = (
        "The bridge is safe and will open again on Monday once the last of the forty plates that"
        " hold the two halves of its deck together have been looked at by divers of the town, the"
        " harbour master said."
    )
    result, llm = tell(lambda prompt: bare, passage)
    assert isinstance(result, Told)
    assert (result.text, result.kind) == (passage, "attributed")
    assert any("harbour master" in call[-1].content for call in llm.calls)


@pytest.mark.parametrize(
    "passage",
    ["We were told by the harbour office that the bridge will stay closed.",
     "The heroic divers of Ostwick found cracks in two pillars of the bridge."],
)  # fmt: skip
def test_no_passage_speaks_as_the_reporter_or_judges(passage: str) -> None:
    result, _ = tell(lambda prompt: passage, passage)
    assert isinstance(result, Untold)


def test_what_cannot_stand_alone_is_dropped_with_the_reason() -> None:
    leaning = "He told them that the bridge would then be closed for another three weeks."
    result, _ = tell(lambda prompt: "", leaning)
    assert isinstance(result, Untold)
    assert "cannot stand alone" in result.reason


def test_nothing_is_told_twice() -> None:
    first, _ = tell(lambda prompt: SHUT, CLOSED)
    assert isinstance(first, Told)
    again, _ = tell(lambda prompt: SHUT, CLOSED, told=[first])
    assert isinstance(again, Untold)
    assert again.reason == f"It repeats: {CLOSED}"


def test_what_brings_an_earlier_sentence_as_its_context_takes_its_place() -> None:
    first, _ = tell(lambda prompt: SHUT, CLOSED)
    assert isinstance(first, Told)
    more = replace(first, text=f"{first.text} It is to be pulled down, and a tunnel dug instead.")
    other = replace(first, text="Free ferries sail to Merrow every twelve minutes.")
    assert within(more, [other, first]) == 1
    assert within(first, [other, more]) is None


def test_days_are_told_as_seen_from_the_newest_report() -> None:
    closed = "The Ostwick swing bridge was closed yesterday for repairs."
    report = source("a", closed, published="2031-05-06T00:00:00+00:00")
    (passage,) = passages(report)
    newest = source("b", CLOSED, published="2031-06-01T00:00:00+00:00")
    llm = ScriptedLLM(write=lambda prompt: "", choice=yes)
    composer = Composer(llm, CALIBRATION, seed=0, sources={"a": report, "b": newest})
    result = composer.tell(Evidence(fact(passage), (passage,)), [])
    assert isinstance(result, Told)
    assert result.text == "The Ostwick swing bridge was closed on 5 May 2031 for repairs."
    assert result.passages == (passage,)
