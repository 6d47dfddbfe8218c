"""The engines under comparison: how each is opened, what it holds on disk and in memory, how its caches are emptied."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from measuring import on_disk, resident

from catalogue.search.embedded import EmbeddedIndex
from catalogue.search.port import SearchIndex

PATIENCE: Final = 300.0  # seconds; a large bulk request may take its time
_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}


class Engine(Protocol):
    """One engine. It is sent to the process that loads it, so it is a plain record."""

    @property
    def name(self) -> str:
        """What it is called in the table."""
        ...

    def open(self) -> SearchIndex:
        """Open its index, with nothing remembered from before."""
        ...

    def on_disk(self) -> float:
        """The size of its index, in megabytes."""
        ...

    def process(self) -> int | None:
        """The process that answers, where it is another one on this machine."""
        ...

    def forget(self) -> None:
        """Empty the caches a server keeps of earlier questions."""
        ...

    def remove(self) -> None:
        """Remove the index."""
        ...


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embedded engine, in a folder."""

    folder: Path
    name: str = "embedded"

    def open(self) -> SearchIndex:
        """Open its index (see `Engine`)."""
        return EmbeddedIndex(self.folder)

    def on_disk(self) -> float:
        """The size of the folder."""
        return on_disk(self.folder)

    def process(self) -> int | None:
        """None: it answers in the process that asks."""
        return None

    def forget(self) -> None:
        """Nothing outlives its index object."""

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Elastic:
    """An Elasticsearch server. `prefix` is a name of the benchmark's own; whatever has it is removed at the end."""

    url: str
    prefix: str
    name: str = "Elasticsearch"

    def open(self) -> SearchIndex:
        """Open its index (see `Engine`). The client is imported only where an address is given."""
        from catalogue.search.elastic import ElasticIndex, Place

        return ElasticIndex(Place((self.url,), self.prefix, timeout=PATIENCE, replicas=0))

    def version(self) -> str:
        """What the server says it is."""
        nodes = self._ask("GET", "/_nodes?filter_path=nodes.*.version")["nodes"]
        return ", ".join(sorted({str(node["version"]) for node in nodes.values()}))

    def on_disk(self) -> float:
        """The size of its indices, copies included."""
        sizes = self._ask("GET", f"/{self.prefix}*/_stats/store?filter_path=_all.total.store.size_in_bytes")
        return float(sizes["_all"]["total"]["store"]["size_in_bytes"]) / 1e6

    def process(self) -> int | None:
        """The server's process, where it is one and on this machine."""
        if urlsplit(self.url).hostname not in _LOOPBACK:
            return None
        nodes = self._ask("GET", "/_nodes/process?filter_path=nodes.*.process.id")["nodes"]
        numbers = [int(node["process"]["id"]) for node in nodes.values()]
        return numbers[0] if len(numbers) == 1 and resident(numbers[0]).now else None

    def forget(self) -> None:
        """Empty its query and request caches."""
        self._ask("POST", f"/{self.prefix}*/_cache/clear")

    def remove(self) -> None:
        """Delete every index of the prefix."""
        for index in self._ask("GET", f"/{self.prefix}*?features=aliases&expand_wildcards=open"):
            self._ask("DELETE", f"/{index}")

    def _ask(self, method: str, path: str) -> Any:  # noqa: ANN401 - whatever JSON it answers
        request = Request(self.url.rstrip("/") + path, method=method)
        with urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)
