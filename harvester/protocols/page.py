"""What a harvest protocol is: a function that yields pages, and the session it fetches them with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

import pyoxigraph as ox

from harvester.answer import Answer
from harvester.answers import Answers
from harvester.changes import Problem
from harvester.decoding import unpacked
from harvester.errors import BadAddress
from harvester.files import is_local, is_packed_folder, path_of, read_archive, read_file, read_folder
from harvester.http import ACCEPT_RDF, NOT_MODIFIED, Door
from harvester.known import KnownRecord
from harvester.limits import HarvestLimits
from harvester.source import Source
from harvester.stop import Stop
from shapes.content import Content, Later
from shapes.errors import Fault, TooLarge
from shapes.media import by_extension
from shapes.parse import Document
from shapes.record import Kind, Record


@dataclass(frozen=True, slots=True)
class Page:
    """Documents that are read into one graph and cut together. In place of a document that failed stands its error.

    `documents` is gone through once, and may let go of each as it goes. `several`: they can fail one by one, and a
    record need not suffer from the fault of a document it did not come from.

    `apart`: each document is cut as a graph of its own, so that a record does not hang on what shares its page.
    `doubt` says of a record whether the adapter itself knows that something of it is missing.

    `watch` is shown the statements, some at a time as N-Triples text (`subject predicate object`), while the page is
    read, so that an adapter finds the way to the next page without reading anything twice: the generator of pages is
    resumed only when the whole page has been read.

    `keep` says which statements belong to the page: others, of records that have a document of their own, are passed
    over.

    `learner` is what the adapter keeps of a page of one document beside its records. With it, a document that is the
    same as in an earlier run need not be read again; it is then told what it knew, and `watch` is shown nothing.

    `uncut`: each document, which the adapter wrote itself, is one record of this kind about the document's base.
    """

    url: str
    documents: Iterable[Document | Fault]
    watch: Callable[[Sequence[str]], None] | None = None
    several: bool = False
    keep: Callable[[ox.Quad], bool] | None = None
    apart: bool = False
    doubt: Callable[[Record], bool] | None = None
    uncut: Kind | None = None
    learner: Learner | None = None

    @property
    def alone(self) -> Document | None:
        """The one document of the page, where all it gives follows from its bytes and can be remembered."""
        if self.learner is None or self.several or self.apart or self.keep or self.doubt or self.uncut:
            return None
        documents = self.documents if isinstance(self.documents, tuple) else ()
        return documents[0] if len(documents) == 1 and isinstance(documents[0], Document) else None


class Learner(Protocol):
    """What an adapter learns from a document beside its records: where the next page is, for one.

    Of a document that changed in places, `Page.watch` is shown the statements about what changed, and of all other
    resources of a catalogue their classes. Where it `leads_on` then, it is read as a whole.
    """

    @property
    def leads_on(self) -> bool:
        """Whether it learned anything that does not follow from the classes of resources."""
        ...

    def learned(self) -> Mapping[str, Any]:
        """Return it as JSON has it, once the document was read."""
        ...

    def recall(self, learned: Mapping[str, Any]) -> None:
        """Know it again."""
        ...


@dataclass(frozen=True, slots=True)
class Missing:
    """A record that the source lists and did not give.

    `withheld`: by its own word (a draft, a description that needs a login, a stale list). A known record is then told
    as failed and kept; of an unknown one there is only the problem to note. Where it was not withheld but could not be
    fetched or read, the run is not whole. `leads_on`: further records hang on it.
    """

    kind: Kind
    subject: str
    problem: Problem
    withheld: bool = False
    leads_on: bool = False


class Session:
    """What an adapter works with: it fetches documents, and notes what keeps the run from being whole.

    `whole` is False from the first thing noted on: absence of a record then means nothing. `headers` are those of the
    answer fetched last. `expected` is how many records the source says it has, for those who watch; None: it says
    nothing. An adapter that is told sets it. `members_come`: what a catalogue lists ought to be described in the same
    delivery; an adapter of a protocol where that is so sets it. `came_again` counts the datasets that came more than
    once, each time the same. `standing` are the known records that were not fetched, because the source itself says
    that nothing of them changed.
    """

    def __init__(
        self,
        source: Source,
        door: Door,
        limits: HarvestLimits,
        answers: Answers | None = None,
        stop: Stop | None = None,
        known: Callable[[str], KnownRecord | None] = lambda _: None,
    ) -> None:
        """`answers`: those kept from earlier runs; None: nothing is kept. `stop`: the wish that the run end.

        `known` returns the listed record of an IRI.
        """
        self.source = source
        self.limits = limits
        self.whole = True
        self.missing: list[Missing] = []
        self.standing: list[KnownRecord] = []
        self.dates = answers.dates if answers is not None else None
        self.recollections = answers.recollections if answers is not None else None
        self._known = known
        self.stop = stop or Stop()
        self.expected: int | None = None
        self.came_again = 0
        self.members_come = False
        self.headers: Mapping[str, str] = {}
        self._door = door
        self._answers = answers
        self._handed: dict[str, Document] = {}
        self._noted: list[Problem] = []
        self._counts: Counter[str] = Counter()

    @property
    def local(self) -> bool:
        """Whether the source is a file or folder of this machine."""
        return is_local(self.source.url)

    def refuse_local(self, detail: str) -> None:
        """Raise `BadAddress` with this sentence where the source is a file or folder of this machine."""
        if self.local:
            raise BadAddress(detail, url=self.source.url)

    def fetch(self, url: str, *, accept: str = ACCEPT_RDF, in_parts: bool = False) -> Document:
        """Fetch one document over HTTP. Its name and base are where it was found in the end.

        `in_parts`: the server may call a page of its list a part (206), which is then no failure, and not kept.
        Raises the leaves of `Unreachable`, `BadAddress`, and `TooLarge` (also when the run's bytes are used up).
        """
        if url in self._handed:
            self.headers = {}
            return self._handed.pop(url)
        if self._door.bytes >= self.limits.bytes:
            raise TooLarge(f"This run has read the {self.limits.bytes:,} bytes allowed.", url=url)
        answer = self._door.get(url, accept=accept, in_parts=True) if in_parts else self._answer(url, accept)
        self.headers = answer.headers
        if self.remembers(plain := _plain(answer)):
            return plain
        content = unpacked(answer.content, self._door.settings.max_bytes)
        if content is answer.content:
            return plain
        # A compressed file served as one: the media type speaks of the wrapping, the name of what is in it.
        syntax = by_extension(urlsplit(answer.url).path.rpartition(".")[0])
        hint = syntax.media_type if syntax else None
        return Document(content, answer.url, answer.url, media_type=hint)

    def _answer(self, url: str, accept: str) -> Answer:
        """Ask for a document, on condition that it changed where the last answer is kept."""
        answers = self._answers
        kept = answers.find(url, accept) if answers is not None else None
        if answers is None or kept is None:
            return self._asked(url, accept)
        if not answers.stands(kept):
            answer = self._door.get(url, accept=accept, etag=kept.etag, modified=kept.modified)
            if answer.status != NOT_MODIFIED:
                answers.keep(url, accept, answer)
                return answer
        answers.use(url, accept)
        later = kept.answer(Later(kept.size, kept.digest, lambda: self._body(url, accept)))
        return later if self.remembers(_plain(later)) else kept.answer(self._body(url, accept))

    def _body(self, url: str, accept: str) -> Content:
        """Return the body of a kept answer; where it cannot be read any more, it is asked for anew."""
        content = self._answers.body(url, accept) if self._answers is not None else None
        return self._asked(url, accept).content if content is None else content

    def _asked(self, url: str, accept: str) -> Answer:
        """Ask for a document, whatever is kept of it, and keep the answer.

        An answer that the next run cannot ask about is kept for the case that this run is cut short. Where it is known
        what is in it, fetching it again is all that would be lost.
        """
        answer = self._door.get(url, accept=accept)
        if self._answers is not None:
            if answer.etag or answer.modified or not self.remembers(_plain(answer)):
                self._answers.keep(url, accept, answer)
            else:
                self._answers.forget(url, accept)
        return answer

    def remembers(self, document: Document) -> bool:
        """Whether this source gave exactly this document before, and it is known what is in it."""
        return self.recollections is not None and self.recollections.knows(document)

    def send(self, url: str, body: bytes, media_type: str) -> Document:
        """Post a question to the source and return the answer. Nothing of it is kept from one run to the next.

        Raises as `fetch` does.
        """
        if self._door.bytes >= self.limits.bytes:
            raise TooLarge(f"This run has read the {self.limits.bytes:,} bytes allowed.", url=url)
        data = self._door.post(url, body, headers={"Accept": media_type}, media_type=media_type, admitted=True)
        return Document(data, url, url, media_type=media_type)

    @property
    def largest(self) -> int:
        """How many bytes one answer may have, decompressed."""
        return self._door.settings.max_bytes

    def hand_on(self, url: str, document: Document) -> None:
        """Give the next one who fetches this URL a document that was fetched already."""
        self._handed[url] = document

    def drop(self, url: str) -> None:
        """Forget a document handed on for this URL: it was asked for with another Accept than is wanted."""
        self._handed.pop(url, None)

    def open(self) -> Page:
        """Return the page of a local source. Raises `BadAddress` if there is nothing."""
        path = path_of(self.source.url)
        if path.is_dir():
            return Page(self.source.url, read_folder(path, self.limits.file), several=True)
        if is_packed_folder(path):
            return Page(self.source.url, read_archive(path, self.limits.file), several=True)
        return Page(self.source.url, (read_file(path, self.limits.file),))

    def note(self, problem: Problem, *, partial: bool = True) -> None:
        """Write a problem into the ledger; past the limit of its kind it is only counted.

        `partial`: something may be missing for it, so the run is not whole.
        """
        self.whole = self.whole and not partial
        self._counts[problem.code] += 1
        if self._counts[problem.code] <= self.limits.notes:
            self._noted.append(problem)

    def stand(self, subject: str) -> bool:
        """Say that a record is as it was; return False where it is not known whole, so that it must be fetched."""
        known = self._known(subject)
        if known is None or not (known.listed and known.complete):
            return False
        self.standing.append(known)
        return True

    def miss(self, missing: Missing) -> None:
        """Take down a record that was listed and did not come."""
        self.whole = self.whole and missing.withheld
        self.missing.append(missing)

    def blame(self, error: Fault, url: str | None = None) -> None:
        """Note an error; `url` says where, if the error does not."""
        self.note(Problem(error.code, error.detail, error.url or url, error.record, error.line))

    @property
    def noted(self) -> int:
        """How many problems were noted so far."""
        return self._counts.total()

    def drain(self) -> Iterator[Problem]:
        """Yield what was noted since the last time."""
        noted, self._noted = self._noted, []
        yield from noted

    def uncounted(self) -> Iterator[Problem]:
        """Yield one line for each kind of problem of which only the first were written out."""
        for code, count in self._counts.items():
            if count > self.limits.notes:
                yield Problem(code, f"and {count - self.limits.notes} more of this kind.", self.source.url)


def _plain(answer: Answer) -> Document:
    """Return an answer as a document, unless it is packed."""
    return Document(answer.content, answer.url, answer.url, media_type=answer.headers.get("Content-Type"))


class Pages(Protocol):
    """A harvest protocol.

    It yields every page of a source, in order, and raises a `Fault` where it cannot go on: what it yielded stays, the
    run is partial. Third parties register one under the entry-point group `gdi_catalogue.protocols`.
    """

    def __call__(self, source: Source, session: Session) -> Iterator[Page]:
        """Yield the pages of a source."""
        ...
