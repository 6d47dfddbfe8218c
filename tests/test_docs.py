"""The documentation is held to the program: every setting, verb and facet is where a reader looks for it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from catalogue.settings import SETTINGS, Settings
from ui.cli.main import VERBS

ROOT = Path(__file__).resolve().parent.parent


def test_every_setting_is_in_the_settings_page_with_its_sentence() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    missing = [s.name for s in SETTINGS if f"`{s.name}`" not in page or s.help not in page]
    assert missing == []


def test_the_settings_record_and_the_table_name_the_same() -> None:
    assert [f.name for f in fields(Settings)] == [s.name for s in SETTINGS]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_readme(verb: str) -> None:
    assert f"`{verb}" in (ROOT / "README.md").read_text("utf-8")


def test_every_decision_is_in_the_list_of_decisions() -> None:
    folder = ROOT / "docs" / "adr"
    listed = (folder / "README.md").read_text("utf-8")
    assert [p.name for p in sorted(folder.glob("0*.md")) if p.name not in listed] == []
