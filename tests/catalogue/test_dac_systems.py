"""Where one applies: a dataset is found in a committee's system by binding, by its own identifier, or by neither."""

from __future__ import annotations

import pytest

from catalogue.dac.systems import Binding, System, SystemKind, apply_address, entrance

REMS = System(
    SystemKind.REMS,
    "https://rems.node.example/",
    bindings=(
        Binding("GDI-FI-1", resource="urn:res:1", item=12, workflow=3),
        Binding("GDI-FI-*"),
        Binding("GDI-FI-2*", resource="second"),
    ),
    workflow=9,
)


@pytest.mark.parametrize(
    ("identifiers", "resource", "workflow"),
    [
        (("gdi-fi-1",), "urn:res:1", 3),
        (("other", "GDI-FI-1"), "urn:res:1", 3),
        (("GDI-FI-27",), "second", 9),
        (("GDI-FI-9",), "GDI-FI-9", 9),
    ],
)
def test_a_binding_names_the_resource_the_closest_one_wins(
    identifiers: tuple[str, ...], resource: str, workflow: int
) -> None:
    found = entrance(REMS, identifiers)
    assert found is not None
    assert (found.resource, found.workflow) == (resource, workflow)


def test_a_system_with_bindings_is_not_for_other_datasets() -> None:
    assert entrance(REMS, ("EGAD00000000001",)) is None


def test_with_own_identifiers_the_first_is_the_resource() -> None:
    found = entrance(System(SystemKind.REMS, "https://rems.node.example", own_ids=True), (" ", "A&B", "C"))
    assert found is not None
    assert found.address == "https://rems.node.example/apply-for?resource=A%26B"


def test_a_system_without_bindings_is_for_all_of_its_committee() -> None:
    page = System(SystemKind.WEB, "https://node.example/apply")
    found = entrance(page, ("x",))
    assert found is not None
    assert (found.resource, found.address) == (None, "https://node.example/apply")


@pytest.mark.parametrize(
    ("kind", "url", "resources", "address"),
    [
        (SystemKind.REMS, "https://r.example/", ("a", "b"), "https://r.example/apply-for?resource=a&resource=b"),
        (SystemKind.REMS, "https://r.example/", (), "https://r.example/"),
        (SystemKind.EGA, "https://ega-archive.org", ("EGAD1",), "https://ega-archive.org/datasets/EGAD1"),
        (SystemKind.NEGOTIATOR, "https://n.example/", ("a",), "https://n.example/"),
        (SystemKind.HDAB_FORM, "https://h.example/form", ("a",), "https://h.example/form"),
        (SystemKind.MAIL, "mailto:dac@node.example", ("a",), "mailto:dac@node.example"),
    ],
)
def test_where_an_application_begins(kind: SystemKind, url: str, resources: tuple[str, ...], address: str) -> None:
    assert apply_address(System(kind, url), resources) == address
