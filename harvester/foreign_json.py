"""JSON of strangers: its types, and how it is read where some program is expected to answer in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, TypeAlias

from harvester.errors import BadAnswer

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"
Dict: TypeAlias = Mapping[str, Json]

_SHOWN: Final = 80


def read_json(data: bytes, url: str, who: str) -> Json:
    """Return the JSON of an answer. Raises `BadAnswer`, which says that `who` ("a Beacon") does not answer so."""
    try:
        found: Json = json.loads(data)
    except (ValueError, RecursionError):
        begins = " ".join(data[:200].decode("utf-8", "replace").split())[:_SHOWN]
        raise BadAnswer(f"This is no answer of {who}: it begins with {begins!r}.", url=url) from None
    return found
