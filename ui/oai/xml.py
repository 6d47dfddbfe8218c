"""Writes XML from texts: what XML cannot hold is replaced, what it would read is escaped."""

from __future__ import annotations

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

# Everything but the characters of XML 1.0 (section 2.2).
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, text: str, **attributes: str) -> str:
    """Return an element that holds a text."""
    return tag(name, escape(_clean(text)), **attributes)


def tag(name: str, content: str = "", **attributes: str) -> str:
    """Return an element that holds other elements, or nothing."""
    said = "".join(f" {key}={quoteattr(_clean(value))}" for key, value in attributes.items())
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def _clean(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
