"""What `benchmarks/sparql.py` is made of."""
