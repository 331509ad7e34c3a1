from __future__ import annotations

from dataclasses import replace

import pytest
from passages import material, source

from fusion.dependence import dependence, features
from fusion.embed import E5Embedder
from fusion.types import Material
from fusion.voices import spread_of

CLOSED = "The Ostwick swing bridge was closed on Sunday after divers found cracks in two pillars."
HANGS = "She said that it had been there again, too."
FERRIES = "Free ferries carry passengers between Ostwick and Merrow every twelve minutes."


def test_what_hangs_on_the_sentence_before_is_told_from_what_stands_alone() -> None:
    story = material(source("a", CLOSED, HANGS, FERRIES), source("b", FERRIES, CLOSED))
    real = E5Embedder().passages([chunk.text for chunk in story.chunks])
    story = Material(story.chunks, real, story.sources)
    found = dependence(story, spread_of(story.chunks))
    assert found.shape == (5,)
    assert found.argmax() == 1
    assert 0 <= found.min() <= found.max() <= 1


def test_features_see_the_report_before_a_passage_and_no_other_report() -> None:
    quote = "“There are cracks in every pillar,” he said on Monday."
    story = material(source("a", CLOSED, HANGS), source("b", CLOSED, quote))
    asked = replace(story.chunks[0], text="Who was it that found the cracks?")
    story = replace(story, chunks=[asked, *story.chunks[1:]])
    found = features(story, spread_of(story.chunks)).T[:9]
    leans, pronouns, pointers, _, like, place, common, quotes, follows = found
    assert leans.tolist() == [1, 1, 0, 1]
    assert pronouns.tolist() == pytest.approx([1 / 3, 2 / 3, 0, 1 / 3])
    assert pointers.tolist() == pytest.approx([1 / 4, 1, 0, 0])
    assert like[0] == like[2] == 0
    assert place.tolist() == [0, 1 / 12, 0, 1 / 12]
    assert common[2] > common[1]
    assert quotes.tolist() == [0, 0, 0, 1]
    assert follows.tolist() == [0, 1, 0, 0]


def test_of_other_languages_there_is_none() -> None:
    report = source("a", CLOSED)
    about = replace(report.article.metadata, language="de")
    german = material(replace(report, article=replace(report.article, metadata=about)))
    assert dependence(german, spread_of(german.chunks)).tolist() == [0.0]
