"""The values an entry has for the term, tree and flag facets, as stable tokens with labels."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from catalogue.countries import alpha2
from catalogue.dac.committee import DeciderStatus, Method, Role
from catalogue.dataset import Agent, Concept, Dataset, Service, Texts
from catalogue.entry import Entry
from catalogue.facets.model import FacetTerm, Terms, in_languages
from catalogue.folding import fold, slug
from catalogue.labels import (
    ancestors,
    coded,
    country_labels,
    labels_of,
    language_iri,
    readable,
    readable_address,
)
from catalogue.text import Text
from catalogue.use.conditions import conditions_of, signature
from shapes.codelists import concept, normalise

_IRI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:\S*$")
_SLUG = re.compile(r"^[a-z0-9-]+$")
_DUO = re.compile(r"DUO[_:]0?(\d{7})\b", re.IGNORECASE)
_BEACON = re.compile(r"(?<![a-z])beacons?(?![a-z])", re.IGNORECASE)


def texts_in(*texts: str) -> Texts:
    """Labels of ours as texts, in the order of `LABEL_LANGUAGES`."""
    return tuple(Text(value, language) for language, value in in_languages(*texts).items())


YES_NO = {
    True: FacetTerm("true", texts_in("yes", "oui", "ja", "sí", "sì", "ja")),
    False: FacetTerm("false", texts_in("no", "non", "nein", "no", "no", "nee")),
}
DECIDERS = {
    DeciderStatus.PUBLISHED: texts_in(
        "named by the node", "nommé par le nœud", "vom Knoten benannt", "nombrado por el nodo", "indicato dal nodo",
        "door de node genoemd",
    ),
    DeciderStatus.RULE: texts_in(
        "found by a rule", "trouvé par une règle", "durch eine Regel gefunden", "hallado por una regla",
        "trovato con una regola", "door een regel gevonden",
    ),
    DeciderStatus.STAND_IN: texts_in(
        "stand-in: health data access body", "suppléant : organisme d’accès aux données de santé",
        "ersatzweise: Zugangsstelle für Gesundheitsdaten", "suplente: organismo de acceso a datos de salud",
        "supplente: organismo di accesso ai dati sanitari",
        "plaatsvervanger: instantie voor toegang tot gezondheidsgegevens",
    ),
    DeciderStatus.NONE: texts_in(
        "none published", "aucun publié", "keines veröffentlicht", "ninguno publicado", "nessuno pubblicato",
        "geen gepubliceerd",
    ),
}  # fmt: skip
OPEN = "open"  # nothing to decide: apart from datasets whose node names nobody
_OPEN_DATA = texts_in(
    "open data, nothing to decide", "données ouvertes, rien à décider", "offene Daten, nichts zu entscheiden",
    "datos abiertos, nada que decidir", "dati aperti, nulla da decidere", "open gegevens, niets te beslissen",
)  # fmt: skip
VALIDITY = {
    "valid": texts_in("valid", "valide", "gültig", "válido", "valido", "geldig"),
    "warnings": texts_in(
        "valid, with warnings", "valide, avec avertissements", "gültig, mit Warnungen", "válido, con advertencias",
        "valido, con avvisi", "geldig, met waarschuwingen",
    ),
    "violations": texts_in(
        "with violations", "avec des violations", "mit Verstößen", "con infracciones", "con violazioni",
        "met overtredingen",
    ),
}  # fmt: skip
STAGES = {
    "onboarding": texts_in("onboarding", "intégration", "Aufnahme", "incorporación", "adesione", "instap"),
    "deployment": texts_in("deployment", "déploiement", "Aufbau", "despliegue", "implementazione", "uitrol"),
    "operational": texts_in("operational", "opérationnel", "in Betrieb", "operativo", "operativo", "operationeel"),
}


@lru_cache(maxsize=32_768)
def token(iri: str) -> str:
    """The value of a concept: its code in our lists, else its canonical IRI."""
    listed = concept(iri)
    return listed.code if listed else normalise(iri)


def concept_term(value: Concept) -> FacetTerm:
    """A concept as a facet value. Labels of our lists win, so that every node's records show the same one."""
    return FacetTerm(token(value.iri), labels_of(value.iri) or value.labels, _parents(value.iri))


@lru_cache(maxsize=32_768)
def _parents(iri: str) -> tuple[str, ...]:
    return tuple(token(parent) for parent in ancestors(iri))


def concepts(read: Callable[[Dataset], Iterable[Concept | None]]) -> Terms:
    """The terms of a facet whose values are concepts of the dataset."""

    def terms(entry: Entry) -> tuple[FacetTerm, ...]:
        return distinct(concept_term(c) for c in (read(entry.dataset) if entry.dataset else ()) if c is not None)

    return terms


def agents(read: Callable[[Dataset], Iterable[Agent | None]]) -> Terms:
    """The terms of a facet whose values are bodies of the dataset."""

    def terms(entry: Entry) -> tuple[FacetTerm, ...]:
        found = read(entry.dataset) if entry.dataset else ()
        return distinct(FacetTerm(a.key, a.names or (Text(readable_address(a.key)),)) for a in found if a is not None)

    return terms


def flag(read: Callable[[Dataset], bool | None]) -> Terms:
    """The term of a yes-or-no facet; none where the dataset does not say."""

    def terms(entry: Entry) -> tuple[FacetTerm, ...]:
        said = read(entry.dataset) if entry.dataset else None
        return () if said is None else (YES_NO[said],)

    return terms


def distinct(terms: Iterable[FacetTerm]) -> tuple[FacetTerm, ...]:
    """Terms without repeated values; the first wins."""
    found: dict[str, FacetTerm] = {}
    for term in terms:
        found.setdefault(term.value, term)
    return tuple(found.values())


def keywords(entry: Entry) -> tuple[FacetTerm, ...]:
    """Keywords people wrote. Machine translations are searched as text, but would only repeat a value here."""
    texts = entry.dataset.keywords if entry.dataset else ()
    human = [text for text in texts if not text.machine] or texts
    return distinct(FacetTerm(folded, (text,)) for text in human if (folded := fold(text.value)))


def country(entry: Entry) -> tuple[FacetTerm, ...]:
    """The country of the node, from its registration."""
    code = entry.source.country
    return (FacetTerm(alpha2(code), country_labels(code)),) if code else ()


def spatial(entry: Entry) -> tuple[FacetTerm, ...]:
    """The places the data cover: continent, country, place. A place without a concept goes by its name."""
    found: list[FacetTerm] = []
    for place in entry.dataset.places if entry.dataset else ():
        if place.concept is not None:
            found.append(concept_term(place.concept))
        elif place.names:
            found.append(FacetTerm(f"_:{slug(place.names[0].value)}", place.names))
    return distinct(found)


def committees(entry: Entry) -> tuple[FacetTerm, ...]:
    """The committees of the decision: who decides, recommends or may veto. Access bodies are a facet of their own."""
    chain = {Role.DECIDES, Role.RECOMMENDS, Role.MAY_VETO}
    bodies = (link.committee for link in entry.access.links if link.role in chain)
    return distinct(FacetTerm(body.id, body.names or (Text(body.id),)) for body in bodies)


def bodies(entry: Entry) -> tuple[FacetTerm, ...]:
    """Every body linked to the dataset, in any role."""
    found = (link.committee for link in entry.access.links)
    return distinct(FacetTerm(body.id, body.names or (Text(body.id),)) for body in found)


def decider(entry: Entry) -> tuple[FacetTerm, ...]:
    """How the answer to "who decides?" was found."""
    if entry.dataset is None:
        return ()
    answer = entry.access.decider
    if answer.method is Method.OPEN_DATA:
        return (FacetTerm(OPEN, _OPEN_DATA),)
    return (FacetTerm(answer.status.value, DECIDERS[answer.status]),)


def data_use(entry: Entry) -> tuple[FacetTerm, ...]:
    """The DUO terms of all policies."""
    policies = entry.dataset.policies if entry.dataset else ()
    uses = (use for policy in policies for use in policy.data_uses)
    return distinct(
        FacetTerm(use.code, labels_of(use.iri) or (Text(use.label, "en"),), _parents(use.iri)) for use in uses
    )


def conditions(entry: Entry) -> tuple[FacetTerm, ...]:
    """The signature of the conditions of use: always one."""
    if entry.dataset is None:
        return ()
    written = signature(conditions_of(entry.dataset))
    return (FacetTerm(written, (Text(written),)),)


def node(entry: Entry) -> tuple[FacetTerm, ...]:
    """The source the record came from."""
    return (FacetTerm(entry.source.name, (Text(entry.source.title or entry.source.name),)),)


def stage(entry: Entry) -> tuple[FacetTerm, ...]:
    """How far the node has come."""
    value = entry.source.stage.value
    return (FacetTerm(value, STAGES[value]),)


def formats(entry: Entry) -> tuple[FacetTerm, ...]:
    """The file types of the distributions; where one states only a media type, that."""
    found: list[FacetTerm] = []
    for distribution in entry.dataset.distributions if entry.dataset else ():
        if distribution.format is not None:
            found.append(concept_term(distribution.format))
        elif distribution.media_type:
            found.append(FacetTerm(distribution.media_type.lower(), (Text(distribution.media_type),)))
    return distinct(found)


def series(entry: Entry) -> tuple[FacetTerm, ...]:
    """The series the dataset is in."""
    links = (link for link in (entry.dataset.links if entry.dataset else ()) if link.role == "dcat:inSeries")
    return distinct(FacetTerm(link.iri, link.titles or (Text(readable(link.iri)),)) for link in links)


def validity(entry: Entry) -> tuple[FacetTerm, ...]:
    """What the validation said; none for a record that was not validated."""
    verdict = entry.state.verdict
    if verdict is None or entry.dataset is None:
        return ()
    value = "violations" if not verdict.valid else "valid" if verdict.conforms else "warnings"
    return (FacetTerm(value, VALIDITY[value]),)


def has_beacon(dataset: Dataset) -> bool:
    """Whether a service of the dataset says it is a Beacon: in its address, standard, type or title."""
    offered: Sequence[Service] = (*dataset.services, *(s for d in dataset.distributions for s in d.services))
    return any(_BEACON.search(text) for service in offered for text in _said_of(service))


def _said_of(service: Service) -> Iterable[str]:
    yield from service.endpoints
    yield from service.conforms_to
    yield from (text.value for text in service.titles)
    for each in service.types:
        yield each.iri
        yield from (text.value for text in each.labels)


# What a user writes, made a token. --------------------------------------------------------------------------------


def canonical_concept(*lists: str) -> Callable[[str], str]:
    """A code of these lists in any case, or an IRI in any spelling, becomes the token; other text stays."""

    def canonical(text: str) -> str:
        text = text.strip()
        if _IRI.match(text) and concept(text):
            return token(text)
        listed = coded(lists, text)
        if listed:
            return listed.code
        return normalise(text) if _IRI.match(text) and not text.startswith("_:") else text

    return canonical


def canonical_agent(text: str) -> str:
    """An IRI or a key stays; a name becomes the key made of it."""
    text = text.strip()
    return text if _IRI.match(text) or _SLUG.match(text) else slug(text)


def canonical_country(text: str) -> str:
    """Any ISO code, or the IRI of the EU country list, becomes the two-letter code."""
    return alpha2(token(text) if _IRI.match(text.strip()) else text)


def canonical_language(text: str) -> str:
    """A tag (`en`), a code (`ENG`) or an IRI becomes the code of the EU list."""
    text = text.strip()
    return token(text) if _IRI.match(text) else token(language_iri(text) or text)


def canonical_data_use(text: str) -> str:
    """Any spelling of a DUO term becomes `DUO:0000042`."""
    match = _DUO.search(text)
    return f"DUO:{match.group(1)}" if match else text.strip()


def canonical_flag(text: str) -> str:
    """`yes`, `1` or `on` becomes `true`; anything else that says no, `false`."""
    return "true" if text.strip().lower() in {"true", "1", "yes", "on"} else "false"


def canonical_lower(text: str) -> str:
    """For values that are words of ours: in lower case."""
    return text.strip().lower()
