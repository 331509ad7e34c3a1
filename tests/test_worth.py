from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from passages import material, source

from fusion.newness import newness
from fusion.plan import similarity
from fusion.worth import WEIGHTS, Worth

if TYPE_CHECKING:
    from fusion.types import Material

CLOSED = "The Ostwick swing bridge was closed on Sunday after divers found cracks in two pillars."
SHUT = "Divers found cracks in two pillars, so the Ostwick swing bridge was closed on Sunday."
FERRIES = "Free ferries carry passengers between Ostwick and Merrow every twelve minutes."
COST = "Repairs to the pillars will cost three million crowns, engineer Mara Quill said."
HE_SAID = "He said that they had been there for a year."


def worth_of(story: Material) -> Worth:
    texts = [passage.text for passage in story.chunks]
    alike = similarity(texts, story.vectors, story.vectors)
    return Worth(story.chunks, story, alike, newness(story))


def feature(story: Material, name: str, picked: tuple[int, ...] = ()) -> list[float]:
    column = worth_of(story).features(picked)[:, list(WEIGHTS).index(name)]
    return [round(float(value), 3) for value in column]


sentences = st.lists(st.sampled_from([CLOSED, SHUT, FERRIES, COST, HE_SAID]), min_size=1)


@given(st.lists(sentences, min_size=1, max_size=4), st.integers(0, 3))
def test_every_feature_is_between_0_and_1(reports: list[list[str]], picks: int) -> None:
    story = material(*(source(f"r{i}", *report) for i, report in enumerate(reports)))
    picked = range(min(picks, len(story.chunks)))
    found = worth_of(story).features(picked)
    assert found.shape == (len(story.chunks), len(WEIGHTS))
    assert np.all((found >= 0) & (found <= 1 + 1e-9))


def test_newness_and_place_are_those_of_the_report() -> None:
    story = material(
        source("old", CLOSED, FERRIES, published="2031-05-04T09:00:00+00:00"),
        source("new", COST, published="2031-05-05T09:00:00+00:00"),
    )
    assert feature(story, "newness") == [0, 0, 1]
    assert feature(story, "high up") == [1, 0.667, 1]


def test_words_of_headlines_count_by_how_many_reports_have_them() -> None:
    reports = [source("a", CLOSED, FERRIES), source("b", COST)]
    headlines = ("Ostwick bridge closed", "Cracks close Ostwick bridge")
    with_headlines = [
        replace(each, article=replace(each.article, metadata=replace(
            each.article.metadata, headline=headline)))
        for each, headline in zip(reports, headlines, strict=True)
    ]  # fmt: skip
    closed, ferries, cost = feature(material(*with_headlines), "fresh headline words")
    assert closed == 1
    assert closed > ferries > cost == 0
    assert feature(material(*reports), "fresh headline words") == [0, 0, 0]


def test_other_voices_echo_and_a_copy_does_not() -> None:
    others = (source("b", FERRIES), source("c", COST))
    copied = feature(material(source("a", CLOSED), source("z", CLOSED, group="a"), *others), "echo")
    heard = feature(material(source("a", CLOSED), source("z", SHUT), *others), "echo")
    assert heard[0] > copied[0] == 0


def test_what_is_picked_makes_its_words_stale_and_its_like_told() -> None:
    story = material(source("a", CLOSED, FERRIES), source("b", SHUT))
    before, after = feature(story, "fresh words"), feature(story, "fresh words", (0,))
    assert before[2] > after[2] == 0
    assert after[1] > 0
    assert feature(story, "told") == [0, 0, 0]
    told = feature(story, "told", (0,))
    assert told[0] == 1
    assert told[2] > told[1]


def test_what_somebody_says_is_a_claim_and_what_he_says_is_unclear() -> None:
    story = material(source("a", CLOSED, COST, HE_SAID))
    assert feature(story, "claim") == [0, 1, 1]
    assert feature(story, "unclear") == [0, 0, 1]


def test_a_thing_is_clear_once_it_is_told() -> None:
    named = "A brown envelope with a key lay on the desk of the quay master in Ostwick."
    taken = "At noon Petra Holl took the envelope away."
    story = material(source("a", named, taken), *(source(n, CLOSED, FERRIES) for n in "bcde"))
    assert feature(story, "unclear")[1] == 1
    assert feature(story, "unclear", (0,))[1] == 0


def test_english_rules_leave_other_languages_alone() -> None:
    report = source("a", "Tre navi nel porto.", "Mara Quill said so in Ostwick.")
    italian = replace(
        report, article=replace(report.article, metadata=replace(
            report.article.metadata, language="it"))
    )  # fmt: skip
    assert feature(material(report), "claim") == [0, 1]
    assert feature(material(italian), "claim") == [0, 0]


def test_what_an_older_report_expects_is_passing() -> None:
    to_come = "The Ostwick swing bridge will open on Friday."
    story = material(
        source("old", to_come, CLOSED, published="2031-05-04T09:00:00+00:00"),
        source("new", to_come, published="2031-05-05T09:00:00+00:00"),
    )
    assert feature(story, "passing") == [1, 0, 0]
