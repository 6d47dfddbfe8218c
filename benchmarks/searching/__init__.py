"""What the search benchmark is made of: its questions, its engines, loading, comparing and timing."""
