"""Where the search cluster is, how it is entered, and what our indices are called there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from catalogue.errors import BadSetting
from catalogue.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """One cluster and a name in it. `timeout` is in seconds. What opens the door is never shown.

    `prefix` is what the indices of this catalogue are called; another catalogue on the same cluster has another.
    """

    hosts: tuple[str, ...]
    prefix: str = "gdi-catalogue"
    api_key: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    ca: Path | None = None
    timeout: float = 10.0
    shards: int = 1
    replicas: int = 1

    @property
    def shown(self) -> str:
        """The addresses, for messages."""
        return ", ".join(self.hosts)

    @property
    def entered(self) -> bool:
        """Whether any credentials are given."""
        return bool(self.api_key or self.user)


def read_place(settings: Settings) -> Place:
    """Return where the settings say the cluster is. Raises `BadSetting` for what contradicts itself."""
    if settings.search_api_key and (settings.search_user or settings.search_password):
        raise BadSetting(
            "search_api_key cannot be given together with search_user and search_password: use one of both."
        )
    if bool(settings.search_user) != bool(settings.search_password):
        raise BadSetting("search_user and search_password must be given together.")
    ca = Path(settings.search_ca).expanduser() if settings.search_ca else None
    if ca is not None and not ca.is_file():
        raise BadSetting("search_ca cannot be used: there is no such file.", url=str(ca))
    return Place(
        hosts=settings.search,
        prefix=settings.search_prefix,
        api_key=settings.search_api_key,
        user=settings.search_user,
        password=settings.search_password,
        ca=ca,
        timeout=settings.search_timeout,
        shards=settings.search_shards,
        replicas=settings.search_replicas,
    )
