from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from gold_story import ARTICLES, GOLD, changed

from fusion.cli import main
from fusion.evaluate.gold_check import check_gold

if TYPE_CHECKING:
    from collections.abc import Callable

    Change = Callable[[dict[str, Any]], object]

STORIES = sorted((Path(__file__).parent.parent / "eval").glob("*/*/gold.yaml"))


@pytest.fixture
def story(tmp_path: Path) -> Callable[..., Path]:
    def write(gold: object, **more: str) -> Path:
        folder = tmp_path / "mill"
        (folder / "articles").mkdir(parents=True, exist_ok=True)
        for file, text in (ARTICLES | more).items():
            (folder / "articles" / file).write_text(text, encoding="utf-8")
        (folder / "gold.yaml").write_text(yaml.safe_dump(gold), encoding="utf-8")
        return folder

    return write


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.parent.name)
def test_each_shipped_story_is_sound(path: Path) -> None:
    assert check_gold(path.parent).problems == ()


def test_a_sound_story_has_no_problems(story: Callable[..., Path]) -> None:
    checked = check_gold(story(GOLD))
    assert (checked.problems, checked.warnings) == ((), ())


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda g: g["articles"].pop("c.txt"), "articles: c.txt is in the folder but not in"),
        (
            lambda g: g["articles"].update({"other.pdf": g["articles"]["b.html"]}),
            "articles: other.pdf is not in the folder; remove it or write it.",
        ),
        (
            lambda g: g["articles"]["a.txt"].update(role="copy"),
            "articles: group a has several files but not exactly one original.",
        ),
        (
            lambda g: g["quotes"][0]["sources"].append("other.pdf"),
            "quote of Ana Tey: other.pdf is not among the articles; correct the name.",
        ),
        (lambda g: g["forbidden"][0].update(id="roof"), "ids: roof is used 2 times"),
        (
            lambda g: g["required"][1]["sources"].append("b.html"),
            "required roof: no pattern matches a sentence of b.html.",
        ),
        (
            lambda g: g["forbidden"][0].update({"from": ["a.txt", "b.html"]}),
            "forbidden talks: no pattern matches a sentence of b.html.",
        ),
        (
            lambda g: g["forbidden"][0].update(unless=["begin soon"]),
            "forbidden talks: no pattern matches a sentence of a.txt.",
        ),
        (
            lambda g: g["forbidden"][0].update(any=["talks|doctors"]),
            "forbidden talks: b.html is not in 'from' but says it: Doctors count six hurt",
        ),
        (
            lambda g: g["disagreements"][0]["sides"][1].update(sources=["a.txt"]),
            "disagreement hurt, side six: no pattern matches a sentence of a.txt.",
        ),
        (
            lambda g: g["disagreements"][0]["sides"][1].update(claim="Six hurt, not 4 hurt."),
            "disagreement hurt, side four: a pattern matches another side: Six hurt, not 4 hurt.",
        ),
        (
            lambda g: g.update(agreements=[{"about": "walls", "any": ["nine walls"]}]),
            "agreement about walls: no pattern matches a sentence of a report.",
        ),
        (
            lambda g: g.update(agreements=[{"about": "hurt", "any": [r"\bsix"]}]),
            "agreement about hurt: it matches a claim of hurt: six",
        ),
        (
            lambda g: g["quotes"][0].update(sources=["b.html"]),
            "quote of Ana Tey: b.html does not have these words: We lost the roof",
        ),
        (
            lambda g: g["quotes"][0].update(speaker="Bo Lund"),
            "quote of Bo Lund: none of its sources names the speaker so.",
        ),
        (
            lambda g: g["quotes"][0].update(altered=["We lost all"]),
            "quote of Ana Tey: no article has the altered words: We lost all",
        ),
        (
            lambda g: g["quotes"][0].update(altered=["We lost the roof"]),
            "quote of Ana Tey: not altered but a part of the genuine words: We lost the roof",
        ),
        (
            lambda g: g.update(reference=g["reference"].replace("roof", "top")),
            "reference: it lacks the required fact roof",
        ),
        (
            lambda g: g.update(reference=g["reference"] + " Talks will begin."),
            "reference: it says the forbidden talks: Talks will begin.",
        ),
        (
            lambda g: g.update(reference=g["reference"].replace("6 people", "many")),
            "reference: it does not tell every side of the disagreement hurt.",
        ),
        (
            lambda g: g.update(reference=g["reference"] + " “No one was dead,” Tey said."),
            "reference: it has an altered quotation: No one was dead",
        ),
    ],
)
def test_each_kind_of_problem_is_named(
    story: Callable[..., Path], change: Change, problem: str
) -> None:
    problems = check_gold(story(changed(change))).problems
    assert any(found.startswith(problem) for found in problems), problems


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            lambda g: [each["sources"].append("b.htm") for each in g["required"]],
            "required burned, required roof: b.htm is not among the articles; did you mean b.html?",
        ),
        (
            lambda g: g["articles"].update({"b.htm": g["articles"].pop("b.html")}),
            "articles: b.htm is not in the folder; did you mean b.html?",
        ),
        (
            lambda g: g["forbidden"][0].update({"from": ["aa.txt"]}),
            "forbidden talks: aa.txt is not among the articles; did you mean a.txt?",
        ),
    ],
)
def test_a_misspelt_name_is_one_finding(
    story: Callable[..., Path], change: Change, problem: str
) -> None:
    checked = check_gold(story(changed(change)))
    assert (checked.problems, checked.warnings) == ((problem,), ())


def test_a_fault_of_form_hides_no_other(story: Callable[..., Path]) -> None:
    def change(gold: dict[str, Any]) -> None:
        gold["required"][1]["importance"] = 4
        gold["quotes"][0]["speaker"] = "Bo Lund"
        gold["notes"] = "x"

    assert check_gold(story(changed(change))).problems == (
        "required roof, importance: Input should be less than or equal to 3.",
        "notes: Extra inputs are not permitted.",
        "quote of Bo Lund: none of its sources names the speaker so.",
    )


@pytest.mark.parametrize("text", ["a: [", "- a", "articles: {}", "a: 2026-06-31"])
def test_a_file_of_no_use_is_a_problem(tmp_path: Path, text: str) -> None:
    (tmp_path / "gold.yaml").write_text(text, encoding="utf-8")
    checked = check_gold(tmp_path)
    assert checked.gold is None
    assert checked.problems


def test_a_story_without_reports_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "gold.yaml").write_text(yaml.safe_dump(GOLD), encoding="utf-8")
    (problem,) = check_gold(tmp_path).problems
    assert "articles: no such folder" in problem


def test_a_report_that_is_not_read_is_a_problem_and_a_hidden_file_none(
    story: Callable[..., Path],
) -> None:
    more = {".notes": "x", "d.mp3": "x"}
    (problem,) = check_gold(story(GOLD, **more)).problems
    assert problem.startswith("articles: d.mp3 cannot be used (This kind of file is not read;")


# ── what patterns are searched in ──────────────────────────────────────────────────────────────

SAID = 'It is all gone. "We saw a light," Ina Bur said. Firemen came at 5.'
WRAPPED = SAID.replace(" light", "\nlight")  # a line's end in a page's source ends no sentence
CUT = "Read more: Mills of Orle"
SAVED = {
    "d.json": json.dumps(
        {
            "uri": "urn:x",
            "headline": "Mill seen from afar",
            "usageterms": "Not for sale",
            "versioncreated": "2026-03-03T08:00:00+01:00",
            "body_text": f"{SAID}\n\n{CUT}",
        }
    ),
    "d.eml": f"""\
From: Ina Bur <i@x.example>
Subject: Mill seen from afar
MIME-Version: 1.0
Date: Tue, 3 Mar 2026 08:00:00 +0100

{SAID}

{CUT}
""",
    "d.md": f"""\
---
title: Mill seen from afar
date: 2026-03-03
section: Not for sale
---

{SAID.replace("light", "[light](https://x.example/usageterms)")}

{CUT}
""",
    "d.html": f"""\
<html><head><title>Mill seen from afar</title><script>usageterms = 'Not for sale'</script></head>
<body><article><p>{WRAPPED.replace("all", "<b>all</b>")}</p></article>
<!-- Not for sale --><div hidden>{CUT}</div></body></html>
""",
}


def _with_report(file: str, pattern: str) -> dict[str, Any]:
    def change(gold: dict[str, Any]) -> None:
        gold["articles"][file] = {"published": date(2026, 3, 3), "group": "d", "role": "update"}
        bad = {"id": "d", "fact": "It is there.", "any": [pattern], "from": [file]}
        gold["forbidden"].append(bad)
        quote = {"speaker": "Ina Bur", "genuine": "We saw a light", "sources": [file]}
        gold["quotes"].append(quote)

    return changed(change)


@pytest.mark.parametrize("file", SAVED)
@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("all gone", True),
        ("seen from afar", True),  # the headline
        ("read more", True),  # what cleaning cuts
        ("gone.*firemen", False),  # two sentences
        ("usageterms|mime-version|not for sale|body_text|</?b>", False),  # the wrapping
    ],
)
def test_a_report_is_searched_as_it_is_read_and_before_it_is_cleaned(
    story: Callable[..., Path], file: str, pattern: str, said: bool
) -> None:
    folder = story(_with_report(file, pattern), **{file: SAVED[file]})
    unsaid = f"forbidden d: no pattern matches a sentence of {file}."
    assert check_gold(folder).problems == (() if said else (unsaid,))


def test_the_items_of_a_feed_are_reports_of_their_own(story: Callable[..., Path]) -> None:
    items = [{"uri": f"urn:{n}", "body_text": f"{SAID} Mill {n} burned."} for n in (1, 2)]

    def change(gold: dict[str, Any]) -> None:
        for file in ("d.json#1", "d.json#2"):
            gold["articles"][file] = {"published": None, "group": file, "role": "independent"}
            gold["required"][0]["sources"].append(file)

    assert check_gold(story(changed(change), **{"d.json": json.dumps(items)})).problems == ()


# ── warnings ───────────────────────────────────────────────────────────────────────────────────


def _dated(stated: str, known: object) -> tuple[dict[str, Any], dict[str, str]]:
    article = {"published": known, "group": "d", "role": "independent"}
    gold = changed(lambda g: g["articles"].update({"d.md": article}))
    return gold, {"d.md": f"---\n{stated}\n---\n\n{SAID}\n"}


@pytest.mark.parametrize(
    ("stated", "known", "doubtful"),
    [
        ("date: 2026-03-03", "2026-03-03", False),
        ("date: 2026-03-03", "2026-03-03T23:00:00", False),
        ("date: 2026-03-03", "2026-03-04T01:00:00", True),
        ("date: 2026-03-03T10:00", "2026-03-03", False),
        ("date: 2026-03-03T10:00", "2026-03-04T09:59:00", False),
        ("date: 2026-03-03T10:00", "2026-03-04T10:00:00", True),
        ("date: 2026-03-03T23:00-06:00", "2026-03-04T05:00:00+00:00", False),
        ("date: 2026-03-03T23:00-06:00", "2026-03-05T05:00:00+00:00", True),
        ("date: 2026-03-03T23:00-06:00", "2026-03-03T20:00:00", False),
        ("date: 2026-03-03\nupdated: 2026-03-07T10:00", "2026-03-07T10:00:00", False),
        ("date: 2026-03-03\nupdated: 2026-03-07T10:00", "2026-03-05", True),
        ("date: 2026-03-03", None, True),
        ("title: Mill", "2026-03-03", False),
    ],
)
def test_a_time_is_doubtful_where_the_report_states_one_a_day_away(
    story: Callable[..., Path], stated: str, known: str | None, doubtful: bool
) -> None:
    time: datetime | date | None = None
    if known is not None:
        time = date.fromisoformat(known) if len(known) == 10 else datetime.fromisoformat(known)
    gold, more = _dated(stated, time)
    checked = check_gold(story(gold, **more))
    assert checked.problems == ()
    assert [each.startswith("article d.md: published is ") for each in checked.warnings] == (
        [True] if doubtful else []
    )


def test_a_report_that_says_a_required_thing_unlisted_is_doubtful(
    story: Callable[..., Path],
) -> None:
    gold = changed(lambda g: g["required"][1].update(any=["roof|lid|six hurt"]))
    checked = check_gold(story(gold))
    assert checked.problems == ()
    assert checked.warnings == (
        "required roof: b.html is not in 'sources' but matches: Doctors count six hurt & treated.",
    ), "c.txt, which has the lid, is a rewrite"


# ── the command ────────────────────────────────────────────────────────────────────────────────


def test_the_command_counts_what_sound_stories_have(
    story: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = story(changed(lambda g: g["required"][1].update(any=["roof|six hurt"])))
    assert main(["eval", "check-gold", str(folder.parent)]) == 0
    assert capsys.readouterr().out == (
        "mill: warning: required roof: b.html is not in 'sources' but matches: "
        "Doctors count six hurt & treated.\n"
        "1 sound\n\n"
        "      articles  required  forbidden  disagreements  agreements  quotes\n"
        "mill         3         2          1              1           0       1\n"
    )


def test_the_command_says_in_how_many_places_it_is_wrong(
    story: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = story(changed(lambda g: g["quotes"][0].update(speaker="Bo Lund")))
    assert main(["eval", "check-gold", str(folder)]) == 1
    printed = capsys.readouterr()
    assert printed.out == "mill: quote of Bo Lund: none of its sources names the speaker so.\n"
    assert "not sound in 1 place; see above" in printed.err
    (folder.parent / "other").mkdir()
    (folder.parent / "other" / "gold.yaml").write_text("a: 2026-06-31")
    assert main(["eval", "check-gold", str(folder.parent)]) == 1
    printed = capsys.readouterr()
    assert [line.partition(":")[0] for line in printed.out.splitlines()] == ["mill", "other"]
    assert "not sound in 2 places; see above" in printed.err
