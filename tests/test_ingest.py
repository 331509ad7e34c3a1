from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fusion.errors import StoryError, UsageError
from fusion.ingest import ingest
from fusion.ingest.decode import decode
from fusion.ingest.draft import Unusable
from fusion.ingest.formats import read_file
from fusion.types import RawArticle, Skipped

if TYPE_CHECKING:
    from pathlib import Path

PROSE = "The lake’s level fell again on Tuesday, the café owners’ union said – by 30 cm."


def write(folder: Path, **files: bytes | str) -> Path:
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def reasons(skipped: list[Skipped]) -> dict[str, str]:
    return {skip.file: skip.reason for skip in skipped}


def test_files_come_sorted_with_their_place_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "wire").mkdir()
    write(tmp_path, b__txt=PROSE, a__md=PROSE)
    write(tmp_path / "wire", c__txt=PROSE)
    articles, skipped = ingest(tmp_path)
    assert [article.file for article in articles] == ["a.md", "b.txt", "wire/c.txt"]
    assert skipped == []


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    write(
        tmp_path,
        good__txt=PROSE,
        empty__txt=b"",
        blank__txt=b" \n\n",
        binary__txt=bytes(range(256)) * 8,
        photo__jpg=b"\xff\xd8\xff\xe0",
    )
    articles, skipped = ingest(tmp_path)
    assert [article.file for article in articles] == ["good.txt"]
    assert reasons(skipped) == {
        "binary.txt": "The file is binary, not text.",
        "blank.txt": "The file is empty.",
        "empty.txt": "The file is empty.",
        "photo.jpg": reasons(skipped)["photo.jpg"],
    }
    assert "convert it to one of .txt" in reasons(skipped)["photo.jpg"]


def test_a_file_over_the_limit_is_named_with_its_size(tmp_path: Path) -> None:
    write(tmp_path, good__txt=PROSE)
    with (tmp_path / "huge.html").open("wb") as file:
        file.truncate(50_000_000)
    _, skipped = ingest(tmp_path)
    assert reasons(skipped) == {"huge.html": "The file has 50.0 MB; the limit is 20.0 MB."}


def test_hidden_files_are_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    write(tmp_path, good__txt=PROSE, __DS_Store=b"\0")
    write(tmp_path / ".git", a__txt=PROSE)
    articles, skipped = ingest(tmp_path)
    assert [article.file for article in articles] == ["good.txt"]
    assert skipped == []


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    story, outside = tmp_path / "story", tmp_path / "outside"
    story.mkdir()
    outside.mkdir()
    write(outside, secret__txt=PROSE)
    write(story, good__txt=PROSE)
    (story / "link.txt").symlink_to(outside / "secret.txt")
    (story / "inside.txt").symlink_to("good.txt")
    (story / "folder").symlink_to(outside)
    (story / "gone.txt").symlink_to(story / "nothing")
    articles, skipped = ingest(story)
    assert [article.file for article in articles] == ["good.txt", "inside.txt"]
    assert reasons(skipped) == {
        "folder": "A link to another folder is not followed.",
        "gone.txt": "This is not a regular file.",
        "link.txt": "A link that points out of the story folder is not followed.",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every file")
def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    write(tmp_path, good__txt=PROSE, locked__txt=PROSE)
    (tmp_path / "locked.txt").chmod(0)
    _, skipped = ingest(tmp_path)
    assert reasons(skipped) == {"locked.txt": "The file cannot be read (Permission denied)."}


def test_wrong_arguments_are_usage_errors(tmp_path: Path) -> None:
    write(tmp_path, a__txt=PROSE)
    with pytest.raises(UsageError, match="no such folder"):
        ingest(tmp_path / "missing")
    with pytest.raises(UsageError, match="this is a file"):
        ingest(tmp_path / "a.txt")


def test_nothing_usable_names_each_reason(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match="the folder is empty"):
        ingest(tmp_path)
    write(tmp_path, a__txt=b"", b__xyz=b"1")
    with pytest.raises(StoryError, match=r"a\.txt: The file is empty; b\.xyz: This kind of file"):
        ingest(tmp_path)


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_encodings(encoding: str) -> None:
    assert decode((PROSE * 3).encode(encoding)) == PROSE * 3


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Уровень озера снова упал во вторник, сообщил союз владельцев кафе. " * 4),
        ("shift_jis", "湖の水位は火曜日に再び下がったと、店主の組合が明らかにした。" * 4),
        ("gb18030", "湖泊水位周二再次下降，店主协会表示，今年已下降三十厘米。" * 4),
    ],
)
def test_encodings_beyond_the_west_are_guessed(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_damaged_letter_does_not_lose_the_text() -> None:
    damaged = (PROSE * 20).encode()[:-2] + b"\xe2\x80"
    assert decode(damaged).startswith(PROSE * 19)


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    with suppress(Unusable):
        assert isinstance(decode(data), str)


@settings(deadline=None)  # the first HTML file imports its libraries
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.html"]))
def test_any_bytes_are_an_article_or_skipped(data: bytes, name: str) -> None:
    items = list(read_file(name, data))
    assert items
    assert all(isinstance(item, RawArticle | Skipped) for item in items)


def test_front_matter_is_metadata(tmp_path: Path) -> None:
    write(tmp_path, a__md=MARKDOWN)
    (article,), _ = ingest(tmp_path)
    assert article.metadata.headline == "Lake level falls"
    assert article.metadata.byline == "Ana Bo, Ed Ox"
    assert article.metadata.outlet == "The Kariba Ledger"
    assert str(article.metadata.published) == "2031-03-05 14:05:00+02:00"
    assert [line for line in article.text.split("\n") if line] == [
        "Lake level falls",
        "The lake fell on Tuesday.",
        "He said so.",
    ]


MARKDOWN = """---
title: Lake level falls
date: 2031-03-05T14:05:00+02:00
author: [Ana Bo, Ed Ox]
outlet: The Kariba Ledger
---
# Lake level falls

The *lake* fell on [Tuesday](https://example.org/a).

> He said so.
"""
PAGE = """<html lang="en"><head><meta charset="windows-1252"><title>Dam talks resume | World</title>
<meta property="og:site_name" content="The Kariba Ledger">
<script type="application/ld+json">{"@graph":[{"@type":"WebSite"},{"@type":["NewsArticle"],
"headline":"Dam talks resume","datePublished":"2031-03-05T14:05:00+02:00",
"author":[{"@type":"Person","name":"Jane Doe"}]}]}</script></head><body>
<nav><a href="/">Home</a></nav><article><h1>Dam talks resume</h1>
<p>Negotiators from the two river states met again on Tuesday in the lakeside
caf\xe9, officials said, after a pause of three weeks that had worried traders.</p>
<p>The talks will cover the release of water and the price of power, the ministry said.</p>
</article><footer>All about us</footer></body></html>"""


def test_html_gives_text_and_stated_metadata(tmp_path: Path) -> None:
    write(tmp_path, a__html=PAGE.encode("cp1252"), b__txt=PAGE.encode("cp1252"))
    articles, _ = ingest(tmp_path)
    for article in articles:
        assert article.format == "html"
        assert "café, officials said" in article.text
        assert "Home" not in article.text
        assert article.metadata.headline == "Dam talks resume"
        assert article.metadata.byline == "Jane Doe"
        assert article.metadata.outlet == "The Kariba Ledger"
        assert str(article.metadata.published) == "2031-03-05 14:05:00+02:00"


def test_a_name_that_is_no_utf8_is_still_a_name(tmp_path: Path) -> None:
    with open(os.fsencode(tmp_path) + b"/caf\xe9.txt", "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib takes no bytes
        file.write(PROSE)
    (article,), _ = ingest(tmp_path)
    assert article.file == "caf\ufffd.txt"
