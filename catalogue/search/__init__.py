"""Faceted search: one port, described in `port`; `embedded` (tantivy) is the default engine.

What every engine shares, so that totals and counts are equal on all of them: `analysis` (text to tokens), `clauses`
(the words of a query), `document` (an entry as it is indexed), `parsing` (parameters to a query), `answer`, `tally`
and `highlight` (an engine's bare answer as a reader sees it).
"""
