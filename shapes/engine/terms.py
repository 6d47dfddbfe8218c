"""The terms of the SHACL vocabulary, so that a misspelt one can be told from a known one."""

from __future__ import annotations

from typing import Final

from shapes.vocabulary import SH

# SHACL 1.0, sections 2 to 6: what may stand in a shapes graph or a report.
_NAMES: Final = """
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength
    pattern flags languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node property
    qualifiedValueShape qualifiedMinCount qualifiedMaxCount qualifiedValueShapesDisjoint closed ignoredProperties
    hasValue in sparql path targetClass targetNode targetObjectsOf targetSubjectsOf severity message deactivated name
    description order group defaultValue inversePath alternativePath zeroOrMorePath oneOrMorePath zeroOrOnePath declare
    prefix namespace prefixes select ask parameter optional labelTemplate validator nodeValidator propertyValidator
    shapesGraph shapesGraphWellFormed suggestedShapesGraph entailment resultAnnotation annotationProperty
    annotationVarName annotationValue target SPARQLTarget conforms result focusNode resultPath value sourceShape
    sourceConstraint sourceConstraintComponent resultSeverity resultMessage detail
"""
# SHACL-JS, and the parts of SHACL Advanced Features that change what a shape is about or what the data says.
_ADVANCED_NAMES: Final = """
    targetShape rule expression values js jsLibrary jsLibraryURL jsFunctionName construct returnType
"""

KNOWN: Final = frozenset(SH[name] for name in _NAMES.split())
ADVANCED: Final = frozenset(SH[name] for name in _ADVANCED_NAMES.split())
