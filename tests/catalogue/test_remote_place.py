"""The settings of a SPARQL server, checked at the door."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.errors import BadSetting
from catalogue.settings import Settings, read_settings
from catalogue.store.remote import read_place

DATASET = "http://sparql.internal:3030/ds"
SECRET = "rarely" + "-seen"


def settings(**given: str) -> Settings:
    return read_settings(environment={f"GDI_{name.upper()}": value for name, value in given.items()})


def test_one_address_is_enough(tmp_path: Path) -> None:
    place = read_place(settings(store=DATASET))
    assert (place.query, place.update, place.data, place.timeout, place.headers()) == (*(DATASET,) * 3, 10.0, {})
    file = tmp_path / "settings.toml"
    file.write_text(f'store = "{DATASET}/query"\nstore_update = "{DATASET}/update"\nstore_timeout = 3\n', "utf-8")
    place = read_place(read_settings(config=file, environment={}, flags={"store_data": f"{DATASET}/data"}))
    assert (place.query, place.update, place.data, place.timeout) == (
        f"{DATASET}/query",
        f"{DATASET}/update",
        f"{DATASET}/data",
        3.0,
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("store", "", "It names no store: it is `embedded`, or the address of a dataset on a SPARQL 1.1 server."),
        ("store", "fuseki", "'fuseki' is no http(s) address, nor `embedded`."),
        ("store", "ftp://x.example/ds", "'ftp://x.example/ds' is no http(s) address, nor `embedded`."),
        ("store", "http://x.example:port/ds", "'http://x.example:port/ds' is no address."),
        ("store", "http://x.example/d s", "'http://x.example/d s' is no http(s) address, nor `embedded`."),
        ("store", f"http://me:{SECRET}@x.example/", "An address cannot hold a user or password: they have settings of"),
        ("store_update", "update", "'update' is no http(s) address."),
        ("store_data", "http://x.example/#d", "'http://x.example/#d' has a fragment, which no server sees."),
        ("store_timeout", "0", "It is a number above 0."),
    ],
)
def test_an_address_that_is_none_is_named_with_its_place(name: str, value: str, said: str) -> None:
    with pytest.raises(BadSetting) as caught:
        settings(**{name: value})
    assert str(caught.value).startswith(f"{name} cannot be used (the environment variable GDI_{name.upper()}). {said}")
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"store_user": "me"}, "store_user and store_password must be given together."),
        ({"store_password": SECRET}, "store_user and store_password must be given together."),
        (
            {"store_token": SECRET, "store_user": "me", "store_password": SECRET},
            "store_token cannot be given together with store_user and store_password: use one of both.",
        ),
        (
            {"store_user": "m:e", "store_password": SECRET},
            "store_user cannot hold a colon (RFC 7617, section 2).",
        ),
        ({"store_token": f"{SECRET}\n"}, "store_token has letters that no HTTP header can hold."),
        ({"store_ca": "/no/such.pem"}, "/no/such.pem: store_ca cannot be used: there is no such file."),
    ],
)
def test_what_contradicts_itself_is_refused_without_showing_secrets(given: dict[str, str], said: str) -> None:
    chosen = settings(store=DATASET, **given)
    with pytest.raises(BadSetting) as caught:
        read_place(chosen)
    assert str(caught.value) == said
    assert SECRET not in repr(chosen)


def test_credentials_become_a_header_that_is_not_shown() -> None:
    place = read_place(settings(store=DATASET, store_user="gdi", store_password=SECRET))
    assert place.headers() == {"Authorization": "Basic Z2RpOnJhcmVseS1zZWVu"}
    assert SECRET not in repr(place)
    place = read_place(settings(store=DATASET, store_token=SECRET))
    assert place.headers() == {"Authorization": f"Bearer {SECRET}"}
    assert SECRET not in repr(place)
