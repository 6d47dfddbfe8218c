"""A catalogue's entry (dcat:CatalogRecord) is judged with the dataset it is about, not where it is only listed."""

from __future__ import annotations

from shapes.cut import cut
from shapes.parse import Document, read
from shapes.profiles import profile
from shapes.record import Kind, Record
from shapes.validate import Validator

CATALOGUE = b"""
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
<https://node.example/c> a dcat:Catalog ; dct:title "All" ;
    dcat:dataset <https://node.example/d> ; dcat:record <https://node.example/r> .
<https://node.example/r> a dcat:CatalogRecord ; foaf:primaryTopic <https://node.example/d> .
<https://node.example/d> a dcat:Dataset ; dct:title "One" .
"""


def test_an_entry_is_judged_once_and_in_its_datasets_record() -> None:
    validator = Validator(profile("dcat-ap-3.0.1"))
    found = {}
    for record in cut(read(Document(CATALOGUE, "c.ttl", "https://node.example/"))):
        assert isinstance(record, Record)
        report = validator.judge(record)
        found[record.kind] = [f.path for f in report.findings if f.focus.endswith("/r") and f.severity == "violation"]
    assert found == {Kind.DATASET: ["http://purl.org/dc/terms/modified"], Kind.CATALOGUE: []}
