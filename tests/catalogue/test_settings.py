"""Settings: later wins, and a wrong one is named with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue.errors import BadSetting
from catalogue.settings import read_settings


def test_file_then_environment_then_flags(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('title = "From the file"\nsparql_timeout = 5\nlanguages = ["fi", "sv"]\n')
    settings = read_settings(
        config=file,
        environment={"GDI_TITLE": "From the environment", "GDI_ALLOW_PRIVATE": "yes", "PATH": "/bin"},
        flags={"data": tmp_path},
    )
    assert (settings.title, settings.sparql_timeout, settings.languages) == ("From the environment", 5.0, ("fi", "sv"))
    assert (settings.allow_private, settings.data) == (True, tmp_path)


def test_the_base_address_has_no_slash_at_its_end() -> None:
    assert read_settings(environment={"GDI_BASE_URL": "https://x.example/"}).base_url == "https://x.example"


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("GDI_NO_SUCH", "1", r"There is no setting 'no_such' \(the environment variable GDI_NO_SUCH\)"),
        (
            "GDI_SPARQL_TIMEOUT",
            "soon",
            r"sparql_timeout cannot be 'soon' \(the environment variable GDI_SPARQL_TIMEOUT\)",
        ),
        ("GDI_HARVEST_RETRIES", "2.5", "harvest_retries cannot be '2.5'"),
        ("GDI_LICENCE", "CC0", r"licence cannot be used .*It is the http\(s\) address of a licence"),
        ("GDI_ALLOW_PRIVATE", "perhaps", "allow_private cannot be 'perhaps'"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(name: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSetting, match=sentence):
        read_settings(environment={name: value})


def test_an_unreadable_or_broken_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text("title = ")
    with pytest.raises(BadSetting, match=r"broken\.toml: The settings file is not TOML"):
        read_settings(config=broken, environment={})
    with pytest.raises(BadSetting, match=r"absent\.toml: The settings file cannot be read: No such file"):
        read_settings(config=tmp_path / "absent.toml", environment={})


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("catalogue.example.org", "'catalogue.example.org' is no http(s) address."),
        ("ftp://catalogue.example.org", "'ftp://catalogue.example.org' is no http(s) address."),
        ("http://", "'http://' is no http(s) address."),
        ("http://x.example:99999", "'http://x.example:99999' is no http(s) address."),
        ("http://x.example/a b", "'http://x.example/a b' has more than a host"),
        ("https://x.example/?a=1", "'https://x.example/?a=1' has more than a host"),
        ("https://me:secret@x.example", "'https://me:secret@x.example' has more than a host"),
    ],
)
def test_an_address_that_identifiers_cannot_begin_with_is_refused_at_the_door(address: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(environment={"GDI_BASE_URL": address})
    assert caught.value.detail.startswith(
        f"base_url cannot be used (the environment variable GDI_BASE_URL). {sentence}"
    )


@pytest.mark.parametrize("address", ["https://x.example/catalogue", "http://[::1]:8080", "https://bücher.example"])
def test_an_address_with_a_path_or_a_port_is_a_base_address(address: str) -> None:
    assert read_settings(environment={"GDI_BASE_URL": address}).base_url == address


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("GDI_HARVEST_READ_TIMEOUT", "-1", "It is a number above 0."),
        ("GDI_HARVEST_MAX_BYTES", "0", "It is a whole number from 1 to "),
        ("GDI_HARVEST_GRACE_RUNS", "0", "It is a whole number from 1 to "),
        ("GDI_HARVEST_SHRINK_PERCENT", "500", "It is a whole number from 0 to 100."),
        ("GDI_VALIDATE_MAX_BYTES", "-5", "It is a whole number from 1 to "),
        ("GDI_TRUSTED_PROXY", "proxy.example", "'proxy.example' is no IP address"),
    ],
)
def test_a_bound_that_would_bind_nothing_or_everything_is_refused(variable: str, value: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(environment={variable: value})
    assert sentence in caught.value.detail
