"""Reads a SPARQL query just far enough to refuse what is never allowed, before any engine sees it.

pyoxigraph cannot switch federated queries off, so the keyword SERVICE is refused here; the workers have no sockets
either (`confine`), this gives the clear answer. Strings, IRIs, comments, variables and prefixed names are skipped, so
that `"service"`, `<http://x/service>`, `?service` and `ex:service` are fine.
"""

from __future__ import annotations

import re
from typing import Final

from shapes.errors import BadQuery

MAX_LENGTH: Final = 100_000  # characters; far above any honest query

_TOKENS: Final = re.compile(
    r"""
    (?P<skip>
        \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"          # long strings
      | '''(?:[^'\\]|\\.|'(?!''))*'''
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*'    # strings
      | <[^<>"{}|^`\\\x00-\x20]*>                         # IRIs
      | \#[^\n\r]*                                        # comments
      | [?$]\w+                                           # variables
      | @[A-Za-z]+(?:-[A-Za-z0-9]+)*                      # language tags
      | _:[\w.\-]+                                        # blank nodes
      | (?:[^\W\d_][\w.\-]*)?:(?:[\w:.\-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*  # prefixed names
    )
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES: Final = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD"})
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})


def check(text: str) -> None:
    """Raise `BadQuery` for an empty or overlong query, an update, or a federated one."""
    if len(text) > MAX_LENGTH:
        raise BadQuery(f"The query has {len(text)} characters; {MAX_LENGTH} are allowed.")
    if "\x00" in text:
        raise BadQuery("The query contains a NUL character.")
    words = [m["word"].upper() for m in _TOKENS.finditer(text) if m["word"]]
    if not words:
        raise BadQuery("The query is empty.")
    if "SERVICE" in words:
        raise BadQuery("SERVICE is not allowed: this endpoint answers from its own catalogue only.")
    if not _FORMS.intersection(words) and _UPDATES.intersection(words):
        raise BadQuery("This endpoint is read only: updates are not allowed.")
