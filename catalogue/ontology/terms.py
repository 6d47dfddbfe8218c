"""Every term of our own, once: what /ns publishes and docs/vocabulary.md lists.

Names are those of the namespace (`shapes.vocabulary.GDIX`). Ranges are prefixed names; a text has no range.
"""

from __future__ import annotations

from typing import Final

from catalogue.ontology.access_terms import ACCESS
from catalogue.ontology.record_terms import RECORDS

GROUPS: Final = (*ACCESS, *RECORDS)
TERMS: Final = {term.name: term for group in GROUPS for term in group.terms}
