from __future__ import annotations

import pytest

from fusion.llm import ScriptedLLM
from fusion.verify import CHECKS, calibration_for, check, contradicted, verify

PASSAGES = [
    "Orlania's foreign minister, Petra Voss, said on Tuesday that 1,240 homes had been flooded.",
    "The port of Kestrel will stay closed until 14 March, according to harbour master Ivo Lund.",
]


def sure(answer: float) -> ScriptedLLM:
    return ScriptedLLM(choice=lambda prompt, choices: {"Yes": answer, "No": 1 - answer})


def test_a_faithful_sentence_is_supported() -> None:
    sentence = "Foreign minister Petra Voss said on Tuesday that 1,240 homes had been flooded."
    verdict = verify(sentence, PASSAGES, sure(0.99))
    assert verdict.supported
    assert verdict.problems == ()
    assert set(verdict.checks) == {"entailment", *CHECKS}
    assert all(verdict.checks.values())


def test_a_wrong_figure_is_not_supported_however_sure_the_model_is() -> None:
    sentence = "Foreign minister Petra Voss said on Tuesday that 1,420 homes had been flooded."
    verdict = verify(sentence, PASSAGES, sure(1.0))
    assert not verdict.supported
    assert not verdict.checks["numbers"]
    assert "1,420" in verdict.problems[0]


def test_an_unrelated_sentence_says_that_it_is_not_backed() -> None:
    verdict = verify("The talks were friendly and brief.", PASSAGES, sure(0.01))
    assert not verdict.supported
    assert not verdict.checks["entailment"]
    assert verdict.problems


def test_without_passages_nothing_is_supported_and_no_model_is_asked() -> None:
    llm = sure(1.0)
    verdict = verify("Homes were flooded.", [], llm)
    assert (verdict.supported, verdict.support, llm.calls) == (False, 0.0, [])


def test_the_prompt_begins_with_the_passages() -> None:
    llm = sure(0.9)
    verify("Homes were flooded.", PASSAGES, llm)
    prompt = llm.calls[0][-1].content
    assert prompt.startswith(f"Passages:\n[1] {PASSAGES[0]}\n[2] {PASSAGES[1]}\n\n")


@pytest.mark.parametrize("sentence", PASSAGES)
def test_a_passage_passes_every_check_against_itself(sentence: str) -> None:
    assert not any(check(sentence, PASSAGES).values())


def test_support_rises_with_the_models_answer_for_a_measured_model() -> None:
    calibration = calibration_for(None)
    sentence = "About 1,240 homes had been flooded."
    low, high = (verify(sentence, PASSAGES, sure(p), calibration).support for p in (0.2, 0.9))
    assert 0 <= low <= high <= 1


@pytest.mark.parametrize(
    ("sentence", "answer", "denied"),
    [
        ("Petra Voss said on Tuesday that 1,420 homes had been flooded.", 0.99, True),
        ("Petra Voss said on Tuesday that 1,240 homes had been flooded.", 0.01, False),  # a doubt
        ("Ivo Lund bought 37 trawlers from a bankrupt shipyard.", 0.01, False),  # another matter
    ],
)
def test_contradicted_is_what_passages_about_the_same_have_otherwise(
    sentence: str, answer: float, denied: bool
) -> None:
    verdict = verify(sentence, PASSAGES, sure(answer), calibration_for("unknown"))
    assert contradicted(sentence, PASSAGES, verdict) is denied


def test_a_mere_warning_contradicts_nothing() -> None:
    sentence = "He said on Tuesday that 1,240 homes had been flooded."
    verdict = verify(sentence, PASSAGES, sure(0.01))
    assert not verdict.checks["pronouns"]
    assert not contradicted(sentence, PASSAGES, verdict)
