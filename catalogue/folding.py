"""One way to compare words that people wrote: case, accents and spacing do not count."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not decompose into a base letter and a mark, as used in the languages of Europe.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i", "ŋ": "n"}
    | dict.fromkeys("’ʼ‘`´", "'")
    | dict.fromkeys("‐‑‒–—−", "-")
)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
SLUG_LENGTH = 60  # characters; longer names are cut and made unique by a digest
_DIGEST_LENGTH = 12
_SHORT = 100  # characters of a name or a keyword


def fold(text: str) -> str:
    """Return the text without case, accents and doubled spaces: `Comité  d’Accès` becomes `comite d'acces`."""
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    return _remembered(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    cased = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold().translate(_LETTERS)
    plain = "".join(c for c in unicodedata.normalize("NFKD", cased) if not unicodedata.combining(c))
    return " ".join(plain.split())


@lru_cache(maxsize=16_384)
def _remembered(text: str) -> str:
    """The same, remembered: names and keywords come again and again."""
    return _folded(text)


def digest(text: str) -> str:
    """Return a short stable digest of a text, for identifiers of ours."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGEST_LENGTH]


def slug(text: str) -> str:
    """Return a stable token for a URL made of a name: `UMC X Utrecht` becomes `umc-x-utrecht`.

    A name that does not survive whole (Greek, Cyrillic, a very long one) gets a digest of the rest, so that two such
    names do not fall into one token.
    """
    folded = fold(text)
    readable = _NOT_SLUG.sub("-", folded).strip("-")
    lost = any(c.isalnum() and not c.isascii() for c in folded)
    if readable and not lost and len(readable) <= SLUG_LENGTH:
        return readable
    return f"{readable[:SLUG_LENGTH].strip('-')}-{digest(folded)}".lstrip("-")
