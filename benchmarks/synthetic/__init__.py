"""A made-up catalogue of any size: the same datasets as RDF a node could publish, and as the catalogue's entries."""
