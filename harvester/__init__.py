"""How metadata travels: sources, the guarded HTTP door, protocols, comparing with what is known.

`harvest(source, known)` is a generator of changes; it writes nowhere.
"""
