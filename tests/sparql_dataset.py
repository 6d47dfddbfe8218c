"""The dataset of a SPARQL server that tests may do with what they like."""

from __future__ import annotations

import urllib.request


def update(address: str, text: str) -> None:
    """Send an update."""
    request = urllib.request.Request(address, text.encode(), {"Content-Type": "application/sparql-update"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=60):
        return


def emptied(address: str) -> str:
    """Empty a dataset; return its address."""
    update(address, "DROP ALL")
    return address
