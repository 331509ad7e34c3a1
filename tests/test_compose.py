from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from passages import fact, passages, source

from fusion.compose import TRIES, Composer, Told, Untold
from fusion.llm import ScriptedLLM
from fusion.models import REGISTRY
from fusion.settings import DEFAULT_MODEL
from fusion.types import Evidence, Metadata
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
FIRST_CLAUSE = "The Ostwick swing bridge was closed on Sunday"
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


def test_what_somebody_says_is_told_as_theirs() -> None:
    bare = "The bridge is safe and will open again on Monday."
    passage = (
        "The bridge is safe and will open again on Monday once the last of the forty plates that"
        " hold the two halves of its deck together have been looked at, the harbour master said."
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


@pytest.mark.parametrize(
    ("written", "shown"),
    [("Ostwick Swing Bridge Was Closed", "Ostwick swing bridge was closed"),
     ("Ostwick Swing Bridge Is Closed", "Ostwick swing bridge is closed"),
     ("Divers' Cracks Close Ostwick Bridge", "Divers' cracks close Ostwick bridge"),
     ("Forty die as bridge falls in Merrow", FIRST_CLAUSE), ("", FIRST_CLAUSE)],
)  # fmt: skip
def test_a_headline_is_supported_or_the_leads_first_clause_serves(written: str, shown: str) -> None:
    lead, _ = tell(lambda prompt: SHUT, SHUT)
    assert isinstance(lead, Told)
    llm = ScriptedLLM(write=lambda prompt: written, choice=yes)
    assert Composer(llm, CALIBRATION, seed=0).headline(lead) == shown


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [("No train will cross the Ostwick bridge before June, the harbour board said on Wednesday, a"
      " day after divers had found cracks in two of its pillars.",
      "No train will cross the Ostwick bridge before June, the harbour board said"),
     ("The swing bridge of the old harbour has been opened to all traffic in Ostwick on Friday.",
      "The swing bridge of the old harbour has been opened to all traffic in Ostwick"),
     ("The swing bridge that had been shut for the last two weeks in Ostwick was opened to all"
      " traffic on Friday, as had been planned by the council and the board.",
      "The swing bridge that had been shut for the last two weeks in Ostwick was opened …"),
     ("The swing bridge of the old harbour will not be opened to any kind of traffic in Ostwick on"
      " Friday.",
      "The swing bridge of the old harbour will not be opened to any kind of traffic in Ostwick on"
      " Friday")],
)  # fmt: skip
def test_a_headline_cut_from_the_lead_is_a_clause_of_it(sentence: str, shown: str) -> None:
    lead, _ = tell(lambda prompt: "", sentence)
    assert isinstance(lead, Told)
    llm = ScriptedLLM(write=lambda prompt: "", choice=yes)
    assert Composer(llm, CALIBRATION, seed=0).headline(lead) == shown


@pytest.mark.parametrize(
    ("title", "used"),
    [("Ostwick swing bridge closed after divers find cracks", True),
     ("Shock closure of the doomed Ostwick swing bridge!", False),
     ("Ninety die at the Ostwick swing bridge", False)],
)  # fmt: skip
def test_where_no_clause_is_short_enough_the_reports_own_headline_serves(
    title: str, used: bool
) -> None:
    lead, _ = tell(
        lambda prompt: "", LONG.replace(", which", " that").replace("suburbs,", "suburbs")
    )
    assert isinstance(lead, Told)
    (passage,) = lead.passages
    report = source(passage.source, passage.text)
    titled = replace(report.article, metadata=Metadata(headline=title))
    composer = Composer(
        ScriptedLLM(write=lambda prompt: "", choice=yes),
        CALIBRATION,
        seed=0,
        sources={passage.source: replace(report, article=titled)},
    )
    broken_off = "The Ostwick swing bridge that carries most of the traffic between the old"
    assert composer.headline(lead) == (title if used else f"{broken_off} harbour …")


@pytest.mark.parametrize(
    ("written", "kept"),
    [("Inquiry found fall of bridge not due to ice", True),
     ("Inquiry found fall of bridge not due to age of pillars", False),
     ("Inquiry found fall of bridge not due to ice, age of pillars", False)],
)  # fmt: skip
def test_a_headline_denies_nothing_that_the_lead_does_not(written: str, kept: bool) -> None:
    told = (
        "The inquiry found that the fall of the bridge was not due to the ice, but to the age of"
        " its pillars."
    )
    lead, _ = tell(lambda prompt: told, told)
    assert isinstance(lead, Told)
    llm = ScriptedLLM(write=lambda prompt: written, choice=yes)
    assert (Composer(llm, CALIBRATION, seed=0).headline(lead) == written) is kept


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
