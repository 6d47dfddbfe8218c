"""What part an attribution's role gives a body in the decision on access."""

from __future__ import annotations

import re
from typing import Final

from catalogue.dac.committee import Role
from catalogue.dac.naming import committee_language
from catalogue.dataset import Attribution
from catalogue.folding import fold
from catalogue.labels import readable
from shapes.vocabulary import GDIX

EHDS_ACCESS_BODY: Final = "https://w3id.org/dpv/legal/eu/ehds#HealthDataAccessBody"

# The class of a body, which is also the role it is attributed in (docs/vocabulary.md).
ROLE_IRIS: Final = {
    Role.DECIDES: GDIX.DataAccessCommittee,
    Role.RECOMMENDS: GDIX.RecommendingCommittee,
    Role.MAY_VETO: GDIX.NationalCoordinationPoint,
    Role.HDAB: EHDS_ACCESS_BODY,
    Role.CONTACT: GDIX.AccessContact,
}
_BY_IRI: Final = {iri: role for role, iri in ROLE_IRIS.items()}

# Role names of others, folded and without spaces; matched with the last part of the role's IRI and with its labels.
_BY_NAME: Final = {
    "dac": Role.DECIDES,
    "decides": Role.DECIDES,
    "decidingbody": Role.DECIDES,
    "recommendingcommittee": Role.RECOMMENDS,
    "recommendingbody": Role.RECOMMENDS,
    "recommends": Role.RECOMMENDS,
    "nationalcoordinationpoint": Role.MAY_VETO,
    "ncp": Role.MAY_VETO,
    "mayveto": Role.MAY_VETO,
    "healthdataaccessbody": Role.HDAB,
    "hdab": Role.HDAB,
    "accesscontact": Role.CONTACT,
    "dataaccesscontact": Role.CONTACT,
}
_SPACE: Final = re.compile(r"[\s_-]+")


def role_of_iri(iri: str) -> Role | None:
    """The role an IRI names: one of ours, the EHDS access body, or one whose last part says so."""
    return _BY_IRI.get(iri) or _role_named(readable(iri))


def _role_named(name: str) -> Role | None:
    squeezed = _SPACE.sub("", fold(name))
    if squeezed in _BY_NAME:
        return _BY_NAME[squeezed]
    committee = squeezed.endswith("accesscommittee") or committee_language(name)
    return Role.DECIDES if committee else None


def role_of(attribution: Attribution) -> Role | None:
    """The part of an attributed body in the decision, or None where the record gives it none.

    By the role's IRI, its last part, or its label in the record; else by the class the record gives the body.
    """
    if attribution.role is not None and (role := role_of_iri(attribution.role)):
        return role
    named = (role for label in attribution.role_labels if (role := _role_named(label.value)))
    typed = (_BY_IRI[each.iri] for each in attribution.agent.types if each.iri in _BY_IRI)
    return next(named, None) or next(typed, None)
