"""What a result of other people's shapes says in plain words.

Our own profiles carry a sentence, a fix and a reference for every shape. Shapes of others may carry `sh:message`; where
they do not, the sentence is made here from the constraint's own parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

import pyoxigraph as ox

from shapes.engine.bundle import Bundle
from shapes.engine.paths import items, path_text
from shapes.engine.result import Source
from shapes.graph import Term, text_of
from shapes.vocabulary import SH, XSD, shorten

_MAX_LISTED: Final = 8
_MAX_VALUE: Final = 500

_NODE_KINDS: Final = {
    SH.IRI: "an IRI",
    SH.Literal: "a literal",
    SH.BlankNode: "a blank node",
    SH.BlankNodeOrIRI: "an IRI or a blank node",
    SH.BlankNodeOrLiteral: "a literal or a blank node",
    SH.IRIOrLiteral: "an IRI or a literal",
}


def message_of(bundle: Bundle, source: Source) -> str:
    """Return the sentence of a constraint's results: the shape's own, or one made from the constraint."""
    stated = (m for m in bundle.graph.values(source.shape, SH.message) if isinstance(m, ox.Literal))
    return preferred(stated) or _made(bundle, source)


def value_text(term: Term) -> str:
    """Return a value as text: an IRI or a plain string as it is, any other literal quoted, with its language or type.

    A string that could be taken for an IRI or a quoted literal is quoted too, so that the text says which it is.
    Literals over 500 characters are cut.
    """
    if not isinstance(term, ox.Literal):
        return text_of(term)
    lexical = term.value if len(term.value) <= _MAX_VALUE else term.value[:_MAX_VALUE] + "…"
    if term.language:
        return f'"{lexical}"@{term.language}'
    if term.datatype.value != XSD.string:
        return f'"{lexical}"^^{shorten(term.datatype.value)}'
    return f'"{lexical}"' if ":" in lexical.split(" ", 1)[0] or lexical.startswith('"') or not lexical else lexical


def severity_of(iri: str) -> str:
    """Return violation, warning or info; the IRI itself for any other severity."""
    return {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}.get(iri, iri)


def component_of(iri: str) -> str:
    """Return the local name of a component of SHACL; the IRI of any other."""
    return iri.removeprefix(SH.base)


def path_name(path: str | None) -> str:
    """Return a path for people: prefixed names instead of IRIs."""
    if path is None:
        return "this node"
    if "<" not in path:
        return shorten(path)
    parts = path.split("<")
    named = (shorten(iri) + rest for iri, _, rest in (part.partition(">") for part in parts[1:]))
    return parts[0] + "".join(named)


def preferred(messages: Iterable[ox.Literal]) -> str | None:
    """Return the English message, else one without a language, else any."""
    found = sorted(messages, key=lambda m: (not (m.language or "").startswith("en"), bool(m.language), m.value))
    return found[0].value if found else None


def _made(bundle: Bundle, source: Source) -> str:
    name = component_of(source.component).removesuffix("ConstraintComponent")
    maker = _SENTENCES.get(name)
    if maker is None:
        return f"The value does not satisfy {shorten(source.component)}."
    parameters = bundle.graph.predicates(source.shape)
    return maker(bundle, parameters, path_name(source.path))


_Parameters = Mapping[str, Iterable[Term]]
_Maker = Callable[[Bundle, _Parameters, str], str]


def _named(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return shorten(term.value)
    if isinstance(term, ox.BlankNode):
        return "a condition of the shape"
    return value_text(term)


def _one(parameter: str, sentence: str) -> _Maker:
    """Make a sentence that names the values of one parameter at `{}`."""

    def make(_bundle: Bundle, parameters: _Parameters, path: str) -> str:
        values = " or ".join(_named(value) for value in parameters.get(SH[parameter], ()))
        return sentence.format(values, path=path)

    return make


def _min_count(_bundle: Bundle, parameters: _Parameters, path: str) -> str:
    least = next((text_of(v) for v in parameters.get(SH.minCount, ())), "1")
    return f"{path} is missing." if least == "1" else f"{path} needs at least {least} values."


def _max_count(_bundle: Bundle, parameters: _Parameters, path: str) -> str:
    most = next((text_of(v) for v in parameters.get(SH.maxCount, ())), "1")
    if most == "0":
        return f"{path} is not allowed here."
    return f"{path} may have {'one value' if most == '1' else f'{most} values'} only."


def _node_kind(_bundle: Bundle, parameters: _Parameters, path: str) -> str:
    kinds = " or ".join(_NODE_KINDS.get(text_of(v), text_of(v)) for v in parameters.get(SH.nodeKind, ()))
    return f"A value of {path} must be {kinds}."


def _in(bundle: Bundle, parameters: _Parameters, path: str) -> str:
    allowed = [_named(v) for head in parameters.get(SH["in"], ()) for v in items(bundle.graph, head)]
    more = f" or one of {len(allowed) - _MAX_LISTED} more" if len(allowed) > _MAX_LISTED else ""
    return f"A value of {path} must be one of: {', '.join(allowed[:_MAX_LISTED])}{more}."


def _language_in(bundle: Bundle, parameters: _Parameters, path: str) -> str:
    tags = [text_of(v) for head in parameters.get(SH.languageIn, ()) for v in items(bundle.graph, head)]
    return f"A value of {path} must be a text in one of these languages: {', '.join(tags)}."


def _compared(parameter: str, sentence: str) -> _Maker:
    """Make a sentence that names the property of a property-pair constraint."""

    def make(bundle: Bundle, parameters: _Parameters, path: str) -> str:
        other = " and ".join(path_name(path_text(bundle.graph, v)) for v in parameters.get(SH[parameter], ()))
        return sentence.format(other, path=path)

    return make


_SENTENCES: Final[Mapping[str, _Maker]] = {
    "MinCount": _min_count,
    "MaxCount": _max_count,
    "NodeKind": _node_kind,
    "In": _in,
    "LanguageIn": _language_in,
    "Class": _one("class", "A value of {path} must be of the class {}."),
    "Datatype": _one("datatype", "A value of {path} must be a literal of the datatype {}, well written."),
    "Pattern": _one("pattern", "A value of {path} must match the pattern {}."),
    "MinLength": _one("minLength", "A value of {path} must have at least {} characters."),
    "MaxLength": _one("maxLength", "A value of {path} may have {} characters at most."),
    "MinInclusive": _one("minInclusive", "A value of {path} must be {} or more."),
    "MaxInclusive": _one("maxInclusive", "A value of {path} must be {} or less."),
    "MinExclusive": _one("minExclusive", "A value of {path} must be more than {}."),
    "MaxExclusive": _one("maxExclusive", "A value of {path} must be less than {}."),
    "HasValue": _one("hasValue", "{path} must have the value {}."),
    "UniqueLang": _one("uniqueLang", "{path} may have one value per language only."),
    "Closed": _one("closed", "{path} is not among the properties allowed here."),
    "Node": _one("node", "A value of {path} does not fit the shape {}."),
    "Not": _one("not", "A value of {path} fits a shape it must not fit."),
    "And": _one("and", "A value of {path} must fit every one of several shapes and does not."),
    "Or": _one("or", "A value of {path} fits none of the alternatives allowed."),
    "Xone": _one("xone", "A value of {path} must fit exactly one of several alternatives."),
    "QualifiedMinCount": _one("qualifiedMinCount", "At least {} values of {path} must fit a given shape."),
    "QualifiedMaxCount": _one("qualifiedMaxCount", "At most {} values of {path} may fit a given shape."),
    "SPARQL": _one("sparql", "A condition written as a SPARQL query is not met."),
    "Equals": _compared("equals", "{path} must have the same values as {}."),
    "Disjoint": _compared("disjoint", "{path} must not share a value with {}."),
    "LessThan": _compared("lessThan", "A value of {path} must be less than {}."),
    "LessThanOrEquals": _compared("lessThanOrEquals", "A value of {path} must not be more than {}."),
}
