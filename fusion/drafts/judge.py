"""A sentence of a draft against what it cites, or against the closest passages of all reports."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fusion.assemble import citations
from fusion.chunk import text_key
from fusion.types import Chunk, Role
from fusion.types import Verdict as Judgement
from fusion.verification import DraftSentence, Verdict
from fusion.verify import WARNINGS, check, contradicted, verify
from fusion.when import undated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fusion.drafts.evidence import Passages
    from fusion.drafts.read import Draft, Written
    from fusion.llm import LLM
    from fusion.summary import Citation
    from fusion.types import Grouping, Source
    from fusion.verify import Calibration

_NO_EVIDENCE = {
    Role.DERIVED: "is a rewrite of another report",
    Role.OFF_TOPIC: "is about another story",
}
_REPORTS = r"(?:has |had )?(?:reported|reports|said|says|wrote|writes)"


@dataclass(frozen=True, slots=True)
class _Cited:
    """What a sentence names: sources to search (ids), or passages, and what is wrong in it."""

    sources: tuple[str, ...] = ()
    passages: tuple[Chunk, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def anything(self) -> bool:
        return bool(self.sources or self.passages or self.problems)


class Judge:
    """Judges sentences by the citable reports of a story.

    The numbers of citation marks are places in `sources`, from 1. `calibration` is that of the
    model behind `llm`.
    """

    def __init__(
        self, sources: Sequence[Source], passages: Passages, llm: LLM, calibration: Calibration
    ) -> None:
        self._sources, self._passages = sources, passages
        self._times = [time for source in sources if (time := source.published)]
        self._by_id = {source.article.id: source for source in sources}
        self._llm, self._calibration = llm, calibration

    def judge(self, sentence: Written) -> DraftSentence:
        """Judge a sentence. Raises `LLMError`.

        One that cites is judged by what it cites alone; where that does not say it, the other
        reports are asked too, so that a wrong citation can be mended.
        """
        claim, named = self._without_outlet(undated(_finished(sentence.text), self._times))
        cited = self._cited(sentence, named)
        if cited.anything:
            evidence = [*cited.passages] or self._passages.closest(claim, cited.sources)
        else:
            evidence = self._passages.closest(claim)
        found = self._verdict(claim, evidence)
        problems, elsewhere = [*cited.problems, *found.problems], list[Chunk]()
        denied: list[str] = []
        if not found.supported:
            denied = _denied(claim, evidence, found)
            ill_told = _ill_told(claim, evidence)
            problems = [p for p in dict.fromkeys([*problems, *denied]) if p not in ill_told]
        if cited.anything and not found.supported:
            others = self._passages.closest(claim)
            if self._verdict(claim, others).supported:
                elsewhere = others
                file = self._by_id[others[0].source].article.file
                problems.insert(0, f"What it cites does not say this; {file} does.")
        verdict: Verdict = "supported" if found.supported else "not_supported"
        return DraftSentence(
            text=sentence.text,
            start=sentence.start,
            end=sentence.end,
            cites=list(dict.fromkeys([*cited.sources, *(p.source for p in cited.passages)])),
            verdict="contradicted" if denied else verdict,
            support=round(found.support, 3),
            evidence=citations(evidence),
            elsewhere=citations(elsewhere),
            checks=dict(found.checks),
            problems=problems,
        )

    def _verdict(self, claim: str, evidence: Sequence[Chunk]) -> Judgement:
        if any(passage.key == text_key(claim) for passage in evidence):
            # These are a report's own words: there is nothing to ask the model.
            return Judgement(True, 1.0, {"entailment": True, "verbatim": True})
        return verify(claim, [p.text for p in evidence], self._llm, self._calibration)

    def _cited(self, sentence: Written, named: Sequence[str]) -> _Cited:
        problems: list[str] = []
        sources: list[str] = []
        for number in sentence.numbers:
            if not 1 <= number <= len(self._sources):
                problems.append(f"[{number}] is no source; there are {len(self._sources)}.")
                continue
            source = self._sources[number - 1]
            if source.citable:
                sources.append(source.article.id)
            else:
                problems.append(f"[{number}] {_refused(source)}")
        passages: list[Chunk] = []
        for citation in sentence.citations:
            report = self._by_id.get(citation.source)
            if report is None or not _is_span(citation, report):
                problems.append(f"These words are in no report here: “{citation.text}”")
            elif report.citable:
                passages.append(_passage(citation))
            else:
                problems.append(_refused(report))
        if not sentence.numbers and not sentence.citations:
            sources += named
        return _Cited(tuple(dict.fromkeys(sources)), tuple(passages), tuple(problems))

    def _without_outlet(self, text: str) -> tuple[str, list[str]]:
        """`text` without "According to X," or "X reported that" of an outlet of the story's.

        Which report says it is no claim about the story but a citation: it gives the ids of the
        outlet's reports too.
        """
        outlets: dict[str, list[str]] = {}
        for source in self._sources:
            if source.citable and (outlet := source.article.metadata.outlet):
                outlets.setdefault(outlet, []).append(source.article.id)
        for outlet, reports in outlets.items():
            name = rf"(?:[Tt]he )?{re.escape(re.sub(r'^[Tt]he ', '', outlet))}"
            before = re.match(
                rf"(?:According to {name},|{name} {_REPORTS}(?: that|,|:)) +(?=\w)", text
            )
            after = re.search(rf",? (?:according to {name}|{name} {_REPORTS})(?=\.$)", text)
            if before:
                rest = text[before.end() :]
                return rest[0].upper() + rest[1:], reports
            if after:
                return text[: after.start()] + text[after.end() :], reports
        return text, []


def warnings(draft: Draft, grouping: Grouping, calibration: Calibration) -> list[str]:
    """What makes the verdicts on `draft` worth less than they look."""
    found: list[str] = []
    theirs = {s.article.metadata.language for s in grouping.sources if s.citable} - {None}
    if draft.language and theirs and draft.language not in theirs:
        spoken = ", ".join(sorted(filter(None, theirs)))
        found.append(
            f"The draft's language is {draft.language}, the reports' is {spoken}: what says the "
            "same in another language may not be found; check a translation."
        )
    elif draft.language not in (None, "en"):
        found.append(
            f"The draft's language is {draft.language}: names, numbers and dates are checked by "
            "rules for English."
        )
    if not calibration.weighs_the_model:
        found.append(
            "This model was never measured as a judge: only what keeps to the reports' words is "
            "called supported."
        )
    return found


def _ill_told(claim: str, evidence: Sequence[Chunk]) -> set[str]:
    """What the checks of form find: no matter where the substance is not supported."""
    found = check(claim, [passage.text for passage in evidence])
    return {problem for name in WARNINGS for problem in found[name]}


def _denied(claim: str, evidence: Sequence[Chunk], found: Judgement) -> list[str]:
    """What passages about the same thing have otherwise: all of them, or else the best one alone.

    Alone, because another passage may happen to have the wrong figure, of something else.
    """
    if contradicted(claim, [passage.text for passage in evidence], found):
        return list(found.problems)
    best = [passage.text for passage in evidence[:1]]
    problems = check(claim, best)
    alone = Judgement(False, found.support, {name: not each for name, each in problems.items()})
    if best and contradicted(claim, best, alone):
        return [problem for each in problems.values() for problem in each]
    return []


def _finished(text: str) -> str:
    """With its full stop: the verifier reads sentences, and a headline has none."""
    return text if text.rstrip("\"'”’»)")[-1:] in (*".!?…",) else f"{text}."


def _refused(source: Source) -> str:
    return f"{source.article.file} {_NO_EVIDENCE[source.role]}: it is no evidence."


def _is_span(citation: Citation, source: Source) -> bool:
    return source.article.text[citation.start : citation.end] == citation.text


def _passage(citation: Citation) -> Chunk:
    return Chunk(
        citation.source,
        citation.start,
        citation.end,
        citation.text,
        text_key(citation.text),
        position=0,
    )
