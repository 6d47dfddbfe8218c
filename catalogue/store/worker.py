"""One SPARQL worker: a process that opens a snapshot read-only and answers queries over its pipe until it is killed.

Run as `python -m catalogue.store.worker MEMORY MAX_BYTES MAX_ROWS`. Each message, both ways, is a 4-byte length and
JSON; an answer is followed by its body. It imports nothing heavy, so that a killed worker is replaced in a blink.
"""

from __future__ import annotations

import json
import os
import struct
import sys
from typing import IO, Any, Final

import pyoxigraph as ox

from catalogue.store.confine import drop_sockets, limit_memory
from catalogue.store.formats import GRAPHS, TABLES, XML, in_xml
from catalogue.store.median import AGGREGATES
from catalogue.store.sink import OverBytes, OverRows, Sink

_DAMAGED: Final = ("Corruption", "IO error")  # what the engine says of its files
_MODEST: Final = 5  # how far queries stand back behind pages where there is too little of the machine for both


def send(pipe: IO[bytes], head: dict[str, Any], body: bytes = b"") -> None:
    """Write one message."""
    encoded = json.dumps(head | {"bytes": len(body)}).encode()
    pipe.write(struct.pack(">I", len(encoded)) + encoded + body)
    pipe.flush()


def receive(pipe: IO[bytes]) -> dict[str, Any] | None:
    """Read one message's head; None at the end of the pipe."""
    size = pipe.read(4)
    if len(size) < 4:  # noqa: PLR2004 - the length's own length
        return None
    head: dict[str, Any] = json.loads(pipe.read(struct.unpack(">I", size)[0]))
    return head


def answer(store: ox.Store, request: dict[str, Any], sink: Sink) -> dict[str, Any]:
    """Run one query over an open store and write its result into the sink, whole or not at all."""
    default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [ox.NamedNode(i) for i in request["default_graphs"]]
    named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(i) for i in request["named_graphs"]]
    chosen = bool(default or named)
    # The default graph is the union of the others, kept by the writer: Oxigraph's own union answers twice for a
    # statement that stands in two graphs.
    found = store.query(
        request["text"],
        base_iri=request["base"],
        prefixes=request["prefixes"],
        default_graph=default if chosen else None,
        named_graphs=named if chosen else None,
        custom_aggregate_functions={**AGGREGATES},
    )
    if isinstance(found, ox.QueryTriples):
        name = request["graph_format"]
        ox.serialize(sink.counted(found), sink, GRAPHS[name])
        return {"form": "graph", "format": name}
    name = request["table_format"]
    found.serialize(sink, TABLES[name])
    return {"form": "ask" if isinstance(found, ox.QueryBoolean) else "select", "format": name}


def parse(request: dict[str, Any]) -> dict[str, Any]:
    """Parse one query; it is asked of an empty store, since the engine has no other way."""
    ox.Store().query(request["text"], base_iri=request["base"], prefixes=request["prefixes"])
    return {"form": "parsed"}


def respond(stores: dict[str, ox.Store], request: dict[str, Any], most: int, rows: int) -> tuple[dict[str, Any], bytes]:
    """Answer one request; every failure becomes a head that says which it was."""
    path = request.get("snapshot", "")
    table = request["table_format"] if request.get("form") == "select" else None
    sink = Sink(most, rows, table)
    try:
        if request.get("parse"):
            return parse(request), b""
        if path not in stores:
            opened = ox.Store.read_only(path)
            stores.clear()
            stores[path] = opened
        head = answer(stores[path], request, sink)
        return head, in_xml(sink.getvalue()) if head["format"] in XML else sink.getvalue()
    except SyntaxError as error:
        return {"error": "syntax", "detail": str(error.msg)}, b""
    except MemoryError:
        return {"error": "memory"}, b""
    except (OSError, ValueError, RuntimeError, OverBytes, OverRows) as error:
        # A store that cannot be opened, or whose files are not what they were, is no fault of the query.
        damaged = path not in stores or str(error).startswith(_DAMAGED)
        broken = {OverBytes: "bytes", OverRows: "rows"}.get(sink.broken or Exception, "store" if damaged else "failed")
        return {"error": broken, "detail": str(error)}, b""


def main(memory: int, most: int, rows: int) -> None:
    """Confine this process, then answer requests until the pipe ends."""
    inward, outward = sys.stdin.buffer, sys.stdout.buffer
    os.nice(_MODEST)
    limit_memory(memory)
    drop_sockets()
    stores: dict[str, ox.Store] = {}
    send(outward, {"ready": True})
    while (request := receive(inward)) is not None:
        send(outward, *respond(stores, request, most, rows))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:4]))
