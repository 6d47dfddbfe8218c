"""From a record's graph to the frozen read models.

Nothing here judges: a graph of any shape is read without an error, and what cannot be read (a number that is none, a
contact without a name or address) is left out. The validator says so; the page shows the statements themselves too.
"""

from __future__ import annotations

from catalogue.reading.catalogues import read_catalogue, read_service
from catalogue.reading.datasets import read_dataset

__all__ = ["read_catalogue", "read_dataset", "read_service"]
