"""What a node said of a record, as the text of its graph: blank nodes have IRIs, the kinds of others are left out.

The text is made by a few searches over the bytes, not statement by statement. Canonical N-Triples allow it: one
statement a line, one space between terms, and no line break within a literal.
"""

from __future__ import annotations

import re
from typing import Final

from shapes.record import Kind
from shapes.vocabulary import DCAT, RDF

_OWN_CLASS: Final = {
    Kind.DATASET: f"<{DCAT.Dataset}>".encode(),
    Kind.SERIES: f"<{DCAT.DatasetSeries}>".encode(),
    Kind.SERVICE: f"<{DCAT.DataService}>".encode(),
    Kind.CATALOGUE: f"<{DCAT.Catalog}>".encode(),
}
# All of a statement but its subject. A literal ends with a quote, a tag or a datatype, so this never lies within one.
_IS_KIND: Final = re.compile(
    re.escape(f" <{RDF.type}> ".encode()) + b"(" + b"|".join(map(re.escape, _OWN_CLASS.values())) + rb") \.\n"
)
# A search for what begins with letters of its own skips to them; one for the beginning of a line looks at every letter.
_BLANK_SUBJECT: Final = re.compile(rb"\n_:(\S+)")
_BLANK_OBJECT: Final = re.compile(rb' _:([^ "]+) \.\n')
_TRIPLE_TERM: Final = re.compile(rb"^\S+ \S+ <<\(.*\n", re.MULTILINE)


def delivered_text(body: bytes, subject: str, kind: Kind, skolem: str) -> bytes:
    """Return the statements of a record as N-Triples, a line each.

    `body` is its canonical N-Triples, `subject` its IRI or blank node (`_:label`), `skolem` what the IRIs of
    its blank nodes begin with. Left out are statements that *another* resource is a dataset, series, service or
    catalogue: that resource says so in its own record if it is listed, and thus the subjects typed dcat:Dataset are
    exactly the listed datasets. Left out, too, are RDF 1.2 triple terms: no profile of ours uses them.
    """
    text = body if body.endswith(b"\n") or not body else body + b"\n"
    if b" <<(" in text:
        text = _TRIPLE_TERM.sub(b"", text)
    own = subject if subject.startswith("_:") else f"<{subject}>"
    text = _without_kinds_of_others(text, own.encode(), _OWN_CLASS.get(kind))
    if b"_:" in text:
        subject_named, object_named = f"\n<{skolem}".encode(), f" <{skolem}".encode()
        text = _BLANK_SUBJECT.sub(lambda found: subject_named + found[1] + b">", b"\n" + text)
        text = _BLANK_OBJECT.sub(lambda found: object_named + found[1] + b"> .\n", text)[1:]
    return text


def _without_kinds_of_others(text: bytes, own: bytes, own_class: bytes | None) -> bytes:
    kept: list[bytes] = []
    copied = 0
    for found in _IS_KIND.finditer(text):
        line = text.rfind(b"\n", 0, found.start()) + 1
        if text[line : found.start()] != own or found[1] != own_class:
            kept.append(text[copied:line])
            copied = found.end()
    return b"".join((*kept, text[copied:])) if copied else text
