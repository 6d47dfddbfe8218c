"""Our own vocabulary: `terms` is its table, `publish` writes it as OWL and SKOS."""
