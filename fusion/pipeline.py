"""The way through: a folder of reports in, one fused, cited, verified summary out."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from fusion import __version__, prompts
from fusion.chosen import chosen
from fusion.errors import StoryError, UsageError
from fusion.progress import SilentObserver
from fusion.runlog import JournaledLLM, code_hash, fingerprint, folder_state, open_run
from fusion.settings import Settings
from fusion.summary import ModelInfo, Run, StorySummary, Tokens

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from langchain_core.language_models import BaseChatModel

    from fusion.compose import Told, Untold
    from fusion.drafts import Draft
    from fusion.index import Index
    from fusion.length import Length
    from fusion.llm import LLM
    from fusion.progress import Observer
    from fusion.runlog import RunFolder
    from fusion.types import Article, Chunk, Conflict, Evidence, Fact, Grouping, Material, Skipped
    from fusion.verification import Verification


def summarize(story_dir: str | os.PathLike[str], settings: Settings | None = None) -> StorySummary:
    """Summarise the reports in a folder. The short form of `Fusion(settings).summarize(…)`."""
    return Fusion(settings).summarize(story_dir)


class Fusion:
    """Summarises stories under one set of settings.

    `llm` takes the place of the model that the settings name: any LangChain chat model, or an
    `LLM` of your own. `observer` is told how the run goes.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        observer: Observer | None = None,
        llm: LLM | BaseChatModel | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self._observer = observer or SilentObserver()
        self._llm = llm

    def summarize(self, story_dir: str | os.PathLike[str], *, fresh: bool = False) -> StorySummary:
        """Summarise the reports in `story_dir`.

        An unchanged story is answered from the cache; a changed one redoes what the change
        touches; `fresh` redoes all but the embedding. Raises `UsageError`, `StoryError`,
        `ModelError`, `LLMError`, `OutputError`.
        """
        story = _folder(story_dir)
        model, load = chosen(self.settings, self._llm, self._observer)
        made_from = fingerprint(
            code_hash(),
            self.settings.hash(),
            prompts.hashes(),
            model.sha256 or model.name,
            folder_state(story),
        )

        with self._opened(story) as run:
            if fresh:
                run.clear()
            elif kept := run.finished(made_from):
                self._warn_of_embargoes(kept)
                return kept
            with self._line(run, model, load) as line:
                summary = line.summarize(story)
            run.finish(made_from, summary)
            self._warn_of_embargoes(summary)
            return summary

    def verify(self, draft: str, story_dir: str | os.PathLike[str]) -> Verification:
        """Check every sentence of `draft` against the reports in `story_dir`.

        `draft` is plain text, Markdown or the JSON of a summary; `fusion.drafts.read` says what is
        understood of it. Raises as `summarize` does, `UsageError` also for a draft without a
        sentence.
        """
        from fusion.drafts import read

        story, written = _folder(story_dir), read(draft)
        model, load = chosen(self.settings, self._llm, self._observer)
        with self._opened(story) as run, self._line(run, model, load) as line:
            return line.verify(written, story)

    def _opened(self, story: Path) -> AbstractContextManager[RunFolder]:
        def on_wait() -> None:
            self._observer.warning(f"{story}: another fusion is at work on it; waiting.")

        return open_run(self.settings.cache_dir, story, on_wait)

    @contextmanager
    def _line(self, run: RunFolder, model: ModelInfo, load: Callable[[], LLM]) -> Iterator[_Line]:
        journal = JournaledLLM(load, model.sha256 or model.name, run.path / "llm_calls.jsonl")
        try:
            yield _Line(self.settings, self._observer, run, journal, model)
        finally:
            if self._llm is None:  # one that was given stays its giver's, and open
                journal.close()

    def _warn_of_embargoes(self, summary: StorySummary) -> None:
        from fusion.embargo import notes_in_force

        for note in notes_in_force(summary.sources):
            self._observer.warning(note)


@dataclass
class _Line:
    """The stages, with what one run of them shares."""

    settings: Settings
    observer: Observer
    run: RunFolder
    llm: JournaledLLM
    model: ModelInfo
    seconds: dict[str, float] = field(default_factory=dict)

    def summarize(self, story: Path) -> StorySummary:
        from fusion.assemble import assemble
        from fusion.embed import E5Embedder
        from fusion.index import Index
        from fusion.language import with_foreign
        from fusion.length import Length
        from fusion.passage import size
        from fusion.when import dated

        length = Length.of(self.settings)
        articles, skipped = self._read(story)
        language, own, foreign = self._in_one_language(story, articles)
        with Index(self.run.path / "chroma", E5Embedder()) as index:
            grouping, material = self._indexed(own, index)
            if not material.chunks:
                raise StoryError(f"{story}: none of its reports has a sentence to work with.")
            evidence, disputed = self._planned(material, index, length, language)
        with self._stage("write", str(length)):
            told, untold, headline = self._write(evidence, length, language, material)
            if not told:
                raise StoryError(
                    f"{story}: no sentence about it could be supported by its sources; see "
                    "`dropped` in the run folder, or try a larger --model or more --words."
                )
        words = sum(size(each.text) for _, each in told)
        if words < length.least:
            self.observer.warning(
                f"{story}: the summary has {words} of the {length} asked for; no more that could "
                "be told was found in its reports."
            )
        return assemble(
            story.resolve().name,
            headline,
            told,
            untold,
            [dated(each, material.sources) for each in disputed],
            with_foreign(grouping, articles),
            skipped,
            self._how(),
            foreign,
        )

    def _indexed(self, articles: Sequence[Article], index: Index) -> tuple[Grouping, Material]:
        """Who is independent of whom, and the passages of those that may be cited."""
        from fusion.chunk import chunk, with_voices
        from fusion.dedup import dedup
        from fusion.types import Material

        with self._stage("dedup", f"{len(articles)} reports"):
            grouping = dedup(articles, index)
            self.run.save("dedup", grouping)
        with self._stage("chunk", ""):
            sources = {s.article.id: s for s in grouping.sources if s.citable}
            chunks = with_voices(chunk(s.article for s in sources.values()), grouping)
            self.run.save("chunk", chunks)
        with self._stage("index", f"{len(chunks)} passages"):
            vectors = index.passages([c.text for c in chunks], self.observer.step)
            index.keep_only(c.key for c in chunks)
        return grouping, Material(chunks, vectors, sources)

    def _planned(
        self, material: Material, index: Index, length: Length, language: str
    ) -> tuple[list[Evidence], list[Conflict]]:
        """The evidence of each fact worth telling, and the disagreements told apart from them."""
        from fusion.disputes import disputes
        from fusion.figures import figures
        from fusion.language import ENGLISH
        from fusion.plan import plan
        from fusion.retrieve import Retriever

        chunks, sources = material.chunks, material.sources
        with self._stage("plan", ""):
            english = language == ENGLISH  # as are the rules by which sides are told apart
            disputed = disputes(chunks, sources) if english else []
            apart = [passage for each in disputed for passage in each.passages]
            planned = plan(material, length.facts, apart)
            if english:
                disputed += figures(planned.facts, chunks, sources, apart, planned.overtaken)
            self.run.save("plan", {"plan": planned, "conflicts": disputed})
        with self._stage("retrieve", f"{len(planned.facts)} facts"):
            retriever = Retriever(material, index, planned.overtaken)
            evidence = [retriever.evidence(fact) for fact in planned.facts]
            self.run.save("retrieve", evidence)
        return evidence, disputed

    def verify(self, draft: Draft, story: Path) -> Verification:
        from fusion.assemble import left_out
        from fusion.chunk import chunk
        from fusion.dedup import dedup
        from fusion.drafts import Judge, Passages, warnings
        from fusion.embed import E5Embedder
        from fusion.summary import SummarySource
        from fusion.types import Material
        from fusion.vectors import VECTORS, VectorFile
        from fusion.verification import Unjudged, Verification
        from fusion.verify import calibration_for

        articles, skipped = self._read(story)
        calibration = calibration_for(self.model.sha256)
        with VectorFile(self.run.path / VECTORS, E5Embedder()) as vectors:
            with self._stage("dedup", f"{len(articles)} reports"):
                grouping = dedup(articles, vectors)
            sources = {s.article.id: s for s in grouping.sources if s.citable}
            chunks = chunk(source.article for source in sources.values())
            if not chunks:
                raise StoryError(f"{story}: none of its reports has a sentence to check by.")
            with self._stage("index", f"{len(chunks)} passages"):
                found = vectors.passages([c.text for c in chunks], self.observer.step)
                passages = Passages(Material(chunks, found, sources), vectors)
            judge = Judge(grouping.sources, passages, self.llm, calibration)
            judged = []
            with self._stage("verify", f"{len(draft.sentences)} sentences"):
                for done, sentence in enumerate(draft.sentences, start=1):
                    judged.append(judge.judge(sentence))
                    self.observer.step(done, len(draft.sentences))
        notes = warnings(draft, grouping, calibration)
        for note in notes:
            self.observer.warning(note)
        return Verification(
            story=story.resolve().name,
            draft=draft.text,
            language=draft.language,
            sentences=judged,
            unjudged=[Unjudged(text=text, reason=reason) for text, reason in draft.unjudged],
            sources=[SummarySource.of(source) for source in grouping.sources],
            left_out=left_out(grouping, skipped),
            warnings=notes,
            run=self._how(),
        )

    def _read(self, story: Path) -> tuple[list[Article], list[Skipped]]:
        from fusion.clean import clean
        from fusion.ingest import ingest

        with self._stage("ingest", str(story)):
            raw, unread = ingest(story)
            for each in unread:
                self.observer.warning(f"{each.file}: {each.reason}")
        with self._stage("clean", f"{len(raw)} reports"):
            articles, empty = clean(raw)
            for each in empty:
                self.observer.warning(f"{each.file}: {each.reason}")
            self.run.save("articles", articles)
        skipped = [*unread, *empty]
        if not articles:
            reasons = "".join(f"\n  {each.file}: {each.reason}" for each in skipped)
            raise StoryError(f"{story}: no report in it can be used.{reasons}")
        return articles, skipped

    def _in_one_language(
        self, story: Path, articles: Sequence[Article]
    ) -> tuple[str, list[Article], list[Article]]:
        from fusion.language import ENGLISH, sorted_out

        language, own, foreign = sorted_out(articles, self.settings.language)
        if not own:
            spoken = ", ".join(sorted({str(each.metadata.language) for each in foreign}))
            raise StoryError(f"{story}: no report is in {language!r}; choose from {spoken}.")
        if foreign:
            files = ", ".join(f"{each.file} ({each.metadata.language})" for each in foreign)
            self.observer.warning(
                f"{story}: the summary is in {language!r}; left out are the reports in other "
                f"languages: {files}."
            )
        if language != ENGLISH:
            self.observer.warning(
                f"{story}: the summary is in {language!r}, so its sentences are the reports' own "
                "and disagreements are not looked for; only English is written and checked."
            )
        return language, own, foreign

    def _write(
        self,
        evidence: Sequence[Evidence],
        length: Length,
        language: str,
        material: Material,
    ) -> tuple[list[tuple[Fact, Told]], list[Untold], tuple[str, tuple[Chunk, ...]]]:
        from fusion.assemble import sentence_of
        from fusion.attribute import as_their_word
        from fusion.compose import Composer, Untold, within
        from fusion.introduce import in_full
        from fusion.language import ENGLISH
        from fusion.passage import size
        from fusion.verify import calibration_for
        from fusion.when import reported_once

        calibration = calibration_for(self.model.sha256)
        composer = Composer(self.llm, calibration, self.settings.seed, language, material.sources)
        told: list[tuple[Fact, Told]] = []
        untold: list[Untold] = []
        sizes: list[int] = []
        # The worthiest facts in the order of telling, then the others, to fill gaps.
        order = sorted(evidence, key=lambda each: max(0, each.fact.rank - length.sentences + 1))
        for each in order:
            if length.reached(sizes):
                break
            result = composer.tell(each, [t for _, t in told])
            if isinstance(result, Untold):
                untold.append(result)
                continue
            if (i := within(result, [t for _, t in told])) is not None:
                untold.append(Untold(told[i][1].text, f"It is told with more: {result.text}"))
                told[i], sizes[i] = (told[i][0], result), size(result.text)
                continue
            told.append((each.fact, result))
            sizes.append(size(result.text))
            if length.words is None:  # else others may take its place
                self.observer.sentence(sentence_of(result))
            self.observer.step(len(told), max(len(told), length.sentences))
        chosen = length.choose(sizes)
        untold += [
            Untold(result.text, f"With it the summary would not have {length}.")
            for i, (_, result) in enumerate(told)
            if i not in chosen
        ]
        told = [told[i] for i in chosen]
        place = {each.fact.id: i for i, each in enumerate(evidence)}
        told.sort(key=lambda pair: place[pair[0].id])
        if language == ENGLISH:
            room = inf if length.words is None else length.most - sum(sizes[i] for i in chosen)
            named = in_full([each for _, each in told], material.chunks, room)
            room -= sum(size(t.text) for t in named) - sum(sizes[i] for i in chosen)
            named = as_their_word(named, material.sources, material.chunks, room)
            spare = inf if length.words is None else sum(size(t.text) for t in named) - length.least
            texts = reported_once([each.text for each in named], spare)
            told = [
                (fact, replace(each, text=text))
                for (fact, _), each, text in zip(told, named, texts, strict=True)
            ]
        if length.words is not None:
            for _, kept in told:
                self.observer.sentence(sentence_of(kept))
        headline = composer.headline(told[0][1], material.chunks) if told else ("", ())
        self.run.save("write", {"told": told, "dropped": untold})
        return told, untold, headline

    @contextmanager
    def _stage(self, name: str, detail: str) -> Iterator[None]:
        self.observer.stage(name, detail)
        start = perf_counter()
        yield
        self.seconds[name] = round(perf_counter() - start, 3)

    def _how(self) -> Run:
        usage = self.llm.usage
        return Run(
            fusion=__version__,
            model=self.model,
            settings_hash=self.settings.hash(),
            prompts=prompts.hashes(),
            seed=self.settings.seed,
            tokens=Tokens(
                prompt=usage.prompt, prompt_cached=usage.cached, generated=usage.generated
            ),
            seconds=self.seconds,
            llm_calls=self.llm.calls,
        )


def _folder(story_dir: str | os.PathLike[str]) -> Path:
    story = Path(story_dir)
    if not story.is_dir():
        what = "this is a file" if story.exists() else "there is no such folder"
        raise UsageError(f"{story}: {what}; name the folder of the reports.")
    return story
