"""Three Elasticsearch nodes that can be lost one by one. Every wait is for something observed, with an end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from real_servers import Elasticsearch, free_ports, until

NODES: Final = ("a", "b", "c")
_SECONDS: Final = 180.0


class Cluster:
    """Three nodes on this machine, each of which may hold data and lead."""

    def __init__(self, heap: str = "512m") -> None:
        peers = dict(zip(NODES, free_ports(len(NODES)), strict=True))
        self.nodes: dict[str, Elasticsearch] = {}
        for node, port in peers.items():
            self.nodes[node] = Elasticsearch(node, transport=port, peers=peers, heap=heap)

    @property
    def urls(self) -> tuple[str, ...]:
        """Where the nodes are, those that are down too."""
        return tuple(node.url for node in self.nodes.values())

    def start(self) -> None:
        """Start every node and wait until they are one cluster. Raises `DidNotStart`, `TimeoutError`."""
        for node in self.nodes.values():
            node.launch()
        for node in self.nodes.values():
            node.wait()
        self.wait_for(len(self.nodes), "green")

    def wait_for(self, nodes: int, *status: str) -> None:
        """Wait until so many nodes are one cluster of one of these states, none of its shards on the way."""

        def there() -> bool:
            health = self.health()
            return (
                health is not None
                and health["number_of_nodes"] == nodes
                and health["status"] in status
                and health["initializing_shards"] == 0
            )

        until(there, f"the cluster has not {nodes} nodes and is not {' or '.join(status)}", _SECONDS)

    def health(self) -> Mapping[str, object] | None:
        """What the first node that answers says of the cluster."""
        living = (node for node in self.nodes.values() if node.pid is not None)
        return next((health for node in living if (health := node.health()) is not None), None)

    def close(self) -> None:
        """Stop every node and remove what it wrote."""
        for node in self.nodes.values():
            node.kill()  # nothing of it is kept, so it need not end in order
            node.close()
