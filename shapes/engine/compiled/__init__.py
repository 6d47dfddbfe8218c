"""SHACL Core, compiled: every shape becomes functions that look at a record's statements as text in dictionaries.

index       the statements
following   property paths
parameters  reading a shape's parameters
check       what a compiled constraint is
values      constraints on every single value
ordering    which of two literals is less
sets        constraints on all values together
logic       constraints that ask other shapes
shape       a compiled shape
compiler    from the shapes graph to compiled shapes
fused       the shapes of one kind of node in one walk
plan        which nodes each shape is about, and what is asked of them
"""
