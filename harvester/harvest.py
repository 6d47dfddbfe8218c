"""One harvest of one source, from its first page to the list of what changed. It writes nowhere.

The whole delivery is read before the first change is told, because whether an identifier is unique, and so whether it
identifies, is known only then. What waits meanwhile is small: a line per record in memory, the bodies of new and
changed records on disk; a record that is known as it is keeps no body at all. Only where nothing is known of a source
there is nothing to compare with: its whole datasets are new, and are told while others are still being read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from harvester.answers import Answers
from harvester.changes import Change, Changed, Event, Failed, Finished, New, Problem, Rejected, Unchanged
from harvester.compare import Key, KnownIndex, Match, compare, lasting
from harvester.delivery import Delivery
from harvester.http import Door
from harvester.known import KnownRecord
from harvester.limits import HarvestLimits
from harvester.protocols import Missing, Page, Session, protocol
from harvester.recalling import found_in
from harvester.shelf import Shelf
from harvester.source import Source
from harvester.stop import COMPARING, READING, Hear, Oversight, Stopped
from shapes.collecting import give_back
from shapes.errors import CannotWork, Fault, TooLarge
from shapes.record import Kind, Record
from shapes.report import Report

Judge: TypeAlias = Callable[[Sequence[Record]], Sequence[Report]]


def harvest(
    source: Source,
    known: Iterable[KnownRecord],
    *,
    door: Door,
    judge: Judge,
    limits: HarvestLimits | None = None,
    answers: Answers | None = None,
    oversight: Oversight | None = None,
) -> Iterator[Event]:
    """Read a source and yield what it changes: problems, one change per record, last `Finished`.

    What is wrong with reading comes before the changes, but for new datasets of a source of which nothing is known.

    `judge` validates records in batches (`limits.batch` at most) and returns their reports in the same order; it is
    asked about new and changed records only. Where it fails on a record, that record is rejected; a `CannotWork` of it
    ends the harvest. Whatever is wrong with the source becomes a problem and makes the run partial. `answers` are those
    kept from earlier runs: what a server says has not changed is not sent again. `oversight` is told how far it is,
    and may end it, with `Stopped`.
    """
    limits, oversight = limits or HarvestLimits(), oversight or Oversight()
    with Shelf() as shelf:
        run = _Run(source, known, shelf, judge, limits)
        try:
            own = door.for_source(source, oversight.stop)
        except Fault as error:
            yield Problem(error.code, error.detail, error.url or source.url)
            yield Finished(complete=False)
            return
        with own:
            session = Session(source, own, limits, answers, oversight.stop, run.known_as)
            yield from run.read(session, oversight.hear)
            yield from run.changes(session, oversight.hear)
            yield from session.uncounted()
            complete = run.complete(session)
            if answers is not None:
                answers.settle(complete=complete)
            yield Finished(complete=complete, requests=own.requests, bytes=own.bytes)


@dataclass(frozen=True, slots=True)
class _Pending:
    """A record whose report is still missing, and what to say once it is there."""

    record: Record
    known: KnownRecord | None


class _Run:
    """The two halves of a harvest: reading everything, then telling what it means."""

    def __init__(
        self, source: Source, known: Iterable[KnownRecord], shelf: Shelf, judge: Judge, limits: HarvestLimits
    ) -> None:
        self._source = source
        self._index = KnownIndex(known)
        self._shelf = shelf
        self._judge = judge
        self._limits = limits
        self._delivery = Delivery(self._index, shelf)
        self._seen: set[str] = set()
        self._failed = False

    def read(self, session: Session, hear: Hear | None = None) -> Iterator[Change | Problem]:
        """Read every page into the delivery; yield the problems as they come, and what needs no comparing."""
        pending: list[_Pending] = []
        for each in self._read_pages(session, hear):
            if isinstance(each, Problem):
                yield each
                continue
            pending.append(_Pending(each, None))
            if len(pending) >= self._limits.batch:
                yield from self._judged(pending)
                pending = []
        yield from self._judged(pending)
        give_back()  # a large document was there, as bytes and as statements
        session.stop.check()
        if any(self._hides_more(missing) for missing in session.missing):
            session.whole = False
        for known in session.standing:
            self._delivery.stand(known)
        self._delivery.put_together(whole=session.whole)
        if session.whole and session.members_come:
            self._miss_members(session)
        if session.whole and not self._delivery.substantial:
            session.note(Problem("no-records", self._delivery.nothing, self._source.url))
        yield from session.drain()

    def _miss_members(self, session: Session) -> None:
        """Take down what a catalogue lists and nothing describes: a known record is not absent for that."""
        for catalogue, member in self._delivery.only_listed():
            detail = f"The catalogue {catalogue} lists it, but nothing here describes it as a dataset or service."
            problem = Problem("only-listed", detail, self._source.url, member)
            session.miss(Missing(Kind.DATASET, member, problem, withheld=True))

    def _read_pages(self, session: Session, hear: Hear | None) -> Iterator[Record | Problem]:
        """Read every page into the delivery; yield the problems as they come, and the records that are surely new."""
        try:
            for number, page in enumerate(protocol(self._source.protocol)(self._source, session), 1):
                if number > self._limits.pages:
                    raise TooLarge(
                        f"There are more than the {self._limits.pages:,} pages a run may read.", url=page.url
                    )
                session.stop.check()
                yield from self._read_page(page, session, hear)
                yield from session.drain()
        except Stopped:
            raise
        except Fault as error:
            session.blame(error, self._source.url)

    def _read_page(self, page: Page, session: Session, hear: Hear | None) -> Iterator[Record]:
        for found in found_in(page, session, self._index):
            session.stop.check()
            if len(self._delivery) >= self._limits.records:
                raise TooLarge(
                    f"There are more than the {self._limits.records:,} records a run may read.", url=page.url
                )
            new = found if isinstance(found, Record) and self._delivery.is_new(found) else None
            problem = self._delivery.add(found, told=new is not None)
            session.came_again = self._delivery.came_again
            if problem is not None:
                session.note(replace(problem, url=page.url), partial=False)
            if hear is not None:
                hear(len(self._delivery), session.expected, READING)
            if new is not None:
                yield new

    def _hides_more(self, missing: Missing) -> bool:
        """Whether known records may hang on what is missing: nobody can tell then whether they are still there."""
        known = self.known_as(missing.subject)
        return known is not None and (missing.leads_on or known.kind in (Kind.CATALOGUE, Kind.SERIES))

    def known_as(self, subject: str) -> KnownRecord | None:
        """Return the listed record of an IRI, whatever its kind."""
        found = (self._index.by_subject(kind, subject) for kind in Kind)
        return next((known for known in found if known is not None and known.listed), None)

    def changes(self, session: Session, hear: Hear | None = None) -> Iterator[Change | Problem]:
        """Yield what the ledger says about identities, then one change per record delivered and not told of yet."""
        items = self._delivery.items
        comparison = compare([item.key for item in items], self._index)
        for problem in comparison.problems:
            session.note(problem, partial=False)
        yield from session.drain()
        self._seen = {match.known.id for match in comparison.matches if match.known is not None}
        absent = {known.kind for known in self._index.records if known.listed and known.id not in self._seen}
        pending: list[_Pending] = []
        if hear is not None:
            hear(0, len(items), COMPARING)
        for item, match in zip(items, comparison.matches, strict=True):
            session.stop.check()
            if item.told:
                continue
            event = self._settled(item.key, match, absent)
            if event is not None:
                yield event
                continue
            pending.append(_Pending(self._shelf.get(item.slots[0]), match.known))
            if len(pending) >= self._limits.batch:
                yield from self._judged(pending)
                pending = []
        yield from self._judged(pending)
        yield from self._refusals()
        yield from self._missing(session)

    def _settled(self, key: Key, match: Match, absent: Collection[Kind]) -> Change | None:
        """Return the change that needs no report, or None: it has to be judged.

        `absent`: the kinds of which not every listed known record came.
        """
        known = match.known
        if match.refused is not None:
            return Rejected(key.kind, key.subject, match.refused, known.id if known else None)
        if known is None:
            if key.complete or lasting(key.subject) or key.kind not in absent:
                return None
            return self._fail(key, None, "It could not be read whole and has no lasting IRI, so it may not be new.")
        if self._index.same(key) == known:
            return Unchanged(known.id, key.kind)
        if not key.complete and known.complete and key.digest != known.digest:
            detail = "The document it stands in could not be read whole; the last whole description is kept."
            return self._fail(key, known, detail)
        return None

    def _fail(self, key: Key, known: KnownRecord | None, detail: str) -> Failed:
        self._failed = True
        problem = Problem("incomplete", detail, self._source.url, key.subject)
        return Failed(key.kind, key.subject, problem, known.id if known else None)

    def _judged(self, pending: Sequence[_Pending]) -> Iterator[Change]:
        """Yield new and changed records with their reports."""
        reports = self._reports([each.record for each in pending])
        for each, report in zip(pending, reports, strict=True):
            record, known = each.record, each.known
            if isinstance(report, Problem):
                yield Rejected(record.kind, record.subject, report, known.id if known else None)
            elif known is None:
                yield New(record, report)
            else:
                moved = known.subject != record.subject
                named = not (known.subject.startswith("_:") and record.subject.startswith("_:"))
                yield Changed(known.id, record, report, reidentified=moved and named, restored=not known.listed)

    def _reports(self, delivered: Sequence[Record]) -> Sequence[Report | Problem]:
        """Return each record's report, or the problem that kept it from being judged."""
        if not delivered:
            return ()
        try:
            return self._judge(delivered)
        except CannotWork:
            raise
        except Exception as error:  # noqa: BLE001 - one record must not stop the others: it goes to the ledger
            if len(delivered) > 1:
                return [report for record in delivered for report in self._reports([record])]
            code = error.code if isinstance(error, Fault) else "not-judged"
            said = error.detail if isinstance(error, Fault) else f"{type(error).__name__}: {error}"
            return (Problem(code, f"It could not be validated: {said}", record=delivered[0].subject),)

    def _refusals(self) -> Iterator[Change | Problem]:
        """Yield what was found but could not be made a record."""
        for refusal in self._delivery.refusals:
            known = self._index.by_subject(refusal.kind, refusal.subject)
            if known is not None:
                self._seen.add(known.id)
            problem = Problem(refusal.code, refusal.detail, self._source.url, refusal.subject)
            yield Rejected(refusal.kind, refusal.subject, problem, known.id if known else None)
        doubtful = self._delivery.unidentified(self._seen)
        if doubtful is not None:
            self._failed = True
            detail = "It has no lasting IRI and could not be read, so it may be any of the records that did not come."
            yield Problem("unidentified-refusal", detail, self._source.url, doubtful.subject)

    def _missing(self, session: Session) -> Iterator[Change | Problem]:
        """Tell of the records that were listed and did not come, each once, unless it came by another way."""
        told = {item.key.subject for item in self._delivery.items}
        for missing in session.missing:
            known = self.known_as(missing.subject)
            if missing.subject in told or (known is not None and known.id in self._seen):
                continue
            told.add(missing.subject)
            if known is not None:
                self._seen.add(known.id)
                problem = replace(missing.problem, remark=False)
                yield Failed(known.kind, missing.subject, problem, known.id)
            elif missing.withheld:
                session.note(missing.problem, partial=False)
            else:
                yield Failed(missing.kind, missing.subject, missing.problem)
        yield from session.drain()

    def complete(self, session: Session) -> bool:
        """Whether the absence of a record means something."""
        return session.whole and not self._failed
