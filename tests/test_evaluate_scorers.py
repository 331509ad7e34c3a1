from __future__ import annotations

import math
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion import prompts
from fusion.errors import ModelError, UsageError
from fusion.evaluate import details
from fusion.evaluate.cite import evidence
from fusion.evaluate.details import Details
from fusion.evaluate.faithful import Asked, Probe, Reader, Verifier, untruths
from fusion.evaluate.form import Form, copied_runs, order, redundancy
from fusion.evaluate.lexrank import lexrank
from fusion.evaluate.planted import Planted
from fusion.evaluate.reference import ReferenceFacts, Rouge
from fusion.evaluate.run import _demand_same_language
from fusion.evaluate.scorer import Unscored
from fusion.evaluate.scorers import scorers_from
from fusion.evaluate.systems import OutputSentence, Passage, SystemOutput
from fusion.evaluate.task import Story, load_story
from fusion.llm import ScriptedLLM
from fusion.settings import Settings
from fusion.types import Role, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


FERRY = Path(__file__).parents[1] / "eval" / "stories" / "ferry-fire"


@pytest.fixture(scope="module")
def ferry() -> Story:
    return load_story(FERRY)


def output(*sentences: str, cites: Sequence[Passage] | None = None) -> SystemOutput:
    passages = None if cites is None else list(cites)
    told = [OutputSentence(text=text, passages=passages) for text in sentences]
    return SystemOutput(sentences=told, seconds=1.0)


def reference(story: Story) -> SystemOutput:
    return output(*story.references)


def test_the_reference_has_all_that_is_planted(ferry: Story) -> None:
    score = Planted().score(ferry, reference(ferry))
    assert score.values == {
        "recall": 1.0, "corroborated": 1.0, "forbidden": 0.0, "surfaced": 1.0, "altered": 0.0,
    }  # fmt: skip
    assert score.remarks == []


def test_a_planted_error_is_named_with_its_sentence(ferry: Story) -> None:
    error = "The ferry Queen Amara burned and two people died."
    score = Planted().score(ferry, output(error))
    assert score.values["forbidden"] == 1
    assert (
        "forbidden pair-killed: The ferry Queen Amara burned and two people died." in score.remarks
    )
    assert score.values["corroborated"] == 1, "the fire is what several groups carry"


def test_rouge_is_one_for_the_reference_and_needs_one(ferry: Story, tmp_path: Path) -> None:
    pytest.importorskip("rouge_score", reason="the package rouge-score is not installed")
    assert set(Rouge().score(ferry, reference(ferry)).values.values()) == {1.0}
    (tmp_path / "articles").mkdir()
    with pytest.raises(Unscored, match="no reference"):
        Rouge().score(load_story(tmp_path), reference(ferry))


class Letters:
    """An embedder whose vectors are counts of letters."""

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.array([[text.lower().count(c) for c in "abcdefgh"] for text in texts], np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def test_facts_tell_what_is_missing_from_what_is_added(ferry: Story, tmp_path: Path) -> None:
    (tmp_path / "references").mkdir()
    (tmp_path / "references" / "1.txt").write_text("Aaaa aaaa.\nBbbb bbbb.")
    story = load_story(tmp_path)
    half = ReferenceFacts(Letters()).score(story, output("Aaaa aaaa."))
    assert half.values["recall"] == pytest.approx(0.5)
    assert half.values["precision"] == pytest.approx(1.0)
    more = ReferenceFacts(Letters()).score(story, output("Aaaa.", "Bbbb.", "Cccc."))
    assert more.values["recall"] == pytest.approx(1.0)
    assert more.values["precision"] == pytest.approx(2 / 3)


def test_copied_runs_are_greedy_and_longest() -> None:
    article = ["a", "b", "c", "d", "e", "x", "a", "b"]
    assert copied_runs(["a", "b", "c", "q", "d", "e"], [article]) == [3, 2]
    assert copied_runs(["e", "x", "a", "b", "c"], [article, ["a", "b", "c"]]) == [4, 1]


@settings(deadline=None)  # a busy machine is no fault of the code
@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_runs_cover_no_more_than_the_summary(summary: list[str], article: list[str]) -> None:
    runs = copied_runs(summary, [article])
    assert sum(runs) <= len(summary)
    assert (sum(runs) == len(summary)) == (set(summary) <= set(article))


def test_form_of_an_extract(ferry: Story) -> None:
    file, sentence = ferry.sentences[3]
    score = Form().score(ferry, output(sentence))
    words = len(details._plain(sentence).split())
    assert score.values["coverage"] == 1.0
    assert score.values["density"] >= words - 2
    assert score.values["redundancy"] == 0.0
    assert score.values["voices"] == pytest.approx(1 / 3), f"{file} is one of three groups"
    assert "order" in score.unscored


def test_redundancy_is_that_of_the_likest_pair() -> None:
    assert redundancy(["The ferry burned.", "Rain fell.", "A ferry burned at sea."]) == 1.0
    assert redundancy(["The ferry burned.", "Rain fell."]) == 0.0


def test_order_counts_pairs_of_known_different_days() -> None:
    first, second, third = (date(2026, 3, day) for day in (1, 2, 3))
    assert order([first, None, third, second, first]) == pytest.approx(2 / 5)
    assert order([first, first, None]) is None


def test_details_finds_what_no_report_has(ferry: Story) -> None:
    told = (
        "On Monday the Queen Amara lost 198 of 5,000 boxes, said Xandra Pell: “We saw it all go.”"
    )
    score = Details().score(ferry, output(told))
    assert score.values == {
        "names": 0.5, "numbers": 0.5, "days": 1.0, "quotations": 0.0,
    }  # fmt: skip
    assert score.remarks == [
        "names: no report has 'Pell'",
        "names: no report has 'Xandra'",
        "numbers: no report has '5000'",
        "quotations: no report has 'we saw it all go'",
    ]
    assert Details().score(ferry, output("It burned.")).values == {}


def test_details_takes_a_date_near_a_reports_for_what_it_calls_today(ferry: Story) -> None:
    day = next(each.metadata.published for each in ferry.sources if each.metadata.published)
    near, far = day - timedelta(days=3), day - timedelta(days=60)
    for told, kinds in ((near, set()), (far, {"numbers", "days"})):
        score = Details().score(ferry, output(f"It burned on {told:%A}, {told.day} {told:%B %Y}."))
        assert set(score.values) == kinds


def test_details_knows_the_weekdays_that_reports_are_of(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ferry burns\n8 May 2031\n\nThe ferry to Orlo burned today.\n")
    story = Story("ferry", tmp_path)
    assert Details().score(story, output("It burned on Thursday.")).values == {"days": 1.0}
    assert Details().score(story, output("It burned on Monday.")).values == {"days": 0.0}


def test_a_quotation_does_not_go_on_in_the_next_sentence() -> None:
    assert details.quotations('He has a 7" gun\nand the other one is 5" long') == set()
    assert details.quotations('"The ferry was on fire,"') == {"the ferry was on fire"}


def test_numbers_in_words_and_digits_are_one() -> None:
    assert details.numbers("Seven of 1,200 in 2.5 hours") == {"7", "1200", "2.5"}


def test_an_uncited_sentence_gets_the_closest_ones_and_a_cited_one_its_own(ferry: Story) -> None:
    file, sentence = ferry.sentences[2]
    found, how = evidence(ferry, OutputSentence(text=sentence))
    assert how == "closest"
    assert Passage(file=file, text=sentence) in found
    cited = OutputSentence(text=sentence, passages=[])
    assert evidence(ferry, cited) == ([], "cited")


class Scripted:
    """In place of `Asked`: Yes has the probability `yes`, or else is likely where tugs are."""

    sha256 = "of no model that was measured"

    def __init__(self, yes: float | None = None) -> None:
        self.yes = yes

    def llm(self) -> ScriptedLLM:
        def choose(prompt: str, choices: Sequence[str]) -> dict[str, float]:
            yes = 0.9 if "tugs" in prompt.partition("Sentence")[0] else 0.1
            yes = yes if self.yes is None else self.yes
            return dict(zip(choices, (yes, 1 - yes), strict=True))

        return ScriptedLLM(choice=choose)


def test_the_verifier_judges_by_what_is_cited(ferry: Story) -> None:
    sentence = "Two tugs towed the ferry to the harbour of Calvessa."
    right, wrong = (
        Passage(file="a.txt", text=text)
        for text in (sentence, "The school of Orle opens in August, the mayor said.")
    )
    verifier = Verifier(cast("Asked", Scripted()))
    alone = verifier.score(ferry, output(sentence, cites=[right]))
    good = dict.fromkeys(("supported", "precision", "names", "numbers", "dates", "quotations"), 1.0)
    assert alone.values == {**good, "contradicted": 0.0}
    padded = verifier.score(ferry, output(sentence, cites=[right, wrong]))
    assert padded.values["supported"] == 1.0
    assert padded.values["precision"] == 0.5
    off = verifier.score(ferry, output(sentence, "Nine died.", cites=[wrong]))
    assert off.values["supported"] == 0.0
    assert off.values["precision"] == 0.0
    assert [judged.found_by for judged in off.judged] == ["cited", "cited"]
    assert set(alone.values) == set(verifier.metrics)


def test_the_day_that_a_report_calls_today_is_in_its_passages(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    said = "The mill was sold today to a cousin of the mayor, its owner said."
    for name, day, text in (("a", 5, said), ("b", 7, "The mill was shut on Wednesday.")):
        (folder / f"{name}.txt").write_text(f"The mill\n{day} May 2031\n\n{text}\n")
    passage = Passage(file="a.txt", text=said)
    told = output(
        said.replace("today", "on Monday"),
        said,
        said.replace("today", "on Sunday"),
        cites=[passage],
    )
    score = Verifier(cast("Asked", Scripted(yes=1.0))).score(load_story(tmp_path), told)
    verdicts = [judged.verdict for judged in score.judged]
    assert verdicts == ["supported", "supported", "contradicted"]


def test_a_contradiction_is_more_than_a_want_of_support(ferry: Story) -> None:
    passage = Passage(file="a.txt", text="Two tugs towed the ferry to the harbour with 12 people.")
    told = output(
        "Two tugs towed the ferry to the harbour with 90 people.",
        "On Tuesday the mayor of Orle opened 90 schools.",
        "Perhaps the weather was fine, as sailors like it.",
        cites=[passage],
    )
    score = Verifier(cast("Asked", Scripted(yes=0.0))).score(ferry, told)
    assert [judged.verdict for judged in score.judged] == [
        "contradicted", "unsupported", "unsupported",
    ]  # fmt: skip
    assert score.values["contradicted"] == pytest.approx(1 / 3)
    assert score.values["numbers"] == pytest.approx(1 / 3)
    assert score.values["dates"] == pytest.approx(2 / 3)


def test_a_sentence_that_cites_nothing_is_unsupported(ferry: Story) -> None:
    score = Verifier(cast("Asked", Scripted())).score(ferry, output("It burned.", cites=[]))
    assert score.values["supported"] == 0.0
    assert score.unscored == {"precision": "No sentence cites anything."}


def test_the_reader_does_not_look_at_citations(ferry: Story) -> None:
    lie = [Passage(file="a.txt", text="Rain fell.")]
    told = output("The fire was put out and tugs brought the ferry to Calvessa.", cites=lie)
    assert math.isclose(Reader(cast("Asked", Scripted())).score(ferry, told).values["yes"], 0.9)


def test_the_reader_asks_its_own_question(ferry: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    told = output("Tugs brought the ferry to Calvessa.")
    reader = Reader(cast("Asked", Scripted()))
    before = (reader.identity, reader.score(ferry, told))
    monkeypatch.setattr(prompts, "load", lambda name: pytest.fail(f"it reads prompt {name}"))
    assert (reader.identity, reader.score(ferry, told)) == before


@pytest.mark.parametrize("taken", [True, False])
def test_the_probe_sees_a_verifier_that_always_says_one_thing(
    ferry: Story, taken: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fusion.verify.verify", lambda *_: Verdict(taken, 0.5))
    probe = Probe(Verifier(cast("Asked", Scripted())))
    score = probe.score(ferry, output("It burned."))
    assert score.values == {"accepted": float(taken), "refused": float(not taken)}
    (said,) = {remark.partition(": ")[0] for remark in score.remarks}
    assert said == f"the verifier {'accepts' if taken else 'refuses'}"


def test_the_probe_has_no_use_for_the_summary(ferry: Story) -> None:
    probe = Probe(Verifier(cast("Asked", Scripted(yes=1.0))))
    score = probe.score(ferry, output("It burned."))
    assert probe.score(ferry, output("It did not.")) == score
    assert score.values["refused"] > 0, "the named checks need no model"


def test_untruths_are_told_by_their_file_and_judged_without_it(ferry: Story) -> None:
    assert ferry.gold is not None
    found = untruths(ferry, ferry.gold)
    sentences = set(ferry.sentences)
    rewrites = {f for f, each in ferry.gold.articles.items() if each.role is Role.DERIVED}
    assert len(found) >= 3
    for sentence, files in found:
        assert any((file, sentence) in sentences for file in files)
        assert set(ferry.gold.articles) - rewrites - files


def test_the_probe_needs_planted_truth(tmp_path: Path) -> None:
    with pytest.raises(Unscored, match=r"no gold\.yaml"):
        Probe(Verifier(cast("Asked", Scripted()))).score(load_story(tmp_path), output("It."))


def test_a_model_that_is_not_there_is_named(ferry: Story, tmp_path: Path) -> None:
    settings = Settings(model=str(tmp_path / "none.gguf"))
    with pytest.raises(ModelError, match=r"none\.gguf"):
        Reader(Asked(settings, tmp_path / "answers.jsonl")).score(ferry, output("It burned."))


def test_a_summary_in_another_language_is_not_judged(ferry: Story) -> None:
    _demand_same_language(ferry, reference(ferry))
    french = (
        "Les deux dernières personnes disparues après l'incendie du ferry ont été retrouvées "
        "vivantes lundi sur un îlot, ont annoncé les garde-côtes de la région, et le navire a été "
        "remorqué dans la matinée vers le port."
    )
    with pytest.raises(Unscored, match="The summary is in 'fr', the reports are in en"):
        _demand_same_language(ferry, output(french))


def test_lexrank_takes_the_most_central_once() -> None:
    texts = [
        "The ferry burned off the island of Torrin on Sunday.",
        "A cat was seen near a library that sells no books at all.",
        "The ferry burned off the island of Torrin on Sunday night.",
        "The island of Torrin saw a ferry fire, and crews put it out.",
        "Too short.",
    ]
    assert lexrank(texts, 1) in ([0], [2])
    everything = lexrank(texts, 5)
    assert everything == sorted(everything)
    assert len({0, 2} & set(everything)) == 1
    assert 4 not in everything
    assert lexrank([], 3) == []


def test_an_unknown_scorer_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'bleu': no such scorer"):
        scorers_from(["bleu"], Settings(), tmp_path)
