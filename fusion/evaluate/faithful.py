"""Faithfulness by a model: the program's own verifier, and a second model that is no part of it.

The verifier is also the gate of the pipeline: a summary of fusion has passed it, so its figures
for fusion say that the gate works as built, not that it is right. `Reader` is another model file,
reads other evidence (the closest passages of all reports, whatever is cited), has neither checks
nor calibration, and asks a question of its own, so that no change of a prompt changes it.
`fusion.evaluate.details` needs no model at all. `Probe` judges the verifier itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fusion.evaluate.cite import closest, evidence
from fusion.evaluate.gold import judge
from fusion.evaluate.scorer import Judged, Metric, Score, Unscored
from fusion.models import resolve
from fusion.runlog import JournaledLLM
from fusion.sentences import split_sentences
from fusion.types import Role
from fusion.when import seen_from, undated, with_days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence, Set
    from pathlib import Path

    from fusion.evaluate.gold import Gold
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


DETAILS = ("names", "numbers", "dates", "quotations")  # the named checks of single details


class Verifier:
    """Each sentence against what it cites, by `fusion.verify`.

    `supported` is citation recall as ALCE defines it (Gao et al. 2023): the share of sentences
    that their citations, taken together, support. Citation precision is ALCE's too: a citation
    counts if its sentence is supported and either it supports the sentence alone or the others do
    not without it. A sentence is contradicted where a named check finds that it differs from
    passages about the same thing. Claims of disagreements are sentences here.
    """

    name = "verifier"
    metrics: Mapping[str, Metric] = {
        "supported": Metric("share of sentences that their citations support (citation recall)"),
        "precision": Metric("share of citations that their sentence needs (citation precision)"),
        "contradicted": Metric("share of sentences that passages about the same deny", "lower"),
    } | {
        detail: Metric(f"share of sentences whose {detail} are those of their passages")
        for detail in DETAILS
    }

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    @property
    def identity(self) -> Mapping[str, object]:
        """The verifier's code, prompt and parameters, and the model."""
        from fusion.prompts import load
        from fusion.runlog import code_hash

        return {
            "version": 5,
            "code": code_hash("verify"),
            "prompts": [load("system").sha256, load("check").sha256],
            "model": self._asked.sha256,
        }

    def score(self, story: Story, output: SystemOutput) -> Score:
        """See `Scorer.score`. Raises `LLMError`, `ModelError`."""
        from fusion.verify import check

        judged = [self._judge(story, sentence) for sentence in _claims(story, output)]
        needed = [need for each in judged for need in self._needed(story, each)]
        checked = [check(each.text, _read(story, each.evidence)) for each in judged]
        count = len(judged)
        values = {
            "supported": sum(each.verdict == "supported" for each in judged) / count,
            "contradicted": sum(each.verdict == "contradicted" for each in judged) / count,
        } | {detail: sum(not found[detail] for found in checked) / count for detail in DETAILS}
        unscored = {}
        if needed:
            values["precision"] = sum(needed) / len(needed)
        else:
            unscored["precision"] = "No sentence cites anything."
        return Score(values=values, unscored=unscored, judged=judged)

    def _judge(self, story: Story, sentence: OutputSentence) -> Judged:
        from fusion.verify import WARNINGS, check, contradicted, verify

        passages, found_by = evidence(story, sentence)
        texts = _read(story, passages)
        verdict = verify(sentence.text, texts, self._asked.llm(), self._calibration())
        found = check(sentence.text, texts)
        problems = [p for name, each in found.items() if name not in WARNINGS for p in each]
        otherwise: Literal["contradicted", "unsupported"] = (
            "contradicted" if contradicted(sentence.text, texts, verdict) else "unsupported"
        )
        return Judged(
            text=sentence.text,
            verdict="supported" if verdict.supported else otherwise,
            support=round(verdict.support, 3),
            problems=problems,
            evidence=passages,
            found_by=found_by,
        )

    def _needed(self, story: Story, judged: Judged) -> list[bool]:
        """For each passage of a sentence, whether it counts for citation precision."""
        if judged.verdict != "supported" or len(judged.evidence) <= 1:
            return [judged.verdict == "supported"] * len(judged.evidence)
        passages = _read(story, judged.evidence)
        return [
            self.holds(judged.text, [passage])
            or not self.holds(judged.text, passages[:i] + passages[i + 1 :])
            for i, passage in enumerate(passages)
        ]

    def holds(self, text: str, passages: Sequence[str]) -> bool:
        """Whether `passages` support `text`. Raises `LLMError`, `ModelError`."""
        from fusion.verify import verify

        return verify(text, passages, self._asked.llm(), self._calibration()).supported

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
        return {"version": 3, "question": [_EDITOR, _QUESTION], "model": self._asked.sha256}

    def score(self, story: Story, output: SystemOutput) -> Score:
        """See `Scorer.score`. Raises `LLMError`, `ModelError`."""
        answers = []
        for sentence in _claims(story, output):
            passages, _ = evidence(story, sentence.model_copy(update={"passages": None}))
            texts = [passage.text for passage in passages]
            answers.append(reads_yes(sentence.text, texts, self._asked.llm()))
        return Score(values={"yes": sum(answers) / len(answers)})


def _claims(story: Story, output: SystemOutput) -> list[OutputSentence]:
    """What is judged of a summary, without the days of reports, which no passage says."""
    return [
        sentence.model_copy(update={"text": undated(sentence.text, story.times)})
        for sentence in [*output.sentences, *output.claims]
    ]


def _read(story: Story, passages: Sequence[Passage]) -> list[str]:
    """The passages as their report's readers took them: “today” is the day of the report as well.

    A summary that says that day is not to be told that its passage does not.
    """
    times = {a.file: time for a in story.sources if (time := a.metadata.latest)}
    now, clear = seen_from(story.times)
    texts = []
    for passage in passages:
        told = with_days(passage.text, times.get(passage.file), now, clear)
        texts.append(passage.text if told == passage.text else f"{passage.text} ({told})")
    return texts


_EDITOR = "You are a careful news editor. You only use what the numbered passages say."
_QUESTION = """\
Passages:
{passages}

Sentence: {sentence}

According to the passages, is the sentence true? Answer Yes or No."""


def reads_yes(sentence: str, passages: Sequence[str], llm: LLM) -> float:
    """The reader's grade of a sentence: the probability, 0..1, of "Yes" over "Yes" and "No"."""
    from fusion.llm import Message

    numbered = "\n".join(f"[{i}] {' '.join(p.split())}" for i, p in enumerate(passages, start=1))
    asked = _QUESTION.format(passages=numbered, sentence=" ".join(sentence.split()))
    return llm.choose([Message("system", _EDITOR), Message("user", asked)], ("Yes", "No"))["Yes"]


class Probe:
    """Whether the verifier tells truth from untruth: sentences whose truth is planted, not told.

    What it must refuse are the sentences of reports that `gold.yaml` forbids; what it must accept,
    those of the reference. Each is judged by the closest sentences of the reports that are neither
    machine rewrites nor the ones that the untruth is from. The summary has no part in it: a
    verifier that always says yes refuses nothing, whatever the summaries look like.
    """

    name = "probe"
    metrics: Mapping[str, Metric] = {
        "refused": Metric("share of planted untruths that the verifier refuses"),
        "accepted": Metric("share of the reference's sentences that it accepts"),
    }

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    @property
    def identity(self) -> Mapping[str, object]:
        """The verifier's."""
        return {"version": 1, **self._verifier.identity}

    def score(self, story: Story, output: SystemOutput) -> Score:  # noqa: ARG002 - see the class
        """See `Scorer.score`. Raises `LLMError`, `ModelError`."""
        if story.gold is None:
            raise Unscored(story.gold_problem or "The story has no gold.yaml.")
        false, true = untruths(story, story.gold), _sentences(story.gold.reference)
        rewrites = {f for f, each in story.gold.articles.items() if each.role is Role.DERIVED}
        taken = [s for s, files in false if self._accepts(s, story, rewrites | files)]
        missed = [s for s in true if not self._accepts(s, story, rewrites)]
        values = {"accepted": 1 - len(missed) / len(true)}
        unscored = {}
        if false:
            values["refused"] = 1 - len(taken) / len(false)
        else:
            unscored["refused"] = "No report tells a forbidden thing in a sentence."
        remarks = [
            *(f"the verifier accepts: {sentence}" for sentence in taken),
            *(f"the verifier refuses: {sentence}" for sentence in missed),
        ]
        return Score(values=values, unscored=unscored, remarks=remarks)

    def _accepts(self, sentence: str, story: Story, without: Set[str]) -> bool:
        texts = [text for file, text in story.sentences if file not in without]
        near = [texts[i] for i in closest(sentence, texts)]
        return self._verifier.holds(sentence, near)


def untruths(story: Story, gold: Gold) -> list[tuple[str, frozenset[str]]]:
    """Forbidden things as a report tells them, one sentence each, and the files that they are from.

    Left out is what all reports that are no rewrites are the source of: nothing is there to judge
    it by.
    """
    others = {file for file, each in gold.articles.items() if each.role is not Role.DERIVED}
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for file, sentence in story.sentences:
        for name in judge(sentence, gold).forbidden:
            (bad,) = (each for each in gold.forbidden if each.id == name)
            if file in bad.from_ and others - set(bad.from_):
                found.setdefault(name, (sentence, frozenset(bad.from_)))
    return list(found.values())


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]
