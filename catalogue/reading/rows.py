"""Tables of fields: each with the properties it is read from, and its reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeAlias

from shapes.graph import Node, RecordGraph, node_of

Reader: TypeAlias = Callable[[RecordGraph, Node, tuple[str, ...]], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a read model: the properties it is read from, and the reader."""

    field: str
    properties: tuple[str, ...]
    reader: Reader


class Table:
    """The fields of one read model that are each read from properties of their own."""

    def __init__(self, *rows: Row) -> None:
        self.rows = rows
        self._read_from: dict[str, tuple[Row, ...]] = {}
        for row in rows:
            for name in row.properties:
                self._read_from[name] = (*self._read_from.get(name, ()), row)

    def read(self, graph: RecordGraph, node: Node) -> Mapping[str, Any]:
        """Read every field of a node. Only what is stated of it is read: most fields are not, of most nodes."""
        read_from = self._read_from
        stated = {row.field: row for name in graph.predicates(node) if name in read_from for row in read_from[name]}
        return {**self._unsaid, **{field: row.reader(graph, node, row.properties) for field, row in stated.items()}}

    @cached_property
    def _unsaid(self) -> Mapping[str, object]:
        """What each field is where none of its properties is stated."""
        graph, node = RecordGraph(()), node_of("urn:x-reading:nothing")
        return MappingProxyType({row.field: row.reader(graph, node, row.properties) for row in self.rows})
