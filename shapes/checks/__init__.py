"""Rules that SHACL Core cannot say: a row of a rule table names one in its column `check`.

A check is a function of a record, or of all records of a delivery, that yields what breaks it. Its words, its
severity and its reference stand in the table, like those of any rule; `shapes.checking` makes findings of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeAlias

from shapes.checks.breach import Breach
from shapes.checks.duo import contradicted_labels
from shapes.checks.identifier import shared_identifiers
from shapes.checks.mailbox import personal_mailboxes
from shapes.record import Record

__all__ = ["Breach", "names", "of_delivery", "of_record"]

RecordCheck: TypeAlias = Callable[[Record], Iterable[Breach]]
DeliveryCheck: TypeAlias = Callable[[Sequence[Record]], Iterable[tuple[Record, Breach]]]

of_record: Final[Mapping[str, RecordCheck]] = MappingProxyType(
    {"PersonalMailbox": personal_mailboxes, "ContradictedLabel": contradicted_labels}
)
of_delivery: Final[Mapping[str, DeliveryCheck]] = MappingProxyType({"SharedIdentifier": shared_identifiers})
names: Final = frozenset(of_record) | frozenset(of_delivery)
