"""Mailboxes of persons: they leave with the person, and publishing them is publishing personal data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from shapes.checks.breach import Breach
from shapes.record import Record
from shapes.vocabulary import CV, VCARD

# Words of an office's mailbox, as nodes write them: one of them in the name, and it is not a person's.
_OFFICE: Final = frozenset(
    {
        "access", "admin", "administration", "afdeling", "and", "api", "applications", "biobank", "board", "body",
        "bureau", "catalogue", "cellule", "centre", "collection", "committee", "communication", "contact",
        "coordination", "coordinator", "customerservice", "dac", "data", "dataaccess", "datos", "departement",
        "department", "desk", "donnees", "en", "environnement", "et", "gdi", "genome", "genomics", "gis", "governance",
        "hdab", "health", "healthdata", "help", "helpdesk", "info", "informatie", "information", "kontakt", "library",
        "mail", "metadata", "ncp", "node", "office", "officer", "omgeving", "open", "opendata", "post", "privacy",
        "registry", "rems", "request", "requests", "research", "secretariaat", "secretariat", "sekretariat", "service",
        "servicedesk", "services", "sig", "spoc", "support", "team", "und", "union", "unit", "web", "y",
    }
)  # fmt: skip
_PRIVATE_HOSTS: Final = frozenset(
    {"gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "outlook.com", "yahoo.com"}
)
_ABBREVIATION: Final = re.compile(r"^[^aeiouy\W\d_]{3,}$")
_PATHS: Final = (VCARD.hasEmail, CV.email)
# The address behind a property in a statement of canonical N-Triples: an IRI, or a text.
_NAMES: Final = tuple(f"<{path}> ".encode() for path in _PATHS)
_ADDRESS: Final = re.compile(rb'[<"](?:mailto:)?([^<>"@\s]+@[^<>"\s]+)[>"]')
_PERSON: Final = re.compile(r"^[^\W\d_]+[._-][^\W\d_]+(?:[._-][^\W\d_]+)?\d*$")


def looks_personal(email: str) -> bool:
    """Whether a mailbox looks like a person's (jane.doe@, or at a private provider), not an office's (dac-office@)."""
    local, _, host = email.lower().partition("@")
    words = re.split(r"[._+-]", local)
    if host in _PRIVATE_HOSTS:
        return True
    return bool(_PERSON.match(local)) and not any(_is_of_office(word, host) for word in words)


def _is_of_office(word: str, host: str) -> bool:
    """Whether a word of a mailbox's name is no person's: of the table, in the host's name, or an abbreviation."""
    return word in _OFFICE or word in host.split(".") or bool(_ABBREVIATION.match(word))


def _addresses(body: bytes) -> Iterator[bytes]:
    """Yield the addresses that stand behind the properties of a mailbox; looking for a word beats any pattern."""
    for name in _NAMES:
        place = body.find(name)
        while place >= 0:
            place += len(name)
            if found := _ADDRESS.match(body, place):
                yield found[1]
            place = body.find(name, place)


def personal_mailboxes(record: Record) -> Iterator[Breach]:
    """Yield the contacts (vcard:Kind, cv:ContactPoint) whose address looks like a person's."""
    if not any(looks_personal(address.decode("utf-8", "replace")) for address in set(_addresses(record.body))):
        return  # the graph is made for the few records that need it
    graph = record.graph()
    for node in graph.nodes():
        for path in _PATHS:
            for value in graph.values(node, path):
                address = value.value.removeprefix("mailto:")
                if "@" in address and looks_personal(address):
                    yield Breach(node, path, value)
