"""The SHACL engine: pySHACL over small in-memory rdflib graphs, behind a face of our own.

    xsd        which lexical forms belong to an XML Schema datatype
    memory     triples of ours as an rdflib graph, and rdflib's terms back
    terms      the SHACL vocabulary
    checks     what is wrong with a shapes graph
    bundle     a shapes graph that was checked, and repaired or refused
    targets    which nodes of a data graph a shape is about
    paths      SHACL property paths as SPARQL property paths
    sparql     which queries of SHACL-SPARQL may run
    engine     the judge; the only module that imports pySHACL

pySHACL is never run over an Oxigraph store: it gives wrong results there.
"""
