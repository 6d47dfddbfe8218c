"""The journal: the append-only truth. `state` holds its records, `journal` reads and writes them."""
