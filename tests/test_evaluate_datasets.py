from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from fusion.errors import StoryError
from fusion.evaluate.datasets import TOPIC_ARTICLES
from fusion.evaluate.insights import Insight
from fusion.evaluate.task import load_stories

if TYPE_CHECKING:
    from pathlib import Path


def wcep(number: int, **changes: object) -> dict[str, object]:
    """A story as WCEP's scripts write it."""
    article = {
        "id": f"a{number}",
        "cc_file": None,
        "time": "2026-03-02T10:00:00+00:00",
        "title": "Bridge of Orle reopens",
        "text": "The bridge of Orle reopened on Monday.\n\nTrucks have to wait until May.",
        "url": "https://orle-courier.example/bridge",
        "origin": "WCEP",
    }
    story = {
        "id": number,
        "date": "2026-03-02",
        "summary": "The bridge of Orle reopens to cars.",
        "articles": [article, {**article, "id": "b", "text": "Cars cross again.", "time": None}],
        "collection": "test",
        "wiki_links": [],
        "reference_urls": [],
        "category": None,
    }
    return story | changes


def test_wcep_is_read_with_headlines_and_times(tmp_path: Path) -> None:
    path = tmp_path / "test.jsonl"
    path.write_text("".join(json.dumps(wcep(n)) + "\n" for n in (71, 72)))
    stories = load_stories(path)
    assert [story.name for story in stories] == ["71", "72"]
    first, second = stories[0].sources
    assert first.text.splitlines()[0] == "The bridge of Orle reopened on Monday."
    assert first.metadata.headline == "Bridge of Orle reopens"
    assert first.metadata.published is not None
    assert first.metadata.published.isoformat() == "2026-03-02T10:00:00+00:00"
    assert second.metadata.published is None
    assert stories[0].references == ("The bridge of Orle reopens to cars.",)
    assert [story.name for story in load_stories(path, limit=1)] == ["71"]


def test_gzip_makes_no_difference(tmp_path: Path) -> None:
    plain, packed = tmp_path / "val.jsonl", tmp_path / "val.jsonl.gz"
    plain.write_text(json.dumps(wcep(5)) + "\n")
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    (one,), (other,) = load_stories(plain), load_stories(packed)
    assert one.hash == other.hash
    packed.write_bytes(packed.read_bytes()[:-20])
    with pytest.raises(StoryError, match=r"val\.jsonl\.gz: damaged"):
        load_stories(packed)


def test_damaged_lines_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "test.jsonl"
    lines = [
        json.dumps(wcep(1)),
        '{"id": 2, "summary": "cut o',
        json.dumps(wcep(3, summary=None)),
        json.dumps(wcep(4, articles=[{"text": "  "}])),
        json.dumps(wcep(5)),
    ]
    path.write_text("\n".join(lines) + "\n")
    problems: list[str] = []
    assert [story.name for story in load_stories(path, warn=problems.append)] == ["1", "5"]
    assert [problem.split(" is left out")[0] for problem in problems] == [
        f"{path}: line {number}" for number in (2, 3, 4)
    ]
    assert "summary" in problems[1]


def test_a_second_story_of_a_name_is_named_and_not_mistaken_for_the_first(tmp_path: Path) -> None:
    path = tmp_path / "test.jsonl"
    path.write_text("".join(json.dumps(wcep(1, summary=s)) + "\n" for s in ("One.", "Two.")))
    problems: list[str] = []
    (story,) = load_stories(path, warn=problems.append)
    assert story.references == ("One.",)
    assert problems == [f"{path}: a second story named 1 is left out."]


def test_names_of_stories_cannot_leave_the_cache(tmp_path: Path, cache_dir: Path) -> None:
    path = tmp_path / "test.jsonl"
    path.write_text(json.dumps(wcep(1, id="../../../escape")) + "\n")
    (story,) = load_stories(path)
    assert story.articles.resolve().is_relative_to(cache_dir.resolve())


def test_multi_news_is_split_and_has_its_lines_back(tmp_path: Path) -> None:
    path = tmp_path / "val.src.cleaned"
    path.write_text(
        "Fire in Varn. NEWLINE_CHAR Two barns burned. ||||| The barns stood empty. |||||\n"
        " ||||| \n"
        "Rain in Orle. ||||| More rain.\n"
    )
    target = tmp_path / "val.tgt"
    target.write_text("– Two empty barns burned in Varn.\n– Nothing.\n– It rains in Orle.\n")
    problems: list[str] = []
    stories = load_stories(path, warn=problems.append)
    assert [story.name for story in stories] == ["00001", "00003"]
    assert [" ".join(article.text.split()) for article in stories[0].sources] == [
        "Fire in Varn. Two barns burned.",
        "The barns stood empty.",
    ]
    assert stories[0].references == ("Two empty barns burned in Varn.",)
    assert problems == [f"{path}: line 2 is left out: it has no article."]

    target.write_text("– One line too few.\n")
    with pytest.raises(StoryError, match=r"3 lines and val\.tgt 1"):
        load_stories(path)
    target.unlink()
    with pytest.raises(StoryError, match=r"val\.tgt, do not lie beside"):
        load_stories(path)


def topic(articles: int) -> str:
    """A topic whose even articles carry the insight `even`, and whose first carries `once`."""
    documents = {
        f"d{i}": {
            "document_id": f"d{i}",
            "idx": i,
            "document_metadata": {"article_source": "orle.example"},
            "document_text": f"Report {i} of the bridge.",
            "insights_included": ["even"] * (i % 2 == 0) + ["once"] * (i == 0),
        }
        for i in reversed(range(articles))
    }
    insights = {key: {"insight": f"What {key} says."} for key in ("even", "once")}
    return json.dumps({"documents": documents, "insights": insights})


def test_a_folder_of_topics_gives_stories_with_what_several_articles_carry(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(topic(TOPIC_ARTICLES + 3))
    stories = load_stories(tmp_path)
    assert [story.name for story in stories] == ["a-00", "a-01", "b-00", "b-01"]
    assert [len(story.sources) for story in stories] == [TOPIC_ARTICLES, 3] * 2
    even = tuple(f"{i:02}.json" for i in range(0, TOPIC_ARTICLES, 2))
    assert stories[0].insights == (Insight(text="What even says.", articles=even),)
    assert stories[0].sources[0].metadata.outlet == "orle.example"
    assert stories[0].sources[3].text == "Report 3 of the bridge."


def test_stories_are_written_once(tmp_path: Path, cache_dir: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text(topic(4))
    (story,) = load_stories(path)
    written = story.articles.stat().st_mtime_ns
    (again,) = load_stories(path)
    assert again.articles.stat().st_mtime_ns == written
    assert not list((cache_dir / "stories").rglob(".making-*"))
    path.write_text(topic(5))
    (changed,) = load_stories(path)
    assert changed.hash != story.hash


def test_the_shared_topics_are_read(shared_data: Path) -> None:
    stories = load_stories(shared_data / "insights")
    assert {len(list(story.articles.iterdir())) for story in stories} == {TOPIC_ARTICLES}
    assert all(len(story.insights) >= 10 for story in stories)


def test_what_is_no_collection_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes")
    with pytest.raises(StoryError, match=r"notes\.md: no form of stories"):
        load_stories(tmp_path / "notes.md")
    with pytest.raises(StoryError, match="no story in it"):
        load_stories(tmp_path)
