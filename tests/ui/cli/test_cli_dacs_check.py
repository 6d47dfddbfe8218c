"""`dacs check`: pages of committees are tried through the guarded door, and what came is kept and shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CommandLine, alone
from nodes.fake_node import FakeNode, Reply

from catalogue.assemble import open_house
from catalogue.settings import read_settings
from ui.app import create_app


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    alone(monkeypatch)
    return CommandLine(tmp_path / "data")


def registry(folder: Path, base: str, email: str = "dac@node.example") -> Path:
    file = folder / "committees.yaml"
    file.write_text(
        f"- id: a\n  name: A\n  email: {email}\n  contact_page: {base}/dac\n  apply_url: {base}/gone\n"
        f"  systems: [{{kind: rems, url: {base}/login}}]\n",
        "utf-8",
    )
    return file


def test_what_answers_and_what_does_not_is_kept_and_shown(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GDI_ALLOW_PRIVATE", "true")
    with FakeNode() as node:
        node.serve("/dac", b"<p>hello</p>", media_type="text/html")
        node.behave("/gone", Reply(404))
        node.behave("/login", Reply(401))
        cli.done("dacs", "import", registry(tmp_path, node.base))
        said = cli.done("dacs", "check", "--json").json["checks"]
        paths = {each["address"].removeprefix(node.base): (each["reachable"], each["detail"]) for each in said}
    assert paths == {
        "/dac": (True, "It answered."),
        "/gone": (False, "It answered with status 404."),
        "/login": (True, "It answered with status 401."),
    }
    with open_house(read_settings(flags={"data": cli.data})) as house:
        house.freshen()
        web = create_app(house.catalogue, house.settings).test_client()
        page = web.get("/dac/a", headers={"Accept": "text/html"}).get_data(as_text=True)
        checks = web.get("/api/v1/dacs/a").json["checks"]
    assert page.count("<strong>not reachable</strong>") == 1
    assert len(checks) == 3


def test_an_address_inside_is_not_asked_and_a_person_s_mailbox_is_told(cli: CommandLine, tmp_path: Path) -> None:
    cli.done("dacs", "import", registry(tmp_path, "http://127.0.0.1:9", "jane.doe@node.example"))
    said = cli.done("dacs", "check")
    assert said.out.count("FAIL  a  http://127.0.0.1:9/") == 3
    assert "LOOK  a  jane.doe@node.example looks like a person's mailbox." in said.out
    assert said.lines[-1] == "3 addresses tried, 3 not reachable."
    unknown = cli("dacs", "check", "nobody")
    assert unknown.code == 2
    assert "The registry has no committee 'nobody'." in unknown.err
