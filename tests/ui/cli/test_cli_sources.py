"""`sources`: registering, changing, listing, removing; every wrong word is answered by a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import CommandLine

URL = "https://north.example/catalog.ttl"


def test_a_source_is_kept_with_everything_said_of_it(cli: CommandLine) -> None:
    said = cli.done(
        *("sources", "add", "north", URL, "--title", "Node North", "--country", "fi", "--protocol", "hydra"),
        *("--profile", "dcat-ap-3.0.1", "--stage", "onboarding", "--every", "12h", "--allow-private"),
    )
    assert said.err == "Source north is registered. Next: gdi-catalogue harvest north\n"
    (source,) = cli("sources", "list", "--json").json
    assert source == {
        "name": "north",
        "url": URL,
        "title": "Node North",
        "country": "FI",
        "protocol": "hydra",
        "profile": "dcat-ap-3.0.1",
        "stage": "onboarding",
        "every": 43_200,
        "cron": None,
        "enabled": True,
        "default_dac": None,
        "allow_private": True,
    }


@pytest.mark.parametrize(("text", "seconds"), [("5m", 300), ("12h", 43_200), ("1d", 86_400), ("2w", 1_209_600)])
def test_an_interval_has_a_unit(cli: CommandLine, text: str, seconds: int) -> None:
    assert cli("sources", "add", "north", URL, "--every", text, "--json").json["every"] == seconds


def test_a_path_becomes_the_file_s_address(cli: CommandLine, published: Callable[..., Path]) -> None:
    file = published("a")
    spaced = file.rename(file.with_name("my catalogue #1.ttl"))
    assert cli("sources", "add", "file", spaced, "--json").json["url"] == spaced.as_uri()
    assert cli("sources", "add", "same", spaced.as_uri(), "--json").json["url"] == spaced.as_uri()
    assert cli("sources", "add", "folder", file.parent, "--json").json["url"] == file.parent.as_uri()
    assert cli.harvest("file")["new"] == 1


WRONG = {
    "a name in capitals": (
        ("North", URL),
        "A source's name has small letters, digits and dashes, 63 at most; 'North' does not fit.",
    ),
    "a name too long": (("n" * 64, URL), "63 at most"),
    "a name that leaves its folder": (("../north", URL), "'../north' does not fit"),
    "an empty name": (("", URL), "'' does not fit"),
    "a country by name": (
        ("north", URL, "--country", "Finland"),
        "A country is an ISO 3166-1 code of two letters, not 'Finland'.",
    ),
    "an interval without unit": (
        ("north", URL, "--every", "12"),
        "An interval is a number and m, h, d or w, such as 12h, at most 52w; '12' is not.",
    ),
    "times of four fields": (
        ("north", URL, "--cron", "4 * * *"),
        "Times are five fields (minute, hour, day, month, weekday), such as '30 4 * * 1-5': '4 * * *'.",
    ),
    "times that cannot be": (
        ("north", URL, "--cron", "61 * * * *"),
        "'61 * * * *' is no time that ever comes: Bad minute.",
    ),
    "times that never come": (("north", URL, "--cron", "0 0 30 2 *"), "'0 0 30 2 *' is no time that ever comes: "),
    "both ways": (
        ("north", URL, "--cron", "0 4 * * *", "--every", "1d"),
        "A source is harvested --every so often or at the times of --cron, not both.",
    ),
    "an interval of nothing": (("north", URL, "--every", "0d"), "'0d' is not"),
    "an interval beyond a year": (("north", URL, "--every", "53w"), "'53w' is not"),
    "an interval beyond all numbers": (("north", URL, "--every", "9" * 30 + "w"), "at most 52w"),
    "a title that is no text": (("north", URL, "--title", "\udcff"), "'--title': it is not valid Unicode."),
    "an unknown protocol": (("north", URL, "--protocol", "gopher"), "There is no protocol 'gopher'; there are auto, "),
    "an unknown profile": (("north", URL, "--profile", "gdi"), "There is no profile 'gdi'; there are dcat-ap-2.1.1, "),
    "an unknown stage": (("north", URL, "--stage", "testing"), "'testing' is not one of 'onboarding', 'deployment'"),
    "another scheme": (("north", "ftp://north.example/"), "A source is http(s), a file or a folder; 'ftp://"),
    "no host": (("north", "https:///catalog.ttl"), "The URL names no host."),
    "no port": (("north", "https://north.example:99999/"), "This is not a URL: Port out of range 0-65535."),
    "a password": (("north", "https://me:secret@north.example/"), "A URL with a user name or password in it"),
    "no such path": (("north", "nowhere/catalog.ttl"), "nowhere/catalog.ttl: There is no such file or folder."),
    "no such file": (("north", "file:///nowhere/catalog.ttl"), "There is no such file or folder."),
    "a file elsewhere": (("north", "file://server/catalog.ttl"), "A file: URL can only name a file of this machine."),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_could_never_be_read_is_not_registered(cli: CommandLine, case: str) -> None:
    arguments, sentence = WRONG[case]
    said = cli("sources", "add", *arguments)
    assert (said.code, said.out) == (2, "")
    assert sentence in said.err
    assert "secret" not in said.err
    assert cli("sources", "list", "--json").json == []


def test_adding_again_changes_what_is_said_and_nothing_else(cli: CommandLine) -> None:
    cli.done("sources", "add", "north", URL, "--country", "FI", "--every", "1d", "--stage", "deployment")
    cli.done("sources", "disable", "north")
    again = cli.done("sources", "add", "north", "https://north.example/new.ttl", "--title", "Node North")
    assert again.err == (
        "Source north now reads https://north.example/new.ttl "
        "(before: https://north.example/catalog.ttl). Its records stay.\n"
    )
    (source,) = cli("sources", "list", "--json").json
    assert (source["url"], source["title"]) == ("https://north.example/new.ttl", "Node North")
    assert (source["country"], source["every"], source["stage"], source["enabled"]) == (
        "FI",
        86_400,
        "deployment",
        False,
    )
    assert cli("sources", "add", "north", source["url"], "--country", "SE").err == (
        "Source north is registered as given now. Its records stay.\n"
    )


def test_a_private_address_can_be_closed_again(cli: CommandLine) -> None:
    cli.done("sources", "add", "north", URL, "--allow-private")
    assert cli("sources", "add", "north", URL, "--json").json["allow_private"] is True
    assert cli("sources", "add", "north", URL, "--no-allow-private", "--json").json["allow_private"] is False


def test_a_committee_nobody_knows_yet_is_warned_of(cli: CommandLine) -> None:
    said = cli.done("sources", "add", "north", URL, "--default-dac", "north-dac")
    assert "Warning: the registry has no committee 'north-dac' yet" in said.err
    assert cli("sources", "show", "north", "--json").json["default_dac"] == "north-dac"


def test_times_take_the_place_of_an_interval_and_the_other_way_round(cli: CommandLine) -> None:
    cli.done("sources", "add", "north", URL, "--every", "1d")
    source = cli("sources", "add", "north", URL, "--cron", " 30  4 * * 1-5", "--json").json
    assert (source["every"], source["cron"]) == (None, "30 4 * * 1-5")
    source = cli("sources", "add", "north", URL, "--every", "12h", "--json").json
    assert (source["every"], source["cron"]) == (43_200, None)


@pytest.mark.parametrize("verb", ["show", "remove", "enable", "disable"])
def test_an_unknown_source_is_named_with_those_there_are(cli: CommandLine, verb: str) -> None:
    cli.done("sources", "add", "north", URL)
    cli.done("sources", "add", "south", URL)
    said = cli("sources", verb, "west", "--json")
    assert (said.code, said.json["code"], said.json["status"]) == (2, "no-such-source", 404)
    assert said.json["detail"] == "There is no source named 'west'. Registered: north, south."
    assert said.err == f"Error: {said.json['detail']}\n"


def test_show_tells_the_source_and_its_latest_runs(cli: CommandLine, published: Callable[..., Path]) -> None:
    cli.done("sources", "add", "north", published("a", "b"), "--country", "FI")
    cli.done("harvest")
    shown = cli("sources", "show", "north", "--json").json
    assert (shown["name"], [run["new"] for run in shown["runs"]]) == ("north", [2])
    lines = cli("sources", "show", "north").lines
    assert lines[-1].split() == ["run", "1", "ok:", "2", "seen,", "2", "new,", "0", "changed"]
    assert any(line.split() == ["country", "FI"] for line in lines)


def test_a_list_of_nothing_says_what_to_do(cli: CommandLine) -> None:
    assert cli("sources", "list").out == "No sources yet. Add one: gdi-catalogue sources add NAME URL\n"
    cli.done("sources", "add", "north", URL)
    assert "north" in cli("sources", "list").lines[1]


def test_a_disabled_source_is_left_out_unless_named(cli: CommandLine, published: Callable[..., Path]) -> None:
    cli.done("sources", "add", "north", published("a"))
    assert cli("sources", "disable", "north").err == "Source north is disabled.\n"
    said = cli("harvest", "--json")
    assert (said.code, said.json["code"]) == (2, "bad-input")
    assert cli("harvest", "north", "--json").json["totals"]["new"] == 1
    assert cli("sources", "enable", "north", "--json").json["enabled"] is True
    assert cli("harvest", "--json").json["totals"]["unchanged"] == 1


def test_removing_withdraws_the_records_and_keeps_their_tombstones(
    cli: CommandLine, published: Callable[..., Path]
) -> None:
    cli.done("sources", "add", "north", published("a", "b"))
    cli.done("harvest")
    record = cli("show", "id-a", "--json").json["id"]
    assert cli("sources", "remove", "north", "--json").json == {"source": "north", "withdrawn": 3}
    assert cli("search", "--json").json["total"] == 0
    assert cli("show", record, "--json").json["status"] == "withdrawn"
    assert cli("doctor").code == 0
    cli.done("sources", "add", "north", published("a", "b"))
    run = cli.harvest()
    assert (run["changed"], run["restored"], run["new"]) == (2, 2, 0)
    assert cli("show", "id-a", "--json").json["id"] == record


def test_removing_can_leave_the_records_listed(cli: CommandLine, published: Callable[..., Path]) -> None:
    cli.done("sources", "add", "north", published("a", "b"))
    cli.done("harvest")
    assert cli("sources", "remove", "north", "--keep", "--json").json == {"source": "north", "withdrawn": 0}
    assert cli("sources", "list", "--json").json == []
    assert cli("search", "--json").json["total"] == 2
