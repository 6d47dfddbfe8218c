"""Mailboxes of persons: they leave with the person, and publishing them is publishing personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shapes.checks.breach import Breach
from shapes.graph import RecordGraph
from shapes.vocabulary import CV, VCARD

# Words of an office's mailbox: one of them in the name, and it is not a person's.
_OFFICE: Final = frozenset(
    {
        "access", "admin", "administration", "applications", "board", "committee", "contact", "coordination", "dac",
        "coordinator", "data", "dataaccess", "desk", "genome", "genomics", "gdi", "governance", "hdab", "help",
        "helpdesk", "info", "information", "mail", "ncp", "node", "office", "post", "rems", "request", "requests",
        "research", "secretariat", "service", "servicedesk", "support", "team",
    }
)  # fmt: skip
_PRIVATE_HOSTS: Final = frozenset(
    {"gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "outlook.com", "yahoo.com"}
)
_PERSON: Final = re.compile(r"^[^\W\d_]+[._-][^\W\d_]+(?:[._-][^\W\d_]+)?\d*$")


def looks_personal(email: str) -> bool:
    """Whether a mailbox looks like a person's (jane.doe@, or at a private provider), not an office's (dac-office@)."""
    local, _, host = email.lower().partition("@")
    words = re.split(r"[._+-]", local)
    return host in _PRIVATE_HOSTS or (bool(_PERSON.match(local)) and not _OFFICE & set(words))


def personal_mailboxes(graph: RecordGraph) -> Iterator[Breach]:
    """Yield the contacts (vcard:Kind, cv:ContactPoint) whose address looks like a person's."""
    for node in graph.nodes():
        for path in (VCARD.hasEmail, CV.email):
            for value in graph.values(node, path):
                address = value.value.removeprefix("mailto:")
                if "@" in address and looks_personal(address):
                    yield Breach(node, path, value)
