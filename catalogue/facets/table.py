"""The facets, in the order they are shown. Adding a facet is adding a row here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from catalogue.facets import ranges, terms
from catalogue.facets.model import Facet, FacetKind, in_languages
from catalogue.folding import fold


def _coded(lists: tuple[str, ...], name: str, kind: FacetKind = FacetKind.TERM) -> Callable[..., Facet]:
    """A facet whose values are concepts of these code lists."""
    return partial(Facet, name=name, kind=kind, lists=lists, canonical=terms.canonical_concept(*lists))


def _agent(name: str) -> Callable[..., Facet]:
    return partial(Facet, name=name, kind=FacetKind.TERM, canonical=terms.canonical_agent)


def _word(name: str) -> Callable[..., Facet]:
    return partial(Facet, name=name, kind=FacetKind.TERM, canonical=terms.canonical_lower)


def _flag(name: str) -> Callable[..., Facet]:
    return partial(Facet, name=name, kind=FacetKind.FLAG, canonical=terms.canonical_flag, limit=2)


def _number(name: str) -> Callable[..., Facet]:
    return partial(Facet, name=name, kind=FacetKind.NUMBER)


def _date(name: str) -> Callable[..., Facet]:
    return partial(Facet, name=name, kind=FacetKind.DATE)


FACETS: tuple[Facet, ...] = (
    _coded(("access-right",), "access_rights")(
        labels=in_languages(
            "Access", "Accès", "Zugang", "Acceso", "Accesso", "Toegang",
        ),
        explanation="Whether the data are open, restricted or not public (dct:accessRights).",
        terms=terms.concepts(lambda d: (d.access_rights,)),
        shown=True,
    ),
    _coded(("data-theme",), "theme", FacetKind.TREE)(
        labels=in_languages("Theme", "Thème", "Thema", "Tema", "Tema", "Thema"),
        explanation="Themes of the EU vocabulary (dcat:theme).",
        terms=terms.concepts(lambda d: d.themes),
        shown=True,
    ),
    _coded(("healthcategories",), "health_category", FacetKind.TREE)(
        labels=in_languages(
            "Health category", "Catégorie de santé", "Gesundheitskategorie", "Categoría sanitaria",
            "Categoria sanitaria", "Gezondheidscategorie",
        ),
        explanation="The categories of Article 51(1) of the EHDS Regulation (healthdcatap:healthCategory).",
        terms=terms.concepts(lambda d: d.health_categories),
        shown=True,
    ),
    _coded(("health-theme",), "health_theme", FacetKind.TREE)(
        labels=in_languages(
            "Health theme", "Thème de santé", "Gesundheitsthema", "Tema sanitario", "Tema sanitario",
            "Gezondheidsthema",
        ),
        explanation="What the data are about within health (healthdcatap:healthTheme).",
        terms=terms.concepts(lambda d: d.health_themes),
        shown=True,
    ),
    Facet(
        name="country",
        kind=FacetKind.TERM,
        labels=in_languages(
            "Country of the node", "Pays du nœud", "Land des Knotens", "País del nodo", "Paese del nodo",
            "Land van de node",
        ),
        explanation="The country of the national node that publishes the dataset.",
        terms=terms.country,
        canonical=terms.canonical_country,
        lists=("country",),
        shown=True,
        limit=30,
    ),
    _word("decider")(
        labels=in_languages(
            "Who decides", "Qui décide", "Wer entscheidet", "Quién decide", "Chi decide", "Wie beslist",
        ),
        explanation="Whether the node names the body that decides on access, or how it was found.",
        terms=terms.decider,
        shown=True,
    ),
    Facet(
        name="dac",
        kind=FacetKind.TERM,
        labels=in_languages(
            "Data access committee", "Comité d’accès aux données", "Datenzugangskomitee", "Comité de acceso a datos",
            "Comitato di accesso ai dati", "Datatoegangscommissie",
        ),
        explanation="The committee that decides on access, recommends a decision, or may veto it.",
        terms=terms.committees,
        shown=True,
    ),
    Facet(
        name="data_use",
        kind=FacetKind.TREE,
        labels=in_languages(
            "Permitted use", "Usage autorisé", "Erlaubte Nutzung", "Uso permitido", "Uso consentito",
            "Toegestaan gebruik",
        ),
        explanation="Terms of the Data Use Ontology (DUO) in the dataset's policies.",
        terms=terms.data_use,
        canonical=terms.canonical_data_use,
        lists=("duo",),
        shown=True,
    ),
    _agent("publisher")(
        labels=in_languages("Publisher", "Éditeur", "Herausgeber", "Publicador", "Editore", "Uitgever"),
        explanation="The body that publishes the dataset (dct:publisher).",
        terms=terms.agents(lambda d: (d.publisher,)),
        shown=True,
    ),
    _agent("custodian")(
        labels=in_languages(
            "Data holder", "Détenteur des données", "Dateninhaber", "Titular de los datos", "Titolare dei dati",
            "Gegevenshouder",
        ),
        explanation="The health data holder (geodcatap:custodian).",
        terms=terms.agents(lambda d: (d.custodian,)),
    ),
    _agent("hdab")(
        labels=in_languages(
            "Health data access body", "Organisme d’accès aux données de santé", "Zugangsstelle für Gesundheitsdaten",
            "Organismo de acceso a datos de salud", "Organismo di accesso ai dati sanitari",
            "Instantie voor toegang tot gezondheidsgegevens",
        ),
        explanation="The health data access body the node names (healthdcatap:hdab). It is not the committee.",
        terms=terms.agents(lambda d: (d.hdab,)),
    ),
    Facet(
        name="node",
        kind=FacetKind.TERM,
        labels=in_languages("Node", "Nœud", "Knoten", "Nodo", "Nodo", "Node"),
        explanation="The source the description was harvested from.",
        terms=terms.node,
        shown=True,
        limit=30,
    ),
    _word("stage")(
        labels=in_languages(
            "Stage of the node", "Étape du nœud", "Stand des Knotens", "Etapa del nodo", "Fase del nodo",
            "Fase van de node",
        ),
        explanation="How far the node has come: onboarding, deployment or operational.",
        terms=terms.stage,
        shown=True,
    ),
    _flag("synthetic")(
        labels=in_languages(
            "Synthetic data", "Données synthétiques", "Synthetische Daten", "Datos sintéticos", "Dati sintetici",
            "Synthetische gegevens",
        ),
        explanation="Data made up by a program, not collected from people.",
        terms=terms.flag(lambda d: d.synthetic),
        shown=True,
    ),
    _number("individuals")(
        labels=in_languages("Individuals", "Individus", "Personen", "Individuos", "Individui", "Personen"),
        explanation="How many different people the data are about (healthdcatap:numberOfUniqueIndividuals).",
        spans=ranges.number(lambda d: d.individuals),
        shown=True,
    ),
    _number("records")(
        labels=in_languages(
            "Records", "Enregistrements", "Einträge", "Registros", "Record", "Records",
        ),
        explanation="How many records the dataset has (healthdcatap:numberOfRecords).",
        spans=ranges.number(lambda d: d.records),
    ),
    _number("age")(
        labels=in_languages(
            "Typical age", "Âge typique", "Typisches Alter", "Edad típica", "Età tipica", "Typische leeftijd",
        ),
        explanation="The typical ages of the people, in years (healthdcatap:minTypicalAge, maxTypicalAge).",
        spans=ranges.ages,
    ),
    _date("temporal")(
        labels=in_languages(
            "Period covered", "Période couverte", "Zeitraum", "Período cubierto", "Periodo coperto", "Periode",
        ),
        explanation="When the data were collected or what time they describe (dct:temporal).",
        spans=ranges.periods,
    ),
    _date("issued")(
        labels=in_languages(
            "Issued", "Publié", "Veröffentlicht", "Publicado", "Pubblicato", "Gepubliceerd",
        ),
        explanation="When the dataset was first published (dct:issued).",
        spans=ranges.dates(lambda d: (d.issued,)),
    ),
    _date("modified")(
        labels=in_languages("Modified", "Modifié", "Geändert", "Modificado", "Modificato", "Gewijzigd"),
        explanation="When the dataset was last changed (dct:modified).",
        spans=ranges.dates(lambda d: (d.modified,)),
    ),
    _coded(("country", "continent"), "spatial", FacetKind.TREE)(
        labels=in_languages(
            "Place covered", "Lieu couvert", "Gebiet", "Lugar cubierto", "Area coperta", "Gebied",
        ),
        explanation="The countries and places the data are from (dct:spatial).",
        terms=terms.spatial,
        limit=30,
    ),
    Facet(
        name="keyword",
        kind=FacetKind.TERM,
        labels=in_languages("Keyword", "Mot-clé", "Schlagwort", "Palabra clave", "Parola chiave", "Trefwoord"),
        explanation="Keywords the node wrote (dcat:keyword).",
        terms=terms.keywords,
        canonical=fold,
        shown=True,
    ),
    Facet(
        name="language",
        kind=FacetKind.TERM,
        labels=in_languages(
            "Language of the data", "Langue des données", "Sprache der Daten", "Lengua de los datos",
            "Lingua dei dati", "Taal van de gegevens",
        ),
        explanation="Languages of the data themselves (dct:language).",
        terms=terms.concepts(lambda d: d.languages),
        canonical=terms.canonical_language,
        lists=("language",),
    ),
    _coded(("file-type",), "format")(
        labels=in_languages("Format", "Format", "Format", "Formato", "Formato", "Formaat"),
        explanation="File formats of the distributions (dct:format, dcat:mediaType).",
        terms=terms.formats,
    ),
    _coded(("dataset-type",), "type")(
        labels=in_languages(
            "Type of dataset", "Type de jeu de données", "Art des Datensatzes", "Tipo de conjunto de datos",
            "Tipo di dataset", "Soort dataset",
        ),
        explanation="What kind of dataset it is (dct:type).",
        terms=terms.concepts(lambda d: d.types),
    ),
    _coded(("standard", "gdi-governance"), "conforms_to")(
        labels=in_languages("Standard", "Norme", "Standard", "Norma", "Standard", "Standaard"),
        explanation="Standards it follows; also 1+MG compliant, 1+MG cohort, externally governed (dct:conformsTo).",
        terms=terms.concepts(lambda d: d.conforms_to),
    ),
    _coded(("coding-system",), "coding_system")(
        labels=in_languages(
            "Coding system", "Système de codage", "Kodiersystem", "Sistema de codificación", "Sistema di codifica",
            "Codestelsel",
        ),
        explanation="Coding systems used in the data, such as ICD-10 or SNOMED CT (healthdcatap:hasCodingSystem).",
        terms=terms.concepts(lambda d: d.coding_systems),
    ),
    _coded(("legal-basis",), "legal_basis", FacetKind.TREE)(
        labels=in_languages(
            "Legal basis", "Base juridique", "Rechtsgrundlage", "Base jurídica", "Base giuridica", "Rechtsgrondslag",
        ),
        explanation="The legal basis of the processing (dpv:hasLegalBasis).",
        terms=terms.concepts(lambda d: d.legal_bases),
    ),
    _coded(("purpose",), "purpose", FacetKind.TREE)(
        labels=in_languages("Purpose", "Finalité", "Zweck", "Finalidad", "Finalità", "Doel"),
        explanation="Why the data were collected (dpv:hasPurpose).",
        terms=terms.concepts(lambda d: d.purposes),
    ),
    _coded(("personal-data",), "personal_data", FacetKind.TREE)(
        labels=in_languages(
            "Personal data", "Données personnelles", "Personenbezogene Daten", "Datos personales", "Dati personali",
            "Persoonsgegevens",
        ),
        explanation="Categories of personal data in the dataset (dpv:hasPersonalData).",
        terms=terms.concepts(lambda d: d.personal_data),
    ),
    _coded(("licence",), "licence")(
        labels=in_languages("Licence", "Licence", "Lizenz", "Licencia", "Licenza", "Licentie"),
        explanation="Licences of the dataset and its distributions (dct:license).",
        terms=terms.concepts(lambda d: (d.licence, *(each.licence for each in d.distributions))),
    ),
    _flag("has_beacon")(
        labels=in_languages("Has a Beacon", "A un Beacon", "Hat einen Beacon", "Tiene Beacon", "Ha un Beacon",
                            "Heeft een Beacon"),
        explanation="A GA4GH Beacon answers questions about the data.",
        terms=terms.flag(terms.has_beacon),
    ),
    _flag("has_variables")(
        labels=in_languages(
            "Variables described", "Variables décrites", "Variablen beschrieben", "Variables descritas",
            "Variabili descritte", "Variabelen beschreven",
        ),
        explanation="The description lists the variables of the data (healthdcatap:hasVariables).",
        terms=terms.flag(lambda d: bool(d.variables)),
    ),
    Facet(
        name="series",
        kind=FacetKind.TERM,
        labels=in_languages("Series", "Série", "Reihe", "Serie", "Serie", "Reeks"),
        explanation="The series the dataset belongs to (dcat:inSeries).",
        terms=terms.series,
    ),
    _word("validity")(
        labels=in_languages(
            "Validity", "Validité", "Gültigkeit", "Validez", "Validità", "Geldigheid",
        ),
        explanation="What the validation of the description found.",
        terms=terms.validity,
    ),
)  # fmt: skip

# What is stated of the use of a dataset, as one token (`catalogue.use.conditions`). Nobody chooses it as it is: the
# filter "can I use it?" chooses all the tokens whose answer is the one wished for (`catalogue.search.using`).
CONDITIONS = Facet(
    name="conditions",
    kind=FacetKind.TERM,
    labels=in_languages(
        "Conditions of use", "Conditions d’utilisation", "Nutzungsbedingungen", "Condiciones de uso",
        "Condizioni d’uso", "Gebruiksvoorwaarden",
    ),
    explanation="The conditions of use stated in policies and licences, as one token.",
    terms=terms.conditions,
)  # fmt: skip

# Every body of a dataset in any role: what the page of a body is made from.
BODY = Facet(
    name="body",
    kind=FacetKind.TERM,
    labels=in_languages("Body", "Organisme", "Stelle", "Organismo", "Organismo", "Instantie"),
    explanation="Every body linked to the dataset, committees and access bodies, in any role.",
    terms=terms.bodies,
)

# What an index holds: the facets people choose from, and those two.
INDEXED: tuple[Facet, ...] = (*FACETS, CONDITIONS, BODY)
