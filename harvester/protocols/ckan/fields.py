"""Which field of CKAN is which property of DCAT, as ckanext-dcat maps them (its documentation, "RDF DCAT to CKAN").

A field may stand at the top of a dataset (a schema of the portal's own) or among its extras.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from shapes.vocabulary import ADMS, DCAT, DCATAP, DCT, DPV, FOAF, HEALTH, LOCN, SKOS, SPDX, VCARD


class Value(Enum):
    """What becomes of a value: text, an IRI where it is one (else text), a date, a number, a statement in words."""

    TEXT = auto()
    IRI = auto()
    DATE = auto()
    COUNT = auto()
    DECIMAL = auto()
    STATEMENT = auto()
    MAIL = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """`keys`: the first that has a value is taken. `many`: the value may be a list. `typed`: the class of the value."""

    keys: tuple[str, ...]
    predicate: str
    value: Value = Value.TEXT
    many: bool = False
    typed: str | None = None


DATASET: Final = (
    Field(("title_translated", "title"), DCT.title),
    Field(("notes_translated", "notes"), DCT.description),
    Field(("identifier", "guid", "id"), DCT.identifier),
    Field(("url",), DCAT.landingPage, Value.IRI, typed=FOAF.Document),
    Field(("version", "dcat_version"), DCAT.version),
    Field(("version_notes",), ADMS.versionNotes),
    Field(("frequency",), DCT.accrualPeriodicity, Value.IRI),
    Field(("dcat_type",), DCT.type, Value.IRI),
    Field(("issued", "metadata_created"), DCT.issued, Value.DATE),
    Field(("modified", "metadata_modified"), DCT.modified, Value.DATE),
    Field(("access_rights",), DCT.accessRights, Value.STATEMENT, typed=DCT.RightsStatement),
    Field(("provenance",), DCT.provenance, Value.STATEMENT, typed=DCT.ProvenanceStatement),
    Field(("language",), DCT.language, Value.IRI, many=True),
    Field(("theme",), DCAT.theme, Value.IRI, many=True),
    Field(("conforms_to",), DCT.conformsTo, Value.IRI, many=True, typed=DCT.Standard),
    Field(("documentation",), FOAF.page, Value.IRI, many=True, typed=FOAF.Document),
    Field(("related_resource",), DCT.relation, Value.IRI, many=True),
    Field(("has_version",), DCT.hasVersion, Value.IRI, many=True),
    Field(("is_version_of",), DCT.isVersionOf, Value.IRI, many=True),
    Field(("is_referenced_by",), DCT.isReferencedBy, Value.IRI, many=True),
    Field(("source",), DCT.source, Value.IRI, many=True),
    Field(("applicable_legislation",), DCATAP.applicableLegislation, Value.IRI, many=True),
    Field(("hvd_category",), DCATAP.hvdCategory, Value.IRI, many=True),
    Field(("temporal_resolution",), DCAT.temporalResolution),
    Field(("spatial_resolution_in_meters",), DCAT.spatialResolutionInMeters, Value.DECIMAL),
    Field(("analytics",), HEALTH.analytics, Value.IRI, many=True),
    Field(("code_values",), HEALTH.hasCodeValues, Value.IRI, many=True),
    Field(("coding_system",), HEALTH.hasCodingSystem, Value.IRI, many=True),
    Field(("health_category",), HEALTH.healthCategory, Value.IRI, many=True),
    Field(("health_theme",), HEALTH.healthTheme, Value.IRI, many=True),
    Field(("legal_basis",), DPV.hasLegalBasis, Value.IRI, many=True),
    Field(("personal_data",), DPV.hasPersonalData, Value.IRI, many=True),
    Field(("purpose",), DPV.hasPurpose, Value.IRI, many=True),
    Field(("population_coverage",), HEALTH.populationCoverage, many=True),
    Field(("min_typical_age",), HEALTH.minTypicalAge, Value.COUNT),
    Field(("max_typical_age",), HEALTH.maxTypicalAge, Value.COUNT),
    Field(("number_of_records",), HEALTH.numberOfRecords, Value.COUNT),
    Field(("number_of_unique_individuals",), HEALTH.numberOfUniqueIndividuals, Value.COUNT),
)
RESOURCE: Final = (
    Field(("name_translated", "name"), DCT.title),
    Field(("description_translated", "description"), DCT.description),
    Field(("access_url", "url"), DCAT.accessURL, Value.IRI),
    Field(("download_url",), DCAT.downloadURL, Value.IRI),
    Field(("license",), DCT.license, Value.IRI, typed=DCT.LicenseDocument),
    Field(("rights",), DCT.rights, Value.STATEMENT, typed=DCT.RightsStatement),
    Field(("status",), ADMS.status, Value.IRI),
    Field(("availability",), DCATAP.availability, Value.IRI),
    Field(("issued", "created"), DCT.issued, Value.DATE),
    Field(("modified", "metadata_modified", "last_modified"), DCT.modified, Value.DATE),
    Field(("size",), DCAT.byteSize, Value.COUNT),
    Field(("language",), DCT.language, Value.IRI, many=True),
    Field(("conforms_to",), DCT.conformsTo, Value.IRI, many=True, typed=DCT.Standard),
    Field(("documentation",), FOAF.page, Value.IRI, many=True, typed=FOAF.Document),
    Field(("applicable_legislation",), DCATAP.applicableLegislation, Value.IRI, many=True),
)
AGENT: Final = (
    Field(("name",), FOAF.name),
    Field(("email",), FOAF.mbox, Value.MAIL),
    Field(("url",), FOAF.homepage, Value.IRI),
    Field(("type",), DCT.type, Value.IRI),
    Field(("identifier",), DCT.identifier),
)
CONTACT: Final = (
    Field(("name",), VCARD.fn),
    Field(("email",), VCARD.hasEmail, Value.MAIL),
    Field(("url",), VCARD.hasURL, Value.IRI),
    Field(("identifier",), VCARD.hasUID),
)
PLACE: Final = (
    Field(("text",), SKOS.prefLabel),
    Field(("geom",), LOCN.geometry),
    Field(("bbox",), DCAT.bbox),
    Field(("centroid",), DCAT.centroid),
)
PERIOD: Final = (Field(("start",), DCAT.startDate, Value.DATE), Field(("end",), DCAT.endDate, Value.DATE))
CHECKSUM: Final = (
    Field(("hash",), SPDX.checksumValue),
    Field(("hash_algorithm",), SPDX.algorithm, Value.IRI),
)

# What a portal keeps for itself: it says nothing of the dataset, or the same again.
OF_THE_PORTAL: Final = frozenset(
    """
    archiver creator_user_id extras groups harvest_object_id harvest_source_id harvest_source_title has_views
    cache_last_updated cache_url datastore_active datastore_contains_all_records_of_source_file isopen license_title
    mimetype_inner name num_resources num_tags on_same_domain organization original_url owner_org package_id position
    private qa relationships_as_object relationships_as_subject resources resource_type revision_id revision_timestamp
    state tags total_record_count tracking_summary type uri url_type title notes id guid
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
