"""What JSON Schemas of the API are made of: plain values, references, lists, objects."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
WHOLE: Final[Schema] = {"type": "integer", "minimum": 0}
MAYBE_WHOLE: Final[Schema] = {"type": ["integer", "null"], "minimum": 0}
YES_NO: Final[Schema] = {"type": "boolean"}
NUMBER: Final[Schema] = {"type": "number"}
MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Final[Schema] = {"type": ["string", "null"], "format": "date-time"}


def ref(name: str) -> Schema:
    """A reference to another schema of this table."""
    return {"$ref": f"#/components/schemas/{name}"}


def many(schema: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": schema}


def record(description: str, /, **fields: Schema) -> Schema:
    """An object all of whose named fields are there."""
    return {"type": "object", "description": description, "properties": fields, "required": list(fields)}


def listing(name: str) -> Schema:
    """The shape of every list but a search's answer."""
    return record(f"All of them, or the latest (`{name}`).", total=WHOLE, items=many(ref(name)))
