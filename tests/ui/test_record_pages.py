"""What the pages of datasets, committees and nodes tell, and that they tell no more than is known."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sample_catalogue import BASE, Sample


@pytest.fixture
def page(web: FlaskClient, sample: Sample, browser: dict[str, str]):  # noqa: ANN201 - a function that reads a page
    def read(path: str) -> str:
        return web.get(path.format(**sample.ids), headers=browser).get_data(as_text=True)

    return read


def test_who_decides_with_role_and_evidence(page) -> None:  # noqa: ANN001
    text = page("/dataset/{rare}")
    assert '<a href="/dac/EGAC00000000001">Data Access Committee North</a>' in text
    assert "Stated by the node" in text
    assert "The record attributes the dataset to this body in this role." in text
    assert "prov:qualifiedAttribution names &#34;Data Access Committee North&#34;" in text
    assert "Health Data Access Body under the EHDS, not the committee:" in text


def test_how_to_apply_and_under_which_conditions(page) -> None:  # noqa: ANN001
    text = page("/dataset/{rare}")
    assert 'href="https://umc.example.org/apply"' in text
    assert "Only research on the disease named is allowed." in text
    assert "You must show an approval of an ethics committee." in text
    assert "Not public: you apply, and a body decides." in text


def test_a_missing_body_is_said_and_a_stand_in_is_named_as_one(page) -> None:  # noqa: ANN001
    assert "No deciding body published" in page("/dataset/{cancer}")
    stand_in = page("/dataset/{inf}")
    assert "Stand-in" in stand_in
    assert "The node names no committee." in stand_in


def test_population_and_coverage(page) -> None:  # noqa: ANN001
    text = page("/dataset/{rare}")
    for said in ("4\u202f812", "9\u202f624", "0–18", "2015–2022", "Netherlands", "Children and their parents"):
        assert said in text


def test_texts_of_strangers_are_harmless(page) -> None:  # noqa: ANN001
    text = page("/dataset/{rare}")
    assert "<p>Whole genomes of <b>families</b> with a rare disease.</p>" in text
    assert "alert(1)" not in text
    broken = page("/dataset/{broken}")
    assert "<script>alert" not in broken
    assert "onerror" not in broken
    assert 'href="javascript:' not in broken
    assert "2026-01-01" in broken


def test_a_long_data_dictionary_stays_readable(page) -> None:  # noqa: ANN001
    first = page("/dataset/{cancer}")
    assert first.count('<th scope="row"><code>') == 50
    assert "See and search all variables" in first
    whole = page("/dataset/{cancer}/variables")
    assert whole.count('<th scope="row"><code>') == 250
    assert "300 variables" in whole
    rest = page("/dataset/{cancer}/variables?page=2")
    assert rest.count('<th scope="row"><code>') == 50
    found = page("/dataset/{cancer}/variables?q=VARIABLE 17")
    assert "11 variables with “VARIABLE 17”" in found
    assert "No variable matches." in page("/dataset/{cancer}/variables?q=zzz")


def test_a_page_of_variables_that_is_not_there(web: FlaskClient, sample: Sample) -> None:
    answer = web.get(f"/dataset/{sample.ids['cancer']}/variables?page=9")
    assert answer.json["detail"] == "page must be a whole number from 1 to 2, not '9'."


def test_the_record_says_where_it_is_from(page, sample: Sample) -> None:  # noqa: ANN001
    text = page("/dataset/{rare}")
    state = sample.catalogue.state(sample.ids["rare"])
    for said in (
        f"{BASE}/dataset/{state.id}",
        "https://node.example.org/rare",
        "https://north.example.org/fdp",
        state.digest,
        f"/dataset/{state.id}.ttl?as=delivered",
        "Test catalogue, https://catalogue.example.org/dataset/",
    ):
        assert said in text


def test_the_verdict_comes_with_a_fix(page) -> None:  # noqa: ANN001
    text = page("/dataset/{broken}")
    assert "1 violation" in text
    assert "Must be fixed" in text
    assert "Add dct:publisher with the body that publishes it." in text


def test_relations_lead_to_our_records(page, sample: Sample) -> None:  # noqa: ANN001
    text = page("/dataset/{rare}")
    assert f'<a href="/dataset/{sample.ids["series"]}">Genomes of the north, by year</a>' in text
    assert "Rare disease genomes of the north" in page("/dataset/{series}")


def test_the_history_tells_which_statements_changed(page) -> None:  # noqa: ANN001
    text = page("/dataset/{broken}/history")
    assert "1 statement added, 1 removed" in text
    assert "<ins>+ &lt;https://node.example.org/broken&gt;" in text
    assert "&#34;2026-01-01&#34;" in text
    assert "First seen." in text


def test_other_kinds_have_a_page_of_their_statements(page) -> None:  # noqa: ANN001
    text = page("/record/{service}")
    assert "<code>dcat:endpointURL</code>" in text
    assert 'href="https://umc.example.org/beacon"' in text


def test_a_committee_says_what_it_states_and_what_it_does_not(page) -> None:  # noqa: ANN001
    text = page("/dac/EGAC00000000001")
    assert "decides on access" in text
    assert 'href="mailto:dac@umc.example.org"' in text
    assert text.count("not stated") == 6
    assert "Rare disease genomes of the north" in text
    assert "Only research on the disease named is allowed." in text
    assert 'records of the node <a href="/node/north">north</a>' in text
    registered = page("/dac/central")
    assert "Whole genomes held in the north." in registered
    assert "the registry of this catalogue" in registered


def test_the_list_of_committees_counts_their_datasets(page) -> None:  # noqa: ANN001
    text = page("/dacs")
    assert '<a href="/datasets?dac=EGAC00000000001">1 dataset</a>' in text
    assert "3 datasets name no body that decides." in text


def test_a_node_tells_its_harvests_and_its_problems(page, sample: Sample) -> None:  # noqa: ANN001
    text = page("/node/north")
    assert "Partial" in text
    assert "The page is HTML." in text
    assert "https://north.example.org/fdp/x</a>, line 12" in text
    assert "in 2 records" in text
    assert f'href="/dataset/{sample.ids["rare"]}/quality"' in text  # there for records of every kind
    south = page("/node/south")
    assert "This node was not harvested yet." in south
    assert "2 of 3 (67 %)" in south
    assert "2 datasets of this node name no body that decides on access." in south


def test_the_quality_of_a_description_with_what_each_lost_point_needs(page) -> None:  # noqa: ANN001
    text = page("/dataset/{rare}")
    assert '<a href="#quality">Quality</a>' in text
    quality = text.partition('id="quality"')[2].partition("</section>")[0]
    assert quality.count('<details class="panel score">') == 4
    assert "MQA, without what cannot apply to controlled data: <strong>" in quality
    assert "Add the media type (dcat:mediaType)." in quality
    assert "50 unknown" in quality  # whether the access address answers


def test_a_series_has_no_scores(page) -> None:  # noqa: ANN001
    assert 'id="quality"' not in page("/dataset/{series}")


def test_the_signs_are_explained(page) -> None:  # noqa: ANN001
    text = page("/about")
    for said in ("A guess is never shown as a fact.", "DUO:0000042", "Stand-in", "Interrupted", "Onboarding"):
        assert said in text


def test_open_data_stand_under_their_licence_and_not_without_conditions(
    web: FlaskClient, browser: dict[str, str]
) -> None:
    opened = web.get("/api/v1/datasets?decider=open").json["hits"]
    pages = [web.get(f"/dataset/{hit['id']}", headers=browser).text for hit in opened]
    licensed = [page for page in pages if "Under the licence" in page]
    assert licensed
    assert all("Creative Commons" in page.split("Under the licence")[1][:300] for page in licensed)
    assert not any("states no conditions in a form" in page.split('id="conditions"')[1][:600] for page in licensed)
