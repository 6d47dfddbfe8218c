"""Faceted search: one port, described in `port`; `embedded` (tantivy) is the default engine."""
