from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from gold_story import GOLD, changed

from fusion.errors import StoryError
from fusion.evaluate.gold import (
    Gold,
    by_importance,
    disputed,
    judge,
    load_gold,
    required_told,
    sentences_of,
)
from fusion.evaluate.planted import Planted
from fusion.evaluate.systems import OutputSentence, SystemOutput
from fusion.evaluate.task import Story

if TYPE_CHECKING:
    from collections.abc import Callable

STORIES = sorted((Path(__file__).parent.parent / "eval").glob("*/*/gold.yaml"))

WORDINGS = Path(__file__).parent / "gold_wordings.yaml"


def test_the_example_in_the_docs_has_the_form_that_it_explains() -> None:
    page = (Path(__file__).parents[1] / "docs" / "gold.md").read_text(encoding="utf-8")
    example = page.partition("```yaml\n")[2].partition("```")[0]
    gold = Gold.model_validate(yaml.safe_load(example))
    score = judge(gold.reference, gold)
    assert (score.missing, score.forbidden, score.hidden) == ((), {}, ())
    assert set(yaml.safe_load(example)) == set(Gold.model_fields)
    assert gold.forbidden[0].unless


def test_the_shipped_suite_is_as_wide_as_it_should_be() -> None:
    golds = [load_gold(path) for path in STORIES]
    assert len(golds) >= 12
    assert all(4 <= len(gold.articles) <= 10 for gold in golds)
    assert sum(len(gold.disagreements) for gold in golds) >= 12


# Two writers, neither of whom knew of the other, had a record annulled as the course was short.
TWINS = {"marathon-record", "short-marathon"}


def test_no_reference_satisfies_another_story() -> None:
    golds = {path.parent.name: load_gold(path) for path in STORIES}
    for name, gold in golds.items():
        sentences = sentences_of(gold.reference)  # once: there are thousands of pairs
        for other, judging in golds.items():
            recall = by_importance(required_told(sentences, judging), judging.required)
            # Two strikes have a deal, a vote and a mediator in common.
            assert other == name or {other, name} == TWINS or recall <= 0.4, (name, other)


def test_a_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"gold\.yaml: cannot be read"):
        load_gold(tmp_path / "gold.yaml")
    (tmp_path / "gold.yaml").write_text("a: [", encoding="utf-8")
    with pytest.raises(StoryError, match="not YAML"):
        load_gold(tmp_path / "gold.yaml")
    (tmp_path / "gold.yaml").write_text("published: 2026-06-31", encoding="utf-8")
    with pytest.raises(StoryError, match="day is out of range"):
        load_gold(tmp_path / "gold.yaml")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda g: g["required"][0].update(any=[r"\bmill("]),
            r"required burned, any: the pattern '\bmill(' is not a regular expression: missing ), "
            "unterminated subpattern at position 6",
        ),
        (
            lambda g: g["required"][0].update(any=[""]),
            "required burned, any: the pattern '' matches a blank, and so nearly everything",
        ),
        (
            lambda g: g["forbidden"][0].update(unless=["soon|.*"]),
            "forbidden talks, unless: the pattern 'soon|.*' matches a blank, "
            "and so nearly everything",
        ),
        (
            lambda g: g["required"][0].update(importance=4),
            "required burned, importance: Input should be less than or equal to 3",
        ),
        (lambda g: g["required"][0].pop("sources"), "required burned, sources: Field required"),
        (
            lambda g: g["required"][0].pop("id"),
            "required no. 1, id: Field required",
        ),
        (
            lambda g: g["disagreements"][0]["sides"][1].update(sources=[]),
            "disagreement hurt, side six, sources: List should have at least 1 item "
            "after validation, not 0",
        ),
        (
            lambda g: g["quotes"][0].update(said="x"),
            "quote of Ana Tey, said: Extra inputs are not permitted",
        ),
        (
            lambda g: g["articles"]["a.txt"].update(role="rewrite"),
            "articles, a.txt, role: Input should be 'original', 'copy', 'derived', 'independent', "
            "'update' or 'off_topic'",
        ),
        (lambda g: g.update(notes="x"), "notes: Extra inputs are not permitted"),
    ],
)
def test_what_is_wrong_in_the_form_is_named_by_ids(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], problem: str
) -> None:
    path = tmp_path / "gold.yaml"
    path.write_text(yaml.safe_dump(changed(change)), encoding="utf-8")
    with pytest.raises(StoryError) as raised:
        load_gold(path)
    assert str(raised.value) == f"{path}: {problem}; correct the file"


def test_a_time_that_is_none_is_one_problem(tmp_path: Path) -> None:
    path = tmp_path / "gold.yaml"
    gold = changed(lambda g: g["articles"]["a.txt"].update(published="some day"))
    path.write_text(yaml.safe_dump(gold), encoding="utf-8")
    with pytest.raises(StoryError) as raised:
        load_gold(path)
    assert str(raised.value).count("articles, a.txt, published: ") == 1


def test_a_file_that_is_no_mapping_is_named(tmp_path: Path) -> None:
    (tmp_path / "gold.yaml").write_text("- a", encoding="utf-8")
    with pytest.raises(StoryError, match="the file: Input should be a valid dictionary"):
        load_gold(tmp_path / "gold.yaml")


def test_a_day_stays_a_day_and_a_time_a_time(tmp_path: Path) -> None:
    path = tmp_path / "gold.yaml"
    path.write_text(yaml.safe_dump(GOLD), encoding="utf-8")
    articles = load_gold(path).articles
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


def test_the_forbidden_is_not_said_in_a_sentence_that_tells_it_as_history() -> None:
    gold = Gold.model_validate(changed(lambda g: g["forbidden"][0].update(unless=["had been"])))
    assert judge("It had been said that talks will begin.", gold).forbidden == {}
    both = "It had been said that talks will begin. Talks will begin on Friday."
    assert judge(both, gold).forbidden == {"talks": "Talks will begin on Friday."}


def test_an_agreement_is_disputed_by_claims_alone() -> None:
    agreed = [{"about": "the walls", "any": ["(seven|7) walls"]}]
    gold = Gold.model_validate(changed(lambda g: g.update(agreements=agreed)))
    claims = ["Four people were hurt.", "It is old. It has 7 walls, says Tey."]
    assert disputed(claims, gold) == {"the walls": "It has 7 walls, says Tey."}
    assert disputed(claims[:1], gold) == {}


def test_an_agreement_that_is_told_as_a_disagreement_is_counted() -> None:
    agreed = [{"about": "the walls", "any": ["(seven|7) walls"]}]
    gold = Gold.model_validate(changed(lambda g: g.update(agreements=agreed)))
    told = OutputSentence(text="It has 7 walls.")
    apart = SystemOutput(sentences=[told], claims=[told], seconds=1.0)
    score = Planted().score(Story("mill", Path(), gold=gold), apart)
    assert score.values["disputed"] == 1
    assert "no disagreement: the walls: It has 7 walls." in score.remarks
    plain = SystemOutput(sentences=[told], seconds=1.0)
    assert Planted().score(Story("mill", Path(), gold=gold), plain).values["disputed"] == 0
    without = Planted().score(Story("mill", Path(), gold=Gold.model_validate(GOLD)), apart)
    assert "disputed" not in without.values
    assert without.unscored["disputed"] == "The story has no planted agreement."


@pytest.mark.parametrize("name", [path.parent.name for path in STORIES])
def test_the_patterns_judge_what_is_said_and_not_how(name: str) -> None:
    wordings = yaml.safe_load(WORDINGS.read_text(encoding="utf-8"))[name]
    gold = load_gold(next(path for path in STORIES if path.parent.name == name))
    score = judge(wordings["right"], gold)
    assert (score.missing, score.forbidden, score.hidden) == ((), {}, ())
    for id_, sentence in wordings["wrong"].items():
        assert id_ in judge(sentence, gold).forbidden, sentence
