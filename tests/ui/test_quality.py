"""The stewards' pages: what to mend, the course of a node, another release, reports to keep, badges for anybody."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sample_catalogue import BASE, FREQUENCIES, RARE, Sample, empty_sample, full_sample, record_of

from catalogue.journal.append import Draft
from catalogue.journal.run import Counts, Outcome
from catalogue.journal.runs import Ending, Ledger
from catalogue.stewardship import Milestone
from harvester.source import Source
from shapes.profiles import profile
from shapes.record import Kind
from shapes.validate import Validator
from ui.app import create_app
from ui.badge import drawn, of_node
from ui.judging import DESK

SVG = "{http://www.w3.org/2000/svg}"
LICENCE = "http://purl.org/dc/terms/license"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    """The sample, and a node whose two runs were judged in earnest; `ids` has its records."""
    made = full_sample(tmp_path_factory.mktemp("quality"))
    made.journal.add_source(Source("east", "https://east.example.org/", "Node <East>", "PL", "rdf", profile="fdp"))
    made.journal.update_source(
        Source("east", "https://east.example.org/", "Node <East>", "PL", "rdf", profile="dcat-ap-3.0.1")
    )
    validator = Validator(profile("dcat-ap-3.0.1"))
    for turtle in (RARE, FREQUENCIES):
        run = made.journal.begin_run("east")
        record = record_of(Kind.DATASET, turtle)
        (made.ids[f"east-{run}"],) = made.journal.append("east", [Draft(record, validator.judge(record))], run=run)
        ledger = Ledger({Kind.DATASET: Counts(new=1)}, [], {}, requests=1, bytes=1)
        made.journal.finish_run(run, ledger, Ending(Outcome.OK, complete=True))
    made.settle()
    yield made
    made.index.close()
    made.journal.close()


@pytest.fixture(scope="module")
def web(sample: Sample) -> Iterator[FlaskClient]:
    app = create_app(sample.catalogue, sample.settings)
    yield app.test_client()
    app.extensions[DESK].close()


def page(web: FlaskClient, path: str) -> str:
    answer = web.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    return answer.get_data(as_text=True)


# --- a node's page


def test_a_node_sees_what_to_mend_with_fix_records_and_what_it_wins(web: FlaskClient, sample: Sample) -> None:
    text = page(web, "/node/south/quality")
    mend = text[text.index('id="mend"') :]
    assert mend.index("A dataset must name its publisher.") < mend.index("A dataset should have keywords.")
    assert "makes 1 record valid" in mend
    assert "Add dct:publisher with the body that publishes it." in mend
    assert f'href="/dataset/{sample.ids["broken"]}/quality' in mend
    assert "at least 40 points" in mend


def test_the_course_is_a_picture_and_a_table(web: FlaskClient) -> None:
    text = page(web, "/node/east/quality")
    start = text.index("<svg", text.index('<figure class="trend">'))
    picture = ET.fromstring(text[start : text.index("</svg>", start) + 6])  # noqa: S314 - our own
    assert picture.get("role") == "img"
    assert "The table below says the same." in (picture.findtext("title") or "")
    lines = picture.findall("g")
    assert "line line-valid" in [line.get("class") for line in lines]
    assert all(len(str(line.find("polyline").get("points")).split()) in (1, 2) for line in lines)  # type: ignore[union-attr]
    rows = re.findall(r'<tr><th scope="row">(\d+)</th>', text)
    assert len(rows) == 2
    assert rows == sorted(rows, reverse=True)


def test_a_node_with_one_run_has_the_table_alone_and_one_without_any_says_so(web: FlaskClient, sample: Sample) -> None:
    assert 'class="trend"' not in page(web, "/node/north/quality")
    sample.journal.add_source(Source("west", "https://west.example.org/", protocol="rdf"))
    text = page(web, "/node/west/quality")
    assert "This node was not harvested yet." in text
    assert "Nothing to remark." in text


def test_by_points_is_another_order_of_the_same(web: FlaskClient) -> None:
    first, other = page(web, "/node/east/quality"), page(web, "/node/east/quality?sort=points")
    told = [re.findall(r"<h3>(.*?)</h3>", text) for text in (first, other)]
    assert sorted(told[0]) == sorted(told[1])
    points = [int(found) for found in re.findall(r"at least (\d+) point", other)]
    assert points == sorted(points, reverse=True)
    wrong = web.get("/node/east/quality?sort=size")
    assert (wrong.status_code, wrong.get_json(force=True)["detail"]) == (
        400, "sort must be one of records, points, not 'size'.",
    )  # fmt: skip


def test_every_record_of_one_thing_to_mend_is_listed(web: FlaskClient, sample: Sample) -> None:
    text = page(web, "/node/south/quality")
    (link,) = {link for link in re.findall(r'href="(/node/south/quality/records\?[^"]+)"', text) if "publisher" in link}
    listed = page(web, link.replace("&amp;", "&"))
    assert f'<td><a href="/dataset/{sample.ids["broken"]}/quality">' in listed
    assert "A dataset must name its publisher." in listed
    gone = web.get("/node/south/quality/records?shape=urn:x:none&severity=warning")
    assert gone.get_json(force=True)["detail"] == "Nothing of this kind is to be mended at south now."
    assert web.get(link.replace("&amp;", "&") + "&page=2").status_code == 400


def test_an_unknown_node_has_none_of_it(web: FlaskClient) -> None:
    for path in ("quality", "quality.csv", "quality/records", "quality/moving", "badge.svg"):
        assert web.get(f"/node/nowhere/{path}").status_code == 404, path
    assert web.get("/api/v1/nodes/nowhere/quality").status_code == 404


# --- reports to keep


def test_a_nodes_report_can_be_had_in_every_form(web: FlaskClient, sample: Sample) -> None:
    address = f"{BASE}/dataset/{sample.ids['broken']}"
    told = web.get("/node/south/quality.json")
    assert told.headers["Content-Disposition"] == 'attachment; filename="south-quality.json"'
    assert {each["file"] for each in told.json["files"]} >= {address}
    rows = list(csv.DictReader(io.StringIO(web.get("/node/south/quality.csv").text)))
    assert {(row["file"], row["message"]) for row in rows} == {
        (address, "A dataset must name its publisher."), (address, "A dataset should have keywords."),
    }  # fmt: skip
    assert json.loads(web.get("/node/south/quality.sarif").data)["runs"][0]["results"]
    assert "sh:ValidationReport" in web.get("/node/south/quality.ttl").text
    assert "A dataset must name its publisher." in web.get("/node/south/quality.txt").text
    alone = web.get("/node/south/quality.html")
    assert alone.headers["Content-Security-Policy"].endswith("sandbox")
    again = web.get(
        "/node/south/quality.csv", headers={"If-None-Match": web.get("/node/south/quality.csv").headers["ETag"]}
    )
    assert again.status_code == 304


def test_the_report_of_one_rule_can_be_had_alone_and_one_that_is_too_large_is_refused(
    web: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "shape=s:p&path=http://purl.org/dc/terms/publisher&severity=violation"
    rows = list(csv.DictReader(io.StringIO(web.get(f"/node/south/quality.csv?{query}").text)))
    assert [row["message"] for row in rows] == ["A dataset must name its publisher."]
    monkeypatch.setattr("ui.quality._MOST_FINDINGS", 1)
    refused = web.get("/node/south/quality.csv")
    assert refused.status_code == 400
    assert refused.get_json(force=True)["detail"].startswith(
        "The report has more than 1 findings. Take it rule by rule"
    )
    assert web.get(f"/node/south/quality.csv?{query}").status_code == 200


# --- another release


def test_a_node_sees_what_another_release_breaks(web: FlaskClient, sample: Sample) -> None:
    text = page(web, "/node/east/quality/moving?to=healthdcat-ap-r8")
    assert "Compared with dcat-ap-3.0.1: 2 datasets." in text
    breaks = text[text.index('id="breaks"') :]
    assert "The dataset does not name the legislation it falls under (dcatap:applicableLegislation)." in breaks
    for number in (2, 3):
        assert f"/dataset/{sample.ids[f'east-{number}']}/quality" in breaks
    assert '<option value="healthdcat-ap-r8" selected>' in text
    assert "Nothing breaks." in page(web, "/node/east/quality/moving?to=dcat-ap-3.0.1")
    unknown = web.get("/node/east/quality/moving?to=klingon")
    assert (unknown.status_code, unknown.get_json(force=True)["code"]) == (400, "unknown-profile")


def test_a_node_with_very_many_records_is_sent_to_the_command_line(
    web: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.quality._MOST_MOVED", 1)
    answer = web.get("/node/east/quality/moving?to=healthdcat-ap-r8")
    assert answer.get_json(force=True)["detail"] == (
        "east has more than 1 records. Compare its files with the command line: "
        "gdi-catalogue validate FILE --profile dcat-ap-3.0.1 --compare-with healthdcat-ap-r8"
    )


# --- one dataset


def test_one_dataset_has_a_page_a_report_and_a_comparison(web: FlaskClient, sample: Sample) -> None:
    key = sample.ids["east-2"]
    text = page(web, f"/dataset/{key}/quality")
    assert "Judged by dcat-ap-3.0.1" in text
    assert f"/dataset/{key}/quality.sarif" in text
    report = web.get(f"/dataset/{key}/quality.json").json
    assert report["findings"] == [
        {"file": f"{BASE}/dataset/{key}", **each} for each in web.get(f"/api/v1/datasets/{key}/report").json["findings"]
    ]
    moved = page(web, f"/dataset/{key}/quality/moving?to=gdi-core")
    assert "Compared with dcat-ap-3.0.1: 1 dataset." in moved
    assert web.get("/dataset/CA-7/quality").headers["Location"] == f"/dataset/{sample.ids['cancer']}/quality"


def test_what_is_gone_or_was_never_there_has_no_quality(web: FlaskClient, sample: Sample) -> None:
    for path in ("quality", "quality.csv", "quality/moving", "badge.svg"):
        assert web.get(f"/dataset/{sample.ids['gone']}/{path}").status_code == 410, path
        assert web.get(f"/dataset/unknown/{path}").status_code == 404, path


# --- badges


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/node/south/badge.svg", "Node South: metadata not validated"),
        ("/node/east/badge.svg", "Node <East>: metadata 100 % valid"),
        ("/node/east/badge.svg?score=fair", "Node <East>: metadata "),
        ("/node/west2/badge.svg", "west2: metadata not validated"),
        ("/dataset/{broken}/badge.svg", ": metadata 1 violation"),
        ("/dataset/{goe}/badge.svg", "Genome of Europe: allele frequencies: metadata valid"),
        ("/dataset/{goe}/badge.svg?score=mqa", "Genome of Europe: allele frequencies: metadata "),
        ("/dataset/{series}/badge.svg?score=mqa", "Genomes of the north, by year: metadata not scored"),
    ],
)
def test_a_badge_says_in_words_what_it_shows(web: FlaskClient, sample: Sample, path: str, said: str) -> None:
    if "west2" in path and "west2" not in {source.name for source in sample.journal.sources()}:
        sample.journal.add_source(Source("west2", "https://west.example.org/", protocol="rdf"))
    answer = web.get(path.format(**sample.ids))
    assert answer.mimetype == "image/svg+xml"
    picture = ET.fromstring(answer.get_data())  # noqa: S314 - our own
    title = picture.findtext(f"{SVG}title") or ""
    assert said in title
    assert (picture.get("role"), picture.get("aria-label")) == ("img", title)
    shown = [each.text for each in picture.iter(f"{SVG}text")]
    assert title.endswith(f": {shown[0]} {shown[1]}")


def test_a_hundred_percent_means_every_one() -> None:
    now = Milestone(9, datetime(2026, 3, 1, tzinfo=UTC), 1000, 1000, 999, 1, 0, {"mqa": 99.97})
    assert "metadata 99 % valid" in of_node(now, None, "Node")
    assert "metadata 99 % of points" in of_node(now, "mqa", "Node")
    assert "metadata not scored" in of_node(now, "fair", "Node")


def test_anybody_may_show_a_badge_and_keep_it_for_an_hour(web: FlaskClient) -> None:
    answer = web.get("/node/east/badge.svg")
    headers = answer.headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "public, max-age=3600"
    assert web.get("/node/east/badge.svg", headers={"If-None-Match": headers["ETag"]}).status_code == 304
    wrong = web.get("/node/east/badge.svg?score=beauty").get_json(force=True)["detail"]
    assert wrong == "score must be one of mqa, mqa-controlled, completeness, fair, not 'beauty'."


def test_a_badge_runs_nothing_a_stranger_wrote() -> None:
    text = drawn("metadata", "valid", "#000", '"><script>alert(1)</script>')
    assert "<script" not in text
    assert ET.fromstring(text).findtext(f"{SVG}title") == '"><script>alert(1)</script>: metadata valid'  # noqa: S314


def test_the_snippets_name_the_badge_by_its_public_address(web: FlaskClient) -> None:
    text = page(web, "/node/east/quality")
    assert f"]({BASE}/node/east/badge.svg)]({BASE}/node/east/quality)</textarea>" in text
    assert (
        f"&lt;img src=&#34;{BASE}/node/east/badge.svg&#34;" in text
        or f'&lt;img src="{BASE}/node/east/badge.svg"' in text
    )
    assert '<img src="/node/east/badge.svg"' in text


# --- links to it, and for programs


def test_the_pages_of_nodes_and_datasets_lead_there(web: FlaskClient, sample: Sample) -> None:
    assert 'href="/node/east/quality"' in page(web, "/node/east")
    assert f'href="/dataset/{sample.ids["east-2"]}/quality"' in page(web, f"/dataset/{sample.ids['east-2']}")


def test_programs_get_the_same(web: FlaskClient, sample: Sample) -> None:
    told = web.get("/api/v1/nodes/south/quality").json
    assert (told["node"], told["profile"], told["counts"]["violation"]) == ("south", "healthdcat-ap-r8", 1)
    first = told["mends"][0]
    assert (first["records"], first["freed"], first["points"]) == (1, 1, 40)
    assert first["ids"] == [sample.ids["broken"]]
    east = web.get("/api/v1/nodes/east/quality").json
    assert [each["datasets"] for each in east["trend"]] == [1, 2]
    assert set(east["trend"][1]["scores"]) == {"mqa", "mqa-controlled", "completeness", "fair"}


def test_a_catalogue_with_nothing_in_it_has_no_such_pages(tmp_path: Path) -> None:
    made = empty_sample(tmp_path)
    web = create_app(made.catalogue, made.settings).test_client()
    assert web.get("/node/north/quality").status_code == 404
    made.index.close()
    made.journal.close()
