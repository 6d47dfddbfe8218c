"""How good a description is, in points: what each metric asks is a row of `metrics.tsv`, docs/scores.md explains them.

A score is a pure function of a record: nothing is fetched. Whether an address answers is passed in by who knows;
otherwise it is *unknown*, which is neither won nor lost.
"""

from __future__ import annotations

from shapes.scores.document import Scored, score_document
from shapes.scores.evaluate import score_record, scores
from shapes.scores.metric import SCHEMES, Metric, Outcome, Score, metrics
from shapes.scores.subject import Reachability

__all__ = [
    "SCHEMES",
    "Metric",
    "Outcome",
    "Reachability",
    "Score",
    "Scored",
    "metrics",
    "score_document",
    "score_record",
    "scores",
]
