"""JSON-LD before the parser: remote contexts are replaced by bundled copies; any other is refused.

pyoxigraph reads no remote context (it says so and stops). A context named in a document is a URL a stranger chose, so
none is ever fetched: the few that catalogues of this field use are files in `shapes/contexts/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeAlias
from urllib.parse import urljoin

from shapes.errors import Hostile

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

CONTEXT_IRI = "https://w3id.org/gdi-catalogue/context.jsonld"
# The IRI a document names -> our file. Scheme and a final slash do not count.
# schema.org's own context also makes links of the values of some properties. Ours leaves texts be: they may be neither.
_BUNDLED: dict[str, str] = {
    CONTEXT_IRI: "catalogue.jsonld",
    "https://schema.org/": "schemaorg.jsonld",
    "https://schema.org/docs/jsonldcontext.jsonld": "schemaorg.jsonld",
    "https://schema.org/docs/jsonldcontext.json": "schemaorg.jsonld",
}

# A key of an object. In JSON an unescaped `"@context"` followed by a colon can be nothing else.
_CONTEXT_KEY = re.compile(r'(?<!\\)"@context"\s*:\s*')
_NESTING = 8


def inline_contexts(data: bytes, base: str) -> bytes:
    """Return the document with every remote context replaced by its bundled copy, all else byte for byte as it was.

    Handles a URL, a list with URLs, @import, and contexts scoped to a term. Line breaks are kept in number, so that
    lines of later errors stay right. Raises Hostile naming the first context that is not bundled. Text that is not
    valid JSON is left for the parser to complain about.
    """
    if b'"@context"' not in data:
        return data
    text = data.decode()
    pieces: list[str] = []
    done = 0
    decoder = json.JSONDecoder()
    while match := _CONTEXT_KEY.search(text, done):
        try:
            context, end = decoder.raw_decode(text, match.end())
        except json.JSONDecodeError:
            break
        pieces.append(text[done : match.end()])
        given = text[match.end() : end]
        resolved = resolved_context(context, base)
        pieces.append(given if resolved == context else json.dumps(resolved) + "\n" * given.count("\n"))
        done = end
    if not pieces:
        return data
    pieces.append(text[done:])
    return "".join(pieces).encode()


def resolved_context(context: Json, base: str, depth: int = 0) -> Json:
    """Return a context in which nothing is remote: URLs replaced, @import merged, scoped contexts included."""
    if depth > _NESTING:
        raise Hostile("The JSON-LD contexts refer to each other without end")
    if isinstance(context, str):
        return _bundled_context(context, base)
    if isinstance(context, list):
        return [resolved_context(each, base, depth + 1) for each in context]
    if not isinstance(context, dict):
        return context
    imported: Json = {}
    if "@import" in context:
        imported = _bundled_context(context["@import"], base)
    merged = (imported if isinstance(imported, dict) else {}) | {k: v for k, v in context.items() if k != "@import"}
    return {name: _resolved_term(definition, base, depth) for name, definition in merged.items()}


def bundled_document(iri: str) -> Mapping[str, Json] | None:
    """Return the bundled file of a context's IRI as a JSON object, or None where we have none."""
    name = _names().get(_key(iri))
    return _file(name) if name else None


def _resolved_term(definition: Json, base: str, depth: int) -> Json:
    if isinstance(definition, dict) and "@context" in definition:
        return definition | {"@context": resolved_context(definition["@context"], base, depth + 1)}
    return definition


def _bundled_context(reference: Json, base: str) -> Json:
    iri = urljoin(base, reference) if isinstance(reference, str) else str(reference)
    document = bundled_document(iri)
    if document is None:
        known = ", ".join(sorted(_BUNDLED))
        raise Hostile(
            f"The JSON-LD asks for the remote context {iri}. Contexts are not fetched from the network; the bundled "
            f"ones are {known}. Put the context's content into the document"
        )
    return document["@context"]


@cache
def _file(name: str) -> Mapping[str, Json]:
    document: Mapping[str, Json] = json.loads((files("shapes") / "contexts" / name).read_text("utf-8"))
    return document


@cache
def _names() -> Mapping[str, str]:
    return {_key(iri): name for iri, name in _BUNDLED.items()}


def _key(iri: str) -> str:
    return iri.partition("#")[0].removeprefix("https://").removeprefix("http://").rstrip("/").lower()
