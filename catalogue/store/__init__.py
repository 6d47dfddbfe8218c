"""The RDF store behind the SPARQL endpoint: `embedded` writes it, `pool` and `worker` answer queries over snapshots."""
