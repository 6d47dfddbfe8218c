"""The API's description (OpenAPI 3.1), made from the same table that registers its routes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response

from catalogue import __version__
from shapes.errors import BadInput, CannotWork, Missing, TooLarge, Unreachable, Withdrawn
from ui.negotiate import NotAcceptable
from ui.schemas import SCHEMAS

_REFUSALS: Final = (BadInput, Missing, NotAcceptable, Withdrawn, TooLarge, Unreachable, CannotWork)
_PROBLEM: Final = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. `schema` is its JSON Schema; a repeated one may be given several times."""

    name: str
    description: str
    schema: dict[str, Any]
    where: str = "query"
    repeated: bool = False

    def described(self) -> dict[str, Any]:
        """The parameter as OpenAPI says it."""
        schema = {"type": "array", "items": self.schema} if self.repeated else self.schema
        said: dict[str, Any] = {"name": self.name, "in": self.where, "description": self.description, "schema": schema}
        if self.where == "path":
            said["required"] = True
        if self.repeated:
            said |= {"style": "form", "explode": True}
        return said


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing a program can ask. `path` is written as OpenAPI does (`/datasets/{id}`), below the API's root.

    `handler` None: the route is another module's, and only told of here. `refusals` are the HTTP statuses it may answer
    with, besides 200.
    """

    name: str
    path: str
    summary: str
    answer: str
    handler: Callable[..., Response] | None
    parameters: tuple[Parameter, ...] = ()
    refusals: tuple[int, ...] = ()
    method: str = "get"
    body: dict[str, Any] | None = None

    @property
    def rule(self) -> str:
        """The path as Flask writes it."""
        return re.sub(r"\{(\w+)\}", r"<path:\1>" if self.path.endswith("}") else r"<\1>", self.path)

    def described(self) -> dict[str, Any]:
        """The operation as OpenAPI says it."""
        answers: dict[str, Any] = {
            "200": {
                "description": "The answer.",
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{self.answer}"}}},
            }
        }
        titles = {kind.status: kind.title for kind in _REFUSALS}
        for status in self.refusals:
            answers[str(status)] = {"description": titles[status], "content": _PROBLEM}
        said: dict[str, Any] = {
            "operationId": self.name,
            "summary": self.summary,
            "parameters": [parameter.described() for parameter in self.parameters],
            "responses": answers,
        }
        if self.body is not None:
            said["requestBody"] = self.body
        return said


def document(operations: Sequence[Operation], title: str, base: str) -> dict[str, Any]:
    """Return the OpenAPI document of these operations, served below `base`."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method] = operation.described()
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}: API",
            "version": __version__,
            "description": "Reads the catalogue. All is public, no key is needed. Errors are problems (RFC 9457).",
        },
        "servers": [{"url": base}],
        "paths": paths,
        "components": {"schemas": SCHEMAS},
    }
