"""A hit as a card shows it: title and text with the words that matched, and where else they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from catalogue.dac.committee import DeciderStatus, Role
from catalogue.facets import FIELDS
from catalogue.search.query import Hit, HitCommittee, Matched
from catalogue.use.judging import judge_signature
from catalogue.use.purpose import Purpose
from catalogue.use.reasons import Verdict
from ui.present import marked, unmarked
from ui.sanitise import excerpt, plain

_NOTHING: Final = Purpose()
_FIELDS: Final = {field.name: field.labels for field in FIELDS}


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says of a hit. `deciding` and `standing_in` are the bodies named under "Decides".

    `use` is what its conditions say to the use in mind, where there is one.
    """

    hit: Hit
    title: Markup
    text: Markup
    elsewhere: tuple[tuple[str, Markup], ...]
    deciding: tuple[HitCommittee, ...]
    standing_in: tuple[HitCommittee, ...]
    use: Verdict | None = None

    @property
    def undecided(self) -> bool:
        """Whether to say that no deciding body is published; of open data it would say nothing."""
        return not self.deciding and not self.standing_in and self.hit.access_rights != "PUBLIC"


def card(hit: Hit, languages: Sequence[str], purpose: Purpose = _NOTHING) -> Card:
    """Make the card of a hit for a reader of these languages, who may have a use in mind."""
    by_field: dict[str, Matched] = {match.field: match for match in reversed(hit.matched)}
    title, text = plain(hit.title) or hit.iri, by_field.get("description")
    in_title = by_field.get("title")
    whole = in_title is not None and unmarked(in_title.snippet) == title
    stand_in = hit.decider.get("status") == DeciderStatus.STAND_IN
    return Card(
        hit=hit,
        title=marked(in_title.snippet) if in_title is not None and whole else escape(title),
        text=marked(text.snippet) if text else escape(excerpt(hit.description)),
        elsewhere=tuple(
            (_label(match.field, languages), marked(match.snippet))
            for match in hit.matched
            if match.field != "description" and not (match.field == "title" and whole)
        ),
        deciding=tuple(body for body in hit.dac if body.role == Role.DECIDES),
        standing_in=tuple(body for body in hit.dac if stand_in and body.role == Role.HDAB),
        use=judge_signature(hit.conditions, purpose) if purpose else None,
    )


def _label(field: str, languages: Sequence[str]) -> str:
    labels = _FIELDS.get(field, {})
    return next((labels[tag] for tag in (*languages, "en") if tag in labels), field)
