"""Who is independent. All texts are invented."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion.dedup import dedup, rewrites
from fusion.dedup.document import read
from fusion.fold import fold
from fusion.types import Article, Metadata, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from fusion.types import Grouping, Source

AGENCY = """\
Ostwick's harbour council voted on Tuesday to close the Sel swing bridge to lorries for six months.
The decision follows an inspection on 3 May in which divers found cracks in two of its nine pillars.
"The pillars will hold for cars, but we cannot answer for lorries," said harbour chief Ida Korve.
Lorries will be sent through the village of Upper Merrow, a detour of 41 kilometres.
The Merrow parish council called the plan a disaster and said it would go to the regional court.
Repairs will cost an estimated 12 million crowns, of which the province of Halm pays half.
The bridge, built in 1931, carries about 2,300 lorries a day between the port and the Halm motorway.
Port operator Brandt Line said that it would move a third of its containers by rail until November.
Haulage firms expect delays of up to two hours, according to their federation's chairman, Piet Olm.
An earlier repair in 1998 was stopped when the contractor, Veld and Sons, went bankrupt.
"""

REWRITE = """\
The Ostwick port board decided Tuesday to shut the Sel rotating bridge for trucks for half a year.
The move comes after a check on 3 May when divers discovered fractures in two of nine columns.
"Columns are good for autos, yet for trucks nobody can promise," told the port boss Ida Korve.
Trucks are going to be directed via Upper Merrow village, which is 41 kilometers roundabout.
Merrow's parish body named the scheme a catastrophe and told it will turn to the county tribunal.
Fixing is going to take some 15 million crowns, and Halm province covers one half of it.
Constructed in 1931, it bears nearly 2,300 trucks daily from the harbor to the Halm highway.
Brandt Line, operator of the port, told it will shift a third of the boxes to trains till November.
Trucking companies await holdups up to two hours, told Piet Olm, who chairs their union.
A previous fix in 1998 ended as builder Veld and Sons became insolvent.
"""

OWN_REPORT = """\
Early on Wednesday the first lorries were turning round in front of a barrier at the Sel bridge.
Jens Arvid, who drives fish to Halm five times a week, had heard of the closure on the radio.
"Nobody told us anything," he said. "I have two tonnes of herring and four hours."
The harbour council had decided the evening before that only cars may cross until the autumn.
Two pillars are cracked, divers reported in May; how badly, the council would not say.
In Upper Merrow, where the lorries now pass the primary school, parents stood with flags.
Mayor Lotte Hansen wants a speed limit of 30 and a crossing guard "before somebody is hurt".
Ida Korve, the harbour master, asked for patience and said that safety came first.
The province has promised 6 million crowns, the same again must come from Ostwick's own budget.
Brandt Line is hiring extra trains, but the rail yard can take only forty containers a night.
"""

FOLLOW_UP = """\
A court in Halm on Friday threw out the parish of Merrow's complaint against the lorry detour.
Judge Ada Winter said that the closed Sel bridge left Ostwick's harbour council no other road.
The parish had argued that 2,300 lorries a day were more than its main street could bear.
Its lawyer, Hugo Stramm, said that he would appeal within the four weeks that the law allows.
Harbour master Ida Korve welcomed the ruling and promised weekly meetings with the villagers.
Since the closure, two garden walls and a bus shelter in Upper Merrow have been knocked down.
"""

CHESS = """\
The under-19 side of Tarn Bay won the island chess cup for the third year running on Sunday.
Mira Quist, 16, beat the defending champion Oda Blom in a rook ending that took seven hours.
"I saw the pawn push at breakfast," Quist said after the game in the Tarn Bay seamen's hall.
The club now travels to the continental final in Vorhaven, where eleven teams will play in July.
Coach Per Lund said that the prize of 900 crowns would go into new clocks for the youngest players.
"""

STORY = {"agency": AGENCY, "own": OWN_REPORT, "follow-up": FOLLOW_UP}


class WordVectors:
    """Unit vectors from hashed words, where words of one meaning have one vector.

    Stands in for a real embedder: quick, and near for passages of near meaning.
    """

    MEANINGS = (
        "bridge", "lorry lorries truck trucks trucking haulage", "harbour harbor port", "pillar "
        "pillars columns", "cracks fractures", "repair repairs fix fixing", "disaster catastrophe",
        "court tribunal", "detour roundabout", "rail trains", "close shut", "delays holdups",
        "bankrupt insolvent", "contractor builder", "built constructed", "council board body",
        "containers boxes", "federation union", "inspection check", "motorway highway",
    )  # fmt: skip

    def __init__(self) -> None:
        self.asked: list[str] = []
        groups = [group.split() for group in self.MEANINGS]
        self._meaning = {fold(word): group[0] for group in groups for word in group}

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked += texts
        return np.stack([self._vector(text) for text in texts])

    def _vector(self, text: str) -> NDArray[np.float32]:
        total = np.ones(64) * 0.5
        for word in read(article("x", text)).words[0]:
            seed = hashlib.sha256(self._meaning.get(word, word).encode()).digest()
            weight = 1.0 if len(word) > 4 or word.isdigit() else 0.2
            total += weight * np.random.default_rng(list(seed)).standard_normal(64)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


def article(name: str, text: str, outlet: str | None = None, hour: int | None = None) -> Article:
    when = None if hour is None else datetime(2031, 5, 13, hour, tzinfo=UTC)
    return Article(name, f"{name}.txt", text.strip(), Metadata(outlet=outlet, published=when))


def group(*articles: Article) -> Grouping:
    return dedup(articles, WordVectors())


def roles(grouping: Grouping) -> dict[str, Role]:
    return {source.article.id: source.role for source in grouping.sources}


def partition(grouping: Grouping) -> set[frozenset[str]]:
    return {frozenset(found.members) for found in grouping.groups}


def story(**more: str) -> list[Article]:
    return [article(name, text) for name, text in {**STORY, **more}.items()]


def lines(text: str, *wanted: int) -> str:
    kept = text.strip().splitlines()
    return "\n".join(kept[i] for i in wanted)


def test_independent_reports_of_one_event_stay_apart() -> None:
    assert set(roles(group(*story())).values()) == {Role.INDEPENDENT}


@pytest.mark.parametrize(
    ("variant", "how"),
    [
        (AGENCY, "reprint"),
        (lines(AGENCY, 0, 1, 2, 3), "trim"),
        (lines(AGENCY, 0, 5, 1, 3, 4, 2, 9, 6, 8, 7), "reordering"),
        (AGENCY.replace("harbour", "harbor").replace("kilometres", "kilometers"), "respelling"),
        (AGENCY.replace("Ostwick", "the dirty old city").replace("Merrow", "Mud"), "slant"),
        (AGENCY.replace(".\n", ". ", 3), "paragraphs joined"),
        (AGENCY + "The mayor of Ostwick was not in the room.\n", "addition"),
        (AGENCY.upper(), "capitals"),
    ],
    ids=lambda value: value if len(value) < 30 else "",
)
def test_one_text_is_one_voice(variant: str, how: str) -> None:
    found = group(*story(variant=variant))
    assert frozenset({"agency", "variant"}) in partition(found), how
    assert sorted([roles(found)["agency"], roles(found)["variant"]]) == [Role.COPY, Role.ORIGINAL]
    (evidence,) = [e for entry in found.groups for e in entry.evidence]
    assert "%" in evidence.reason or "word for word" in evidence.reason


def test_a_trim_is_not_the_original_even_if_it_is_the_earliest() -> None:
    trim = article("trim", lines(AGENCY, 0, 1, 2), hour=8)
    found = group(trim, article("full", AGENCY, hour=9), article("own", OWN_REPORT, hour=7))
    assert roles(found) == {
        "trim": Role.COPY,
        "full": Role.ORIGINAL,
        "own": Role.INDEPENDENT,
    }


@pytest.mark.parametrize(
    ("line", "original"),
    [
        ("Story source: materials provided by the harbour council of Ostwick.", "undated"),
        ("(Reprinted from The Ostwick Post.)", "undated"),
        ("First published on 13 May in a shorter form for our subscribers.", "dated"),
    ],
)
def test_who_credits_another_for_a_text_is_not_its_original(line: str, original: str) -> None:
    found = group(article("undated", AGENCY), article("dated", AGENCY + line, hour=8))
    assert roles(found)[original] is Role.ORIGINAL


def test_a_roundup_does_not_make_one_voice_of_the_reports_in_it() -> None:
    other = "".join(f"Item {i} of the day is told by reader {i} of Tarn Bay.\n" for i in range(90))
    roundup = other[: len(other) // 2] + AGENCY + other[len(other) // 2 :] + FOLLOW_UP
    found = group(*story(roundup=roundup))
    assert roles(found)["agency"] is Role.INDEPENDENT
    assert roles(found)["follow-up"] is Role.INDEPENDENT


def test_a_spun_rewrite_is_derived_and_shows_what_it_changed() -> None:
    found = group(*story(spun=REWRITE))
    assert roles(found)["spun"] is Role.DERIVED  # told by its words alone: nothing is dated
    (entry,) = [g for g in found.groups if len(g.members) > 1]
    (evidence,) = entry.evidence
    assert evidence.examples
    assert evidence.scores["share_aligned_in_order"] > 0.7


SWAPS = (
    ("voted", "decided"), ("cracks", "fractures"), ("lorries", "trucks"), ("village", "hamlet"),
    ("disaster", "catastrophe"), ("estimated", "expected"), ("built", "constructed"),
    ("containers", "boxes"), ("delays", "holdups"), ("stopped", "abandoned"),
)  # fmt: skip


def test_one_word_changed_in_every_sentence_makes_a_rewrite_and_no_copy() -> None:
    spun = AGENCY
    for word, other in SWAPS:
        spun = spun.replace(word, other)
    assert roles(group(*story(spun=spun)))["spun"] is Role.DERIVED


def test_the_same_words_changed_in_a_few_sentences_leave_a_copy() -> None:
    sentences = AGENCY.splitlines(keepends=True)
    for word, other in SWAPS:
        sentences[:4] = [line.replace(word, other) for line in sentences[:4]]
    found = roles(group(*story(edited="".join(sentences))))
    assert {found["agency"], found["edited"]} == {Role.COPY, Role.ORIGINAL}


@pytest.mark.parametrize(
    ("agency_hour", "spun_hour", "derived"), [(8, 9, "spun"), (9, 8, "agency")]
)
def test_the_earlier_of_two_wordings_was_rewritten(
    agency_hour: int, spun_hour: int, derived: str
) -> None:
    found = group(
        article("agency", AGENCY, hour=agency_hour),
        article("spun", REWRITE, hour=spun_hour),
        article("own", OWN_REPORT, hour=10),
    )
    assert roles(found)[derived] is Role.DERIVED


def test_without_times_the_wording_that_others_carry_is_genuine() -> None:
    found = group(*story(spun=REWRITE, reprint=lines(AGENCY, 0, 1, 2, 3, 4, 5)))
    assert roles(found)["spun"] is Role.DERIVED
    assert roles(found)["agency"] is Role.ORIGINAL
    assert not next(s for s in found.sources if s.article.id == "spun").citable


def test_shared_passages_do_not_make_a_report_dependent() -> None:
    mixed = OWN_REPORT + lines(AGENCY, 1, 6)
    found = group(article("agency", AGENCY), article("mixed", mixed), article("f", FOLLOW_UP))
    assert set(roles(found).values()) == {Role.INDEPENDENT}
    shared = {(s.source, mixed[s.start : s.end], s.group) for s in found.shared}
    if not any(source == "mixed" for source, _, _ in shared):
        shared = {(s.source, AGENCY[s.start : s.end], s.group) for s in found.shared}
    assert {text for _, text, _ in shared} == {lines(AGENCY, 1), lines(AGENCY, 6)}


def test_the_same_quotation_in_two_reports_is_not_shared_wording() -> None:
    quote = (
        "“The pillars will hold for cars, but we cannot answer for lorries any longer than that,”"
    )
    one = article("one", FOLLOW_UP + f"{quote} Korve said.")
    other = article("other", OWN_REPORT + f"{quote} she added.")
    assert group(one, other, article("chess", CHESS)).shared == ()


def test_a_later_version_by_the_same_outlet_is_an_update() -> None:
    later = lines(AGENCY, 0, 1, 3) + "\n" + lines(FOLLOW_UP, 0, 1, 4, 5)
    found = group(
        article("first", AGENCY, "Halm Courier", 8),
        article("second", later, "Halm Courier", 11),
        article("own", OWN_REPORT, "Ostwick Post", 9),
    )
    assert roles(found) == {
        "first": Role.ORIGINAL,
        "second": Role.UPDATE,
        "own": Role.INDEPENDENT,
    }


def test_another_story_is_off_topic_and_names_why() -> None:
    found = group(*story(chess=CHESS))
    assert roles(found)["chess"] is Role.OFF_TOPIC
    (evidence,) = next(g for g in found.groups if g.id == "chess").evidence
    assert evidence.reason.startswith("another story")


class Turned:
    """All passages of a text lie in one direction, so many degrees from the next text's."""

    def __init__(self, texts: Sequence[str], degrees: float) -> None:
        self._texts, self._degrees = texts, degrees

    def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        places = [next(i for i, t in enumerate(self._texts) if text in t) for text in texts]
        angles = np.radians(self._degrees) * np.array(places)
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


@pytest.mark.parametrize(("apart", "role"), [(2, Role.INDEPENDENT), (20, Role.OFF_TOPIC)])
def test_an_opening_must_lie_further_out_than_the_others_do(apart: float, role: Role) -> None:
    texts = [AGENCY, OWN_REPORT, FOLLOW_UP, *["-"] * 3, CHESS]  # four steps from the last of them
    found = dedup(story(chess=CHESS), Turned(texts, apart))
    assert roles(found)["chess"] is role


def test_in_a_wide_story_a_report_may_lie_further_out() -> None:
    texts = [AGENCY, OWN_REPORT, FOLLOW_UP, CHESS]
    found = dedup(story(chess=CHESS), Turned(texts, 20))  # each as far out as the others
    assert roles(found)["chess"] is Role.INDEPENDENT


def test_of_two_unrelated_reports_neither_is_off_topic() -> None:
    assert set(roles(group(article("a", AGENCY), article("c", CHESS))).values()) == {
        Role.INDEPENDENT
    }


def test_in_a_large_story_only_candidates_are_embedded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrites, "ALIGN_ALL", 0)
    embedder = WordVectors()
    dedup([article(str(i), text) for i, text in enumerate([AGENCY, AGENCY, OWN_REPORT])], embedder)
    assert embedder.asked == []


def test_a_rewrite_without_the_names_is_found() -> None:
    nameless = re.sub(r"(?<=[a-z,] )[A-Z]\w+", "somebody", REWRITE)
    found = dedup(story(agency=AGENCY, spun=nameless, own=OWN_REPORT), WordVectors())
    assert roles(found)["spun"] is Role.DERIVED


def test_no_articles_and_empty_articles() -> None:
    assert dedup([], WordVectors()).groups == ()
    found = group(article("a", ""), article("b", ""), article("c", AGENCY))
    assert len(found.sources) == 3


@settings(max_examples=20, deadline=None)
@given(st.permutations(story(spun=REWRITE, trim=lines(AGENCY, 0, 1, 2, 3), chess=CHESS)))
def test_the_order_of_the_files_does_not_matter(articles: list[Article]) -> None:
    expected = dedup(
        story(spun=REWRITE, trim=lines(AGENCY, 0, 1, 2, 3), chess=CHESS), WordVectors()
    )
    found = dedup(articles, WordVectors())
    assert roles(found) == roles(expected)
    assert partition(found) == partition(expected)
    assert set(found.shared) == set(expected.shared)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([AGENCY, OWN_REPORT, FOLLOW_UP, CHESS]), min_size=1, max_size=6))
def test_an_exact_copy_is_always_grouped(texts: list[str]) -> None:
    found = group(*(article(str(i), text) for i, text in enumerate(texts)))
    for members in partition(found):
        assert len({texts[int(member)] for member in members}) == 1
    assert len(found.groups) == len(set(texts))


@settings(max_examples=20, deadline=None)
@given(st.sets(st.integers(0, 9), min_size=4))
def test_every_trim_is_grouped_and_every_article_is_in_one_group(kept: set[int]) -> None:
    found = group(*story(trim=lines(AGENCY, *sorted(kept))))
    assert frozenset({"agency", "trim"}) in partition(found)
    members = [member for entry in found.groups for member in entry.members]
    assert sorted(members) == sorted(source.article.id for source in found.sources)
    for entry in found.groups:
        assert entry.id == entry.original == entry.members[0]


def test_an_off_topic_article_changes_no_other_group() -> None:
    before = group(*story(spun=REWRITE))
    after = group(*story(spun=REWRITE, chess=CHESS))
    by_id: dict[str, Source] = {source.article.id: source for source in after.sources}
    assert [by_id[s.article.id] for s in before.sources] == list(before.sources)


def test_the_metadata_of_an_article_passes_through() -> None:
    given_ = replace(article("a", AGENCY, "Halm Courier", 8), cut=())
    assert group(given_).sources[0].article is given_
