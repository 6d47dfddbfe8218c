"""The data dictionary: variables of the tables a dataset is made of (CSV on the Web)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph as ox

from catalogue.dataset import Texts, Variable
from catalogue.labels import readable
from catalogue.reading.terms import health
from catalogue.reading.values import first_texts, members, nodes, string, values
from catalogue.text import pick
from shapes.graph import Node, RecordGraph
from shapes.vocabulary import CSVW, DCT, RDFS

_GROUPS: Final = health("hasVariables")
_TABLES: Final = (CSVW.table,)
_SCHEMAS: Final = (CSVW.tableSchema,)
_COLUMNS: Final = (CSVW.column,)
_TITLES: Final = (CSVW.title, CSVW.titles, DCT.title, RDFS.label)
_DESCRIPTIONS: Final = (DCT.description, CSVW.describes, RDFS.comment)


def variables(graph: RecordGraph, resources: Iterable[Node]) -> tuple[Variable, ...]:
    """The variables of a dataset: its own table groups, and (before R8) the tables of its distributions."""
    found: dict[Node, Variable] = {}
    for resource in resources:
        for group in _listed(graph, resource, (*_GROUPS, *_TABLES)):
            tables = list(_listed(graph, group, _TABLES)) or [group]
            for table in tables:
                _read_table(graph, table, found)
    return tuple(found.values())


def _listed(graph: RecordGraph, node: Node, properties: Iterable[str]) -> Iterator[Node]:
    """Values of a property, an RDF list opened (the CSVW context makes csvw:column and csvw:table lists)."""
    for each in nodes(graph, node, properties):
        yield from (m for m in members(graph, each) if not isinstance(m, ox.Literal))


def _read_table(graph: RecordGraph, table: Node, found: dict[Node, Variable]) -> None:
    title = pick(first_texts(graph, table, _TITLES), ("en",))
    name = title.value if title else string(graph, table, (CSVW.url,))
    holders = (table, *nodes(graph, table, _SCHEMAS))
    columns = [column for holder in holders for column in _listed(graph, holder, _COLUMNS)]
    if not columns and graph.value(table, CSVW.name) is not None:
        columns, name = [table], None  # hasVariables that points at the columns themselves
    for column in columns:
        if column not in found and (read := _variable(graph, column, name)):
            found[column] = read


def _variable(graph: RecordGraph, column: Node, table: str | None) -> Variable | None:
    titles: Texts = first_texts(graph, column, _TITLES)
    name = string(graph, column, (CSVW.name, DCT.identifier)) or (titles[0].value if titles else None)
    if name is None and isinstance(column, ox.NamedNode):
        name = readable(column.value)
    if name is None:
        return None
    return Variable(name, titles, first_texts(graph, column, _DESCRIPTIONS), _datatype(graph, column), table)


def _datatype(graph: RecordGraph, column: Node) -> str | None:
    for term in values(graph, column, (CSVW.datatype,)):
        if isinstance(term, ox.Literal):
            return term.value.strip() or None
        if isinstance(term, ox.NamedNode):
            return readable(term.value)
        return string(graph, term, (CSVW.base,))
    return None
