"""What services other than its node say of a dataset: kept apart, joined by the dataset's identifier (ADR 12)."""
