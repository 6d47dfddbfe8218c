"""How good the descriptions of a node are on average: asked of the RDF store, which holds each dataset's scores."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from catalogue.store.graphs import METRICS
from catalogue.store.port import AskedStore, SparqlQuery
from shapes.vocabulary import DQV, GDIX

_SECONDS: Final = 5.0
_QUESTION: Final = """
SELECT ?metric (AVG(?value) AS ?mean) (COUNT(?value) AS ?datasets) WHERE {{
  VALUES ?metric {{ {metrics} }}
  ?record <{node}> <{source}> ; <{measured}> ?measurement .
  ?measurement <{of}> ?metric ; <{value}> ?value .
}} GROUP BY ?metric
"""


@dataclass(frozen=True, slots=True)
class Average:
    """The mean of one score over the datasets of a node that have it, in percent."""

    scheme: str
    percent: float
    datasets: int

    @property
    def title(self) -> str:
        """The score in words."""
        from shapes.scores import SCHEMES  # brings the rule tables; only one page shows averages

        return SCHEMES[self.scheme]


def averages(store: AskedStore, node: str) -> tuple[Average, ...]:
    """Return the averages of a node, by its IRI in the graph, in the order of `SCHEMES`.

    None for a node without datasets. Raises what `AskedStore.ask` raises.
    """
    question = _QUESTION.format(
        metrics=" ".join(f"<{GDIX[name]}>" for name in METRICS.values()),
        node=GDIX.node,
        source=node,
        measured=DQV.hasQualityMeasurement,
        of=DQV.isMeasurementOf,
        value=DQV.value,
    )
    answer = store.ask(SparqlQuery(question), seconds=_SECONDS)
    rows = json.loads(answer.body)["results"]["bindings"]
    found = {row["metric"]["value"]: row for row in rows if "metric" in row}
    return tuple(
        Average(scheme, float(row["mean"]["value"]), int(row["datasets"]["value"]))
        for scheme, name in METRICS.items()
        if (row := found.get(GDIX[name])) is not None
    )
