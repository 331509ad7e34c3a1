from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_dedup import AGENCY, CHESS, FOLLOW_UP, OWN_REPORT, REWRITE, WordVectors, lines

from fusion.errors import StoryError, UsageError
from fusion.sources import SourcesReport, render_table, survey

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def story(tmp_path: Path) -> Path:
    reports = {
        "agency": f"---\ntitle: Bridge shut\npublished: 2031-05-13T09:00:00Z\n---\n{AGENCY}",
        "reprint": f"{lines(AGENCY, 0, 1, 2, 3, 4, 5)}\n\nShare this article: Facebook X WhatsApp",
        "spun": f"---\npublished: 2031-05-13T12:00:00Z\n---\n{REWRITE}",
        "own": OWN_REPORT,
        "court": FOLLOW_UP + lines(AGENCY, 6),
        "chess": CHESS,
    }
    for name, text in reports.items():
        (tmp_path / f"{name}.md").write_text(text.replace("\n", "\n\n"), encoding="utf-8")
    front = (tmp_path / "agency.md").read_text(encoding="utf-8")
    (tmp_path / "agency.md").write_text(front.replace("\n\n", "\n", 4), encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    return tmp_path


@pytest.fixture
def report(story: Path) -> SourcesReport:
    return survey(story, WordVectors())


def by_file(report: SourcesReport) -> dict[str, str]:
    return {source.file.removesuffix(".md"): source.role.value for source in report.sources}


def test_every_report_has_its_role(report: SourcesReport) -> None:
    assert by_file(report) == {
        "agency": "original",
        "reprint": "copy",
        "spun": "derived",
        "own": "independent",
        "court": "independent",
        "chess": "off_topic",
    }


def test_json_has_the_keys_of_the_contract_and_reads_back(report: SourcesReport) -> None:
    loaded = json.loads(report.to_json())
    assert list(loaded) == [
        "schema",
        "story",
        "sources",
        "groups",
        "shared",
        "quotes",
        "cut",
        "skipped",
    ]
    assert loaded["schema"] == "fusion/sources/1"
    assert {"id", "members", "original", "evidence"} == set(loaded["groups"][0])
    assert SourcesReport.model_validate_json(report.to_json()) == report


def test_every_span_is_in_its_source(report: SourcesReport) -> None:
    texts = {source.id: source.text for source in report.sources}
    assert report.shared
    assert any(v.altered for quote in report.quotes for v in quote.variants)
    for passage in report.shared:
        assert texts[passage.source][passage.start : passage.end] == lines(AGENCY, 6)
    for quote in report.quotes:
        for variant in quote.variants:
            assert texts[variant.source][variant.start : variant.end] == variant.text


def test_the_table_tells_an_editor_who_is_one_voice_and_why(report: SourcesReport) -> None:
    table = render_table(report)
    assert table.startswith("SOURCES: 6 reports, 3 independent voices\n")
    for heading in ("WHY", "PASSAGES TAKEN OVER", "QUOTATIONS", "TIMELINE", "CUT", "SKIPPED"):
        assert f"\n\n{heading}" in table
    for source in report.sources:
        assert source.file in table
    assert "ALTERED" in table
    assert "empty.txt" in table


def test_the_table_shows_nothing_that_a_terminal_would_obey(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(AGENCY.replace("Ostwick", "\x1b[31mOstwick"), encoding="utf-8")
    assert "\x1b" not in render_table(survey(tmp_path, WordVectors()))


def test_a_single_report_needs_no_explanation(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(AGENCY, encoding="utf-8")
    table = render_table(survey(tmp_path, WordVectors()))
    assert "1 reports" in table or "1 report" in table
    assert "WHY" not in table


def test_articles_that_come_or_go_move_no_other_id(story: Path) -> None:
    before = {source.file: source.id for source in survey(story, WordVectors()).sources}
    (story / "own.md").unlink()
    (story / "later.txt").write_text(FOLLOW_UP.replace("Friday", "Monday"), encoding="utf-8")
    after = {source.file: source.id for source in survey(story, WordVectors()).sources}
    assert {file: key for file, key in before.items() if file != "own.md"} == {
        file: key for file, key in after.items() if file != "later.txt"
    }


def test_nothing_usable(tmp_path: Path) -> None:
    with pytest.raises(StoryError):
        survey(tmp_path, WordVectors())
    with pytest.raises(UsageError):
        survey(tmp_path / "nowhere", WordVectors())


def test_the_stand_in_embedder_gives_unit_vectors() -> None:
    assert np.allclose(np.linalg.norm(WordVectors().passages([AGENCY, CHESS]), axis=1), 1)


def test_a_date_that_has_not_come_is_marked(report: SourcesReport) -> None:
    def dates(now: datetime) -> list[str]:
        table = render_table(report, now).split("TIMELINE OF PUBLICATION\n")[1].split("\n\n")[0]
        return [line.rpartition(" IN THE ")[0][:18].strip() for line in table.splitlines()]

    assert dates(datetime(2031, 5, 13, 10, 0, tzinfo=UTC)) == ["", "2031-05-13 12:00"]
    assert dates(datetime(2031, 5, 14, 0, 0, tzinfo=UTC)) == ["", ""]


def test_an_embargo_is_named_with_its_time(tmp_path: Path) -> None:
    front = "---\ntitle: Bridge shut\nembargo: 2031-05-13T09:00:00Z\nrights: © Wire\n---\n"
    (tmp_path / "a.md").write_text(front + AGENCY.replace("\n", "\n\n"), encoding="utf-8")
    found = survey(tmp_path, WordVectors())
    assert found.sources[0].rights == "© Wire"
    assert (
        "\n\nEMBARGO: not for publication before the time stated\n  [1] 2031-05-13 09:00 +0000"
        in (render_table(found))
    )
