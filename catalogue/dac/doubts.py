"""What a curator should look at in imported committees; none of it stops the import."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from catalogue.dac.committee import Committee, Role

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


def doubts(committees: Iterable[Committee]) -> tuple[str, ...]:
    """Sentences about what looks wrong, each naming its committee."""
    found: list[str] = []
    for each in committees:
        if each.email and looks_personal(each.email):
            found.append(f"{each.id}: {each.email} looks like a person's mailbox; publish one that an office reads.")
        if not (each.email or each.contact_page or each.apply_url):
            found.append(f"{each.id}: it has no mailbox, contact page or application page; nobody can reach it.")
        if each.role is Role.RECOMMENDS and each.level is None:
            found.append(
                f"{each.id}: it recommends, but its level is not stated; only a central one is linked by rule."
            )
    return tuple(found)
