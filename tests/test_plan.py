from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from passages import material, passages, source, vectors

from fusion.embed import DIMENSIONS
from fusion.plan import REPEATED, SCENE, overlap, plan, similarity
from fusion.types import Material
from fusion.words import content
from fusion.worth import WEIGHTS

CLOSED = "The Ostwick swing bridge was closed on Sunday after divers found cracks in two pillars."
SHUT = "Divers found cracks in two pillars, so the Ostwick swing bridge was closed on Sunday."
FERRIES = "Free ferries carry passengers between Ostwick and Merrow every twelve minutes."
COST = "Repairs to the pillars will cost about three million crowns, engineer Mara Quill said."
CHESS = "The under-nineteen side of Merrow won the island chess cup again."


def test_one_fact_told_twice_is_one_fact_with_two_voices() -> None:
    planned = plan(material(source("a", CLOSED, FERRIES), source("b", SHUT, COST)), 8)
    (closed,) = [fact for fact in planned.facts if "cracks" in fact.passages[0].text]
    assert {passage.text for passage in closed.passages} == {CLOSED, SHUT}
    assert set(closed.groups) == {"a", "b"}


def test_a_copy_adds_no_voice() -> None:
    copied = plan(material(source("a", CLOSED), source("b", CLOSED, group="a")), 8)
    (fact,) = copied.facts
    assert fact.groups == ("a",)


def test_each_passage_is_in_at_most_one_fact_and_the_number_is_kept() -> None:
    story = material(
        source("a", CLOSED, FERRIES, COST), source("b", SHUT, FERRIES), source("c", CHESS)
    )
    for count in range(1, 6):
        planned = plan(story, count)
        assert len(planned.facts) <= count
        told = [passage.id for fact in planned.facts for passage in fact.passages]
        assert len(told) == len(set(told))
        assert plan(story, count) == planned


def test_the_newest_report_leads() -> None:
    reopened = "The Ostwick swing bridge reopened to all traffic on Friday, Mara Quill said."
    story = material(
        source("old", CLOSED, FERRIES, published="2031-05-04T09:00:00+00:00"),
        source("middle", SHUT, COST, published="2031-05-05T09:00:00+00:00"),
        source("new", reopened, published="2031-05-16T09:00:00+00:00"),
    )
    assert plan(story, 4).facts[0].passages[0].text == reopened


def test_a_scene_at_the_top_of_the_newest_report_does_not_lead() -> None:
    scene = "In a kitchen above the harbour of Ostwick there is a clock that nobody winds."
    reopened = "The Ostwick swing bridge reopened to all traffic on Friday, Mara Quill said."
    story = material(
        source("oldest", CLOSED, FERRIES, published="2031-05-04T09:00:00+00:00"),
        source("old", COST, published="2031-05-05T09:00:00+00:00"),
        source("newest", scene, published="2031-05-17T09:00:00+00:00"),
        source("new", reopened, published="2031-05-16T09:00:00+00:00"),
    )
    assert plan(story, 4).facts[0].passages[0].text == reopened


def test_the_newest_report_does_not_lead_with_another_event_of_the_kind() -> None:
    elsewhere = "A bridge at Dunmere was closed on Sunday after a lorry struck two pillars."
    story = material(
        source("a", CLOSED, FERRIES, published="2031-05-04T09:00:00+00:00"),
        source("b", SHUT, published="2031-05-05T09:00:00+00:00"),
        source("c", COST, SHUT, published="2031-05-06T09:00:00+00:00"),
        source("d", elsewhere, published="2031-05-07T09:00:00+00:00"),
    )
    assert "Ostwick" in plan(story, 4).facts[0].passages[0].text


def test_what_is_older_than_a_week_does_not_lead() -> None:
    story = material(
        *(source(n, CLOSED, SHUT, published="2031-05-04T09:00:00+00:00") for n in "abc"),
        source("new", FERRIES, published="2031-05-14T09:00:00+00:00"),
    )
    assert plan(story, 4).facts[0].passages[0].text == FERRIES


def test_how_things_stood_days_before_the_newest_report_is_not_told() -> None:
    state = "The council of Ostwick is split over a second bridge at Merrow."
    said = "The council is split over a second bridge at Merrow, Mara Quill said."

    def told(text: str, day: str) -> bool:
        story = material(
            source("a", CLOSED, text, published=f"2031-05-{day}T09:00:00+00:00"),
            source("new", FERRIES, published="2031-05-14T09:00:00+00:00"),
        )
        return any(fact.passages[0].text == text for fact in plan(story, 8).facts)

    assert told(state, "12")
    assert not told(state, "10")
    assert told(said, "10")


@pytest.mark.parametrize(
    ("old", "near", "far"),
    [
        (
            "The Ostwick swing bridge will be shut to all traffic in May, Mara Quill said.",
            "05",
            "07",
        ),
        (
            "The Ostwick swing bridge was old and badly kept, the engineer Mara Quill said.",
            "06",
            "08",
        ),
    ],
)
def test_what_was_to_come_or_only_said_some_days_before_does_not_lead(
    old: str, near: str, far: str
) -> None:
    reports = [source(n, old, published="2031-05-04T09:00:00+00:00") for n in "abc"]
    for day, leads in ((near, old), (far, FERRIES)):
        newest = source("new", FERRIES, published=f"2031-05-{day}T09:00:00+00:00")
        assert plan(material(*reports, newest), 4).facts[0].passages[0].text == leads


def test_a_writers_comment_does_not_lead() -> None:
    chat = "It's hard to see why the Ostwick swing bridge was closed after divers found cracks."
    story = material(
        source("a", CLOSED, FERRIES, published="2031-05-04T09:00:00+00:00"),
        source("b", chat, published="2031-05-04T10:00:00+00:00"),
        source("c", FERRIES, published="2031-05-04T10:00:00+00:00"),
    )
    assert chat not in [fact.passages[0].text for fact in plan(story, 2).facts]


def test_a_newest_report_without_a_fact_keeps_no_other_from_leading() -> None:
    unclear = "What next?"
    opened = "The Ostwick swing bridge reopened to all traffic on Friday, Mara Quill said."
    story = material(
        source("old", FERRIES, COST, published="2031-05-04T09:00:00+00:00"),
        source("late", opened, published="2031-05-09T09:00:00+00:00"),
        source("newest", unclear, published="2031-08-09T09:00:00+00:00"),
    )
    assert plan(story, 3).facts[0].passages[0].text == opened


def test_how_the_story_began_is_told_after_the_newest_development() -> None:
    reopened = "The Ostwick swing bridge reopened to all traffic on Friday, Mara Quill said."
    story = material(
        source("oldest", CLOSED, published="2031-05-04T09:00:00+00:00"),
        source("middle", COST, FERRIES, published="2031-05-08T09:00:00+00:00"),
        source("new", reopened, published="2031-05-09T09:00:00+00:00"),
    )
    picked = sorted(plan(story, 4).facts, key=lambda fact: fact.rank)
    assert [fact.passages[0].text for fact in picked][:2] == [reopened, CLOSED]


def test_what_one_picked_passage_has_half_of_is_not_told_again() -> None:
    again = "Divers found cracks in two pillars of the bridge in the harbour of Ostwick, she said."
    words = set(content(CLOSED)), set(content(again))
    assert overlap(*words) >= REPEATED
    told = plan(material(source("a", CLOSED, FERRIES), source("b", again, COST)), 8).facts
    assert {CLOSED, again} - {fact.passages[0].text for fact in told}


def test_a_scene_that_the_newest_report_begins_with_does_not_lead() -> None:
    signed = "The council of Ostwick signed the bridge contract with Norrbygg on Tuesday."
    scene = "The cannery sounded its siren on Tuesday."
    story = material(
        source("old", "The council of Ostwick will sign the bridge contract with Norrbygg.",
               published="2031-05-04T09:00:00+00:00"),
        source("middle", signed, COST, published="2031-05-06T19:00:00+00:00"),
        source("new", scene, FERRIES, published="2031-05-07T09:00:00+00:00"),
    )  # fmt: skip
    assert plan(story, 4).facts[0].passages[0].text == signed


def test_what_is_likely_a_scene_leads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    story = material(source("a", CLOSED, FERRIES), source("b", SHUT, COST))
    lead = plan(story, 4).facts[0].passages[0].text
    for likely in (SCENE - 0.01, SCENE + 0.01):
        of_lead = np.array([likely * (passage.text == lead) for passage in story.chunks])
        monkeypatch.setattr("fusion.worth.WEIGHTS", WEIGHTS | {"colour": (0.0, 0.0)})
        monkeypatch.setattr("fusion.worth.colour", lambda own, story, found=of_lead: found)
        assert (plan(story, 4).facts[0].passages[0].text == lead) == (likely < SCENE)


def test_a_comment_does_not_lead() -> None:
    told = [
        source("old", COST, FERRIES, published="2031-05-04T09:00:00+00:00"),
        source("middle", SHUT, COST, published="2031-05-06T09:00:00+00:00"),
    ]
    new = source("new", CLOSED, published="2031-05-07T09:00:00+00:00")
    assert plan(material(*told, new), 4).facts[0].passages[0].source == "new"
    about = replace(new.article.metadata, opinion=True)
    comment = replace(new, article=replace(new.article, metadata=about))
    assert plan(material(*told, comment), 4).facts[0].passages[0].source != "new"


def test_what_was_announced_and_is_now_done_is_not_told_as_to_come() -> None:
    to_come = "The council of Ostwick will sign the bridge contract with Norrbygg on Friday."
    done = "The council of Ostwick signed the bridge contract with Norrbygg on Friday."
    story = material(
        source("old", to_come, FERRIES, published="2031-05-04T09:00:00+00:00"),
        source("new", done, COST, published="2031-05-10T09:00:00+00:00"),
    )
    told = [passage.text for fact in plan(story, 8).facts for passage in fact.passages]
    assert done in told
    assert to_come not in told
    assert plan(story, 8).overtaken == (story.chunks[0].id,)


def test_of_like_facts_the_one_whose_words_other_voices_use_is_told() -> None:
    shared = "Ferries carried passengers to Merrow until late in the evening."
    own = "Gardeners pruned the roses of Hallam until late in the evening."
    brief = source("z", "Ferries to Merrow.")  # too short to be told itself
    newest = source(
        "new", "The mayor of Ostwick resigned on Friday evening.", published="2031-05-05T09:00:00"
    )
    for first, second in ((shared, own), (own, shared)):
        old = [
            source(name, text, published="2031-05-04T09:00:00")
            for name, text in (("a", first), ("b", second))
        ]
        story = material(*old, brief, newest)
        one_direction = np.eye(1, DIMENSIONS, dtype=np.float32).repeat(len(story.chunks), axis=0)
        told = plan(replace(story, vectors=one_direction), 2).facts
        assert shared in {fact.passages[0].text for fact in told}


def test_what_one_report_tells_stays_in_its_order() -> None:
    told = (FERRIES, COST, "The island council of Merrow asked for a second ferry on Monday.")
    story = material(source("a", *told), source("b", CLOSED), source("c", SHUT))
    order = [fact.passages[0].text for fact in plan(story, 8).facts]
    assert [text for text in order if text in told] == list(told)


def test_background_comes_last() -> None:
    history = "The Ostwick swing bridge was built by prisoners of war in 1917, records show."
    facts = plan(material(source("a", history, CLOSED, FERRIES)), 8).facts
    assert [fact.background for fact in facts] == sorted(fact.background for fact in facts)
    assert facts[-1].passages[0].text == history


@given(st.lists(st.sampled_from([CLOSED, SHUT, FERRIES, COST, CHESS, "—"]), min_size=1, max_size=6))
def test_similarity_is_symmetric_and_between_0_and_1(texts: list[str]) -> None:
    rows = vectors(texts)
    alike = similarity(texts, rows, rows)
    assert np.array_equal(alike, alike.T)
    assert np.all((alike >= 0) & (alike <= 1.0000001))
    assert np.all(np.diag(alike) == 1)


def test_rules_about_english_words_leave_other_languages_alone() -> None:
    text = "I carabinieri di Ostwick hanno chiuso il ponte di ferro per motivi di sicurezza."
    report = source("a", text)
    italian = replace(report.article, metadata=replace(report.article.metadata, language="it"))
    chunks = passages(report)
    for article, told in ((report.article, 0), (italian, 1)):
        story = Material(chunks, vectors([text]), {"a": replace(report, article=article)})
        assert len(plan(story, 3).facts) == told


def test_what_goes_on_with_what_its_report_has_told_does_not_lead() -> None:
    treaty = "The treaty was signed in Ostwick on Friday before 40 guests by President Mara Quill."
    ratified = "The council of Ostwick ratified the treaty of the two ferries by 31 votes to 29."
    story = material(
        source("a", FERRIES, treaty, published="2031-05-09T09:00:00+00:00"),
        source("b", ratified, published="2031-05-07T09:00:00+00:00"),
    )
    told = [fact.passages[0].text for fact in plan(story, 3).facts]
    assert treaty in told[1:]
    named = treaty.replace("The treaty", "The Ostwick treaty")
    story = material(
        source("a", FERRIES, named, published="2031-05-09T09:00:00+00:00"),
        source("b", ratified, published="2031-05-07T09:00:00+00:00"),
    )
    assert plan(story, 3).facts[0].passages[0].text == named
