from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import docx
import jsonschema
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ninjs_schema import NINJS

from fusion.ingest import archive
from fusion.ingest.formats import _BY_SUFFIX, read_file
from fusion.types import RawArticle, Skipped

FORMATS = Path(__file__).parent / "formats"
FIRST = "The ferry Halcyon ran aground off Port Sable early on Tuesday"
LAST = "All passengers were taken off by noon"


def read(name: str) -> tuple[list[RawArticle], list[Skipped]]:
    return split(name, (FORMATS / name).read_bytes())


def split(name: str, data: bytes) -> tuple[list[RawArticle], list[Skipped]]:
    items = list(read_file(name, data))
    articles = [item for item in items if isinstance(item, RawArticle)]
    return articles, [item for item in items if isinstance(item, Skipped)]


def reason(name: str, data: bytes) -> str:
    articles, (skipped,) = split(name, data)
    assert articles == []
    assert skipped.file == name
    return skipped.reason


@pytest.mark.parametrize(
    ("name", "kind", "file"),
    [
        ("ninjs1.json", "ninjs", "ninjs1.json"),
        ("ninjs2.json", "ninjs", "ninjs2.json#1"),
        ("newsml-g2.xml", "newsml-g2", "newsml-g2.xml#1"),
        ("nitf.xml", "nitf", "nitf.xml"),
        ("feed.rss", "feed", "feed.rss#1"),
        ("feed.atom", "feed", "feed.atom#1"),
        ("page.mhtml", "mhtml", "page.mhtml"),
    ],
)
def test_each_format_gives_the_same_report(name: str, kind: str, file: str) -> None:
    article = read(name)[0][0]
    assert (article.file, article.format) == (file, kind)
    lines = [line for line in article.text.splitlines() if line.strip()]
    body = [line for line in lines if line != "Ferry runs aground off Port Sable"]
    assert len(body) == 2
    assert body[0].startswith(FIRST)
    assert body[1].startswith(LAST)
    assert article.metadata.headline == "Ferry runs aground off Port Sable"
    assert article.metadata.language == "en"
    assert article.metadata.published is not None


@pytest.mark.parametrize("name", ["ninjs1.json", "newsml-g2.xml"])
def test_wire_metadata_is_kept(name: str) -> None:
    about = read(name)[0][0].metadata
    assert about.byline == "Ines Marlow"
    assert about.outlet == "Coast News Agency"
    assert str(about.published) == "2031-05-06 09:15:00+02:00"
    assert str(about.updated) == "2031-05-06 14:40:00+02:00"
    assert str(about.embargoed) == "2031-05-06 09:30:00+02:00"
    assert about.rights is not None
    assert "Coast News Agency" in about.rights


def test_nitf_states_day_minute_and_zone() -> None:
    about = read("nitf.xml")[0][0].metadata
    assert str(about.published) == "2031-05-06 09:15:00+02:00"
    assert (about.byline, about.dateline) == ("Ines Marlow", "Port Sable")
    assert (about.outlet, about.rights) == ("The Sable Courier", "Coast News Agency")


def test_ninjs_3_names_are_read() -> None:
    (article,), _ = read("ninjs3.json")
    assert article.text.split("\n")[0] == "Three tugs freed the ferry at six."
    assert str(article.metadata.published) == "2031-05-06 12:00:00+00:00"
    assert article.metadata.updated is None
    assert article.metadata.rights == "© 2031 Coast News Agency"


def ninjs_items(name: str) -> list[object]:
    loaded = json.loads((FORMATS / name).read_bytes())
    return loaded if isinstance(loaded, list) else [loaded]


NINJS_FILES = [
    ("ninjs1.json", 1),
    ("ninjs1-list.json", 1),
    ("ninjs2.json", 2),
    ("ninjs3.json", 3),
    ("ninjs3-list.json", 3),
]


@pytest.mark.parametrize(("name", "version"), NINJS_FILES)
def test_our_ninjs_files_are_of_the_published_standard(name: str, version: int) -> None:
    for item in ninjs_items(name):
        jsonschema.validate(item, NINJS[version])
        for other in {1, 2, 3} - {version}:  # or the schemas would tell nothing apart
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(item, NINJS[other])


@pytest.mark.parametrize("name", ["ninjs1-list.json", "ninjs3-list.json"])
def test_embargo_and_rights_of_each_item_of_a_list_are_kept(name: str) -> None:
    (article,), (skipped,) = read(name)
    assert article.file == f"{name}#1"
    assert article.text.startswith("Harbour fees in Port Sable will fall by a tenth")
    about = article.metadata
    assert about.headline == "Port Sable harbour fees to fall"
    assert f"{about.embargoed:%Y-%m-%d %H:%M}" == "2099-01-01 00:01"
    assert about.embargoed is not None
    assert about.embargoed.utcoffset() is not None
    assert about.rights is not None
    assert "Coast News Agency" in about.rights
    assert skipped.file == f"{name}#2"
    assert skipped.reason.startswith("Its publishing status is")


def nitf(status: str, *dates: str) -> bytes:
    return f"""<nitf><head><docdata management-status="{status}">{"".join(dates)}</docdata></head>
    <body><body.content><p>{FIRST}.</p></body.content></body></nitf>""".encode()


ISSUED = '<date.issue norm="20310506T091500+0200"/>'
RELEASE = '<date.release norm="20310507T060000+0200"/>'


def test_an_embargoed_nitf_document_is_released_when_its_embargo_ends() -> None:
    (article,), _ = split("a.nitf", nitf("embargoed", ISSUED, RELEASE))
    assert str(article.metadata.embargoed) == "2031-05-07 06:00:00+02:00"
    assert str(article.metadata.published) == "2031-05-06 09:15:00+02:00"
    (article,), _ = split("a.nitf", nitf("usable", ISSUED, RELEASE))
    assert article.metadata.embargoed is None
    assert str(article.metadata.published) == "2031-05-07 06:00:00+02:00"


@pytest.mark.parametrize("status", ["withheld", "canceled"])
def test_a_nitf_document_that_is_not_for_use_is_refused(status: str) -> None:
    assert reason("a.nitf", nitf(status, ISSUED)) == f"Its publishing status is {status!r}."


G2 = (FORMATS / "newsml-g2.xml").read_bytes()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.nitf", nitf("embargoed", ISSUED)),
        ("a.json", b'{"uri": "urn:x:1", "embargoed": "until told", "body_text": "Words."}'),
        ("a.md", b"---\ntitle: Fees\nembargo: yes\n---\nHarbour fees will fall.\n"),
        ("a.xml", G2.replace(b"2031-05-06T09:30:00+02:00", b"")),
    ],
)
def test_an_embargo_without_a_readable_end_is_one_without_end(name: str, data: bytes) -> None:
    articles, skipped = split(name, data)
    assert articles == []
    assert skipped[0].reason == (
        "It is embargoed, and until when is not stated in a way that can be read."
    )


def test_front_matter_can_say_that_there_is_no_embargo() -> None:
    (article,), _ = split("a.md", b"---\ntitle: Fees\nembargo: no\n---\nFees will fall.\n")
    assert article.metadata.embargoed is None


@pytest.mark.parametrize(
    ("name", "skipped"),
    [
        ("ninjs2.json", Skipped("ninjs2.json#2", "Its publishing status is 'canceled'.")),
        ("newsml-g2.xml", Skipped("newsml-g2.xml#2", "Its publishing status is 'withheld'.")),
        ("feed.rss", Skipped("feed.rss#2", "The feed's entry has no content beyond a teaser.")),
    ],
)
def test_what_is_not_for_use_is_named(name: str, skipped: Skipped) -> None:
    assert read(name)[1] == [skipped]


def test_mail_is_its_plain_text_with_its_charset() -> None:
    (article,), _ = read("mail.eml")
    assert article.text.startswith("The ferry Halcyon ran aground off Port Sablé early")
    assert article.metadata.headline == "Ferry runs aground off Port Sablé"
    assert article.metadata.outlet == "Coast News Agency"
    assert str(article.metadata.published) == "2031-05-06 09:15:00+02:00"


def word_document(*lines: str) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    document.core_properties.title = "Ferry runs aground"
    document.core_properties.author = "Ines Marlow"
    for line in lines:
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def test_docx() -> None:
    (article,), _ = split("a.docx", word_document(FIRST + ".", LAST + "."))
    assert article.text == f"{FIRST}.\n{LAST}."
    assert article.metadata.headline == "Ferry runs aground"
    assert article.metadata.byline == "Ines Marlow"


def pdf_document(*lines: str, locked_with: str | None = None) -> bytes:
    """A page with `lines` as its text layer, made of the few objects that a PDF needs."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    content = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    file, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj%s\nendobj\n" % (number, item)
    start = len(file)
    file += b"xref\n0 6\n0000000000 65535 f \n"
    file += b"".join(b"%010d 00000 n \n" % place for place in places)
    file += b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % start
    if locked_with is None:
        return file
    writer, locked = pypdf.PdfWriter(io.BytesIO(file)), io.BytesIO()
    writer.encrypt(locked_with, algorithm="AES-256")
    writer.write(locked)
    return locked.getvalue()


PDF_LINES = (
    "The ferry Halcyon ran aground off Port Sable early on Tuesday with 212",
    "people on board.",
    "All passengers were taken off by noon, the coastguard said, and no one",
    "was badly hurt.",
)


def test_pdf_lines_become_paragraphs() -> None:
    (article,), _ = split("a.pdf", pdf_document(*PDF_LINES))
    assert article.text == (f"{PDF_LINES[0]} {PDF_LINES[1]}\n{PDF_LINES[2]} {PDF_LINES[3]}")
    assert split("named-wrong.txt", pdf_document(*PDF_LINES))[0][0].format == "pdf"


def test_pdfs_that_cannot_be_read_say_why() -> None:
    assert reason("a.pdf", pdf_document(*PDF_LINES, locked_with="x")) == (
        "The PDF is protected by a password; save it without one."
    )
    assert "no text layer" in reason("a.pdf", pdf_document())
    assert "damaged" in reason("a.pdf", pdf_document(*PDF_LINES)[:60])
    # A reference inside the page's content, where PDF has none: pypdf fails on an assertion.
    assert "damaged" in reason("a.pdf", pdf_document("A").replace(b"/F1 12 Tf", b"1 0 R 12 "))


def test_a_header_too_damaged_to_parse_costs_that_header_only() -> None:
    mail = b"From: a: b: c@d;;\r\nSubject: The weir is open\r\n\r\nThe weir opened at noon."
    (article,), skipped = split("a.eml", mail)
    assert (article.metadata.headline, article.metadata.outlet) == ("The weir is open", None)
    assert skipped == []


def test_an_office_file_that_is_no_docx_says_so() -> None:
    assert "password" in reason("a.docx", b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "damaged" in reason("a.docx", b"PK\x03\x04 no archive")


BOMB = b"""<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<nitf><body><body.content><p>&b;</p></body.content></body></nitf>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE nitf [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<nitf><body><body.content><p>&a;</p></body.content></body></nitf>"""


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, BOMB.replace(b"nitf", b"rss")])
def test_xml_that_declares_entities_is_refused(data: bytes) -> None:
    assert reason("a.xml", data) == "The XML declares entities, which no news format needs."


def test_other_and_malformed_xml_says_so() -> None:
    assert "malformed" in reason("a.xml", b"<nitf><body>")
    assert "its root element is 'svg'" in reason("a.xml", b"<svg/>")
    assert reason("a.rss", b"<rss><channel><title>x</title></channel></rss>") == (
        "The feed has no entries."
    )
    assert "no news item" in reason("a.xml", b"<newsMessage/>")


def test_json_that_is_no_news_says_so() -> None:
    assert "malformed" in reason("a.json", b'{"headline": ')
    assert "malformed" in reason("a.json", b"[" * 100_000)
    assert "no ninjs item" in reason("a.json", b'{"a": 1}')
    assert "no text" in reason("a.json", json.dumps({"headline": "Only this"}).encode())


def zipped(files: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive_file:
        for name, data in files.items():
            archive_file.writestr(name, data)
    return file.getvalue()


def test_an_archive_gives_what_its_files_give() -> None:
    data = zipped(
        {
            "wire/a.txt": FIRST.encode(),
            "wire/b.json": (FORMATS / "ninjs2.json").read_bytes(),
            "__MACOSX/a.txt": b"x",
            "../../evil.txt": LAST.encode(),
            "inner.zip": zipped({"a.txt": b"x"}),
            "empty.txt": b"",
        }
    )
    articles, skipped = split("story.zip", data)
    assert [article.file for article in articles] == [
        "story.zip!wire/a.txt",
        "story.zip!wire/b.json#1",
    ]
    assert {skip.file: skip.reason for skip in skipped} == {
        "story.zip!../../evil.txt": "Its name points out of the archive.",
        "story.zip!empty.txt": "The file is empty.",
        "story.zip!inner.zip": "An archive inside an archive is not read.",
        "story.zip!wire/b.json#2": "Its publishing status is 'canceled'.",
    }


def test_archives_that_unfold_without_end_are_refused() -> None:
    bomb = zipped({"a.txt": bytes(10_000_000)})
    assert "would unpack to 10.0 MB" in reason("a.zip", bomb)
    many = zipped({f"{number}.txt": b"x" for number in range(archive.MAX_MEMBERS + 1)})
    assert "2001 files; the limit is 2000" in reason("a.zip", many)
    # A document is an archive too.
    assert "would unpack" in reason("a.docx", bomb)


def test_a_file_without_a_name_does_not_spoil_the_archive() -> None:
    data = zipped({"a.txt": FIRST.encode(), "b": LAST.encode()})
    # In the directory the second file's name has no letters: 28 bytes after its signature.
    at = data.rindex(b"PK\x01\x02")
    nameless = data[: at + 28] + b"\0\0" + data[at + 30 : at + 46] + data[at + 47 :]
    end = nameless.rindex(b"PK\x05\x06") + 12
    size = int.from_bytes(nameless[end : end + 4], "little") - 1
    nameless = nameless[:end] + size.to_bytes(4, "little") + nameless[end + 4 :]
    (article,), (skipped,) = split("a.zip", nameless)
    assert article.file == "a.zip!a.txt"
    assert skipped == Skipped("a.zip!", "A file in the archive has no name.")


def test_an_archive_cannot_lie_about_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 1000)
    data = bytearray(zipped({"a.txt": b"word " * 210}))
    # The size in the central directory, 24 bytes after its signature.
    at = data.rindex(b"PK\x01\x02") + 24
    data[at : at + 4] = (900).to_bytes(4, "little")
    articles, (skipped,) = split("a.zip", bytes(data))
    assert articles == []
    assert skipped.file == "a.zip!a.txt"


def test_deep_markup_does_not_exhaust_the_stack() -> None:
    depth = 30_000
    nested = b"<nitf><body><body.content>" + b"<p>" * depth + b"x" + b"</p>" * depth
    for name, data in [
        ("a.xml", nested + b"</body.content></body></nitf>"),
        ("a.html", b"<html><body>" + b"<div>" * depth + b"x"),
        ("a.md", b">" * depth + b"x"),
    ]:
        assert list(read_file(name, data))


@pytest.mark.parametrize("suffix", sorted(_BY_SUFFIX))
@settings(deadline=None, max_examples=40)  # a reader imports its libraries when first called
@given(data=st.data())
def test_damaged_files_are_read_or_skipped(suffix: str, data: st.DataObject) -> None:
    sound = [path.read_bytes() for path in FORMATS.iterdir() if path.suffix == suffix]
    sound += {".pdf": [pdf_document(*PDF_LINES)], ".docx": [WORD], ".zip": [ZIP]}.get(suffix, [])
    damage: bool = data.draw(st.booleans())
    if sound and damage:
        content = bytearray(data.draw(st.sampled_from(sound)))
        for _ in range(data.draw(st.integers(1, 6))):
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
        content = content[: data.draw(st.integers(0, len(content)))]
    else:
        content = bytearray(data.draw(st.binary(max_size=200)))
    for item in read_file(f"a{suffix}", bytes(content)):
        assert isinstance(item, RawArticle | Skipped)
        assert item.file.startswith("a")


WORD = word_document(FIRST)
ZIP = zipped({"a.txt": FIRST.encode(), "b.md": b"# Ferry"})
