"""Lists of values: each text a property may have, with its meaning."""

from __future__ import annotations

from typing import Final

from catalogue.ontology.model import Scheme

SCHEMES: Final = (
    Scheme(
        "DecisionStatus", "How sure it is who decides", "decisionStatus",
        (
            ("published", "The node's record states the body."),
            ("rule", "A rule found the body."),
            ("stand-in", "No deciding body is known; a health data access body is named in its place."),
            ("none", "No body is known."),
        ),
    ),
    Scheme(
        "DecisionMethod", "The rule that said who decides", "decisionMethod",
        (
            ("attribution", "A qualified attribution names the body."),
            ("policy", "The assigner of a policy is the body."),
            ("identifier", "An identifier of the dataset leads to the body, in the registry or at the EGA."),
            ("governance", "The dataset is a 1+MG cohort, on which a central body decides."),
            ("contact-name", "The contact point's name is that of a committee."),
            ("node-default", "The registry names one body for the whole node."),
            ("open-data", "The data are open: there is nothing to decide."),
            ("hdab-stand-in", "The health data access body stands in."),
            ("none", "No rule found a body."),
        ),
    ),
    Scheme(
        "Confidence", "How sure a link is, by the rule that found it", "confidence",
        (
            ("stated", "The node says so."),
            ("joined", "An identifier, or the type of the dataset, leads to the body."),
            ("likely", "The body is called a committee, in words."),
            ("assumed", "It is the node's committee for what names none."),
            ("none", "There is no committee."),
        ),
    ),
    Scheme(
        "SystemKind", "What an application system is", "systemKind",
        (
            ("rems", "A Resource Entitlement Management System."),
            ("ega", "The European Genome-phenome Archive."),
            ("negotiator", "A BBMRI-ERIC Negotiator."),
            ("hdab-form", "The form of a health data access body."),
            ("web", "A web page."),
            ("mail", "A mailbox."),
        ),
    ),
    Scheme(
        "Stage", "How far a node is", "stage",
        (
            ("onboarding", "It prepares its first descriptions."),
            ("deployment", "It is being set up."),
            ("operational", "It is in service."),
        ),
    ),
    Scheme(
        "Outcome", "How a run ended", "outcome",
        (
            ("ok", "Everything was read."),
            ("warnings", "Everything was read, and something is to be looked at."),
            ("partial", "A part could not be read."),
            ("failed", "Nothing could be read."),
            ("held", "So much was missing that a person decides."),
            ("interrupted", "Its process ended before it did."),
            ("running", "It goes on now."),
        ),
    ),
)  # fmt: skip
