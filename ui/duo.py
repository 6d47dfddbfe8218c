"""The Data Use Ontology in plain words (GA4GH DUO, release of 2021-02-23): what a term lets you do or asks of you."""

from __future__ import annotations

from typing import Final

PERMISSIONS: Final = {
    "DUO:0000004": "Any use is allowed.",
    "DUO:0000042": "Research of any kind is allowed.",
    "DUO:0000006": "Health, medical or biomedical research is allowed; studies of origins or ancestry are not.",
    "DUO:0000007": "Only research on the disease named is allowed.",
    "DUO:0000011": "Only studies of population origins or ancestry are allowed.",
}

CONDITIONS: Final = {
    "DUO:0000012": "Only the kind of research named is allowed.",
    "DUO:0000015": "Developing methods or software alone is not allowed.",
    "DUO:0000016": "Only genetic studies are allowed.",
    "DUO:0000017": "Further conditions apply.",
    "DUO:0000018": "Only organisations that make no profit may use the data, and for no commercial purpose.",
    "DUO:0000019": "You must make your results available to the scientific community.",
    "DUO:0000020": "You must work together with those who made the study.",
    "DUO:0000021": "You must show an approval of an ethics committee.",
    "DUO:0000022": "Use is limited to a region.",
    "DUO:0000024": "You may publish only after a date the owners set.",
    "DUO:0000025": "Use is limited to a period.",
    "DUO:0000026": "Only approved users may use the data.",
    "DUO:0000027": "Use is limited to an approved project.",
    "DUO:0000028": "Use is limited to an approved institution.",
    "DUO:0000029": "You must give back derived data or results.",
    "DUO:0000043": "Use in clinical care is allowed.",
    "DUO:0000044": "Studies of population origins or ancestry are not allowed.",
    "DUO:0000045": "Only organisations that make no profit may use the data.",
    "DUO:0000046": "Only non-commercial use is allowed.",
}

PLAIN: Final = PERMISSIONS | CONDITIONS
