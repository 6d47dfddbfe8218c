"""Bodies, contact points and conditions of use, in every form nodes give them."""

from __future__ import annotations

import pytest
from turtle_records import dataset

from catalogue.dataset import Contact, Dataset, DataUse
from catalogue.text import Text


@pytest.mark.parametrize(
    ("stated", "contact"),
    [
        ('[ vcard:fn "Desk"@en ; vcard:hasEmail <mailto:desk@x.example> ]',
         Contact((Text("Desk", "en"),), "desk@x.example")),
        ('[ vcard:hasEmail "desk@x.example" ]', Contact(email="desk@x.example")),
        ("[ vcard:hasEmail [ vcard:hasValue <mailto:desk@x.example?subject=a> ] ]", Contact(email="desk@x.example")),
        ("[ vcard:hasEmail <https://x.example/write> ]", Contact(page="https://x.example/write")),
        ('[ cv:email "desk@x.example" ; cv:contactPage <https://x.example/> ; cv:telephone "+32 2" ]',
         Contact((), "desk@x.example", "https://x.example/", "+32 2")),
        ("<mailto:desk@x.example>", Contact(email="desk@x.example")),
        ("<https://x.example/contact>", Contact(page="https://x.example/contact")),
        ('"desk@x.example"', Contact(email="desk@x.example")),
        ('"The desk"', Contact((Text("The desk"),))),
        ('[ vcard:hasTelephone <tel:+3222> ; vcard:hasEmail "not an address" ]', Contact(telephone="+3222")),
    ],
)  # fmt: skip
def test_contact_points_are_read_in_every_form(stated: str, contact: Contact) -> None:
    assert dataset(f"dcat:contactPoint {stated}").contacts == (contact,)


def test_a_contact_point_that_says_nothing_is_left_out() -> None:
    assert dataset("dcat:contactPoint [ a vcard:Kind ], [ vcard:hasEmail <mailto:> ]").contacts == ()


def test_a_publisher_gathers_its_contact_points_and_its_own_mailbox_once() -> None:
    read = dataset(
        "dct:publisher :org",
        ':org foaf:name "Institute" ; foaf:homepage <https://i.example/> ; foaf:mbox <mailto:a@i.example> ; '
        'cv:contactPoint [ cv:email "a@i.example" ] ; dcat:contactPoint [ vcard:hasEmail <mailto:b@i.example> ] .',
    )
    assert read.publisher is not None
    assert [each.email for each in read.publisher.contacts] == ["a@i.example", "b@i.example"]
    assert (read.publisher.key, read.publisher.homepage) == ("https://node.example/org", "https://i.example/")


def test_bodies_without_a_lasting_iri_have_a_key_made_of_their_name() -> None:
    skolem = "http://node.example/.well-known/genid/17f"
    read = dataset(
        f'dct:publisher [ foaf:name "Institut für Genomik" ] ; geodcatap:custodian <{skolem}> ; dct:creator "ΕΛΙΞΙΡ"',
        f'<{skolem}> foaf:name "Biobank"@en .',
    )
    assert read.publisher is not None
    assert read.custodian is not None
    assert (read.publisher.key, read.custodian.key) == ("institut-fur-genomik", "biobank")
    assert read.creators[0].key == read.creators[0].key.lower()
    assert read.creators[0].key.isascii()


def test_the_publisher_note_and_type_of_older_releases_belong_to_the_publisher() -> None:
    read = dataset('dct:publisher [ foaf:name "P" ] ; healthdcatap:publishernote "National"@en ; '
                   'healthdcatap:publisherType [ skos:prefLabel "Registry" ]')  # fmt: skip
    assert read.publisher is not None
    assert read.publisher.notes == (Text("National", "en"),)
    assert [each.labels[0].value for each in read.publisher.types] == ["Registry"]


def test_attributions_hold_every_agent_in_every_role_with_its_label() -> None:
    read = dataset(
        'prov:qualifiedAttribution [ prov:agent :dac, :ncp ; dcat:hadRole :role ], [ prov:agent :dac ], "none"',
        ':dac foaf:name "A" . :ncp foaf:name "B" . :role skos:prefLabel "Committee"@en .',
    )
    roles = {(each.agent.names[0].value, each.role, each.role_labels) for each in read.attributions}
    label = (Text("Committee", "en"),)
    assert roles == {
        ("A", "https://node.example/role", label),
        ("B", "https://node.example/role", label),
        ("A", None, ()),
    }


def codes(read: Dataset) -> list[str]:
    return [use.code for policy in read.policies for use in policy.data_uses]


def test_a_policy_gives_its_assigner_and_its_duo_terms_permissions_first() -> None:
    read = dataset(
        "odrl:hasPolicy :policy ; dcat:distribution [ odrl:hasPolicy :policy ]",
        ":policy odrl:permission [ odrl:assigner :dac ; odrl:target :obo-DUO_0000004 ; "
        "odrl:constraint [ odrl:rightOperand obo:DUO_0000042 ] ; odrl:duty [ odrl:action obo:DUO_0000021 ] ] . "
        ':dac foaf:name "DAC" .',
    )
    (policy,) = read.policies
    assert policy.assigner is not None
    assert policy.assigner.names == (Text("DAC"),)
    assert [(use.code, use.modifier) for use in policy.data_uses] == [("DUO:0000042", False), ("DUO:0000021", True)]


@pytest.mark.parametrize(
    "statements",
    [
        "dct:accessRights obo:DUO_0000006",
        "dct:rights obo:DUO_0000006",
        "dct:conformsTo obo:DUO_0000006",
        "gdix:duo obo:DUO_0000006",
        "gdix:dataUse [ gdix:duo obo:DUO_0000006 ]",
        'dct:rights [ rdfs:label "Use: DUO:0000006 only" ]',
        'dcat:distribution [ dct:rights "DUO_0000006" ]',
        "odrl:hasPolicy [ odrl:prohibition [ odrl:constraint ( [ odrl:rightOperand obo:DUO_0000006 ] ) ] ]",
        "odrl:hasPolicy obo:DUO_0000006",
    ],
)
def test_duo_terms_are_found_wherever_nodes_put_them(statements: str) -> None:
    read = dataset(statements)
    assert codes(read) == ["DUO:0000006"]
    assert read.access_rights is None
    assert read.conforms_to == ()


def test_a_duo_term_in_a_policy_and_outside_of_it_is_told_once() -> None:
    read = dataset("gdix:duo obo:DUO_0000042 ; odrl:hasPolicy [ gdix:duo obo:DUO_0000042 ; odrl:assigner :d ]")
    assert codes(read) == ["DUO:0000042"]


def test_a_label_that_differs_from_duos_own_is_marked() -> None:
    read = dataset(
        "gdix:duo obo:DUO_0000042, obo:DUO_0000021, obo:DUO_0009999",
        'obo:DUO_0000042 rdfs:label "open to all"@en . obo:DUO_0000021 rdfs:label "Ethics approval required"@en .',
    )
    obo = "http://purl.obolibrary.org/obo/DUO_"
    assert read.policies[0].data_uses == (
        DataUse("DUO:0000042", f"{obo}0000042", "general research use", modifier=False, stated_label="open to all"),
        DataUse("DUO:0000021", f"{obo}0000021", "ethics approval required", modifier=True),
        DataUse("DUO:0009999", f"{obo}0009999", "DUO:0009999", modifier=True, known=False),
    )
