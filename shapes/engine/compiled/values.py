"""Constraints on every single value: what it is, how it is written, between which bounds (SHACL 1.0, 4.1, 4.3, 4.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import pyoxigraph as ox

from shapes.engine.compiled.check import Constraint, Draft, each, each_alone
from shapes.engine.compiled.index import Index
from shapes.engine.compiled.ordering import less, less_or_equal
from shapes.engine.compiled.parameters import count, fault, listed, named, single, text_parameter
from shapes.engine.text import lexical, parts
from shapes.engine.xsd import checks_form, well_formed
from shapes.errors import BadShapes
from shapes.vocabulary import RDF, RDFS, SH, XSD

# First characters of the N-Triples text of each kind of node.
_KINDS: Final = {
    SH.IRI: "<",
    SH.BlankNode: "_",
    SH.Literal: '"',
    SH.BlankNodeOrIRI: "_<",
    SH.BlankNodeOrLiteral: '_"',
    SH.IRIOrLiteral: '<"',
}
_WITH_LANGUAGE: Final = frozenset((RDF.langString, RDF.dirLangString))
_SUBTRACTION: Final = re.compile(r"\[[^\]]*(?<!\\)-\[")  # XPath has it; Python would read something else
_FLAGS: Final = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


def class_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:class (section 4.1.1)."""
    for value in draft.graph.values(draft.shape, SH["class"]):
        if isinstance(value, ox.Literal):
            raise fault(draft.shape, SH["class"], f"be a class, not the literal {value}")
        yield each(draft.source("Class"), _of_class(str(value)))


def _of_class(kind: str) -> Callable[[Index, str], bool]:
    return lambda index, value: value[0] != '"' and index.is_a(value, kind)


def datatype_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:datatype (section 4.1.2); rdfs:Literal takes any literal, as pySHACL and official shapes have it."""
    value = single(draft.graph, draft.shape, SH.datatype)
    if value is None:
        return
    if not isinstance(value, ox.NamedNode):
        raise fault(draft.shape, SH.datatype, f"be the IRI of a datatype, not {value}")
    yield each_alone(draft.source("Datatype"), _of_datatype(value.value))


def _of_datatype(datatype: str) -> Callable[[str], bool]:
    if datatype == RDFS.Literal:
        return lambda value: value[0] == '"'
    if datatype == XSD.string:
        return lambda value: value[0] == '"' and value[-1] == '"'
    if datatype in _WITH_LANGUAGE:
        return lambda value: value[0] == '"' and parts(value).datatype == datatype
    end = f'"^^<{datatype}>'
    if not checks_form(datatype):
        return lambda value: value[0] == '"' and value.endswith(end)
    return lambda value: value[0] == '"' and value.endswith(end) and well_formed(parts(value).lexical, datatype)


def node_kind_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:nodeKind (section 4.1.3)."""
    value = single(draft.graph, draft.shape, SH.nodeKind)
    if value is None:
        return
    starts = _KINDS.get(value.value) if isinstance(value, ox.NamedNode) else None
    if starts is None:
        raise fault(draft.shape, SH.nodeKind, f"be one of the six kinds of section 4.1.3, not {value}")
    yield each_alone(draft.source("NodeKind"), lambda node: node[0] in starts)


def in_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:in (section 4.8.3)."""
    head = single(draft.graph, draft.shape, SH["in"])
    if head is not None:
        allowed = frozenset(map(str, listed(draft.graph, draft.shape, SH["in"], head)))
        yield each_alone(draft.source("In"), allowed.__contains__)


def range_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:minExclusive and its three sisters (section 4.3)."""
    for name, within in _BOUNDS.items():
        for bound in draft.graph.values(draft.shape, SH[name]):
            if not isinstance(bound, ox.Literal):
                raise fault(draft.shape, SH[name], f"be a literal, not {bound}")
            yield each_alone(draft.source(name[0].upper() + name[1:]), within(str(bound)))


_BOUNDS: Final[dict[str, Callable[[str], Callable[[str], bool]]]] = {
    "minExclusive": lambda bound: lambda value: less(bound, value),
    "minInclusive": lambda bound: lambda value: less_or_equal(bound, value),
    "maxExclusive": lambda bound: lambda value: less(value, bound),
    "maxInclusive": lambda bound: lambda value: less_or_equal(value, bound),
}


def length_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:minLength and sh:maxLength (sections 4.4.1 and 4.4.2); a blank node has no length."""
    least = count(draft.graph, draft.shape, SH.minLength)
    if least:
        yield each_alone(draft.source("MinLength"), lambda value: value[0] != "_" and len(lexical(value)) >= least)
    most = count(draft.graph, draft.shape, SH.maxLength)
    if most is not None:
        yield each_alone(draft.source("MaxLength"), lambda value: value[0] != "_" and len(lexical(value)) <= most)


def pattern_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:pattern with sh:flags (section 4.4.3), as Python reads it; docs/validation.md tells the differences."""
    flags = "".join(text_parameter(draft.graph, draft.shape, SH.flags)).lower()
    for pattern in text_parameter(draft.graph, draft.shape, SH.pattern):
        search = _expression(draft, pattern, flags).search
        yield each_alone(draft.source("Pattern"), _matching(search))


def _matching(search: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda value: value[0] != "_" and search(lexical(value)) is not None


def _expression(draft: Draft, pattern: str, flags: str) -> re.Pattern[str]:
    """Compile a pattern. Flags are those of XPath: i, m, s; x (white space is ignored); q (nothing is special)."""
    if "q" not in flags and _SUBTRACTION.search(pattern):
        raise BadShapes(
            f"The pattern {pattern} of shape {named(draft.shape)} subtracts one character class from another; "
            "that is not supported."
        )
    options = re.RegexFlag(0)
    for letter in flags:
        options |= _FLAGS.get(letter, re.RegexFlag(0))
    if "q" in flags:
        pattern = re.escape(pattern)
    elif "x" in flags:
        pattern = re.sub(r"(\[[^\]]*\])|\s+", lambda found: found[1] or "", pattern)
    try:
        return re.compile(pattern, options)
    except (re.error, OverflowError, RecursionError) as error:
        raise BadShapes(
            f"The pattern {pattern} of shape {named(draft.shape)} cannot be used as a regular expression: {error}."
        ) from error


def language_constraints(draft: Draft) -> Iterator[Constraint]:
    """sh:languageIn (section 4.4.4): basic language ranges, as SPARQL's langMatches has them."""
    head = single(draft.graph, draft.shape, SH.languageIn)
    if head is None:
        return
    ranges = []
    for member in listed(draft.graph, draft.shape, SH.languageIn, head):
        if not isinstance(member, ox.Literal):
            raise fault(draft.shape, SH.languageIn, f"list language tags, not {member}")
        ranges.append(member.value.lower())
    yield each_alone(draft.source("LanguageIn"), _in_language(tuple(ranges)))


def _in_language(ranges: tuple[str, ...]) -> Callable[[str], bool]:
    def allowed(value: str) -> bool:
        tag = parts(value).language.partition("--")[0].lower() if value[0] == '"' else ""
        return tag != "" and any(each in ("*", tag) or tag.startswith(f"{each}-") for each in ranges)

    return allowed
