"""The verify stage: whether a sentence says only what its cited passages say.

Two kinds of evidence. Named checks read sentence and passages by rule and say what is wrong in
words that a writer can act on; the local model's entailment probability, weighed with how far the
sentence is a copy, catches what no rule sees. A sentence is supported when it passes both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from fusion.types import Verdict
from fusion.verify.attachment import check_attachment, check_pronouns
from fusion.verify.calibration import Calibration, calibration_for
from fusion.verify.dates import check_dates
from fusion.verify.entailment import entailment, features
from fusion.verify.names import check_names
from fusion.verify.numbers import check_numbers
from fusion.verify.relations import check_direction, check_negation, check_roles, check_state
from fusion.verify.speech import check_attribution, check_quotations, check_speaker
from fusion.words import coverage

if TYPE_CHECKING:
    from fusion.llm import LLM

__all__ = ["CHECKS", "Calibration", "calibration_for", "check", "contradicted", "verify"]

Check = Callable[[str, Sequence[str]], list[str]]

CHECKS: Mapping[str, Check] = {
    "numbers": check_numbers,
    "dates": check_dates,
    "names": check_names,
    "quotations": check_quotations,
    "speaker": check_speaker,
    "roles": check_roles,
    "attachment": check_attachment,
    "direction": check_direction,
    "negation": check_negation,
    "state": check_state,
    "attribution": check_attribution,
    "pronouns": check_pronouns,
}
# A sentence that fails one of these may be true of the passages all the same; it is told badly.
WARNINGS = frozenset({"attribution", "pronouns"})
# The share of a sentence's content words from which its passages are about the same thing, so that
# what a named check finds wrong is a contradiction; below it, the passages only do not say it. It
# is the share from which `relations` takes a sentence and a passage to tell of one deed.
ABOUT_THE_SAME = 0.5


def check(sentence: str, passages: Sequence[str]) -> dict[str, list[str]]:
    """What each of `CHECKS` finds wrong with `sentence`, without a model; empty lists are good."""
    return {name: find(sentence, passages) for name, find in CHECKS.items()}


def verify(
    sentence: str, passages: Sequence[str], llm: LLM, calibration: Calibration | None = None
) -> Verdict:
    """Judge `sentence` against exactly the passages it cites.

    `calibration` is that of the model behind `llm` (`calibration_for(sha256)`); None is the
    fallback for unknown models. A sentence without passages is not supported. Raises `LLMError`.
    """
    if not passages:
        return Verdict(supported=False, support=0.0, problems=("No passage is cited.",))
    calibration = calibration or calibration_for(None)
    found = check(sentence, passages)
    failed = [name for name, problems in found.items() if problems and name not in WARNINGS]
    entailed = entailment(sentence, passages, llm)
    support = calibration.probability(features(sentence, passages, entailed), not failed)
    convincing = support >= calibration.threshold
    problems = [problem for each in found.values() for problem in each]
    if not convincing and not failed:
        problems.append("The passages do not clearly say this; keep closer to their words.")
    return Verdict(
        supported=convincing and not failed,
        support=support,
        checks={"entailment": convincing} | {name: not each for name, each in found.items()},
        problems=tuple(problems),
    )


def contradicted(sentence: str, passages: Sequence[str], verdict: Verdict) -> bool:
    """Whether passages about the same thing differ from `sentence`, of which `verdict` is theirs.

    That is so where one of `CHECKS` failed, and not for doubts of the model, which cannot tell
    what is denied from what is not said.
    """
    failed = {name for name in CHECKS if not verdict.checks.get(name, True)} - WARNINGS
    return bool(failed) and coverage(sentence, " ".join(passages)) >= ABOUT_THE_SAME
