"""What a curator should look at in imported committees; none of it stops the import."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.dac.committee import Committee, Role
from shapes.checks.mailbox import looks_personal


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
