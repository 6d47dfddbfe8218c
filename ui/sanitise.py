"""Literals and addresses of strangers, made safe to show. Everything that comes from a node passes through here."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

import nh3
from markupsafe import Markup, escape

_TAGS: Final = frozenset(
    {
        "a", "b", "blockquote", "br", "code", "dd", "dl", "dt", "em", "i", "li", "ol", "p", "pre", "q", "s", "small",
        "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u", "ul",
    }
)  # fmt: skip
_SCHEMES: Final = frozenset({"http", "https", "mailto"})
_CLEANER: Final = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags={"script", "style", "template", "iframe", "object", "svg", "math"},
    attributes={"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}},
    url_schemes=set(_SCHEMES),
    url_relative="deny",
    link_rel="nofollow noopener noreferrer",
)
_LOOKS_LIKE_HTML = re.compile(r"<(?:/?[a-z][a-z0-9]*)(?:\s[^<>]*)?/?>|&(?:[a-z]+|#\d+);", re.IGNORECASE)
_HEADING = re.compile(r"<(/?)h[1-6](?:\s[^<>]*)?>", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
_MAX_TEXT = 200_000  # characters of one literal that a page shows


def prose(text: str) -> Markup:
    """Return a long text as HTML: what was HTML keeps its harmless tags, plain text gets paragraphs and links."""
    text = _CONTROL.sub("", text)[:_MAX_TEXT]
    if not _LOOKS_LIKE_HTML.search(text):
        return _paragraphs(text)
    # A heading of theirs must not stand among the page's own.
    softened = _HEADING.sub(lambda m: "</strong></p>" if m.group(1) else "<p><strong>", text)
    return Markup(_CLEANER.clean(softened))  # noqa: S704 - this is what the cleaner is for


def plain(text: str) -> str:
    """Return a text without tags and control characters, on one line: for titles, cards and machine formats."""
    text = _CONTROL.sub("", text)
    if _LOOKS_LIKE_HTML.search(text):
        spaced = re.sub(r"<(?=/?(?:p|br|li|div|h[1-6]|td|tr)\b)", " <", text, flags=re.IGNORECASE)
        text = str(Markup(nh3.clean(spaced, tags=set())).unescape())  # noqa: S704 - unescaped to text again
    return " ".join(text.split())


def excerpt(text: str, length: int = 240) -> str:
    """Return the beginning of a text as plain words, cut between words."""
    text = plain(text)
    if len(text) <= length:
        return text
    return text[: length + 1].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + " …"


def safe_address(address: str | None) -> str | None:
    """Return an address a link may lead to (http, https or mailto), else None."""
    if not address or _CONTROL.search(address) or any(c.isspace() for c in address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES:
        return None
    return address if parts.scheme.lower() == "mailto" or parts.netloc else None


def anchor(address: str, label: str | None = None) -> Markup:
    """Return a link to a stranger's address, or its text alone where the address is not one a page may lead to."""
    shown = label or _readable(address)
    safe = safe_address(address)
    if safe is None:
        return escape(shown)
    return Markup('<a href="{}" rel="nofollow noopener">{}</a>').format(safe, shown)


def _readable(address: str) -> str:
    text = re.sub(r"\A(?:https?://|mailto:)", "", address)
    return text[:-1] if text.count("/") == 1 and text.endswith("/") else text


def _paragraphs(text: str) -> Markup:
    parts = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    return Markup("\n").join(Markup("<p>{}</p>").format(_lines(part)) for part in parts)


def _lines(text: str) -> Markup:
    return Markup("<br>").join(_linked(line.strip()) for line in text.splitlines())


def _linked(line: str) -> Markup:
    made, at = Markup(), 0
    for match in _ADDRESS.finditer(line):
        made += escape(line[at : match.start()]) + anchor(match.group(), match.group())
        at = match.end()
    return made + escape(line[at:])
