"""What a basket is handed over as: an application pack, linked data, a research object crate."""
