"""Values to draw from, the first ones most often; and the concepts of our code lists that a dataset can have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from random import Random
from typing import Final, Generic

from catalogue.labels import coded
from synthetic.vocabulary import Value, lots

_LOTS: Final = 16  # for each value


class Pool(Generic[Value]):
    """Values that are drawn with Zipf frequencies, in the order given."""

    def __init__(self, values: Sequence[Value]) -> None:
        self._lots = lots(values, _LOTS * len(values))

    def one(self, chance: Random) -> Value:
        """Draw a value."""
        return self._lots[int(len(self._lots) * chance.random())]

    def some(self, chance: Random, low: int, high: int) -> tuple[Value, ...]:
        """Draw `low` to `high` times; what is drawn again counts once, so that there may be fewer."""
        count = low + int((high - low + 1) * chance.random())
        return tuple(dict.fromkeys([self.one(chance) for _ in range(count)]))


# Code list -> the codes drawn from it, the most frequent first.
_CODES: Final[Mapping[str, str]] = {
    "data-theme": "SOCI TECH GOVE EDUC ENVI REGI JUST ECON INTR AGRI TRAN ENER",
    "healthcategories": "HGPD EHRS PHDR MRMR EHCT EINS PGEH RPDG DIOH RQSH WELA HPML IDHP EMRD RMMD HRAD NRPE",
    "health-theme": (
        "CANCER_DISEASE NONCOMMUNICABLE_DISEASES LIFECOURSE_HEALTH IMMUNIZATION_DISEASES MENTAL_HEALTH HEALTH_SYSTEMS "
        "RESPIRATORY_DISEASES REPRODUCTIVE_HEALTH HEALTH_PRODUCTS ENVIRONMENTAL_HEALTH ANTIMICROBIAL_CONTROL "
        "NUTRITION_SECURITY SENSORY_HEALTH INJURY_PREVENTION BLOOD_INFECTIONS TROPICAL_DISEASES VECTOR_DISEASES"
    ),
    "dataset-type": "PERSONAL_DATA STATISTICAL RELEASE TAXONOMY CODE_LIST GEOSPATIAL HVD",
    "coding-system": "SNOMED-CT ICD-O-3 HPO LOINC ORPHACODE ORDO NCIT RXNORM OHDSI-VOCAB NPU EMDN WHODRUG",
    "standard": "OMOP-CDM FHIR DICOM",
    "legal-basis": "A9-2-j A6-1-e Consent A9-2-i PublicInterest LegalObligation ExplicitlyExpressedConsent",
    "purpose": "ScientificResearch AcademicResearch PublicBenefit ProvideOfficialStatistics PublicPolicyMaking",
    "personal-data": (
        "Genetic HealthRecord Age Gender MedicalHealth EthnicOrigin FamilyHealthHistory Prescription BloodType Weight "
        "Height MentalHealth Disability PostalCode Income"
    ),
    "file-type": "CSV JSON XML ZIP PDF TSV HTML PARQUET XLSX",
    "licence": "CC_BY_4_0 CC0 CC_BYNC_4_0 ODC_BY",
}


@cache
def concepts(name: str) -> Pool[str]:
    """Return the concepts of a list, as IRIs. Codes our copy of the list lacks are a mistake here: a ValueError."""
    return Pool([concept_iri(name, code) for code in _CODES[name].split()])


@cache
def concept_iri(name: str, code: str) -> str:
    """Return the IRI of a code."""
    listed = coded((name,), code)
    if listed is None:
        raise ValueError(f"the list {name} has no code {code}")
    return listed.iri
