"""JSON Schemas of what the API answers. Keys named here are stable; answers may carry further ones."""

from __future__ import annotations

from typing import Final

from ui.schema_parts import (
    MAYBE_MOMENT,
    MAYBE_TEXT,
    MAYBE_WHOLE,
    MOMENT,
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Schema,
    listing,
    many,
    record,
    ref,
)

_LANGUAGE_TEXT = record("A text with its BCP 47 tag.", value=TEXT, language=MAYBE_TEXT)
_DECIDER = record(
    "How the answer to “who decides?” was found.",
    status={"enum": ["published", "rule", "stand-in", "none"]},
    method=TEXT,
    evidence=TEXT,
)
_RULE = record(
    "One rule and what it says to the use in mind.",
    answer={"enum": ["yes", "ask", "no"]},
    rule=TEXT,
    duo=MAYBE_TEXT,
    sentence=TEXT,
    question={"type": ["string", "null"], "description": "The parameter whose answer would settle it."},
)
_USE: Final[Schema] = {
    "anyOf": [
        record(
            "What the stated conditions say to the use in mind. The body that decides may see it otherwise.",
            answer={"enum": ["yes", "ask", "no"]},
            decided=many(_RULE),
            duties=many(_RULE),
            note=TEXT,
        ),
        {"type": "null"},
    ]
}
_CONDITION = record(
    "A term of the Data Use Ontology and what restricts it.",
    duo=TEXT,
    shorthand=TEXT,
    words=TEXT,
    permission=YES_NO,
    restricted_to=many(TEXT),
)
_CONDITIONS = record(
    "Conditions of use: as one token, by policy, and what is odd in them.",
    signature=TEXT,
    policies=many(many(_CONDITION)),
    doubts=many(TEXT),
    use=_USE,
)
_COUNTS = record("Findings by severity.", violation=WHOLE, warning=WHOLE, info=WHOLE)
_LOST = record(
    "A metric that was lost, and what would win it.",
    metric=TEXT,
    dimension=TEXT,
    title=TEXT,
    points=WHOLE,
    fix=TEXT,
    reference=TEXT,
)
_SCORE = record(
    "One score: `known` are the points that could be won by what is known, `most` all there are.",
    id=TEXT,
    title=TEXT,
    points=WHOLE,
    known=WHOLE,
    most=WHOLE,
    percent=WHOLE,
    rating=MAYBE_TEXT,
    lost=many(_LOST),
    unknown=many(TEXT),
)
_SCORES = many(record("What a dataset scores; docs/scores.md explains it.", record=TEXT, scores=many(_SCORE)))

_RUN: Final[Schema] = {
    "source": TEXT,
    "run": WHOLE,
    "outcome": TEXT,
    "complete": YES_NO,
    "seen": WHOLE,
    "new": WHOLE,
    "changed": WHOLE,
    "unchanged": WHOLE,
    "rejected": WHOLE,
    "failed": WHOLE,
    "withdrawn": WHOLE,
    "restored": WHOLE,
    "reidentified": WHOLE,
    "held": WHOLE,
    "requests": WHOLE,
    "bytes": WHOLE,
    "seconds": NUMBER,
    "conforming": WHOLE,
    "violations": WHOLE,
    "started": MOMENT,
    "finished": MAYBE_MOMENT,
    "problems": many(
        record("A line of the ledger.", code=TEXT, url=MAYBE_TEXT, record=MAYBE_TEXT, line=MAYBE_WHOLE, detail=TEXT)
    ),
}

SCHEMAS: Final[dict[str, Schema]] = {
    "Page": record(
        "One page of an answer to a search.",
        total=WHOLE,
        page={"type": "integer", "minimum": 1},
        size={"type": "integer", "minimum": 1, "maximum": 1000},
        took_ms=NUMBER,
        next={"type": ["string", "null"], "description": "The cursor of what comes after; null on the last page."},
        hits=many(ref("Hit")),
        facets={"type": "object", "additionalProperties": ref("Facet")},
    ),
    "Hit": record(
        "One dataset found.",
        id=TEXT,
        iri=TEXT,
        title=TEXT,
        description=TEXT,
        publisher=MAYBE_TEXT,
        country=MAYBE_TEXT,
        access_rights=MAYBE_TEXT,
        dac=many(record("A body linked to the dataset.", id=TEXT, name=TEXT, role=TEXT, method=TEXT)),
        decider=_DECIDER,
        source=TEXT,
        individuals=MAYBE_WHOLE,
        records=MAYBE_WHOLE,
        modified=MAYBE_TEXT,
        synthetic=YES_NO,
        conditions=TEXT,
        use=_USE,
        matched=many(record("Why it matched; matched words stand between [[ and ]].", field=TEXT, snippet=TEXT)),
    ),
    "Facet": record(
        "A facet, counted over the query and the other facets.",
        label=TEXT,
        kind={"enum": ["term", "tree", "number", "date", "flag"]},
        values=many(record("A value.", value=TEXT, label=TEXT, count=WHOLE, selected=YES_NO)),
        missing=WHOLE,
    ),
    "Facets": record(
        "The facets of a search.", total=WHOLE, facets={"type": "object", "additionalProperties": ref("Facet")}
    ),
    "Record": record(
        "A record: what its node states, in read form, and what this catalogue knows of it.",
        id=TEXT,
        page={"type": "string", "format": "uri"},
        iri=TEXT,
        kind={"enum": ["dataset", "series", "service", "catalogue", "enrichment"]},
        status=TEXT,
        source=TEXT,
        identifiers=many(TEXT),
        issued=MOMENT,
        changed=MOMENT,
        run=MAYBE_WHOLE,
        digest=TEXT,
        complete=YES_NO,
        verdict={"anyOf": [ref("Verdict"), {"type": "null"}]},
        dac=many(
            record(
                "A body and how it was found.",
                id=TEXT,
                names=many(_LANGUAGE_TEXT),
                role=TEXT,
                method=TEXT,
                evidence=TEXT,
            )
        ),
        decider=_DECIDER,
        conditions={"anyOf": [_CONDITIONS, {"type": "null"}]},
        routes=many(ref("Route")),
        check={"anyOf": [ref("Check"), {"type": "null"}]},
        dataset={"type": ["object", "null"], "description": "What the node states; what it does not state is absent."},
        enrichments=many(
            {"type": "object", "description": "What another service says of it, and which source that is."}
        ),
    ),
    "Verdict": record(
        "The figures of a validation.", profile=TEXT, release=TEXT, conforms=YES_NO, valid=YES_NO, counts=_COUNTS
    ),
    "Report": record(
        "A validation report.",
        profile=TEXT,
        release=TEXT,
        conforms=YES_NO,
        valid=YES_NO,
        datasets=WHOLE,
        counts=_COUNTS,
        findings=many(
            record(
                "One finding.",
                severity=TEXT,
                focus=TEXT,
                path=MAYBE_TEXT,
                value=MAYBE_TEXT,
                component=TEXT,
                shape=MAYBE_TEXT,
                message=TEXT,
                fix=MAYBE_TEXT,
                line=MAYBE_WHOLE,
            )
        ),
        groups=many(
            record(
                "Findings of the same shape and path: one thing to mend.",
                shape=MAYBE_TEXT,
                path=MAYBE_TEXT,
                count=WHOLE,
                records=WHOLE,
                message=TEXT,
                fix=MAYBE_TEXT,
            )
        ),
    ),
    "Committee": record(
        "A body of the decision on access. What it does not state is null or empty.",
        id=TEXT,
        iri=MAYBE_TEXT,
        names=many(_LANGUAGE_TEXT),
        role={"enum": ["decides", "recommends", "may-veto", "hdab", "contact"]},
        level=MAYBE_TEXT,
        country=MAYBE_TEXT,
        email=MAYBE_TEXT,
        contact_page=MAYBE_TEXT,
        apply_url=MAYBE_TEXT,
        remit=many(_LANGUAGE_TEXT),
        conditions=many(_LANGUAGE_TEXT),
        documents=many(TEXT),
        response_days=MAYBE_WHOLE,
        fee=MAYBE_TEXT,
        identifiers=many(TEXT),
        may_apply=many(_LANGUAGE_TEXT),
        secure_environment=many(_LANGUAGE_TEXT),
        opening_hours=MAYBE_TEXT,
        observed={"type": ["object", "null"], "description": "The median in days, its period, how many applications."},
        governs=many(TEXT),
        systems=many(
            record(
                "Where one applies.",
                kind={"enum": ["rems", "ega", "negotiator", "hdab-form", "web", "mail"]},
                url=TEXT,
                own_ids=YES_NO,
                workflow=MAYBE_WHOLE,
                bindings=many({"type": "object"}),
            )
        ),
        confirmed=MAYBE_TEXT,
        due=YES_NO,
        origin=TEXT,
        datasets=WHOLE,
    ),
    "Work": record(
        "What a node has to do: datasets whose records name nobody who decides. undecided = none + stand_in.",
        node=TEXT,
        title=MAYBE_TEXT,
        country=MAYBE_TEXT,
        datasets=WHOLE,
        none=WHOLE,
        stand_in=WHOLE,
        open=WHOLE,
        undecided=WHOLE,
    ),
    "Worklist": listing("Work"),
    "Committees": listing("Committee"),
    "Route": record(
        "A way to apply for a dataset, with the rule that found it and on what evidence.",
        kind={"enum": ["rems", "ega", "negotiator", "hdab-form", "web", "mail", "download"]},
        address=TEXT,
        system=MAYBE_TEXT,
        resources=many(TEXT),
        stated=YES_NO,
        workflow=MAYBE_TEXT,
        body=MAYBE_TEXT,
        method=TEXT,
        evidence=TEXT,
    ),
    "Check": record(
        "What the application system told when it was last asked.",
        standing={"enum": ["open", "closed", "expired", "not-unique", "not-listed", "unknown"]},
        sentence=TEXT,
        time=MAYBE_MOMENT,
        resource=MAYBE_TEXT,
        item=MAYBE_WHOLE,
        workflow=MAYBE_WHOLE,
    ),
    "Basket": record(
        "A basket, in groups that one application can be made for; what cannot be applied for is under `absent`.",
        address=TEXT,
        total=WHOLE,
        countries=many(TEXT),
        groups=many(
            record(
                "Datasets of one application, or with one other thing to do.",
                task={"enum": ["apply", "ask-node", "download"]},
                kind=MAYBE_TEXT,
                system=MAYBE_TEXT,
                workflow=MAYBE_TEXT,
                countries=many(TEXT),
                bodies=many({"type": "object"}),
                links=many(record("A step.", act=TEXT, address=TEXT, datasets=many(TEXT))),
                conditions={"type": "object"},
                datasets=many({"type": "object"}),
            )
        ),
        absent=many(record("What cannot be applied for.", id=TEXT, why=TEXT)),
    ),
    "Node": record(
        "A registered source, how much it lists, and its latest run.",
        name=TEXT,
        url=TEXT,
        title=MAYBE_TEXT,
        country=MAYBE_TEXT,
        protocol=TEXT,
        stage={"enum": ["onboarding", "deployment", "operational"]},
        enabled=YES_NO,
        datasets=WHOLE,
        last_run={"anyOf": [{"type": "object"}, {"type": "null"}]},
    ),
    "Nodes": listing("Node"),
    "Run": record("One harvest of one source: seen = new + changed + unchanged + rejected + failed.", **_RUN),
    "Ledger": record(
        "A harvest with all its problems, and what it would withdraw if a person approves (500 records at most).",
        **_RUN,
        decision=MAYBE_TEXT,
        problem_counts={"type": "object", "additionalProperties": WHOLE},
        page={"type": "string", "format": "uri"},
        waiting=YES_NO,
        held_records=many(record("A record that is held back.", id=TEXT, kind=TEXT, iri=TEXT)),
        held_more=WHOLE,
    ),
    "Runs": listing("Run"),
    "Quality": record(
        "What to mend at a node, and how it went. `scored`: whether its runs have their mean scores.",
        node=TEXT,
        profile=MAYBE_TEXT,
        counts=_COUNTS,
        scored=YES_NO,
        trend=many(
            record(
                "How the node's datasets stood after a run; of the latest, how they stand now. Scores are percentages.",
                run=WHOLE,
                time=MOMENT,
                datasets=WHOLE,
                judged=WHOLE,
                valid=WHOLE,
                violations=WHOLE,
                warnings=WHOLE,
                scores={"type": "object", "additionalProperties": NUMBER},
            )
        ),
        mends=many(
            record(
                "One thing to mend: `freed` records would be valid without it; `points` are won of the MQA's at least.",
                shape=MAYBE_TEXT,
                path=MAYBE_TEXT,
                severity=TEXT,
                count=WHOLE,
                records=WHOLE,
                freed=WHOLE,
                points=WHOLE,
                message=TEXT,
                fix=MAYBE_TEXT,
                reference=MAYBE_TEXT,
                ids=many(TEXT),
            )
        ),
    ),
    "ScoredReport": {"allOf": [ref("Report"), {"type": "object", "properties": {"scores": _SCORES}}]},
    "OpenApi": {"type": "object", "description": "This document."},
    "Problem": record(
        "An error (RFC 9457). `url`, `record` and `line` are there where known.",
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        code=TEXT,
    ),
}
