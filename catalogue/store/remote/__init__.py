"""The RDF store to scale out on: a dataset of its own on a SPARQL 1.1 server.

A default installation never imports it.
"""

from __future__ import annotations

from catalogue.store.remote.place import Place, read_place
from catalogue.store.remote.store import RemoteStore

__all__ = ["Place", "RemoteStore", "read_place"]
