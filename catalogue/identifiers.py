"""Permanent identifiers of records: short, safe in a URL, the same for the same record wherever it is first met."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count

from shapes.record import Kind, Record

LENGTH = 10  # 50 bits: of catalogues with a million records, one in 2,200 has two that meet; they are told apart
_STEP = 2
_FULL = 52  # base32 digits of a SHA-256


def keys_of(record: Record) -> tuple[str, ...]:
    """Return what a record can be known by, best first: its dct:identifiers, its IRI, its content.

    A blank node's label is no key: it means nothing outside its document.
    """
    iri = () if record.subject.startswith("_:") else (record.subject,)
    return (*record.identifiers, *iri, record.digest)


def candidates(source: str, kind: Kind, keys: Sequence[str]) -> Iterator[str]:
    """Yield identifiers for a new record, best first, without end; the first that was never given is its own.

    One short identifier per key; then, for the last key, longer ones; then numbered ones. The letters are a-z and 2-7
    (RFC 4648 base32 in lower case). Once given, an identifier is stored: it does not change when its keys do.
    """
    last = ""
    for key in keys:
        last = _digits(source, kind, key)
        yield last[:LENGTH]
    for length in range(LENGTH + _STEP, _FULL + 1, _STEP):
        yield last[:length]
    for number in count(2):
        yield _digits(source, kind, keys[-1], str(number))


def _digits(*parts: str) -> str:
    # NUL parts what is hashed: no source, kind, IRI or identifier of a record can make another's text by running over.
    return b32encode(sha256("\0".join(parts).encode("utf-8", "replace")).digest()).decode("ascii").rstrip("=").lower()
