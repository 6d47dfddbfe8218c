"""The demonstration network: synthetic national nodes, described in `data/`, served over real HTTP on loopback."""
