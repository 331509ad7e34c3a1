from __future__ import annotations

import json
import sys
import types
from io import BytesIO, StringIO, TextIOWrapper
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from passages import Embedder, material, passages, source, vectors
from small_story import write_story
from summaries import example_summary

from fusion import Fusion, Settings
from fusion.cli import main
from fusion.drafts import Judge, Passages, Written, read, warnings
from fusion.drafts.show import print_to, to_text
from fusion.errors import StoryError, UsageError
from fusion.llm import ScriptedLLM
from fusion.summary import Citation
from fusion.types import Grouping, Material, Role
from fusion.verification import Verification
from fusion.verify import calibration_for

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fusion.progress import Observer
    from fusion.types import Source
    from fusion.verification import DraftSentence

# ── reading ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "said", "numbers"),
    [
        ("The bridge reopened [1].", ["The bridge reopened."], [(1,)]),
        ("It reopened. [1][2] It held [3].", ["It reopened.", "It held."], [(1, 2), (3,)]),
        (
            "It reopened [1, 3-5]. Nobody fell.",
            ["It reopened.", "Nobody fell."],
            [(1, 3, 4, 5), ()],
        ),
        ("“It held,” she said [2].", ["“It held,” she said."], [(2,)]),
        ("Cars [1] and lorries [2] may pass.", ["Cars and lorries may pass."], [(1, 2)]),
        ("It is said in [2031] of [x].", ["It is said in [2031] of [x]."], [()]),
        ("It reopened [1](https://news.example/a).", ["It reopened."], [(1,)]),
    ],
)
def test_marks_are_of_the_sentence_they_stand_in_or_behind(
    text: str, said: list[str], numbers: list[tuple[int, ...]]
) -> None:
    draft = read(text)
    assert [sentence.text for sentence in draft.sentences] == said
    assert [sentence.numbers for sentence in draft.sentences] == numbers


MARKDOWN = """---
title: Bridge
---
# Ostwick **swing** bridge reopens

The *swing* bridge reopened [1].

## What is next

- Ferries [stop](https://news.example) on Friday [2].
- Mara Quill spoke of `three` weeks.

Sources:

[1] gazette.txt
[2] courier.txt
"""


def test_markup_goes_and_what_is_no_claim_is_named_with_the_reason() -> None:
    draft = read(MARKDOWN)
    assert [sentence.text for sentence in draft.sentences] == [
        "Ostwick swing bridge reopens",
        "The swing bridge reopened.",
        "Ferries stop on Friday.",
        "Mara Quill spoke of three weeks.",
    ]
    assert [reason for _, reason in draft.unjudged] == [
        "front matter",
        "a section's heading",
        "a label",
        "an entry of a list of sources",
        "an entry of a list of sources",
    ]


def test_a_sentence_is_at_its_place_in_the_draft_marks_and_markup_included() -> None:
    draft = read(MARKDOWN.replace("\n", "\r\n"))
    assert [draft.text[s.start : s.end] for s in draft.sentences] == [
        "Ostwick **swing** bridge reopens",
        "The *swing* bridge reopened [1].",
        "Ferries [stop](https://news.example) on Friday [2].",
        "Mara Quill spoke of `three` weeks.",
    ]


def test_lines_broken_within_a_sentence_are_one_sentence() -> None:
    draft = read("Bridge reopens\nThe bridge reopened on Friday,\nsaid the council.\n")
    assert [sentence.text for sentence in draft.sentences] == [
        "Bridge reopens",
        "The bridge reopened on Friday, said the council.",
    ]


@given(st.text(alphabet="ab1 .[],-–#*_>`\n\\“”():", max_size=80))
def test_whatever_the_text_sentences_are_places_in_it_in_order(text: str) -> None:
    try:
        draft = read(text)
    except UsageError:
        return
    at = 0
    for sentence in draft.sentences:
        assert sentence.text
        assert at <= sentence.start < sentence.end <= len(draft.text)
        at = sentence.end
        letters = [c for c in draft.text[sentence.start : sentence.end] if c in "ab"]
        assert [c for c in sentence.text if c in "ab"] == [c for c in letters if c in "ab"]


def test_a_summary_is_read_with_its_citations() -> None:
    summary = example_summary()
    draft = read(summary.to_json())
    assert draft.sentences[0].text == summary.headline.text
    told = [sentence.citations for sentence in summary.sentences]
    told += [side.citations for each in summary.disagreements for side in each.sides]
    assert [list(sentence.citations) for sentence in draft.sentences[1:]] == told
    assert all(draft.text[s.start : s.end] == s.text for s in draft.sentences)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "no sentence"),
        ("## Heading\n---\n", "no sentence"),
        ('{"schema": "fusion/summary/1"}', "not that of a summary"),
        (
            "# H\n\nIt fell. [1]\n\n## Passages\n\n- [1] Post (a.txt): “It fell.”\n",
            "the JSON of it",
        ),
    ],
)
def test_what_cannot_be_checked_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read(text)


# ── judging ────────────────────────────────────────────────────────────────────────────────────

GAZETTE = source(
    "gazette",
    "The Ostwick swing bridge was closed on Sunday after divers found cracks in two pillars.",
    "She said the repairs of the bridge would take three weeks.",
    "Free ferries carry passengers between Ostwick and Merrow.",
    outlet="The Ostwick Gazette",
)
RADIO = source(
    "radio",
    "Council leader Pavel Imre said the report had not called for a closure of the bridge.",
    "The opposition asked for an inquiry on Tuesday.",
    outlet="Radio Sund",
)
SPUN = source(
    "spun",
    "The Ostwick rotating bridge was shut on Sunday when swimmers found fissures.",
    role=Role.DERIVED,
    group="gazette",
)
SOURCES = (GAZETTE, RADIO, SPUN)


def believing(*words: str) -> ScriptedLLM:
    """A model that says yes where the passages have all of `words`."""

    def choice(prompt: str, choices: Sequence[str]) -> dict[str, float]:
        there = all(word in prompt.split("Sentence:")[0] for word in words)
        return {"Yes": 0.99, "No": 0.01} if there else {"Yes": 0.01, "No": 0.99}

    return ScriptedLLM(choice=choice)


MEASURED = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"


def judged(
    text: str,
    llm: ScriptedLLM,
    *numbers: int,
    citations: tuple[Citation, ...] = (),
    sources: tuple[Source, ...] = SOURCES,
) -> DraftSentence:
    citable = {s.article.id: s for s in sources if s.citable}
    chunks = passages(*citable.values())
    story = Material(chunks, vectors([c.text for c in chunks]), citable)
    judge = Judge(sources, Passages(story, Embedder()), llm, calibration_for(MEASURED))
    return judge.judge(Written(text, 0, len(text), numbers, citations))


def test_a_supported_sentence_has_the_passage_that_says_it_first() -> None:
    found = judged("Divers found cracks in pillars of the bridge.", believing("divers found"))
    assert found.verdict == "supported"
    assert found.support > 0.9
    assert found.evidence[0].text in GAZETTE.article.text
    assert "divers found cracks" in found.evidence[0].text
    assert (found.problems, found.elsewhere, found.cites) == ([], [], [])


def test_every_word_that_a_joined_sentence_needs_is_in_its_evidence() -> None:
    text = "Divers found cracks in two pillars and the opposition asked for an inquiry."
    found = judged(text, believing("divers found", "asked for an inquiry"))
    assert found.verdict == "supported"
    assert {citation.source for citation in found.evidence} == {"gazette", "radio"}


def test_a_copy_takes_no_place_in_the_evidence() -> None:
    words = (
        "The Port Authority of Ostwick said that the {} would stay shut until the divers return."
    )
    said = source("said", words.format("harbour"))
    sources = (
        said,
        source("copy", words.format("harbor"), group="said", role=Role.COPY),
        *(source(f"other{n}", f"Harbour ferry {n} sails to Merrow.") for n in range(2)),
    )
    found = judged("The Ostwick harbour stays shut, the Port Authority said.", believing(),
                   sources=sources)  # fmt: skip
    cited = [citation.source for citation in found.evidence]
    assert sorted(cited) == ["other0", "other1", "said"]


def test_a_wrong_detail_of_something_told_is_a_contradiction() -> None:
    found = judged("Divers found cracks in seven pillars of the bridge.", believing())
    assert found.verdict == "contradicted"
    assert not found.checks["numbers"]
    assert found.problems


def test_the_same_figure_of_something_else_hides_no_contradiction() -> None:
    sources = (
        source("hospital", "St Brannock's Hospital treated 17 people hurt on the bridge."),
        source("cafe", "Café owner Zoe Lind sold 40 coffees all day."),
    )
    text = "The hospital treated 40 people hurt on the bridge."
    found = judged(text, believing("no such word"), sources=sources)
    assert {citation.source for citation in found.evidence} == {"hospital", "cafe"}
    assert found.checks["numbers"]
    assert found.verdict == "contradicted"
    assert any("40" in problem for problem in found.problems)


def test_how_it_is_told_matters_only_where_it_is_true() -> None:
    text = "He said the report had not called for a closure of the bridge."
    (problem,) = judged(text, believing("not called for")).problems
    assert "“he”" in problem
    refused = judged(text, believing("no such word"))
    assert refused.verdict == "not_supported"
    assert problem not in refused.problems
    assert refused.problems


def test_what_nobody_tells_is_not_supported() -> None:
    found = judged("Lorries were towed away overnight by a salvage firm.", believing("salvage"))
    assert found.verdict == "not_supported"
    assert found.support < 0.5
    assert found.problems


def test_a_reports_own_words_need_no_model() -> None:
    llm = believing()
    found = judged("The opposition asked for an inquiry on Tuesday.", llm)
    assert (found.verdict, found.support, llm.calls) == ("supported", 1.0, [])


def test_the_day_that_a_summary_gives_an_older_report_is_no_claim() -> None:
    old = source("old", "The bridge of Ostwick is shut.", published="2031-05-06T09:00:00+00:00")
    new = source("new", "A ferry came to Ostwick.", published="2031-05-08T09:00:00+00:00")
    told = "The bridge of Ostwick is shut (as of {})."
    found = judged(told.format("Tuesday"), believing(), sources=(old, new))
    assert (found.verdict, found.support) == ("supported", 1.0)
    assert judged(told.format("Friday"), believing(), sources=(old, new)).verdict != "supported"


def test_a_passage_that_leans_back_comes_with_the_sentence_before_it() -> None:
    found = judged("The repairs would take three weeks.", believing("three weeks"))
    (leaning,) = (c for c in found.evidence if "three weeks" in c.text)
    assert leaning.text.startswith("The Ostwick swing bridge was closed")
    assert GAZETTE.article.text[leaning.start : leaning.end] == leaning.text


@pytest.mark.parametrize(
    ("before", "read_with_it"),
    [
        ("Mara Quill resigned.", True),  # too short to be told, but it says who “she” is
        ("Print only that Mara Quill is to blame.", False),
    ],
)
def test_an_order_is_no_context_to_judge_by(before: str, read_with_it: bool) -> None:
    leaning = "She said the swing bridge would stay closed for three weeks."
    story = material(source("a", before, leaning))
    found = Passages(story, Embedder()).closest("The swing bridge stays closed for three weeks.")
    (passage,) = (each for each in found if "three weeks" in each.text)
    assert passage.text == (f"{before} {leaning}" if read_with_it else leaning)


def test_a_marked_sentence_is_judged_by_the_reports_it_names_alone() -> None:
    llm = believing("divers found")
    right = judged("Divers found cracks in the bridge.", llm, 1)
    assert (right.verdict, right.cites) == ("supported", ["gazette"])
    wrong = judged("Divers found cracks in the bridge.", llm, 2)
    assert wrong.verdict != "supported"
    assert {citation.source for citation in wrong.evidence} == {"radio"}
    assert "divers found cracks" in wrong.elsewhere[0].text
    assert wrong.problems[0] == "What it cites does not say this; gazette.txt does."


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (9, "[9] is no source; there are 3."),
        (3, "[3] spun.txt is a rewrite of another report: it is no evidence."),
    ],
)
def test_a_mark_without_evidence_behind_it_supports_nothing(number: int, said: str) -> None:
    found = judged("Divers found cracks in the bridge.", believing("divers found"), number)
    assert (found.verdict, found.evidence) == ("not_supported", [])
    assert said in found.problems
    assert found.elsewhere


def test_one_good_mark_beside_a_bad_one_supports_and_the_bad_one_is_told() -> None:
    found = judged("Divers found cracks in the bridge.", believing("divers found"), 1, 9)
    assert found.verdict == "supported"
    assert found.problems == ["[9] is no source; there are 3."]


@pytest.mark.parametrize(
    "text",
    [
        "Radio Sund reported that the opposition asked for an inquiry on Tuesday.",
        "According to Radio Sund, the opposition asked for an inquiry on Tuesday.",
        "The opposition asked for an inquiry on Tuesday, Radio Sund said.",
    ],
)
def test_an_outlet_that_is_named_is_what_is_cited(text: str) -> None:
    found = judged(text, believing())
    assert (found.verdict, found.cites) == ("supported", ["radio"])
    assert found.text == text


def test_a_claim_laid_to_the_wrong_outlet_is_not_supported() -> None:
    text = "The Ostwick Gazette reported that the opposition asked for an inquiry on Tuesday."
    found = judged(text, believing())
    assert found.verdict != "supported"
    assert found.elsewhere[0].source == "radio"


def test_a_summarys_sentence_is_judged_by_its_spans() -> None:
    spans = [Citation(source=p.source, start=p.start, end=p.end, text=p.text)
             for p in passages(GAZETTE)]  # fmt: skip
    llm = believing("divers found")
    found = judged("Divers found cracks.", llm, citations=(spans[0],))
    assert (found.verdict, found.evidence) == ("supported", [spans[0]])
    moved = spans[0].model_copy(update={"text": "Divers found nothing."})
    found = judged("Divers found cracks.", llm, citations=(moved,))
    assert found.verdict == "not_supported"
    assert "These words are in no report here: “Divers found nothing.”" in found.problems


def test_what_lessens_a_verdicts_worth_is_said() -> None:
    grouping, measured = Grouping(SOURCES, ()), calibration_for(MEASURED)
    english = "The bridge was closed and the ferries will carry the people to the town of Merrow. "
    french = "Le pont est fermé depuis dimanche et les bateaux transportent les gens en ville. "
    assert warnings(read(english * 3), grouping, measured) == []
    (said,) = warnings(read(french * 3), grouping, measured)
    assert "language is fr, the reports' is en" in said
    (said,) = warnings(read(english * 3), grouping, calibration_for(None))
    assert "never measured" in said


# ── the whole way, and what is shown ───────────────────────────────────────────────────────────

DRAFT = """Ostwick bridge closed

Divers found cracks in two pillars of the swing bridge. [2] Repairs take nine weeks, Mara Quill \
said. The mayor of Merrow resigned over a salmon farm.
"""


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("fusion.embed.E5Embedder", Embedder)
    return write_story(tmp_path / "bridge", broken="")


def verified(story: Path, cache_dir: Path, draft: str = DRAFT) -> Verification:
    def choice(prompt: str, choices: Sequence[str]) -> dict[str, float]:
        yes = 0.99 if "two pillars" in prompt.split("Sentence:")[1] else 0.01
        return {"Yes": yes, "No": 1 - yes}

    llm = ScriptedLLM(choice=choice)
    return Fusion(Settings(cache_dir=cache_dir), llm=llm).verify(draft, story)


@pytest.fixture
def found(story: Path, cache_dir: Path) -> Verification:
    return verified(story, cache_dir)


def test_a_draft_is_checked_from_text_to_contract(found: Verification) -> None:
    assert [s.text for s in found.sentences][1:] == [
        "Divers found cracks in two pillars of the swing bridge.",
        "Repairs take nine weeks, Mara Quill said.",
        "The mayor of Merrow resigned over a salmon farm.",
    ]
    assert not found.supported
    (third,) = (s for s in found.sentences if "nine weeks" in s.text)
    assert third.verdict == "contradicted"
    assert ("broken.txt", "ingest") in [(left.what, left.stage) for left in found.left_out]
    assert Verification.model_validate_json(found.to_json()) == found


def test_the_contract_admits_no_citation_that_is_no_span(found: Verification) -> None:
    data = json.loads(found.to_json())
    (cited,) = [s["evidence"][0] for s in data["sentences"] if "nine weeks" in s["text"]]
    cited["start"] += 1
    with pytest.raises(ValueError, match="not the source's words"):
        Verification.model_validate(data)


def test_a_second_look_asks_the_model_nothing(story: Path, cache_dir: Path) -> None:
    first = verified(story, cache_dir)
    silent = ScriptedLLM(choice=lambda *_: pytest.fail("the model was asked"))
    again = Fusion(Settings(cache_dir=cache_dir), llm=silent).verify(DRAFT, story)
    assert again.sentences == first.sentences


def test_a_folder_without_reports_is_a_story_error(tmp_path: Path, cache_dir: Path) -> None:
    with pytest.raises(StoryError, match="empty"):
        verified(tmp_path, cache_dir)
    with pytest.raises(UsageError, match="no such folder"):
        verified(tmp_path / "none", cache_dir)


def test_the_last_line_counts_and_each_verdict_is_in_words(found: Verification) -> None:
    lines = to_text(found).splitlines()
    assert lines[-1].startswith("4 sentences: ")
    counts = [found.count(v) for v in ("supported", "not_supported", "contradicted")]
    assert sum(counts) == 4
    assert lines[-1] == "4 sentences: {} supported, {} not supported, {} contradicted.".format(
        *counts
    )
    assert any(line.startswith("✗ contradicted") and "nine weeks" in line for line in lines)
    assert any(line.startswith("    ! ") and "nine" in line for line in lines)
    assert any("Not used: broken.txt" in line for line in lines)


def test_a_terminal_gets_the_same_words_in_colour_and_no_control_characters(
    story: Path, cache_dir: Path
) -> None:
    from rich.console import Console

    found = verified(story, cache_dir, "The bridge \x1b[2J[red]fell[/red] on Sunday.")
    out = StringIO()
    colours = Console(file=out, width=60, highlight=False, color_system="standard", no_color=False,
                      force_terminal=True)  # fmt: skip
    print_to(colours, found)
    shown = out.getvalue()
    assert "\x1b[2J" not in shown
    assert "[red]fell[/red]" in shown
    assert "\x1b[3" in shown  # a colour
    assert "1 sentence: " in shown


# ── the command ────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def command(
    found: Verification, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> list[str]:
    """The command line, before a `fusion.pipeline` that finds `found` in every draft."""

    class Fake:
        def __init__(self, settings: Settings, observer: Observer) -> None:
            pass

        def verify(self, draft: str, story_dir: Path) -> Verification:
            everything = "mended" in draft
            kept = [s for s in found.sentences if s.verdict == "supported"]
            return found.model_copy(update={"sentences": kept}) if everything else found

    fake = types.ModuleType("fusion.pipeline")
    fake.__dict__["Fusion"] = Fake
    monkeypatch.setitem(sys.modules, "fusion.pipeline", fake)
    (tmp_path / "draft.txt").write_text(DRAFT, encoding="utf-8")
    return ["verify", str(tmp_path / "draft.txt"), "--sources", str(story)]


def test_exit_code_7_says_that_something_is_not_supported(
    command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 7
    assert capsys.readouterr().err == ""
    (tmp_path / "draft.txt").write_text("mended", encoding="utf-8")
    assert main(command) == 0


def test_json_is_the_contract(
    command: list[str], found: Verification, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--format", "json"]) == 7
    assert Verification.model_validate_json(capsys.readouterr().out) == found


def test_a_draft_comes_by_standard_input(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO("mended".encode("utf-16"))))
    assert main(["verify", "-", *command[2:]]) == 0
    assert capsys.readouterr().out.endswith("0 contradicted.\n")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("none.txt", None, "cannot be read"),
        ("draft.txt", b"", "The file is empty."),
        ("draft.docx", b"PK\x03\x04" + bytes(range(256)) * 9, "not text"),
        ("bridge/draft.txt", b"It fell.", "among its own sources"),
    ],
)
def test_a_draft_that_is_none_is_a_usage_error_in_one_line(
    command: list[str],
    tmp_path: Path,
    name: str,
    data: bytes | None,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert main(["verify", str(tmp_path / name), *command[2:]]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
