"""The embedded engine: tantivy in a folder of the data directory, no service needed."""

from __future__ import annotations

from catalogue.search.embedded.index import EmbeddedIndex

__all__ = ["EmbeddedIndex"]
