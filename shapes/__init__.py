"""What good metadata is: guarded parsing, cutting into records, profiles, the validator, reports.

The ground floor. It imports none of the others, so a national node can use it alone.
"""
