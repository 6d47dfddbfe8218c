"""How far the dataset has followed the journal, and whose it is: one statement in a graph beside the data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Final
from uuid import uuid4

import pyoxigraph as ox

from catalogue.errors import StoreUnavailable

# The same whatever the base address is, so that another catalogue finds it, too.
GRAPH: Final = "<urn:gdi-catalogue:progress>"
_SAYS: Final = "<urn:gdi-catalogue:says>"
# What graphs are written in; another one is made anew.
LAYOUT: Final = 1
# `seen`: the statement stands in the default graph as well, which thus is not ours to keep.
QUESTION: Final = (
    f"SELECT ?said ?seen {{ GRAPH {GRAPH} {{ {GRAPH} {_SAYS} ?said }} OPTIONAL {{ {GRAPH} {_SAYS} ?seen }} }}"
)


@dataclass(frozen=True, slots=True)
class Progress:
    """What the statement says.

    `owner`: the base address of the catalogue. `whole`: everything was there once, so that queries may be answered.
    `common`: digests of the graphs that are about no single record. `token`: another one after each change.
    """

    owner: str
    cursor: int = 0
    stamp: str = ""
    refreshed: str = ""
    whole: bool = True
    common: Mapping[str, str] = field(default_factory=dict)
    layout: int = LAYOUT
    token: str = ""

    def moved(self) -> Progress:
        """Return the same with a token that was never there before."""
        return replace(self, token=uuid4().hex)


def written(progress: Progress) -> bytes:
    """Return the update that makes a dataset say this."""
    text = ox.Literal(json.dumps(asdict(progress), sort_keys=True))
    statement = f"GRAPH {GRAPH} {{ {GRAPH} {_SAYS} "
    return f"DELETE WHERE {{ {statement}?said }} }} ;\nINSERT DATA {{ {statement}{text} }} }}".encode()


def read(said: str, url: str) -> Progress:
    """Read the statement. Raises `StoreUnavailable` for one that is not ours."""
    try:
        known = json.loads(said)
        return Progress(**{each.name: known[each.name] for each in fields(Progress)})
    except (ValueError, KeyError, TypeError) as error:
        raise StoreUnavailable(
            "What the dataset says of its progress cannot be read: another program wrote it. Empty the dataset, or "
            "name another.",
            url=url,
        ) from error
