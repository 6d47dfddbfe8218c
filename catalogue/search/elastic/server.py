"""The door to the cluster: the official client, with errors of ours, looked at once before it is trusted."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from elastic_transport.client_utils import DEFAULT
from elasticsearch import Elasticsearch

from catalogue.search.elastic.faults import OLDEST, IndexGone, asking, not_elasticsearch, refusal, too_old
from catalogue.search.elastic.mapping import Json
from catalogue.search.elastic.patience import OneDeadline, TimedNode
from catalogue.search.elastic.place import Place

_LONG: Final = 120.0  # seconds a request that writes may take at least
_DEAD: Final = 5.0  # seconds a host that did not answer is left alone; doubled each time, up to `_LONGEST_DEAD`
_LONGEST_DEAD: Final = 60.0
_LOST: Final = frozenset({502, 503})  # what a search says that a lost node was at, and one of which no copy answers


class Server:
    """One cluster. Nothing is asked of it before something is wanted; safe to share between threads.

    Every method raises leaves of `SearchUnavailable` (see `faults`).
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        several = len(place.hosts) > 1
        _hush(several=several)
        client = Elasticsearch(
            list(place.hosts),
            api_key=place.api_key or None,
            basic_auth=(place.user, place.password) if place.user else None,
            ca_certs=str(place.ca) if place.ca else DEFAULT,
            max_retries=len(place.hosts),  # on another host, or on a new connection; never after a pause
            retry_on_timeout=several,
            retry_on_status=(),
            dead_node_backoff_factor=_DEAD,
            max_dead_node_backoff=_LONGEST_DEAD,
            transport_class=OneDeadline,
            node_class=TimedNode,
        )
        self._reading = client.options(request_timeout=place.timeout)
        self._writing = client.options(request_timeout=max(place.timeout, _LONG))
        self._client = client
        self._known = False

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    # Reading

    def get(self, index: str, record: str) -> Json | None:
        """Return a document as it was last written, seen by searches or not; None where there is none."""
        self._look()
        with asking(self.place):
            answer = self._reading.options(ignore_status=404).get(index=index, id=record)
        found: Json = dict(answer.body)
        if "error" in found:
            fault = refusal(self.place, 404, found)
            raise fault
        return found if found.get("found") else None

    def many(self, index: str, records: Sequence[str]) -> Mapping[str, Json]:
        """Return what documents hold, by identifier; those that are not there are left out."""
        self._look()
        with asking(self.place):
            answer = self._reading.mget(index=index, ids=list(records))
        if any("error" in each for each in answer["docs"]):
            raise IndexGone(f"The index {index} is not on the server any more.", url=self.place.shown)
        return {each["_id"]: each["_source"] for each in answer["docs"] if each.get("found")}

    def search(self, searches: Iterable[tuple[Json, Json]]) -> list[Json]:
        """Run searches (header and body) at once and return their answers in order; all of them, or an error.

        A node that is lost takes the searches with it that it was just at; the others answer them when asked again.
        """
        self._look()
        lines = [part for search in searches for part in search]
        tries = len(self.place.hosts)
        while True:
            with asking(self.place):
                answers: list[Json] = list(self._reading.msearch(searches=lines)["responses"])
            failed = next((answer for answer in answers if "error" in answer), None)
            if failed is None:
                return answers
            tries -= 1
            if not tries or failed.get("status") not in _LOST:
                raise refusal(self.place, failed.get("status", 500), failed)

    # Writing

    def bulk(self, lines: Sequence[Any]) -> list[Json]:
        """Hand in documents, each a line that says where and one that says what, and return what became of each."""
        self._look()
        with asking(self.place):
            answer = self._writing.bulk(operations=lines, require_alias=True)
        return [result for item in answer["items"] for result in item.values()]

    def write(self, index: str, record: str, document: Json) -> None:
        """Write one document through an alias; on return it is safe, and searches see it."""
        self._look()
        with asking(self.place):
            self._writing.index(index=index, id=record, document=document, refresh=True, require_alias=True)

    def refresh(self, indices: Sequence[str]) -> None:
        """Let searches see everything that was written."""
        with asking(self.place):
            answer = self._writing.indices.refresh(index=list(indices))
        self._whole(answer.body)

    # Indices

    def indices(self, names: Sequence[str]) -> Mapping[str, Json]:
        """Return aliases, mapping and settings of the indices that these names, aliases or patterns lead to."""
        self._look()
        with asking(self.place):
            return dict(self._reading.indices.get(index=list(names), ignore_unavailable=True, allow_no_indices=True))

    def create(self, index: str, body: Json, alias: str) -> None:
        """Create an index that is written through an alias."""
        self._look()
        with asking(self.place):
            self._writing.indices.create(index=index, **body, aliases={alias: {}})

    def settle(self, indices: Sequence[str], settings: Json) -> None:
        """Change settings of indices, and put all that is in them safely on disk."""
        with asking(self.place):
            self._writing.indices.put_settings(index=list(indices), settings=settings)
            answer = self._writing.indices.flush(index=list(indices))
        self._whole(answer.body)

    def replicated(self, indices: Sequence[str], seconds: float) -> bool:
        """Wait until every copy of these indices is made, at most for so long; return whether they all are."""
        with asking(self.place):
            health = self._writing.options(ignore_status=408).cluster.health(
                index=list(indices), wait_for_status="green", timeout=f"{seconds:g}s"
            )
        return not health["timed_out"]

    def alias(self, actions: Sequence[Mapping[str, Mapping[str, Any]]]) -> None:
        """Change aliases, in one step."""
        with asking(self.place):
            self._writing.indices.update_aliases(actions=list(actions))

    def delete(self, indices: Sequence[str]) -> None:
        """Delete indices; those that are not there do no harm."""
        with asking(self.place):
            self._writing.indices.delete(index=list(indices), ignore_unavailable=True)

    def _look(self) -> None:
        """Look once at what the server is. Its root page is not asked: not every build and role has it."""
        if self._known:
            return
        with asking(self.place):
            self._reading.cluster.health(timeout="1s", level="cluster")
            nodes = self._reading.nodes.info(filter_path="nodes.*.version")
        versions = [_version(node.get("version", "")) for node in nodes.get("nodes", {}).values()]
        if not versions:
            raise not_elasticsearch(self.place)
        if min(versions) < OLDEST:
            raise too_old(self.place, min(versions))
        self._known = True

    def _whole(self, answer: Mapping[str, Any]) -> None:
        """Raise where some of the copies of an index could not do what was asked."""
        shards = answer.get("_shards", {})
        if shards.get("failed"):
            raise refusal(self.place, 503, {"error": shards.get("failures", [])})


def _hush(*, several: bool) -> None:
    """Leave what the client's library says of each try to those who ask for more (`-v`): what matters is raised.

    That one host of several is gone is not raised, so that is still said.
    """
    if not logging.getLogger("elastic_transport").isEnabledFor(logging.INFO):
        for name in ("transport",) if several else ("transport", "node_pool"):
            logging.getLogger(f"elastic_transport.{name}").setLevel(logging.ERROR)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])
