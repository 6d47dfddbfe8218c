"""Which Data Access Committee answers for a dataset, how that was found, and how to ask it."""
