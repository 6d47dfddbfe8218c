"""The three types of the 1+MG framework route a decision differently; what does not fit together is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from turtle_records import NODE, dataset

from catalogue.dac.committee import Access, Committee, Confidence, Method, Role
from catalogue.dac.registry import Registry
from catalogue.dac.resolve import resolve
from catalogue.text import Text

CENTRAL = Committee("1mg", (Text("1+MG DAC", "en"),), role=Role.RECOMMENDS, level="central")
EDIC = Committee("edic", (Text("Genome EDIC", "en"),), level="central")
NCP = Committee("be-ncp", (Text("NCP of Belgium", "en"),), role=Role.MAY_VETO, level="national", country="BE")
FRENCH = replace(NCP, id="fr-ncp", country="FR")
REGISTRY = Registry((CENTRAL, EDIC, NCP, FRENCH))
COMPLIANT, COHORT, EXTERNAL = (
    f"dct:conformsTo <http://data.gdi.eu/core/p2/{name}>"
    for name in ("1MGCompliant", "1MGCohort", "ExternallyGoverned")
)
LOCAL = "prov:qualifiedAttribution [ prov:agent :dac ; dcat:hadRole gdix:DataAccessCommittee ]"
NAMED = ':dac foaf:name "Local DAC"@en . :other foaf:name "Other DAC"@en .'


def access(statements: str, more: str = "") -> Access:
    return resolve(dataset(statements, more), NODE, REGISTRY)


def chain(found: Access) -> list[tuple[str, str, str]]:
    return [(link.role.value, link.committee.id, link.method.value) for link in found.links]


def test_on_what_is_compliant_the_central_committee_recommends_and_the_countrys_point_may_veto() -> None:
    found = access(COMPLIANT)
    assert chain(found) == [("recommends", "1mg", "governance"), ("may-veto", "be-ncp", "governance")]
    assert found.links[1].evidence == (
        'dct:conformsTo says 1+MG compliant; the registry lists "NCP of Belgium" as the coordination point of BE, '
        "which may veto."
    )
    assert found.decider.method is Method.NONE


def test_the_holder_of_what_is_compliant_is_named_where_no_committee_is() -> None:
    found = access(f'{COMPLIANT} ; geodcatap:custodian [ foaf:name "UMC X" ]')
    assert found.decider.evidence == (
        "The node publishes no deciding body. As a 1+MG compliant dataset it is decided on by its data holder, "
        '"UMC X" (geodcatap:custodian).'
    )


def test_on_a_cohort_the_central_body_decides() -> None:
    found = access(f'{COHORT} ; dcat:contactPoint [ vcard:fn "Data Access Committee" ]')
    assert (found.decider.status.value, found.decider.method) == ("rule", Method.GOVERNANCE)
    assert found.decider.evidence == (
        'dct:conformsTo says 1+MG cohort; the registry lists "Genome EDIC" as the central body that decides.'
    )
    assert [role for role, _, _ in chain(found)] == ["decides", "recommends", "may-veto", "contact"]


def test_what_is_externally_governed_is_left_to_its_own_body() -> None:
    found = access(f"{EXTERNAL} ; {LOCAL}", NAMED)
    assert [(role, method) for role, _, method in chain(found)] == [("decides", "attribution")]
    assert found.conflicts == ()


@pytest.mark.parametrize(
    ("statements", "conflict"),
    [
        (
            f"{LOCAL} ; odrl:hasPolicy [ odrl:assigner :other ]",
            (
                'prov:qualifiedAttribution names "Local DAC", odrl:assigner names "Other DAC": the record does not say '
                "which of them decides."
            ),
        ),
        (
            f"{COMPLIANT} ; {EXTERNAL}",
            (
                "dct:conformsTo states several types of governance (1+MG compliant, externally governed); they exclude "
                "each other."
            ),
        ),
        (
            f"{COHORT} ; {LOCAL}",
            'Of a 1+MG cohort the central body decides; the record says that "Local DAC" does.',
        ),
        (
            f"{EXTERNAL} ; prov:qualifiedAttribution [ prov:agent :other ; dcat:hadRole gdix:RecommendingCommittee ]",
            "On an externally governed dataset no central opinion is asked; the record names a body that recommends.",
        ),
        (
            f"{LOCAL} ; healthdcatap:hdab :dac",
            (
                '"Local DAC" is named as the committee and as the health data access body (healthdcatap:hdab); these '
                "are two different things."
            ),
        ),
    ],
)
def test_what_does_not_fit_together_is_told(statements: str, conflict: str) -> None:
    assert access(statements, NAMED).conflicts == (conflict,)


def test_one_body_attributed_and_assigning_is_no_conflict() -> None:
    assert access(f"{LOCAL} ; odrl:hasPolicy [ odrl:assigner :dac ]", NAMED).conflicts == ()


def test_every_rule_has_its_confidence() -> None:
    assert {method.value: method.confidence for method in Method} == {
        "attribution": Confidence.STATED,
        "policy": Confidence.STATED,
        "identifier": Confidence.JOINED,
        "governance": Confidence.JOINED,
        "contact-name": Confidence.LIKELY,
        "node-default": Confidence.ASSUMED,
        "open-data": Confidence.STATED,
        "hdab-stand-in": Confidence.NONE,
        "none": Confidence.NONE,
    }
