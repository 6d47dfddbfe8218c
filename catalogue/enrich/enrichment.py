"""One service's word about one dataset, as pages and rules read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from catalogue.dac.committee import Committee
from catalogue.dataset import DataUse


@dataclass(frozen=True, slots=True)
class Beacon:
    """A Beacon, as it describes itself. `filters` are the terms it can be asked by, as far as they are told."""

    address: str
    name: str
    page: str | None = None
    operator: str | None = None
    status: str | None = None
    levels: tuple[str, ...] = ()
    granularity: str | None = None
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyTold:
    """A policy of the EGA: its accession, what it is called, and where it is written down."""

    accession: str | None
    title: str | None
    page: str | None = None


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What one source says of one dataset that others list.

    `about` is the identifier by which it names the dataset; `address` where it said so; `record` our identifier of the
    statement, whose page has its history. `committee` decides by its word.
    """

    record: str
    source: str
    about: str
    address: str
    time: datetime
    title: str | None = None
    page: str | None = None
    data_uses: tuple[DataUse, ...] = ()
    beacon: Beacon | None = None
    policy: PolicyTold | None = None
    committee: Committee | None = None
