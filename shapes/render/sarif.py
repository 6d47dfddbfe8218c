"""A report as SARIF 2.1.0 (OASIS), the form code hosts show beside the lines of a file.

GitHub's code scanning asks for a `ruleId`, a `level`, a message, and a physical location with a start line; a finding
whose line is not known is shown on line 1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final
from urllib.parse import quote

from shapes.render.judged import Judged
from shapes.report import VIOLATION, WARNING, Finding

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {VIOLATION: "error", WARNING: "warning"}


def as_sarif(judged: Sequence[Judged]) -> str:
    """Return the reports as one SARIF run."""
    found = [(each.name, finding) for each in judged for finding in each.report.findings]
    rules: dict[str, Finding] = {}
    for _, finding in found:
        rules.setdefault(_rule_id(finding), finding)
    index = {rule: number for number, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "gdi-catalogue validate",
                "version": _version(),
                "rules": [_rule(name, example) for name, example in rules.items()],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(name, finding, index) for name, finding in found],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _version() -> str:
    try:
        return version("gdi-catalogue")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "0"


def _rule_id(finding: Finding) -> str:
    """Name a rule by its shape; a nameless shape by its component and path, which stay the same between runs."""
    if finding.shape and not finding.shape.startswith("_:"):
        return finding.shape
    return f"{finding.component} {finding.path}" if finding.path else finding.component


def _rule(name: str, finding: Finding) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "id": name,
        "name": finding.component,
        "shortDescription": {"text": finding.message},
        "defaultConfiguration": {"level": _LEVELS.get(finding.severity, "note")},
    }
    help_text = " ".join(part for part in (finding.fix, finding.reference) if part)
    return rule | ({"help": {"text": help_text}} if help_text else {})


def _result(name: str, finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    rule = _rule_id(finding)
    identity = "\n".join((rule, finding.focus, finding.path or "", finding.value or "", finding.component))
    message = finding.message if finding.value is None else f"{finding.message} (value: {finding.value})"
    return {
        "ruleId": rule,
        "ruleIndex": index[rule],
        "level": _LEVELS.get(finding.severity, "note"),
        "message": {"text": message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(name)},
                    "region": {"startLine": finding.line or 1},
                },
                "logicalLocations": [{"fullyQualifiedName": finding.focus, "kind": "resource"}],
            }
        ],
        "partialFingerprints": {"finding/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }


def _uri(name: str) -> str:
    """Return a path or URL as a URI reference; standard input has a name of its own."""
    return quote(name, safe="/:?#[]@!$&'()*+,;=%~") if name and name != "-" else "stdin"
