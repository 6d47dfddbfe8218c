"""Values that cannot be compared are a finding, not a failure of the validator (SHACL 1.0, section 4.5.4)."""

from __future__ import annotations

import pytest

from shapes.cut import cut
from shapes.parse import Document, read
from shapes.profiles import profile
from shapes.record import Record
from shapes.validate import Validator

DATASET = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix health: <http://healthdataportal.eu/ns/health#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://node.example/d> a dcat:Dataset ; health:minTypicalAge LOW ; health:maxTypicalAge HIGH .
"""


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        ("18", "99", False),
        ("99", "18", True),
        ('"99.0"^^xsd:nonNegativeInteger', '"18.0"^^xsd:nonNegativeInteger', True),
        ('"young"@en', "5", True),
    ],
)
def test_ages_are_compared_or_reported_and_the_record_is_judged(low: str, high: str, *, found: bool) -> None:
    text = DATASET.replace("LOW", low).replace("HIGH", high).encode()
    (record,) = cut(read(Document(text, "ages.ttl", "https://node.example/")))
    assert isinstance(record, Record)
    report = Validator(profile("healthdcat-ap-r8")).judge(record)
    components = {finding.component for finding in report.findings}
    assert ("LessThanOrEqualsConstraintComponent" in components) is found
    assert "MinCountConstraintComponent" in components
