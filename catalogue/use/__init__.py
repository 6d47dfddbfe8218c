"""Conditions of use, and whether a use somebody has in mind meets them. A committee decides; no answer is a grant."""
