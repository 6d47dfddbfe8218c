"""Which queries of SHACL-SPARQL may run: those that only look at the graph being judged.

rdflib follows `FROM <file:...>` and `SERVICE <http:...>` when it evaluates a query, so a shapes file could read local
files or call out. Queries are parsed here, when the shapes are read, and refused by what they say, not by how it looks.
"""

from __future__ import annotations

from typing import Final

from pyparsing import ParseException, ParseResults
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from shapes.errors import BadShapes

_REFUSED: Final = {
    "ServiceGraphPattern": "asks another server (SERVICE)",
    "DatasetClause": "loads other graphs (FROM)",
}


def check_query(query: str, shape: str) -> None:
    """Raise `BadShapes`, naming the shape, for a query that does not parse, asks a server, or loads a graph."""
    try:
        parsed = parseQuery(query)
    except ParseException as error:
        raise BadShapes(f"The SPARQL query of shape {shape} does not parse: {error}.") from error
    except RecursionError as error:
        raise BadShapes(f"The SPARQL query of shape {shape} is nested too deeply.") from error
    stack: list[object] = [parsed]
    while stack:
        part = stack.pop()
        if isinstance(part, CompValue):
            if part.name in _REFUSED:
                raise BadShapes(f"The SPARQL query of shape {shape} {_REFUSED[part.name]}; that is not allowed.")
            stack.extend(part.values())
        elif isinstance(part, ParseResults | list | tuple):
            stack.extend(part)
