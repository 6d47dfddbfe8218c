"""What we remember: journal, projections (RDF store, search index), datasets, committees, facets, settings."""

__version__ = "0.1.0"
