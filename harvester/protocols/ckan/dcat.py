"""A dataset of CKAN's action API as DCAT: a translation, as near as may be to what ckanext-dcat would have sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph as ox

from harvester.foreign_json import Dict, Json
from harvester.protocols.ckan import terms
from harvester.protocols.ckan.fields import (
    AGENT,
    CHECKSUM,
    CONTACT,
    DATASET,
    OF_THE_PORTAL,
    PERIOD,
    PLACE,
    RESOURCE,
    Field,
    Value,
)
from shapes.vocabulary import ADMS, DCAT, DCT, FOAF, HEALTH, RDF, RDFS, SKOS, SPDX, VCARD

_MAKERS: Final[Mapping[Value, Callable[[str], ox.NamedNode | ox.Literal]]] = {
    Value.TEXT: ox.Literal,
    Value.IRI: terms.iri_or_text,
    Value.DATE: terms.date,
    Value.COUNT: terms.count,
    Value.DECIMAL: terms.decimal,
    Value.MAIL: terms.mail,
}
# Nodes of their own: the property, its class, its fields, and the beginning of their names among flat extras.
_NODES: Final = (
    ("publisher", DCT.publisher, FOAF.Agent, AGENT),
    ("creator", DCT.creator, FOAF.Agent, AGENT),
    ("hdab", HEALTH.hdab, FOAF.Agent, AGENT),
    ("contact", DCAT.contactPoint, VCARD.Kind, CONTACT),
    ("temporal", DCT.temporal, DCT.PeriodOfTime, PERIOD),
    ("temporal_coverage", DCT.temporal, DCT.PeriodOfTime, PERIOD),
    ("retention_period", HEALTH.retentionPeriod, DCT.PeriodOfTime, PERIOD),
    ("spatial_coverage", DCT.spatial, DCT.Location, PLACE),
)


@dataclass(frozen=True, slots=True)
class Translated:
    """One dataset: its IRI, its statements, and the names of fields that have no place in DCAT."""

    subject: ox.NamedNode
    triples: Sequence[ox.Triple]
    left_out: frozenset[str]


def translate(package: Dict, portal: str) -> Translated:
    """Translate one dataset of a portal, given as JSON. `portal` is its address, without a slash at the end."""
    return _Translator(package, portal).translated()


class _Translator:
    """One dataset on its way into RDF."""

    def __init__(self, package: Dict, portal: str) -> None:
        self._fields = _flat(package)
        self._package = package
        self._triples: list[ox.Triple] = []
        self._used = {"license_id", "license_url"}
        self._left: set[str] = set()
        named = terms.iri(str(self._fields.get("uri") or ""))
        self._subject = named or _made(f"{portal}/dataset/{package.get('id')}")
        self._portal = portal

    def translated(self) -> Translated:
        subject = self._subject
        self._say(subject, RDF.type, ox.NamedNode(DCAT.Dataset))
        self._take(subject, DATASET, self._fields)
        self._keywords(subject)
        self._identifiers(subject)
        for prefix, predicate, kind, fields in _NODES:
            self._nodes(subject, prefix, predicate, kind, fields)
        self._fall_back(subject)
        self._place(subject)
        for resource in _dicts(self._package.get("resources")):
            self._distribution(subject, resource)
        self._leave_out(self._fields)
        return Translated(subject, self._triples, frozenset(self._left))

    def _leave_out(self, values: Dict, where: str = "") -> None:
        """Take down the fields that were not used although they hold something."""
        held = {key for key, value in values.items() if value not in (None, "", [], {})}
        self._left |= {where + key for key in held - self._used - OF_THE_PORTAL}

    def _say(
        self, subject: ox.NamedNode | ox.BlankNode, predicate: str, value: ox.NamedNode | ox.BlankNode | ox.Literal
    ) -> None:
        self._triples.append(ox.Triple(subject, ox.NamedNode(predicate), value))

    def _take(
        self, subject: ox.NamedNode | ox.BlankNode, fields: Iterable[Field], values: Dict, prefix: str = ""
    ) -> bool:
        """Add the statements of these fields; return whether there was any."""
        before = len(self._triples)
        for field in fields:
            keys = [prefix + key for key in field.keys]
            found = next((key for key in keys if any(terms.texts(values.get(key), many=field.many))), None)
            self._used.update(keys)
            if found is not None:
                for text, tag in terms.texts(values.get(found), many=field.many):
                    self._value(subject, field, text, tag)
        return len(self._triples) > before

    def _value(self, subject: ox.NamedNode | ox.BlankNode, field: Field, text: str, tag: str | None) -> None:
        if field.value is Value.STATEMENT and terms.iri(text) is None:
            statement = ox.BlankNode()
            self._say(subject, field.predicate, statement)
            self._say(statement, RDF.type, ox.NamedNode(field.typed or RDFS.Resource))
            self._say(statement, RDFS.label, _words(text, tag))
            return
        maker = terms.iri_or_text if field.value is Value.STATEMENT else _MAKERS[field.value]
        value = _words(text, tag) if field.value is Value.TEXT else maker(text)
        self._say(subject, field.predicate, value)
        if field.typed and isinstance(value, ox.NamedNode):
            self._say(value, RDF.type, ox.NamedNode(field.typed))

    def _keywords(self, subject: ox.NamedNode) -> None:
        translated = self._fields.get("tags_translated")
        self._used.add("tags_translated")
        if isinstance(translated, dict) and translated:
            for text, tag in terms.texts(translated, many=False):
                self._say(subject, DCAT.keyword, _words(text, tag))
            return
        for keyword in _dicts(self._package.get("tags")):
            if isinstance(keyword.get("name"), str):
                self._say(subject, DCAT.keyword, ox.Literal(str(keyword["name"])))

    def _identifiers(self, subject: ox.NamedNode) -> None:
        self._used.add("alternate_identifier")
        for text, _ in terms.texts(self._fields.get("alternate_identifier"), many=True):
            node = ox.BlankNode()
            self._say(subject, ADMS.identifier, node)
            self._say(node, RDF.type, ox.NamedNode(ADMS.Identifier))
            self._say(node, SKOS.notation, ox.Literal(text))

    def _nodes(self, subject: ox.NamedNode, prefix: str, predicate: str, kind: str, fields: Sequence[Field]) -> None:
        """Add nodes that stand as a list of objects under their name, or flat with their name as a prefix."""
        self._used.update({prefix, f"{prefix}_uri"})
        for inner in _dicts(_parsed(self._fields.get(prefix))):
            self._node(subject, predicate, kind, fields, inner, "", inner.get("uri"))
        self._node(subject, predicate, kind, fields, self._fields, f"{prefix}_", self._fields.get(f"{prefix}_uri"))

    def _node(
        self,
        subject: ox.NamedNode,
        predicate: str,
        kind: str,
        fields: Sequence[Field],
        values: Dict,
        prefix: str,
        named: Json,
    ) -> bool:
        node = (terms.iri(named) if isinstance(named, str) else None) or ox.BlankNode()
        if not self._take(node, fields, values, prefix) and isinstance(node, ox.BlankNode):
            return False
        self._say(node, RDF.type, ox.NamedNode(kind))
        self._say(subject, predicate, node)
        return True

    def _fall_back(self, subject: ox.NamedNode) -> None:
        """Take CKAN's own fields where the schema has none: the organisation, the maintainer, the author."""
        said = {triple.predicate.value for triple in self._triples if triple.subject == subject}
        organisation = self._package.get("organization")
        if DCT.publisher not in said and isinstance(organisation, dict) and organisation.get("id"):
            named = f"{self._portal}/organization/{organisation['id']}"
            values: Dict = {"name": organisation.get("title") or organisation.get("name")}
            self._node(subject, DCT.publisher, FOAF.Agent, AGENT, values, "", named)
        for role in ("maintainer", "author"):
            self._used |= {role, f"{role}_email"}
        if DCAT.contactPoint not in said:
            for role in ("maintainer", "author"):
                values = {"name": self._fields.get(role), "email": self._fields.get(f"{role}_email")}
                if self._node(subject, DCAT.contactPoint, VCARD.Kind, CONTACT, values, "", None):
                    return

    def _place(self, subject: ox.NamedNode) -> None:
        """Add `spatial_text`, `spatial_uri`, and `spatial`, which is GeoJSON or the IRI of a place."""
        self._used |= {"spatial", "spatial_text", "spatial_uri"}
        where = self._fields.get("spatial")
        geometry = json.dumps(where, sort_keys=True) if isinstance(where, dict) else where
        named = self._fields.get("spatial_uri")
        if isinstance(geometry, str) and terms.iri(geometry) is not None:
            named, geometry = named or geometry, None
        values: Dict = {"text": self._fields.get("spatial_text"), "geom": geometry}
        self._node(subject, DCT.spatial, DCT.Location, PLACE, values, "", named)

    def _distribution(self, subject: ox.NamedNode, resource: Dict) -> None:
        named = terms.iri(str(resource.get("uri") or ""))
        node = named or _made(f"{self._subject.value}/resource/{resource.get('id')}")
        of_dataset, self._used = self._used, {"format", "mimetype", "url"}
        self._say(subject, DCAT.distribution, node)
        self._say(node, RDF.type, ox.NamedNode(DCAT.Distribution))
        self._take(node, RESOURCE, resource)
        self._format(node, resource)
        checksum = ox.BlankNode()
        if self._take(checksum, CHECKSUM, resource):
            self._say(checksum, RDF.type, ox.NamedNode(SPDX.Checksum))
            self._say(node, SPDX.checksum, checksum)
        licence = self._package.get("license_url") or self._package.get("license_id")
        if not resource.get("license") and isinstance(licence, str) and licence:
            self._say(node, DCT.license, terms.iri_or_text(licence))
        self._leave_out(resource, "resources.")
        self._used = of_dataset

    def _format(self, node: ox.NamedNode, resource: Dict) -> None:
        """Add format and media type; a media type in the wrong field is one all the same."""
        form, media = (str(resource.get(key) or "").strip() for key in ("format", "mimetype"))
        if "/" in form and (not form.startswith("http") or "iana.org/assignments/media-types" in form):
            form, media = "", media or form
        if form:
            self._say(node, DCT["format"], terms.iri_or_text(form))
        if media:
            self._say(node, DCAT.mediaType, terms.iri_or_text(media))


def _flat(package: Dict) -> dict[str, Json]:
    """Return a dataset's fields with its extras beside them; what stands at the top wins."""
    extras = {
        str(extra["key"]): extra.get("value")
        for extra in _dicts(package.get("extras"))
        if isinstance(extra.get("key"), str)
    }
    return extras | dict(package)


def _dicts(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, list):
        yield from (inner for inner in value if isinstance(inner, dict))


def _parsed(value: Json) -> Json:
    """Return the list or object that a text of JSON holds (an extra can only be text)."""
    if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
        try:
            found: Json = json.loads(value)
        except ValueError:
            return value
        return [found] if isinstance(found, dict) else found
    return [value] if isinstance(value, dict) else value


def _words(text: str, tag: str | None) -> ox.Literal:
    if tag is None:
        return ox.Literal(text)
    try:
        return ox.Literal(text, language=tag)
    except ValueError:
        return ox.Literal(text)


def _made(address: str) -> ox.NamedNode:
    found = terms.iri(address)
    assert found is not None, "the portal's address is http(s)"  # noqa: S101 - the door would not have asked it
    return found
