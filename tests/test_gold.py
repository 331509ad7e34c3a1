from __future__ import annotations

import copy
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from fusion.errors import StoryError
from fusion.evaluate.gold import Gold, check_gold, judge, load_gold

if TYPE_CHECKING:
    from collections.abc import Callable

STORIES = sorted((Path(__file__).parent.parent / "eval" / "stories").glob("*/gold.yaml"))

WORDINGS = Path(__file__).parent / "gold_wordings.yaml"

ARTICLES = {
    "a.txt": "The mill in Orle burned down on Monday, hurting four.\n"
    "“We lost the roof, but nobody died,” said Ana Tey.\nTalks will begin soon.",
    "b.html": "<p>Mill in <b>Orle</b> is gone</p><script>x = 'five hurt'</script>"
    "<p>Doctors count six hurt &amp; treated.</p>",
    "c.txt": "“We misplaced the lid, and no one was dead,” Tey told.",
}
GOLD: dict[str, Any] = {
    "articles": {
        "a.txt": {"published": datetime(2026, 3, 2, 9, 30), "group": "a", "role": "original"},
        "b.html": {"published": date(2026, 3, 3), "group": "b", "role": "independent"},
        "c.txt": {"published": None, "group": "a", "role": "derived"},
    },
    "required": [
        {
            "id": "burned",
            "fact": "The mill burned down.",
            "any": ["mill.*(burned|gone)"],
            "sources": ["a.txt", "b.html"],
            "importance": 3,
        },
        {
            "id": "roof",
            "fact": "The roof was lost.",
            "any": ["roof"],
            "sources": ["a.txt"],
            "importance": 1,
        },
    ],
    "forbidden": [
        {"id": "talks", "fact": "Stale.", "any": ["talks will begin"], "from": ["a.txt"]},
    ],
    "disagreements": [
        {
            "id": "hurt",
            "about": "the number of injured",
            "sides": [
                {
                    "claim": "four",
                    "any": [r"\b(four|4)\b.*hurt|hurting four"],
                    "sources": ["a.txt"],
                },
                {"claim": "six", "any": [r"\b(six|6) (people )?hurt"], "sources": ["b.html"]},
            ],
        }
    ],
    "quotes": [
        {
            "speaker": "Ana Tey",
            "genuine": "We lost the roof, but nobody died",
            "altered": ["We misplaced the lid, and no one was dead"],
            "sources": ["a.txt"],
        }
    ],
    "reference": "The mill burned down. Its roof was lost. One report says four were hurt. "
    "Doctors say 6 people hurt.",
}


@pytest.fixture
def story(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    def write(gold: dict[str, Any]) -> Path:
        (tmp_path / "articles").mkdir()
        for file, text in ARTICLES.items():
            (tmp_path / "articles" / file).write_text(text, encoding="utf-8")
        (tmp_path / "gold.yaml").write_text(yaml.safe_dump(gold), encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.parent.name)
def test_each_shipped_story_is_sound(path: Path) -> None:
    assert check_gold(path.parent) == []


def test_the_shipped_suite_is_as_wide_as_it_should_be() -> None:
    golds = [load_gold(path) for path in STORIES]
    assert len(golds) >= 12
    assert all(4 <= len(gold.articles) <= 9 for gold in golds)
    assert sum(len(gold.disagreements) for gold in golds) >= 12


def test_no_reference_satisfies_another_story() -> None:
    golds = {path.parent.name: load_gold(path) for path in STORIES}
    for name, gold in golds.items():
        for other, judging in golds.items():
            if other != name:
                assert judge(gold.reference, judging).recall <= 0.3, (name, other)


def test_a_sound_story_has_no_problems(story: Callable[[dict[str, Any]], Path]) -> None:
    assert check_gold(story(GOLD)) == []


def _with(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    gold = copy.deepcopy(GOLD)
    change(gold)
    return gold


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda g: g["required"][0].update(any=["mill("]), "not a regular expression"),
        (lambda g: g["required"][0].update(importance=4), "required.0.importance"),
        (lambda g: g.update(notes="x"), "notes: Extra inputs"),
        (lambda g: g["articles"].pop("c.txt"), "c.txt is in the folder but not in gold.yaml"),
        (
            lambda g: g["articles"].update({"z.txt": g["articles"]["b.html"]}),
            "z.txt is not in the folder",
        ),
        (lambda g: g["articles"]["a.txt"].update(role="copy"), "not exactly one original"),
        (lambda g: g["required"][0]["sources"].append("q.txt"), "'q.txt' is not among"),
        (lambda g: g["quotes"][0]["sources"].append("q.txt"), "'q.txt' is not among"),
        (lambda g: g["forbidden"][0].update(id="roof"), "'roof' is used 2 times"),
        (
            lambda g: g["required"][1]["sources"].append("b.html"),
            "required roof: no pattern matches a sentence of b.html",
        ),
        (
            lambda g: g["forbidden"][0]["from"].append("b.html"),
            "forbidden talks: no pattern matches a sentence of b.html",
        ),
        (
            lambda g: g["forbidden"][0].update(any=["talks|doctors"]),
            "b.html is not in 'from' but says it",
        ),
        (
            lambda g: g["disagreements"][0]["sides"][1].update(sources=["a.txt"]),
            "disagreement hurt, 'six': no pattern",
        ),
        (lambda g: g["quotes"][0].update(sources=["b.html"]), "b.html does not have these words"),
        (lambda g: g["quotes"][0].update(altered=["We lost all"]), "no article has the altered"),
        (
            lambda g: g["quotes"][0].update(altered=["We lost the roof"]),
            "is not altered, it is part of the genuine one",
        ),
        (
            lambda g: g.update(reference=g["reference"].replace("roof", "top")),
            "lacks the required fact roof",
        ),
        (
            lambda g: g.update(reference=g["reference"] + " Talks will begin."),
            "says the forbidden talks: 'Talks will begin.'",
        ),
        (
            lambda g: g.update(reference=g["reference"].replace("6 people", "many")),
            "does not tell every side of the disagreement hurt",
        ),
        (
            lambda g: g.update(reference=g["reference"] + " “No one was dead,” Tey said."),
            "altered quotation",
        ),
    ],
)
def test_each_kind_of_problem_is_named(
    story: Callable[[dict[str, Any]], Path],
    change: Callable[[dict[str, Any]], object],
    problem: str,
) -> None:
    problems = check_gold(story(_with(change)))
    assert any(problem in found for found in problems), problems


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"gold\.yaml: cannot be read"):
        load_gold(tmp_path / "gold.yaml")
    (tmp_path / "gold.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(StoryError, match="not YAML"):
        load_gold(tmp_path / "gold.yaml")
    assert len(check_gold(tmp_path)) == 1


def test_a_day_stays_a_day_and_a_time_a_time(story: Callable[[dict[str, Any]], Path]) -> None:
    articles = load_gold(story(GOLD) / "gold.yaml").articles
    assert articles["a.txt"].published == datetime(2026, 3, 2, 9, 30)
    assert articles["b.html"].published == date(2026, 3, 3)
    assert not isinstance(articles["b.html"].published, datetime)


def test_recall_weighs_importance() -> None:
    score = judge("The MILL has burned.", Gold.model_validate(GOLD))
    assert score.recall == 0.75
    assert (score.found, score.missing) == (("burned",), ("roof",))


def test_a_pattern_does_not_join_two_sentences() -> None:
    assert judge("The mill is old. Leaves burned.", Gold.model_validate(GOLD)).recall == 0


def test_one_side_alone_does_not_surface_a_disagreement() -> None:
    gold = Gold.model_validate(GOLD)
    assert judge("Four were hurt.", gold).surfaced_share == 0
    assert judge("Four were hurt. Others say six hurt.", gold).surfaced == ("hurt",)
    assert judge("", gold.model_copy(update={"disagreements": []})).surfaced_share is None


def test_quotations_are_told_genuine_or_altered() -> None:
    gold = Gold.model_validate(GOLD)
    score = judge("“We lost the roof,” she said [1]. She said “no one was dead”.", gold)
    assert score.genuine == ("We lost the roof",)
    assert score.altered == ("no one was dead",)


def test_the_sentence_that_says_the_forbidden_is_shown() -> None:
    score = judge("All is well. The talks will begin [2].", Gold.model_validate(GOLD))
    assert score.forbidden == {"talks": "The talks will begin."}


@pytest.mark.parametrize("name", [path.parent.name for path in STORIES])
def test_the_patterns_judge_what_is_said_and_not_how(name: str) -> None:
    wordings = yaml.safe_load(WORDINGS.read_text(encoding="utf-8"))[name]
    gold = load_gold(STORIES[0].parent.parent / name / "gold.yaml")
    score = judge(wordings["right"], gold)
    assert (score.missing, score.forbidden, score.hidden) == ((), {}, ())
    for id_, sentence in wordings["wrong"].items():
        assert id_ in judge(sentence, gold).forbidden, sentence
