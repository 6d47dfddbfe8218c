"""What a site lets a crawler fetch: the Robots Exclusion Protocol (RFC 9309)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

# Bytes of a robots.txt that are read (section 2.5 asks for at least as many).
LONGEST: Final = 500 * 1024
_LINE: Final = re.compile(r"\s*([A-Za-z-]+)\s*:\s*([^#]*)")
_SAFE: Final = "/?&=;:@!$'()*+,-._~%"


@dataclass(frozen=True, slots=True)
class Rule:
    """One allow or disallow line. A path fits that holds the `pieces` one after the other, the first at its start.

    `whole`: and the last at its end. `length`: of the line's path, for the longest decides.
    """

    allowed: bool
    pieces: tuple[str, ...]
    whole: bool
    length: int

    def fits(self, path: str) -> bool:
        """Whether a path is one of those the line is about. Found piece by piece: no path makes this slow."""
        first, *others = self.pieces
        if self.whole and not others:
            return path == first
        if not path.startswith(first):
            return False
        at, last = len(first), others.pop() if self.whole else ""
        for piece in others:
            at = path.find(piece, at)
            if at < 0:
                return False
            at += len(piece)
        return path.endswith(last) and len(path) - len(last) >= at


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules that hold for one agent, and the sitemaps named."""

    rules: Sequence[Rule] = ()
    sitemaps: Sequence[str] = ()

    def allows(self, url: str) -> bool:
        """Whether a URL may be fetched: the longest rule that fits decides, an allowing one among equals."""
        parts = urlsplit(url)
        path = _encoded(parts.path or "/") + (f"?{_encoded(parts.query)}" if parts.query else "")
        fitting = [rule for rule in self.rules if rule.fits(path)]
        return max(fitting, key=lambda rule: (rule.length, rule.allowed)).allowed if fitting else True


def read_robots(data: bytes, agent: str) -> Robots:
    """Read a robots.txt for an agent's product token. What is no rule is passed over (section 2.2)."""
    groups: list[tuple[set[str], list[Rule]]] = []
    sitemaps: list[str] = []
    open_group = False
    for name, value in _lines(data):
        if name == "sitemap":
            sitemaps.append(value)
        elif name == "user-agent":
            if not open_group:
                groups.append((set(), []))
            groups[-1][0].add(value.lower())
            open_group = True
        elif name in {"allow", "disallow"}:
            open_group = False
            if groups and value:
                groups[-1][1].append(_rule(value, allowed=name == "allow"))
    return Robots(_of_agent(groups, agent.lower()), tuple(sitemaps))


def _of_agent(groups: Sequence[tuple[set[str], list[Rule]]], agent: str) -> Sequence[Rule]:
    """Return the rules of the groups that name an agent, or else of those for everyone (section 2.2.1)."""
    named = [rules for agents, rules in groups if agent in agents]
    chosen = named or [rules for agents, rules in groups if "*" in agents]
    return tuple(rule for rules in chosen for rule in rules)


def _lines(data: bytes) -> Iterator[tuple[str, str]]:
    for line in data[:LONGEST].decode("utf-8-sig", "replace").splitlines():
        match = _LINE.match(line)
        if match:
            yield match.group(1).lower(), match.group(2).strip()


def _rule(value: str, *, allowed: bool) -> Rule:
    """Return the rule of a line's path: `*` is any characters, a last `$` the end (section 2.2.3)."""
    pieces = tuple(_encoded(piece) for piece in value.removesuffix("$").split("*"))
    return Rule(allowed, pieces, value.endswith("$"), len(value))


def _encoded(text: str) -> str:
    """Return a path percent-encoded, so that two spellings of one path compare equal (section 2.2.2)."""
    return quote(text, safe=_SAFE)
