"""A source: where one node publishes its descriptions, and how we may read them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """How far a node has come (GDI's three stages)."""

    ONBOARDING = "onboarding"
    DEPLOYMENT = "deployment"
    OPERATIONAL = "operational"


@dataclass(frozen=True, slots=True)
class Source:
    """One registered source.

    `url` is http(s), or a `file:` URL of a file or folder (given on the command line only). `country` is ISO 3166-1
    alpha-2. `every` is how often to harvest, in seconds; `cron` says at what times instead, in five fields of UTC;
    neither: by hand only. `allow_private` opens this source's own host and port, and nothing else, to addresses that
    are not public. `profile` None: the catalogue's default. `default_dac` names the committee of the registry that
    answers for datasets whose node names none.
    """

    name: str
    url: str
    title: str | None = None
    country: str | None = None
    protocol: str = "auto"
    profile: str | None = None
    stage: Stage = Stage.OPERATIONAL
    every: int | None = None
    cron: str | None = None
    allow_private: bool = False
    enabled: bool = True
    default_dac: str | None = None
