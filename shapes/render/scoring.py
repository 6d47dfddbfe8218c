"""Scores as JSON and as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from shapes.render.text import plural, printable
from shapes.scores import Outcome, Score, Scored

_SHOWN: Final = 5


def scored_json(scored: Scored) -> dict[str, Any]:
    """Return the scores of one dataset as a JSON object: each lost point with its fix."""
    return {"record": scored.record, "scores": [score_json(score) for score in scored.scores]}


def score_json(score: Score) -> dict[str, Any]:
    """Return one score as a JSON object. `known` are the points that could be won by what is known."""
    return {
        "id": score.scheme,
        "title": score.title,
        "points": score.points,
        "known": score.known,
        "most": score.most,
        "percent": score.percent,
        "rating": score.rating or None,
        "lost": [_lost(outcome) for outcome in score.lost],
        "unknown": [outcome.metric.id for outcome in score.unknown],
    }


def _lost(outcome: Outcome) -> dict[str, Any]:
    metric = outcome.metric
    return {
        "metric": metric.id,
        "dimension": metric.dimension,
        "title": metric.title,
        "points": metric.points,
        "fix": metric.fix,
        "reference": metric.reference,
    }


def scores_text(scored: Iterable[Scored]) -> str:
    """Return the scores of datasets as text for a terminal, with the fixes worth most."""
    return "\n".join(line for each in scored for line in _lines(each))


def _lines(scored: Scored) -> Iterator[str]:
    yield f"Scores of {printable(scored.record)}"
    for score in scored.scores:
        rated = f", {score.rating}" if score.rating else ""
        open_points = f", {plural(score.most - score.known, 'point')} unknown" if score.most > score.known else ""
        yield f"  {score.title}: {score.points} of {score.known} points ({score.percent} %{rated}){open_points}"
        for outcome in score.lost[:_SHOWN]:
            yield f"    {outcome.metric.points:+d}  {printable(outcome.metric.fix)}"
        if len(score.lost) > _SHOWN:
            yield f"    and {len(score.lost) - _SHOWN} more"
    yield ""
