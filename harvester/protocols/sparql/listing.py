"""Which resources an endpoint describes: listed in the order of their IRIs, with their classes, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from harvester.changes import Problem
from harvester.errors import BadAnswer
from harvester.protocols.page import Session
from harvester.protocols.sparql.endpoint import Endpoint, askable
from shapes.vocabulary import DCAT

_RECORDS: Final = (DCAT.Dataset, DCAT.DatasetSeries, DCAT.DataService, DCAT.Catalog)


def _typed(classes: Iterable[str]) -> str:
    return f"VALUES ?t {{ {' '.join(f'<{each}>' for each in classes)} }} ?d a ?t"


_NAMED: Final = f"{_typed((*_RECORDS, DCAT.CatalogRecord))} FILTER(isIRI(?d))"


def listed(endpoint: Endpoint, session: Session) -> Mapping[str, frozenset[str]]:
    """Return the IRI (as N-Triples) of every record and catalogue record, with its classes, in order.

    What the endpoint counts but does not list, and what has no IRI and so cannot be asked for, is noted as partial.
    """
    pairs = endpoint.number(f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT DISTINCT ?d ?t WHERE {{ {_NAMED} }} }}")
    blank = endpoint.number(f"SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE {{ {_typed(_RECORDS)} FILTER(isBlank(?d)) }}")
    if blank:
        detail = f"{blank} resources have no IRI: over SPARQL they cannot be asked for."
        session.note(Problem("unnamed-resources", detail, session.source.url))
    found: dict[str, set[str]] = {}
    for iri, kinds in _all(pairs, endpoint, session).items():
        if askable(iri):
            found[iri] = kinds
        else:
            detail = "This resource's name is not an IRI, so it cannot be asked for."
            session.note(Problem("bad-iri", detail, session.source.url, iri[1:-1]))
    if not found:
        _check_default_graph(endpoint, session)
    return {iri: frozenset(kinds) for iri, kinds in sorted(found.items())}


def _all(count: int, endpoint: Endpoint, session: Session) -> Mapping[str, set[str]]:
    """List every resource with its classes. `count` is of such pairs."""
    rows = endpoint.in_order(("d", "t"), _NAMED, count, session.limits.records)
    if len(rows) < count:
        detail = f"{count} resources were counted, {len(rows)} were listed (each once for every class it has)."
        session.note(Problem("count-mismatch", detail, session.source.url))
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["d"], set()).add(row.get("t", "<>")[1:-1])
    return found


def _check_default_graph(endpoint: Endpoint, session: Session) -> None:
    """Say where the data is when the default graph holds none. Raises `BadAnswer` then."""
    where = f"GRAPH ?g {{ ?d a <{DCAT.Dataset}> }}"
    graphs = [row["g"][1:-1] for row in endpoint.rows(f"SELECT DISTINCT ?g WHERE {{ {where} }} LIMIT 3") if "g" in row]
    if graphs:
        raise BadAnswer(
            "The endpoint's default graph describes no dataset, but named graphs do: add default-graph-uri=<graph> to "
            f"the source's address, once for each graph to be read, for example {graphs[0]}.",
            url=session.source.url,
        )
