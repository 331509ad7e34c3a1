from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from passages import fact, material, passages, source, vectors

from fusion.plan import _with_openings, plan, similarity
from fusion.types import Material

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


def test_a_copy_adds_no_voice_and_no_rank() -> None:
    copied = plan(material(source("a", CLOSED), source("b", CLOSED, group="a")), 8)
    (fact,) = copied.facts
    assert fact.groups == ("a",)
    heard = plan(material(source("a", CLOSED), source("b", CLOSED)), 8).facts[0]
    assert heard.score > fact.score


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


def test_a_top_that_shares_few_words_with_the_story_leads_only_if_nothing_else_is_near() -> None:
    aside = "Hanna Drev of Ostwick has let the candles burn down."
    reopened = "The Ostwick swing bridge reopened to all traffic on Friday, Mara Quill said."
    story = material(
        source("oldest", CLOSED, FERRIES, published="2031-05-04T09:00:00+00:00"),
        source("old", SHUT, COST, published="2031-05-05T09:00:00+00:00"),
        source("new", reopened, published="2031-05-16T09:00:00+00:00"),
        source("newest", aside, COST, published="2031-05-16T19:00:00+00:00"),
    )
    assert plan(story, 4).facts[0].passages[0].text == reopened


def test_without_times_the_fact_with_the_most_shared_words_leads() -> None:
    moved = "The port has moved its office to Grebe Lane, its director said."
    story = material(
        source("a", moved, CLOSED),
        source("b", "Cracks in the bridge's pillars have been photographed by divers.", FERRIES),
        source("c", "Pears have been cheap since Friday, growers in Merrow said.", COST),
    )
    assert plan(story, 5).facts[0].passages[0].text == CLOSED


def test_colour_of_a_feature_comes_after_what_shares_words_with_the_story() -> None:
    colour = "Old Sefton Brill of Ostwick has wound his clock since Friday, and hums."
    news = "Traders in Ostwick have lost sales since Sunday."
    cracks = "The Ostwick swing bridge has cracks in three pillars, and not two, he knows."
    scene = ("There is a clock.", "It is brass.")
    story = material(
        source("first", CLOSED, FERRIES, news, published="2031-05-04T09:00:00+00:00"),
        source("other", SHUT, COST, published="2031-05-05T09:00:00+00:00"),
        source("feature", *scene, colour, cracks, published="2031-05-06T09:00:00+00:00"),
    )
    rank = {fact.passages[0].text: fact.rank for fact in plan(story, 8).facts}
    assert rank[cracks] < rank[news] < rank[colour]


def test_what_speaks_of_a_thing_as_known_is_told_where_the_thing_is() -> None:
    named = "Under the swing bridge at Ostwick divers found a brown envelope with a key on Sunday."
    taken = "Mara Quill took the envelope from the divers at Ostwick on Sunday, she said."
    gulls = "Gulls nest on the roof of the ferry office in Merrow, Mara Quill said on Sunday."
    reports = [source(name, CLOSED, FERRIES) for name in "bcde"]
    story = material(source("a", gulls, named, taken), *reports)
    for count in range(1, 6):
        told = [fact.passages[0].text for fact in plan(story, count).facts]
        assert taken not in told or named in told


def test_what_is_older_than_a_week_does_not_lead() -> None:
    unveiled = "A plaque for the divers of Ostwick has been unveiled at the swing bridge."
    story = material(
        source("oldest", FERRIES, published="2031-05-04T09:00:00+00:00"),
        source("old", CLOSED, COST, published="2033-05-05T09:00:00+00:00"),
        source("older", SHUT, published="2033-05-05T10:00:00+00:00"),
        source("new", COST, unveiled, published="2034-05-04T09:00:00+00:00"),
    )
    assert plan(story, 4).facts[0].passages[-1].source == "new"


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
    details = [
        f"Mara Quill said that the {part} of the Ostwick swing bridge now has {n} new bolts."
        for n, part in enumerate(("north end", "keeper's hut", "stairway", "lamp post"), 12)
    ]
    story = material(
        source("oldest", CLOSED, published="2031-05-04T09:00:00+00:00"),
        source("middle", *details, published="2031-05-08T09:00:00+00:00"),
        source("new", reopened, *details, published="2031-05-09T09:00:00+00:00"),
    )
    first, second = plan(story, 2).facts
    assert (first.passages[0].text, second.passages[0].text) == (reopened, CLOSED)


def test_the_top_of_a_feature_counts_no_more_than_its_end() -> None:
    scene = "In a kitchen above the swing bridge of Ostwick there is a clock that nobody winds."
    second = "It was a gift of the harbour divers, and stopped when the bridge did."
    news = "The Ostwick swing bridge reopened on Friday."
    story = material(source("a", CLOSED, COST), source("b", scene, second, FERRIES))
    with_news = material(source("a", CLOSED, COST), source("b", scene, news, FERRIES))

    def worth(of: Material) -> dict[str, float]:
        return {fact.passages[0].text: fact.score for fact in plan(of, 8).facts}

    assert worth(story)[scene] < worth(with_news)[scene]


@pytest.mark.parametrize(
    ("published", "likeness", "closer"),
    [("2031-05-04T10:00:00+00:00", 0.3, True), ("2031-05-05T09:00:00+00:00", 0.3, False),
     (None, 0.3, True), ("2031-05-04T10:00:00+00:00", 0.1, False)],
)  # fmt: skip
def test_openings_of_reports_of_the_same_hours_are_one_piece_of_news(
    published: str | None, likeness: float, *, closer: bool
) -> None:
    story = material(
        source("a", CLOSED, COST, published="2031-05-04T09:00:00+00:00"),
        source("b", SHUT, FERRIES, published=published),
    )
    facts = [fact(passage) for passage in story.chunks]
    alike = np.where(np.eye(4), 1.0, likeness)
    changed = _with_openings(alike, facts, story.sources) != alike
    # CLOSED and SHUT are passages 0 and 2.
    assert {(int(i), int(j)) for i, j in np.argwhere(changed)} == (
        {(0, 2), (2, 0)} if closer else set()
    )


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


def test_a_comment_does_not_lead() -> None:
    bold = "The council of Ostwick signed on Tuesday for a bridge contract that it will regret."
    told = [
        source("old", SHUT, COST, published="2031-05-04T09:00:00+00:00"),
        source("middle", CLOSED, COST, published="2031-05-06T09:00:00+00:00"),
    ]
    new = source("new", bold, FERRIES, published="2031-05-07T09:00:00+00:00")
    assert plan(material(*told, new), 4).facts[0].passages[0].text == bold
    about = replace(new.article.metadata, opinion=True)
    comment = replace(new, article=replace(new.article, metadata=about))
    assert plan(material(*told, comment), 4).facts[0].passages[0].text == CLOSED


def test_a_trifle_of_the_newest_report_gives_way_to_the_story() -> None:
    trifle = "Nadia Corvel of Grebe Lane has ironed her white shirt twice since April."
    story = material(
        source("old", CLOSED, FERRIES, COST, published="2031-05-04T09:00:00+00:00"),
        source("middle", SHUT, FERRIES, published="2031-05-05T09:00:00+00:00"),
        source("new", CLOSED, trifle, published="2031-05-05T19:00:00+00:00"),
    )
    scores = {fact.passages[0].text: fact.score for fact in plan(story, 8).facts}
    assert scores[trifle] < scores[FERRIES]


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


def test_how_things_stood_in_an_older_report_gives_way_to_what_happened() -> None:
    stands = "The harbour of Merrow is full of boats that wait for the swing bridge of Ostwick."
    happened = "The harbour of Merrow filled with boats that met a shut swing bridge at Ostwick."
    newest = source("new", COST, published="2031-05-16T09:00:00+00:00")
    for one, other in ((stands, happened), (happened, stands)):
        old = [
            source("one", one, published="2031-05-04T09:00:00+00:00"),
            source("other", other, published="2031-05-04T09:00:00+00:00"),
        ]
        picked = plan(material(*old, newest), 2).facts
        assert stands not in {fact.passages[0].text for fact in picked}


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
        one_direction = np.eye(1, 64, dtype=np.float32).repeat(len(story.chunks), axis=0)
        told = plan(replace(story, vectors=one_direction), 2).facts
        assert shared in {fact.passages[0].text for fact in told}


def test_the_newest_development_is_told_whatever_else_is() -> None:
    won = "Mara Quill won the island chess cup on Friday, the league said."
    story = material(
        *(source(name, CLOSED, COST, published="2031-05-04T09:00:00") for name in "abcdef"),
        source("new", won, published="2031-05-06T09:00:00"),
    )
    (told,) = plan(story, 1).facts
    assert (told.passages[0].text, told.rank) == (won, 0)


def test_what_one_report_tells_stays_in_its_order() -> None:
    letter = "A letter of the builder Norrbygg had warned the Ostwick council of cracks in May."
    answer = "The letter of Norrbygg was never answered by the Ostwick council, Mara Quill said."
    story = material(
        source("a", letter, answer, published="2031-05-05T09:00:00+00:00"),
        source("b", FERRIES, answer, published="2031-05-05T09:00:00+00:00"),
        source("new", CLOSED, published="2031-05-06T09:00:00+00:00"),
    )
    facts = plan(story, 8).facts
    order = [fact.passages[0].text for fact in facts]
    ranks = {fact.passages[0].text: fact.rank for fact in facts}
    assert order.index(letter) < order.index(answer)
    assert ranks[letter] > ranks[answer]


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
