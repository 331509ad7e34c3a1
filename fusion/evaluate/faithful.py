"""Faithfulness by a model: the program's own verifier, and a second model that shares less with it.

The verifier is also the gate of the pipeline: a summary of fusion has passed it, so its figures
for fusion say that the gate works as built, not that it is right. `Reader` is another model file,
reads other evidence (the closest passages of all reports, whatever is cited) and has neither
checks nor calibration. `fusion.evaluate.details` shares nothing at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fusion.evaluate.cite import evidence
from fusion.evaluate.scorer import Judged, Metric, Score
from fusion.models import resolve
from fusion.runlog import JournaledLLM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fusion.evaluate.systems import OutputSentence, Passage, SystemOutput
    from fusion.evaluate.task import Story
    from fusion.llm import LLM
    from fusion.settings import Settings
    from fusion.verify import Calibration


class Asked:
    """A model to ask, loaded at the first question; its answers are kept in `journal`."""

    def __init__(self, settings: Settings, journal: Path) -> None:
        self._settings, self._journal = settings, journal
        self._llm: JournaledLLM | None = None

    @property
    def sha256(self) -> str:
        """The hash of the model's file. Raises `ModelError` where there is none."""
        return resolve(self._settings.model, self._settings.cache_dir).sha256

    def llm(self) -> LLM:
        """The model. Raises `ModelError`."""
        if self._llm is None:
            from fusion.llm import LlamaCpp

            found = resolve(self._settings.model, self._settings.cache_dir)
            self._journal.parent.mkdir(parents=True, exist_ok=True)
            self._llm = JournaledLLM(lambda: LlamaCpp(found.path), found.sha256, self._journal)
        return self._llm


class Verifier:
    """Each sentence against what it cites, by `fusion.verify`.

    `supported` is citation recall as ALCE defines it (Gao et al. 2023): the share of sentences
    that their citations, taken together, support. Citation precision is ALCE's too: a citation
    counts if its sentence is supported and either it supports the sentence alone or the others do
    not without it. Claims of disagreements are sentences here.
    """

    name = "verifier"
    metrics: Mapping[str, Metric] = {
        "supported": Metric("share of sentences that their citations support (citation recall)"),
        "precision": Metric("share of citations that their sentence needs (citation precision)"),
        "flagged": Metric("share of sentences that a named check contradicts", "lower"),
    }

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    @property
    def identity(self) -> Mapping[str, object]:
        """The verifier's code, prompt and parameters, and the model."""
        from fusion.evaluate.systems import code_hash
        from fusion.prompts import hashes

        return {"code": code_hash("verify"), "prompts": hashes(), "model": self._asked.sha256}

    def score(self, story: Story, output: SystemOutput) -> Score:
        """See `Scorer.score`. Raises `LLMError`, `ModelError`."""
        judged = [self._judge(story, sentence) for sentence in [*output.sentences, *output.claims]]
        needed = [need for each in judged for need in self._needed(each)]
        count = len(judged)
        values = {
            "supported": sum(each.verdict == "supported" for each in judged) / count,
            "flagged": sum(bool(each.problems) for each in judged) / count,
        }
        unscored = {}
        if needed:
            values["precision"] = sum(needed) / len(needed)
        else:
            unscored["precision"] = "No sentence cites anything."
        return Score(values=values, unscored=unscored, judged=judged)

    def _judge(self, story: Story, sentence: OutputSentence) -> Judged:
        from fusion.verify import WARNINGS, check, verify

        passages, found_by = evidence(story, sentence)
        texts = [passage.text for passage in passages]
        verdict = verify(sentence.text, texts, self._asked.llm(), self._calibration())
        found = check(sentence.text, texts)
        return Judged(
            text=sentence.text,
            verdict="supported" if verdict.supported else "unsupported",
            support=round(verdict.support, 3),
            problems=[p for name, each in found.items() if name not in WARNINGS for p in each],
            evidence=passages,
            found_by=found_by,
        )

    def _needed(self, judged: Judged) -> list[bool]:
        """For each passage of a sentence, whether it counts for citation precision."""
        passages = judged.evidence
        if judged.verdict == "unsupported" or len(passages) <= 1:
            return [judged.verdict == "supported"] * len(passages)
        return [
            self._holds(judged.text, [passage])
            or not self._holds(judged.text, [p for p in passages if p is not passage])
            for passage in passages
        ]

    def _holds(self, text: str, passages: Sequence[Passage]) -> bool:
        from fusion.verify import verify

        texts = [passage.text for passage in passages]
        return verify(text, texts, self._asked.llm(), self._calibration()).supported

    def _calibration(self) -> Calibration:
        from fusion.verify import calibration_for

        return calibration_for(self._asked.sha256)


class Reader:
    """Another model's plain answer to whether the closest passages say a sentence.

    It is the mean probability of "Yes", uncalibrated: it puts systems in an order, and no value of
    it is a share of true sentences.
    """

    name = "reader"
    metrics: Mapping[str, Metric] = {"yes": Metric("mean probability of Yes, uncalibrated")}

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    @property
    def identity(self) -> Mapping[str, object]:
        """The question and the model."""
        from fusion.prompts import load

        return {"version": 1, "question": load("check").sha256, "model": self._asked.sha256}

    def score(self, story: Story, output: SystemOutput) -> Score:
        """See `Scorer.score`. Raises `LLMError`, `ModelError`."""
        from fusion.verify.entailment import entailment

        answers = []
        for sentence in [*output.sentences, *output.claims]:
            passages, _ = evidence(story, sentence.model_copy(update={"passages": None}))
            texts = [passage.text for passage in passages]
            answers.append(entailment(sentence.text, texts, self._asked.llm()))
        return Score(values={"yes": sum(answers) / len(answers)})
