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
# It cannot be printed as it is, while it can be told anew.
LEANING = (
    "It had carried most of the traffic to the northern suburbs when the Ostwick swing bridge was"
    " closed on Sunday after divers found cracks, and engineers began to look at its other parts."
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
    result, _ = tell(lambda prompt: SHUT, LEANING)
    assert isinstance(result, Told)
    assert (result.text, result.kind) == (SHUT, "fact")
    assert [passage.text for passage in result.passages] == [LEANING]
    assert result.verdict.supported


def test_an_unsupported_one_is_written_again_with_what_was_wrong() -> None:
    def better(prompt: str) -> str:
        return SHUT if "Take care:" in prompt else WRONG

    result, llm = tell(better, LEANING)
    assert isinstance(result, Told)
    assert result.text == SHUT
    remarks = [call[-1].content for call in llm.calls if "Take care:" in call[-1].content]
    assert "Friday" in remarks[0]


@pytest.mark.parametrize("written", [WRONG, ""])
def test_else_it_is_not_told(written: str) -> None:
    result, llm = tell(lambda prompt: written, LEANING)
    assert isinstance(result, Untold)
    assert "cannot stand alone" in result.reason
    asked = [call for call in llm.calls if "Write only the sentence" in call[-1].content]
    assert len(asked) == TRIES


def test_a_sentence_that_can_stand_alone_is_printed_as_it_stands_without_asking() -> None:
    result, llm = tell(lambda prompt: SHUT, CLOSED)
    assert isinstance(result, Told)
    assert (result.text, result.verdict.support, llm.calls) == (CLOSED, 1.0, [])
    tied, _ = tell(lambda prompt: SHUT, f"However, t{CLOSED[1:]}")
    assert isinstance(tied, Told)
    assert tied.text == CLOSED


@pytest.mark.parametrize(
    "written",
    ["The bridge was closed after cracks were found by divers on Sunday in the northern suburbs.",
     LEANING.replace("It", "The bridge", 1)],
)  # fmt: skip
def test_a_draft_in_another_order_or_no_shorter_is_not_printed(written: str) -> None:
    result, _ = tell(lambda prompt: written, LEANING)
    assert isinstance(result, Untold)


def test_it_cites_the_other_voices_that_say_it_too_and_no_others() -> None:
    about = "Divers found cracks in two pillars of another bridge and the Ostwick bridge is old."
    result, llm = tell(lambda prompt: WRONG, CLOSED, f"In May, t{CLOSED[1:]}", about)
    assert isinstance(result, Told)
    assert result.text == CLOSED
    assert [passage.source for passage in result.passages] == ["s0", "s1"]
    assert all("is the sentence true" in call[-1].content for call in llm.calls)


def test_a_draft_that_leaves_out_the_day_is_written_again_or_not_printed() -> None:
    timeless = SHUT.replace(" on Sunday", "")

    def better(prompt: str) -> str:
        return SHUT if "Say when: Sunday." in prompt else timeless

    result, _ = tell(better, LEANING)
    assert isinstance(result, Told)
    assert result.text == SHUT
    assert isinstance(tell(lambda _: timeless, LEANING)[0], Untold)


def test_a_draft_that_leaves_out_that_it_was_the_first_time_is_not_printed() -> None:
    first = LEANING.replace(" on Sunday", " for the first time on Sunday", 1)
    assert first != LEANING
    result, llm = tell(lambda prompt: SHUT, first)
    assert isinstance(result, Untold)
    assert any("Say when: for the first time." in call[-1].content for call in llm.calls)


def test_a_draft_that_leaves_out_who_somebody_is_is_written_again_or_not_printed() -> None:
    passage = (
        "They had asked, and the chief of the island's dredging office, Mara Quill, declined to say"
        " on Tuesday when the Ostwick swing bridge would open again, and pointed to all of the"
        " plates still to be seen by her divers."
    )
    bare = "Mara Quill declined to say on Tuesday when the Ostwick swing bridge would open again."
    whole = f"The dredging office's {bare}"
    result, llm = tell(lambda prompt: bare, passage)
    assert isinstance(result, Untold)
    assert any("Say who that is: Mara Quill, the chief" in call[-1].content for call in llm.calls)
    result, _ = tell(lambda prompt: whole, passage)
    assert isinstance(result, Told)
    assert result.text == whole


def test_what_somebody_says_is_told_as_theirs() -> None:
    bare = "The bridge is safe and will open again on Monday."
    passage = (
        "Its crew had gone, but the bridge is safe and will open again on Monday once the last of"
        " the plates have been looked at by divers of the town, the harbour master said."
    )
    result, llm = tell(lambda prompt: bare, passage)
    assert isinstance(result, Untold)
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
