"""The European Genome-phenome Archive: which policy a dataset is under, and which committee decides. It enriches only.

Two forms are read: EGA's public metadata API (bare JSON, dataset -> policy -> DAC by accession), and the objects of
EGA's metadata schema (EGA.dataset.json, EGA.policy.json, EGA.DAC.json) from a file, a folder or an address.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from harvester.changes import Problem
from harvester.files import file_url, path_of, read_file
from harvester.foreign_json import Json
from harvester.protocols.ega.api import Api, datasets_of
from harvester.protocols.ega.chain import chains_of_objects, is_object
from harvester.protocols.page import Page, Session
from harvester.protocols.telling import Telling, json_of
from harvester.source import Source
from shapes.errors import Fault
from shapes.parse import Document
from shapes.record import Kind


def pages(source: Source, session: Session) -> Iterator[Page]:
    """Yield one page of what the EGA says of each dataset that the source's address names.

    That is an address of the metadata API that gives datasets (`/datasets`, `/datasets/EGAD...`,
    `/dacs/EGAC.../datasets`, `/studies/EGAS.../datasets`), or a document, file or folder of schema objects. A policy or
    committee that cannot be had makes the run partial; what is known of that dataset stays.
    """
    if session.local:
        yield _page(source.url, _objects(_of_files(source, session), file_url(source.url)), session)
        return
    api = Api(source.url, session)
    for document in api.documents():
        entries = _entries(document)
        if any(is_object(each) for each in entries):
            yield _page(document.name, _objects(entries, source.url), session)
        else:
            datasets = tuple(datasets_of(document, entries))
            yield _page(document.name, api.tell(datasets), session, among=len(entries))


def _page(address: str, told: Iterable[Telling], session: Session, among: int | None = None) -> Page:
    """`among`: of how many datasets something may be told; None: as many as are told of."""
    documents = [each.document() for each in told]
    if not (documents if among is None else among):
        detail = "Nothing in this is said of a dataset of the EGA."
        session.note(Problem("no-dataset", detail, address), partial=False)
    return Page(address, iter(documents), uncut=Kind.ENRICHMENT)


def _objects(entries: Iterable[Json], address: str) -> Iterator[Telling]:
    return (chain.tell(address) for chain in chains_of_objects(entries))


def _of_files(source: Source, session: Session) -> Iterator[Json]:
    """Yield what a file, or each JSON file of a folder, holds; one that cannot be read stops no other."""
    path = path_of(source.url)
    for each in sorted(path.rglob("*.json")) if path.is_dir() else (path,):
        try:
            yield from _entries(read_file(each, session.limits.file))
        except Fault as error:
            session.blame(error, source.url)


def _entries(document: Document) -> list[Json]:
    found = json_of(document, "the EGA")
    return found if isinstance(found, list) else [found]
