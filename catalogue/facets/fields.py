"""What is searched as text, how much each field counts, and in what order hits can be sorted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from catalogue.dataset import Agent, Concept, Contact, Dataset, Texts
from catalogue.entry import Entry
from catalogue.facets.model import in_languages
from catalogue.facets.ranges import days
from catalogue.folding import fold
from catalogue.text import Text, pick

# Beyond these a data dictionary is cut in the index (the page shows all of it): 10,000 variables hold the largest
# one seen in the field, 6,154, and 400 characters hold a title.
VARIABLES_INDEXED = 10_000
VARIABLE_CHARACTERS = 400

Read: TypeAlias = Callable[[Entry], Texts]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the full text: its name, its labels by language, its weight, and what it reads from an entry.

    `exact`: the words are codes, compared as written and not stemmed. `snippet`: an excerpt of it may say why a hit
    matched.
    """

    name: str
    labels: Mapping[str, str]
    weight: float
    read: Read
    exact: bool = False
    snippet: bool = True


@dataclass(frozen=True, slots=True)
class Sort:
    """One order of hits. `key` reads what to sort by; None for relevance. Entries without a key come last.

    `text`: the keys are texts, compared by code point, and ascend; else they are whole numbers.
    """

    name: str
    labels: Mapping[str, str]
    key: Callable[[Entry], str | int | None] | None
    descending: bool = False
    text: bool = False


def _of(read: Callable[[Dataset], Iterable[Text]]) -> Read:
    def texts(entry: Entry) -> Texts:
        return tuple(dict.fromkeys(read(entry.dataset))) if entry.dataset else ()

    return texts


def _labels(concepts: Iterable[Concept | None]) -> Iterable[Text]:
    for concept in concepts:
        if concept is not None:
            yield from concept.labels
            if concept.code:
                yield Text(concept.code)


def _names(agents: Iterable[Agent | None]) -> Iterable[Text]:
    return chain.from_iterable(agent.names for agent in agents if agent is not None)


def _contacts(contacts: Iterable[Contact]) -> Iterable[Text]:
    return chain.from_iterable(contact.names for contact in contacts)


def _plain(values: Iterable[str]) -> Iterable[Text]:
    return (Text(value) for value in values)


def _committees(entry: Entry) -> Texts:
    names = chain.from_iterable(
        (*link.committee.names, *_plain(link.committee.identifiers)) for link in entry.access.links
    )
    return tuple(dict.fromkeys(names))


def _node(entry: Entry) -> Texts:
    return tuple(_plain(filter(None, (entry.source.title, entry.source.name))))


def _places(dataset: Dataset) -> Iterable[Text]:
    for place in dataset.places:
        yield from place.names
        yield from _labels((place.concept,))


def _policies(dataset: Dataset) -> Iterable[Text]:
    for policy in dataset.policies:
        yield from policy.texts
        for use in policy.data_uses:
            yield Text(use.label, "en")


def _variables(dataset: Dataset) -> Iterable[Text]:
    for variable in dataset.variables[:VARIABLES_INDEXED]:
        yield Text(variable.name)
        for title in (*variable.titles, *variable.descriptions):
            yield Text(title.value[:VARIABLE_CHARACTERS], title.language)


def _distributions(dataset: Dataset) -> Iterable[Text]:
    for each in (*dataset.distributions, *dataset.samples, *dataset.analytics):
        yield from each.titles
        yield from each.descriptions
        yield from chain.from_iterable(service.titles for service in each.services)
    yield from chain.from_iterable(service.titles for service in dataset.services)


FIELDS: tuple[Field, ...] = (
    Field(
        "title",
        in_languages("Title", "Titre", "Titel", "Título", "Titolo", "Titel"),
        8.0,
        _of(lambda d: (*d.titles, *d.alternatives)),
    ),
    Field(
        "identifier",
        in_languages("Identifier", "Identifiant", "Kennung", "Identificador", "Identificatore", "Identificatiecode"),
        8.0,
        _of(lambda d: _plain((*d.identifiers, *d.other_identifiers, d.iri))),
        exact=True,
    ),
    Field(
        "keyword",
        in_languages("Keyword", "Mot-clé", "Schlagwort", "Palabra clave", "Parola chiave", "Trefwoord"),
        4.0,
        _of(lambda d: d.keywords),
    ),
    Field(
        "health",
        in_languages("Health theme", "Thème de santé", "Gesundheitsthema", "Tema sanitario", "Tema sanitario",
                     "Gezondheidsthema"),
        3.0,
        _of(lambda d: _labels((*d.health_themes, *d.health_categories))),
    ),
    Field(
        "dac",
        in_languages("Access body", "Organisme d’accès", "Zugangsstelle", "Organismo de acceso",
                     "Organismo di accesso", "Toegangsinstantie"),
        3.0,
        _committees,
    ),
    Field(
        "publisher",
        in_languages("Publisher", "Éditeur", "Herausgeber", "Publicador", "Editore", "Uitgever"),
        3.0,
        _of(lambda d: _names((d.publisher, d.custodian, *d.creators))),
    ),
    Field(
        "description",
        in_languages("Description", "Description", "Beschreibung", "Descripción", "Descrizione", "Beschrijving"),
        2.0,
        _of(lambda d: d.descriptions),
    ),
    Field(
        "code",
        in_languages("Code", "Code", "Code", "Código", "Codice", "Code"),
        4.0,
        _of(lambda d: _plain(d.code_values)),
        exact=True,
    ),
    Field(
        "population",
        in_languages("Population", "Population", "Bevölkerung", "Población", "Popolazione", "Populatie"),
        2.0,
        _of(lambda d: d.population_coverage),
    ),
    Field(
        "place",
        in_languages("Place", "Lieu", "Ort", "Lugar", "Luogo", "Plaats"),
        2.0,
        _of(_places),
    ),
    Field(
        "subject",
        in_languages("Type and standard", "Type et norme", "Art und Standard", "Tipo y norma", "Tipo e standard",
                     "Soort en standaard"),
        1.5,
        _of(lambda d: _labels((*d.types, *d.conforms_to, *d.coding_systems, *d.personal_data, *d.purposes))),
    ),
    Field(
        "policy",
        in_languages("Conditions of use", "Conditions d’utilisation", "Nutzungsbedingungen", "Condiciones de uso",
                     "Condizioni d’uso", "Gebruiksvoorwaarden"),
        1.0,
        _of(_policies),
    ),
    Field(
        "variable",
        in_languages("Variable", "Variable", "Variable", "Variable", "Variabile", "Variabele"),
        1.0,
        _of(_variables),
    ),
    Field(
        "distribution",
        in_languages("Distribution", "Distribution", "Distribution", "Distribución", "Distribuzione", "Distributie"),
        1.0,
        _of(_distributions),
    ),
    Field(
        "provenance",
        in_languages("Provenance", "Provenance", "Herkunft", "Procedencia", "Provenienza", "Herkomst"),
        1.0,
        _of(lambda d: (*d.provenance, *d.version_notes)),
    ),
    Field(
        "contact",
        in_languages("Contact", "Contact", "Kontakt", "Contacto", "Contatto", "Contact"),
        1.0,
        _of(lambda d: _contacts(d.contacts)),
    ),
    Field(
        "node",
        in_languages("Node", "Nœud", "Knoten", "Nodo", "Nodo", "Node"),
        1.0,
        _node,
    ),
)  # fmt: skip


def _title(entry: Entry) -> str | None:
    text = pick(entry.dataset.titles, ("en",)) if entry.dataset else None
    return fold(text.value) if text else None


def _day(read: Callable[[Dataset], str | None]) -> Callable[[Entry], int | None]:
    def key(entry: Entry) -> int | None:
        text = read(entry.dataset) if entry.dataset else None
        span = days(text) if text else None
        return span.low if span else None

    return key


SORTS: tuple[Sort, ...] = (
    Sort(
        "relevance",
        in_languages("Relevance", "Pertinence", "Relevanz", "Relevancia", "Pertinenza", "Relevantie"),
        None,
    ),
    Sort("title", in_languages("Title", "Titre", "Titel", "Título", "Titolo", "Titel"), _title, text=True),
    Sort(
        "modified",
        in_languages("Last modified", "Dernière modification", "Zuletzt geändert", "Última modificación",
                     "Ultima modifica", "Laatst gewijzigd"),
        _day(lambda d: d.modified),
        descending=True,
    ),
    Sort(
        "issued",
        in_languages("Newest", "Plus récents", "Neueste", "Más recientes", "Più recenti", "Nieuwste"),
        _day(lambda d: d.issued),
        descending=True,
    ),
    Sort(
        "individuals",
        in_languages("Most individuals", "Plus d’individus", "Meiste Personen", "Más individuos", "Più individui",
                     "Meeste personen"),
        lambda e: e.dataset.individuals if e.dataset else None,
        descending=True,
    ),
    Sort(
        "records",
        in_languages("Most records", "Plus d’enregistrements", "Meiste Einträge", "Más registros", "Più record",
                     "Meeste records"),
        lambda e: e.dataset.records if e.dataset else None,
        descending=True,
    ),
)  # fmt: skip
