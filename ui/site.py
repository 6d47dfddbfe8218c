"""The site: the catalogue it shows, the settings it was started with, and its own files. Made once, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from catalogue.catalogue import Catalogue
from catalogue.desk import Desk
from catalogue.errors import BadSetting
from catalogue.settings import Settings

STATIC = Path(__file__).parent / "static"
EXTENSION = "gdi"
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of ours as it is served. The digest stands in its address, so that browsers may keep it for ever."""

    body: bytes
    media_type: str
    digest: str


@dataclass(frozen=True, slots=True)
class Site:
    """What every view needs. `assets` are the files of `static/` by name; `logo` is the one the settings name."""

    catalogue: Catalogue
    settings: Settings
    assets: Mapping[str, Asset]
    desk: Desk
    logo: Asset | None = None

    @classmethod
    def over(cls, catalogue: Catalogue, settings: Settings) -> Site:
        """Make the site of a catalogue; reads its files once. Raises `BadSetting` for a logo that cannot be read."""
        paths = (path for path in sorted(STATIC.rglob("*")) if path.is_file())
        assets = {path.relative_to(STATIC).as_posix(): _read(path) for path in paths}
        return cls(catalogue, settings, assets, Desk(catalogue, settings.data), _logo(settings.logo))

    def address(self, path: str) -> str:
        """The public address of a path. Always made of the `base_url` setting, never of what a request claims."""
        return f"{self.settings.base_url}{path}"


def _read(path: Path) -> Asset:
    body = path.read_bytes()
    media_type = _MEDIA_TYPES.get(path.suffix.lower(), "application/octet-stream")
    return Asset(body, media_type, hashlib.sha256(body).hexdigest()[:12])


def _logo(name: str) -> Asset | None:
    if not name:
        return None
    path = Path(name).expanduser()
    if path.suffix.lower() not in {".svg", ".png"}:
        raise BadSetting("The logo must be an SVG or PNG file.", url=name)
    try:
        return _read(path)
    except OSError as error:
        raise BadSetting(f"The logo cannot be read: {error.strerror}.", url=name) from error


def current_site() -> Site:
    """The site of the running application."""
    site = current_app.extensions[EXTENSION]
    if not isinstance(site, Site):  # pragma: no cover - a wiring mistake, not an input
        raise TypeError("the application was made without create_app")
    return site
