"""What a page holds: as it did before, where its document is the same; what changed is read and cut.

In this order: a document that is the same to the byte is recalled. Of one that changed in places those records stand
that no change concerns, and the others are cut. What is neither is read as a whole. What was read is remembered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from harvester.compare import Key, KnownIndex
from harvester.protocols.page import Learner, Page, Session
from harvester.reading import records
from harvester.recollections import Found, Notes
from shapes.amended import Amended
from shapes.grounds import Grounds, Tracing
from shapes.parse import Document
from shapes.record import Record, Refusal

_PIECE: Final = 1_000  # statements shown at once


def found_in(page: Page, session: Session, index: KnownIndex) -> Iterator[Record | Refusal | Key]:
    """Yield what a page holds; of a dataset that is as `index` lists it, its key may be all."""
    document, learner, kept = page.alone, page.learner, session.recollections
    if document is None or learner is None or kept is None:
        yield from records(page, session)
        return
    before = kept.find(document)
    if before is not None and all(_stands(each, index) for each in before.found):
        learner.recall(before.learned)
        yield from before.found
        return
    notes, trace, noted = Notes(), Tracing(), session.noted
    former = kept.former(document)
    amended = _amended(page, document, learner, former[1]) if former else None
    stream: Iterator[Record | Refusal | Key]
    if former is None or amended is None:
        stream = records(page, session, trace)
    else:
        stream = _again(amended, former[0].found, index)
    for found in stream:
        notes.add(found)
        yield found
    if notes.sound and session.noted == noted:
        grounds = None if learner.leads_on else (amended or trace).grounds()
        kept.keep(document, notes.lines(learner.learned()), grounds)


def _amended(page: Page, document: Document, learner: Learner, grounds: Grounds) -> Amended | None:
    """Compare a document with what the former one's records rest on; None where it must be read as a whole."""
    amended = Amended.of(document, grounds)
    if amended is None:
        return None
    before, telling = learner.learned(), amended.telling()
    while page.watch is not None and (piece := list(islice(telling, _PIECE))):
        page.watch(piece)
    if learner.leads_on:
        learner.recall(before)
        return None
    return amended


def _again(amended: Amended, former: Sequence[Found], index: KnownIndex) -> Iterator[Record | Refusal | Key]:
    """Yield the records of a document that changed in places; those that stand as they were found in the former one."""
    standing = {
        f"<{each.subject}>": (each.kind, position)
        for position, each in enumerate(former)
        if not each.subject.startswith("_:") and _stands(each, index)
    }
    for found in amended.found(standing):
        yield former[found] if isinstance(found, int) else found


def _stands(found: Found, index: KnownIndex) -> bool:
    """Whether a dataset of which only the key is kept is listed as it was."""
    return isinstance(found, Record) or index.same(found) is not None
