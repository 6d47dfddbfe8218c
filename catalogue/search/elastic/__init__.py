"""The search engine to scale out on: an Elasticsearch cluster, through its official client.

Only this package knows the client, and a default installation never imports it.
"""

from __future__ import annotations

from catalogue.search.elastic.index import ElasticIndex
from catalogue.search.elastic.place import Place, read_place

__all__ = ["ElasticIndex", "Place", "read_place"]
