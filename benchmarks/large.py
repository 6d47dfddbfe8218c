"""A catalogue of national size, served on loopback: the file of real-be-datagov, and the same halved or doubled.

`benchmarks/harvest.py --large` harvests it from here.
"""

from __future__ import annotations

import hashlib
import lzma
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from shapes.cut import cut
from shapes.parse import Document, read
from shapes.record import Kind, Record

NAME = "real-be-datagov/be-datagov-shared-2025-04-13.nt.xz"


def unpack(packed: Path, folder: Path) -> Path:
    """Unpack an xz file into a folder; return the file."""
    file = folder / packed.stem
    with lzma.open(packed) as source, file.open("wb") as target:
        shutil.copyfileobj(source, target, 1 << 20)
    return file


def prolonged(file: Path, folder: Path) -> Path:
    """Write an N-Triples file with one statement more, which belongs to no record, into a folder; return that."""
    target = folder / f"prolonged-{file.name}"
    shutil.copyfile(file, target)
    with target.open("ab") as lines:
        lines.write(b'<urn:x-nobody:s> <http://purl.org/dc/terms/title> "One statement more" .\n')
    return target


def retitled(file: Path, each: int, folder: Path) -> Path:
    """Write an N-Triples file in which every so manieth dataset has other titles into a folder; return that."""
    target, kind = folder / f"retitled-{file.name}", b" <http://www.w3.org/ns/dcat#Dataset> .\n"
    with file.open("rb") as lines:
        datasets = [line.partition(b" ")[0] for line in lines if line.endswith(kind)]
    chosen, title = set(datasets[::each]), b' <http://purl.org/dc/terms/title> "'
    with file.open("rb") as lines, target.open("wb") as written:
        for line in lines:
            about = line.partition(b" ")[0]
            written.write(line.replace(title, title + b"Revised: ", 1) if about in chosen else line)
    return target


def resized(file: Path, times: float, folder: Path) -> Path:
    """Write the datasets of an N-Triples file so many times (0.5: every second one) into another; return that.

    Each dataset comes with all its description, what several share once. In a copy every resource described has another
    IRI.
    """
    target = folder / f"times-{times:g}.nt"
    name = file.as_uri()
    found = cut(read(Document(file.read_bytes(), name, name)))
    records = (each for each in found if isinstance(each, Record) and each.kind is Kind.DATASET)
    step, copies = max(1, round(1 / times)), max(1, round(times))
    written: set[str] = set()
    with target.open("w", encoding="utf-8", newline="\n") as lines:
        for number, record in enumerate(records):
            if number % step == 0:
                kept = _unwritten(record, written)
                for copy in range(copies):
                    lines.writelines(_copied(kept, number, copy))
    return target


def _unwritten(record: Record, written: set[str]) -> list[tuple[str, str, str]]:
    """The statements of a record about resources that were not written, and about the blank nodes they lead to."""
    about: dict[str, list[tuple[str, str, str]]] = {}
    for line in record.body.decode().split("\n"):
        if line:
            subject, predicate, value = line[:-2].split(" ", 2)
            about.setdefault(subject, []).append((subject, predicate, value))
    waiting = [subject for subject in about if subject.startswith("<") and subject not in written]
    if record.subject.startswith("_:"):
        waiting.append(record.subject)
    written.update(subject for subject in waiting if subject.startswith("<"))
    reached: dict[str, None] = {}
    while waiting:
        subject = waiting.pop()
        if subject not in reached:
            reached[subject] = None
            waiting += [value for _, _, value in about.get(subject, ()) if value.startswith("_:")]
    return [line for subject in reached for line in about.get(subject, ())]


def _copied(lines: Sequence[tuple[str, str, str]], number: int, copy: int) -> Iterator[str]:
    """The statements of a record; blank nodes are named unlike those of any other record."""
    ours = {subject for subject, _, _ in lines if subject.startswith("<")} if copy else set()

    def named(term: str) -> str:
        if term.startswith("_:"):
            return f"_:r{number}c{copy}{term[2:]}"
        return f"{term[:-1]}-copy{copy}>" if term in ours else term

    for subject, predicate, value in lines:
        told = (
            f'{value[:-1]}-copy{copy}"' if copy and predicate.endswith("/identifier>") and value[-1] == '"' else value
        )
        yield f"{named(subject)} {predicate} {named(told)} .\n"


class _Handler(BaseHTTPRequestHandler):
    """Sends one file, with an ETag if there is one."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server
        if not isinstance(server, _Server):
            raise TypeError("another server's request")
        server.asked += 1
        if server.etag and self.headers.get("If-None-Match") == server.etag:
            self.send_response(304)
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/n-triples")
        self.send_header("Content-Length", str(server.file.stat().st_size))
        if server.etag:
            self.send_header("ETag", server.etag)
        self.end_headers()
        with server.file.open("rb") as source:
            shutil.copyfileobj(source, self.wfile, 1 << 20)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def __init__(self, file: Path, *, etag: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.file = file
        self.asked = 0
        self.etag = f'"{hashlib.sha256(str(file).encode()).hexdigest()}"' if etag else ""


@contextmanager
def served(file: Path, *, etag: bool) -> Iterator[_Server]:
    """Serve a file on loopback for a block; `asked` counts requests, `server_address` says where."""
    server = _Server(file, etag=etag)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
