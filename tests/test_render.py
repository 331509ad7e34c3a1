from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from summaries import cite, example_summary, sentence, source

from fusion.progress import printable
from fusion.render import escape, say_time, to_markdown
from fusion.summary import StorySummary
from fusion.types import Role

EXPECTED = """\
# Vesterhavn signs bridge contract

*As of 3 March 2031, 14:05 UTC.* Headline: [1]

Vesterhavn's council signed the bridge contract on Monday. [2][1] \
The bridge will cost $310 million. [3]

## Where the sources disagree

**How many were arrested**

- 40, police say. [4]
- 75, organisers say. [5]

## Timeline

- 3 March 2031, 12:30 UTC+1: The contract is signed. [2]

## Sources

- one agency text (NordWire) carried by 2 reports:
  - Fjord Daily (wire.txt), “Bridge \\*deal\\* signed, says wire”, 3 March 2031, 12:30 UTC+1; \
fullest version
  - Quay Post (reprint.txt), “Bridge \\*deal\\* signed, says reprint”, 3 March 2031; copy
- own.txt, “Bridge \\*deal\\* signed, says own”, updated 3 March 2031, 14:30 UTC+1; \
independent report

Not used:

- spun.txt, “Bridge \\*deal\\* signed, says spun”; a rewrite of another report's text
- stray.txt, “Bridge \\*deal\\* signed, says stray”; about another story
- scan.pdf: no text layer

## Passages

- [1] Fjord Daily (wire.txt): “The council of Vesterhavn signed the bridge contract on Monday.”
- [2] own.txt: “Mayor Ida Lund signed the contract at noon, her office said.”
- [3] own.txt: “The bridge will cost $310 million.”
- [4] Fjord Daily (wire.txt): “Police said 40 protesters were held near the quay.”
- [5] own.txt: “Organisers counted 75 arrests.”

---

*2 independent sources in 5 reports. Written by a machine (model tiny\\_model) from these \
reports. Each sentence was checked against the passages it cites; 1 failed and is left out.*
"""


def test_a_whole_summary() -> None:
    assert to_markdown(example_summary()) == EXPECTED


def test_what_is_empty_is_left_out() -> None:
    summary = example_summary()
    bare = summary.model_copy(
        update={
            "as_of": None,
            "disagreements": [],
            "timeline": [],
            "dropped": [],
            "sources": summary.sources[:3],
        }
    )
    text = to_markdown(bare)
    assert "No report states its date." in text
    for heading in ("Where the sources disagree", "Timeline", "Not used"):
        assert heading not in text
    assert text.endswith("the passages it cites; none failed.*\n")


def test_a_timeline_does_not_say_a_sentence_again() -> None:
    summary = example_summary()
    (entry,) = summary.timeline
    told = summary.sentences[1]
    again = entry.model_copy(update={"text": told.text, "citations": told.citations})
    text = to_markdown(summary.model_copy(update={"timeline": [again]}))
    assert "Timeline" not in text


def test_a_summary_without_sentences_says_so() -> None:
    bare = example_summary().model_copy(update={"sentences": []})
    assert "No sentence could be written that the reports support." in to_markdown(bare)


def test_an_original_whose_copies_are_not_citable_is_one_independent_report() -> None:
    one = source("one", "A ferry ran aground.", Role.ORIGINAL)
    rewrite = source("two", "A ferry went aground.", Role.DERIVED, group="one")
    bare = example_summary().model_copy(update={"sources": [one, rewrite]})
    bare = bare.model_copy(
        update={
            "headline": bare.headline.model_copy(update={"citations": []}),
            "sentences": [sentence("A ferry ran aground.", cite(one, "A ferry ran aground."))],
            "disagreements": [],
            "timeline": [],
        }
    )
    assert "- one.txt, “Bridge \\*deal\\* signed, says one”; independent report" in to_markdown(
        bare
    )


def test_long_summaries_come_in_short_paragraphs_of_near_equal_length() -> None:
    summary = example_summary()
    long = summary.model_copy(update={"sentences": summary.sentences * 5})
    body = to_markdown(long).split("\n\n")[2:5]
    assert [len(re.findall(r"\.(?= \[)", paragraph)) for paragraph in body] == [3, 3, 4]


@given(st.data())
def test_every_citation_has_a_number_and_its_passage(data: st.DataObject) -> None:
    """Any sentences that cite any spans: each mark leads to the passage that it stands for."""
    summary = example_summary()
    spans = st.builds(
        lambda of, a, b: cite(of, of.text[min(a, b) : max(a, b) + 1]),
        st.sampled_from(summary.sources[:3]),
        st.integers(0, 60),
        st.integers(0, 60),
    )
    drawn = data.draw(st.lists(st.lists(spans, min_size=1, max_size=4), max_size=6))
    sentences = [sentence(f"Sentence {n}.", *found) for n, found in enumerate(drawn)]
    summary = summary.model_copy(update={"sentences": sentences})
    text = to_markdown(summary)
    passages = dict(re.findall(r"^- \[(\d+)\] .*?: “(.*)”$", text, re.MULTILINE))
    assert list(passages) == [str(n) for n in range(1, len(passages) + 1)]
    distinct = {(c.source, c.start, c.end) for c in summary.citations()}
    assert len(passages) == len(distinct)
    for n, found in enumerate(drawn):
        (marks,) = re.findall(rf"Sentence {n}\. ((?:\[\d+\])+)", text)
        marked = [passages[number] for number in re.findall(r"\d+", marks)]
        spans_once = dict.fromkeys((c.source, c.start, c.end, c.text) for c in found)
        assert marked == [escape(words) for *_, words in spans_once]


def test_the_json_round_trip() -> None:
    summary = example_summary()
    assert StorySummary.model_validate_json(summary.to_json()) == summary


# ── escaping ───────────────────────────────────────────────────────────────────────────────────

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HOSTILE = [
    "# Heading",
    "Heading #",
    "- list",
    "1. list",
    "===",
    "---",
    "> quote",
    "    code",
    "```\ncode\n```",
    "`code`",
    "*emphasis* and __strong__ and ~~gone~~",
    "[text](https://evil.example)",
    "![image](https://evil.example/x.png)",
    "<https://evil.example>",
    "<script>alert(1)</script>",
    "[1]: https://evil.example",
    "[x][1]",
    "&lt;b&gt; &copy;",
    "a\n\n## New section",
    "a | b\n--- | ---",
    "ends with a backslash\\",
    "two spaces  \nbreak",
    "\\*already escaped\\*",
]


def shown(markdown: str) -> str:
    """The text of a page of one paragraph; fails where anything in it is more than text."""
    opening, inline, closing = MARKDOWN.parse(markdown)
    assert (opening.type, closing.type) == ("paragraph_open", "paragraph_close")
    assert {child.type for child in inline.children or []} <= {"text"}
    return "".join(child.content for child in inline.children or [])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    assert shown(escape(text)) == printable(text)
    heading, inline, _ = MARKDOWN.parse(f"# {escape(text)}")
    assert heading.tag == "h1"
    assert "".join(child.content for child in inline.children or []) == printable(text)


@given(
    st.lists(
        st.sampled_from([*"*_`[]()<>!#+-=.1&;:/\\~| \t\n@$a", "www.", "https://", "&amp;"])
        | st.characters(),
        min_size=1,
    )
)
def test_any_text_is_shown_as_its_printable_characters(pieces: list[str]) -> None:
    text = "".join(pieces)
    if printable(text):
        assert shown(escape(text)) == printable(text)


def test_bare_addresses_do_not_become_links() -> None:
    assert escape("see https://a.example or www.b.example or c@d.example") == (
        "see https\\://a.example or www\\.b.example or c\\@d.example"
    )


def test_prices_stay_readable_and_formulas_do_not_format() -> None:
    assert escape("from $40 to US$50; $x$") == "from $40 to US$50; \\$x\\$"


def test_control_and_bidi_characters_never_reach_a_terminal() -> None:
    assert printable("a\x1b[31mb\u202ec\u2066d\x00e\nf\ud800g") == "a[31mbcde fg"


# ── times ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (datetime(2021, 11, 24, 14, 5, tzinfo=UTC), "24 November 2021, 14:05 UTC"),
        (datetime(2021, 11, 4, 0, 0, tzinfo=UTC), "4 November 2021, 00:00 UTC"),
        (datetime(2021, 11, 24, 14, 5), "24 November 2021, 14:05"),
        (datetime(2021, 11, 24), "24 November 2021"),
        (
            datetime(2021, 5, 1, 9, 0, tzinfo=timezone(timedelta(hours=5, minutes=30))),
            "1 May 2021, 09:00 UTC+5:30",
        ),
        (
            datetime(2021, 5, 1, 9, 0, tzinfo=timezone(-timedelta(hours=3, minutes=30))),
            "1 May 2021, 09:00 UTC−3:30",
        ),
    ],
)
def test_times_are_said_in_words(when: datetime, said: str) -> None:
    assert say_time(when) == said
