"""The catalogue as a FAIR Data Point: linked records from a root down, as FAIR Data Points are read by programs.

After the FAIR Data Point specification 1.2, and what the reference implementation adds that its readers rely on: pages
of children, `?format=`, one container for each kind of child. Below the root each node is a catalogue of its own.
"""
