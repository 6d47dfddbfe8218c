"""The SHACL engine: SHACL Core compiled once per shapes graph, SHACL-SPARQL through pySHACL behind the same face.

    xsd         which lexical forms belong to an XML Schema datatype
    text        RDF terms as N-Triples text
    terms       the SHACL vocabulary
    checks      what is wrong with a shapes graph
    lint        what is SHACL and says nothing
    bundle      a shapes graph that was checked, and repaired or refused
    targets     which nodes of a data graph a shape is about
    paths       SHACL property paths as SPARQL property paths
    sparql      which queries of SHACL-SPARQL may run
    result      what an engine finds
    compiled    shapes as functions over a record's statements
    delegation  which shapes go to pySHACL
    memory      triples of ours as an rdflib graph, and rdflib's terms back
    reference   pySHACL over small in-memory graphs; the only module that imports it
    engine      the judge

pySHACL is never run over an Oxigraph store: it gives wrong results there.
"""
