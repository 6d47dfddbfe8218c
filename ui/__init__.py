"""How the catalogue is seen: browser pages, JSON API, SPARQL endpoint, feeds, command line."""
