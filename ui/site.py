"""The site: the catalogue it shows, the settings it was started with, and its own files. Made once, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from catalogue.catalogue import Catalogue
from catalogue.settings import Settings

STATIC = Path(__file__).parent / "static"
EXTENSION = "gdi"


@dataclass(frozen=True, slots=True)
class Site:
    """What every view needs. `assets` maps a file of `static/` to a digest of it, so that browsers may keep it."""

    catalogue: Catalogue
    settings: Settings
    assets: Mapping[str, str]

    @classmethod
    def over(cls, catalogue: Catalogue, settings: Settings) -> Site:
        """Make the site of a catalogue; reads the static files once to stamp them."""
        assets = {
            path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in sorted(STATIC.rglob("*"))
            if path.is_file()
        }
        return cls(catalogue, settings, assets)

    def address(self, path: str) -> str:
        """The public address of a path. Always made of the `base_url` setting, never of what a request claims."""
        return f"{self.settings.base_url}{path}"


def current_site() -> Site:
    """The site of the running application."""
    site = current_app.extensions[EXTENSION]
    if not isinstance(site, Site):  # pragma: no cover - a wiring mistake, not an input
        raise TypeError("the application was made without create_app")
    return site
