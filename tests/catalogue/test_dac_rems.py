"""Committees from REMS's own exports, and from YAML."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catalogue.dac.committee import Committee, Observed
from catalogue.dac.errors import BadRegistry
from catalogue.dac.importing import Imported, read_committees
from catalogue.dac.systems import Binding, System, SystemKind
from catalogue.text import Text

REMS = "https://rems.example"
ORGANISATION = {
    "organization/id": "FI GDI",
    "organization/name": {"en": "GDI Finland", "fi": "GDI Suomi"},
    "organization/short-name": {"en": "GDI-FI"},
    "organization/owners": [{"userid": "x", "name": "Jane Doe", "email": "jane.doe@example.org"}],
    "organization/review-emails": [{"name": {"en": "Office"}, "email": "dac@gdi.example"}],
    "enabled": True,
    "archived": False,
}


def item(number: int, resid: str, workflow: int = 3, **more: Any) -> dict[str, Any]:
    owner = {key: ORGANISATION[key] for key in ("organization/id", "organization/name", "organization/short-name")}
    return {"id": number, "resid": resid, "wfid": workflow, "organization": owner, "enabled": True} | more


def read(document: object, system: str | None = REMS) -> Imported:
    return read_committees(json.dumps(document).encode(), "json", name="rems.json", system=system)


def test_an_organisation_becomes_a_committee_bound_to_its_items() -> None:
    found = read({"organizations": [ORGANISATION], "catalogue": [item(12, "GDI-FI-1"), item(13, "GDI-FI-2")]})
    bindings = (Binding("GDI-FI-1", "GDI-FI-1", 12, 3), Binding("GDI-FI-2", "GDI-FI-2", 13, 3))
    assert found == Imported(
        (
            Committee(
                "rems-fi-gdi",
                (Text("GDI Finland", "en"), Text("GDI Suomi", "fi")),
                email="dac@gdi.example",
                identifiers=("FI GDI",),
                governs=("GDI-FI-1", "GDI-FI-2"),
                systems=(System(SystemKind.REMS, REMS, bindings, workflow=3),),
            ),
        ),
        (),
    )


def test_a_catalogue_alone_is_enough_and_different_workflows_are_kept_apart() -> None:
    (committee,) = read([item(1, "A", 3), item(2, "B", 4)]).committees
    (system,) = committee.systems
    assert system.workflow is None
    assert [(b.dataset, b.workflow) for b in system.bindings] == [("A", 3), ("B", 4)]


def test_resources_without_an_item_are_governed_and_a_workflow_names_nobody() -> None:
    owner = item(0, "x")["organization"]
    resource = {"id": 5, "resid": "C", "organization": owner}
    workflow = {"id": 3, "title": "Default", "organization": owner, "workflow": {"handlers": [{"email": "a.b@x.org"}]}}
    (committee,) = read({"resources": [resource], "workflows": [workflow]}).committees
    assert committee.governs == ("C",)
    assert committee.email is None


def test_what_cannot_be_applied_for_is_told_and_left_out() -> None:
    catalogue = [item(1, "A"), item(2, "A"), item(3, "B", archived=True), item(4, "C", enabled=False)]
    found = read({"catalogue": catalogue}, None)
    assert found.committees[0].governs == ("A",)
    assert found.committees[0].systems == ()
    assert found.warnings[:4] == (
        "The export does not say where its REMS is: give its address (--system) to link applications to it.",
        "Catalogue item 3 (B) is archived in REMS; it was left out.",
        "Catalogue item 4 (C) is not enabled in REMS; it was left out.",
        "REMS has 2 open catalogue items for A; it refuses applications by that resource.",
    )


def test_an_organisation_without_a_name_is_refused() -> None:
    with pytest.raises(BadRegistry, match="The REMS organisation 'x' has no name"):
        read([{"organization/id": "x"}])


YAML = """
committee:
  - id: no-dac
    name: {en: Norwegian DAC, nb: Norsk komité}
    country: NO
    confirmed: 2026-01-31
    may_apply: Researchers
    secure_environment: {en: The Norwegian environment}
    opening_hours: Mo-Fr 09:00-15:00
    observed_days: {days: 41, from: 2025-01-01, to: 2025-12-31, applications: 17}
    systems:
      - kind: rems
        url: https://rems.example
        own_ids: true
        bindings: [{dataset: NO-*, resource: all, item: 4, workflow: 2}]
      - kind: mail
        url: dac@node.example
"""


def yaml(text: str) -> tuple[Committee, ...]:
    return read_committees(text.encode(), "yaml", name="dacs.yaml").committees


def test_yaml_holds_the_same_entries_and_no_is_norway() -> None:
    assert yaml(YAML) == (
        Committee(
            "no-dac",
            (Text("Norwegian DAC", "en"), Text("Norsk komité", "nb")),
            country="NO",
            confirmed="2026-01-31",
            may_apply=(Text("Researchers"),),
            environment=(Text("The Norwegian environment", "en"),),
            opening_hours="Mo-Fr 09:00-15:00",
            observed=Observed(41, "2025-01-01", "2025-12-31", 17),
            systems=(
                System(SystemKind.REMS, REMS, (Binding("NO-*", "all", 4, 2),), own_ids=True),
                System(SystemKind.MAIL, "mailto:dac@node.example"),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("- id: a\n  name: A\n  role: rules\n", 3, 'Committee 1 ("a"): role must be one of decides, recommends'),
        ("- &x {id: a, name: A}\n- *x\n", 2, "This is not YAML we read: an alias (*name)."),
        ("- id: [\n", 2, "This is not YAML we read: expected the node content"),
        ("- !!python/object:os.system {}\n", 1, "This is not YAML we read: could not determine a constructor"),
        ("just words", None, 'Expected a list of committees, or "committee:" and a list.'),
        ("", None, "There is no committee in it."),
        ("[" * 5000, None, "This is not YAML we read: "),
        (
            "- id: a\n  name: A\n  systems: [{kind: fax, url: x}]\n",
            3,
            'Committee 1 ("a"): systems must be a table whose kind is one of rems, ega, negotiator, hdab-form',
        ),
        (
            "- id: a\n  name: A\n  systems: [{kind: rems}]\n",
            3,
            'Committee 1 ("a"): systems must be a table with url (a system has none)',
        ),
        (
            "- id: a\n  name: A\n  observed_days: {days: 1, from: 2026-01-02, to: 2026-01-01}\n",
            3,
            'Committee 1 ("a"): observed_days must be a table whose to is not before its from',
        ),
    ],
)
def test_wrong_yaml_is_refused_with_entry_key_and_line(text: str, line: int | None, sentence: str) -> None:
    with pytest.raises(BadRegistry) as refused:
        yaml(text)
    assert refused.value.detail.startswith(sentence)
    assert refused.value.line == line or text.startswith("[[")


def test_a_large_yaml_file_is_refused_before_it_is_read() -> None:
    with pytest.raises(BadRegistry, match="A YAML file of committees has at most 4194304 bytes"):
        yaml("#" * (4 * 1024 * 1024 + 1))
