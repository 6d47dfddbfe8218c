"""Where the SPARQL server is, and how it is entered."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalogue.errors import BadSetting
from catalogue.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """The addresses of one dataset: for queries, updates, and quads handed in at once.

    `timeout` is in seconds. What opens the door is never shown.
    """

    query: str
    update: str
    data: str
    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    ca: Path | None = None
    timeout: float = 10.0

    @property
    def entered(self) -> bool:
        """Whether any credentials are given."""
        return bool(self.token or self.user)

    def headers(self) -> Mapping[str, str]:
        """What lets us in (RFC 7617, RFC 6750)."""
        if self.token:
            return {"Authorization": f"Bearer {self.token}"}
        if self.user:
            pair = b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")
            return {"Authorization": f"Basic {pair}"}
        return {}


def read_place(settings: Settings) -> Place:
    """Return where the settings say the server is. Raises `BadSetting` for what contradicts itself."""
    if settings.store_token and (settings.store_user or settings.store_password):
        raise BadSetting("store_token cannot be given together with store_user and store_password: use one of both.")
    if bool(settings.store_user) != bool(settings.store_password):
        raise BadSetting("store_user and store_password must be given together.")
    if ":" in settings.store_user:
        raise BadSetting("store_user cannot hold a colon (RFC 7617, section 2).")
    if not (settings.store_token.isascii() and settings.store_token.isprintable()):
        raise BadSetting("store_token has letters that no HTTP header can hold.")
    ca = Path(settings.store_ca).expanduser() if settings.store_ca else None
    if ca is not None and not ca.is_file():
        raise BadSetting("store_ca cannot be used: there is no such file.", url=str(ca))
    return Place(
        query=settings.store,
        update=settings.store_update or settings.store,
        data=settings.store_data or settings.store,
        user=settings.store_user,
        password=settings.store_password,
        token=settings.store_token,
        ca=ca,
        timeout=settings.store_timeout,
    )
