"""A report as the Test and Report Language of the European Commission's Interoperability Test Bed (GITB TRL).

Its validators answer so (a TAR, "test assertion report") where they are asked for JSON or XML; the names are those of
the schema `gitb_tr.xsd` and of the JSON the Test Bed's validators make of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from xml.etree import ElementTree as ET

from shapes.report import INFO, VIOLATION, WARNING, Finding, Report

_NAME: Final = "SHACL Validation"
_TR: Final = "http://www.gitb.com/tr/v1/"
_CORE: Final = "http://www.gitb.com/core/v1/"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES: Final = {"": _TR, "gitb": _CORE, "xsi": _XSI}
# What Test Bed clients sort by; a severity of somebody's own counts as an error there.
_LEVELS: Final = {VIOLATION: "error", WARNING: "warning", INFO: "info"}
# Characters XML 1.0 cannot hold.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def as_gitb_json(report: Report, time: datetime, context: Mapping[str, str]) -> str:
    """Return a report as TRL in JSON. `context`: texts to send along, by name (`input`, `report`)."""
    levels = _by_level(report)
    body: dict[str, Any] = {
        "date": time.isoformat(timespec="milliseconds"),
        "result": _result(levels),
        "counters": _counters(levels),
        "context": {
            "type": "map",
            "items": [
                {"name": name, "type": "string", "embeddingMethod": "STRING", "value": value}
                for name, value in context.items()
            ],
        },
        "reports": {level: [_item(f) for f in found] for level, found in levels.items() if found},
        "name": _NAME,
    }
    if not context:
        del body["context"]
    return json.dumps(body, ensure_ascii=False)


def as_gitb_xml(report: Report, time: datetime, context: Mapping[str, str]) -> bytes:
    """Return the same in XML, UTF-8. A character XML cannot hold is written as U+FFFD."""
    levels = _by_level(report)
    root = ET.Element(f"{{{_TR}}}TestStepReport", {"name": _NAME, f"{{{_XSI}}}type": "TAR"})
    _add(root, "date", time.isoformat(timespec="milliseconds"))
    _add(root, "result", _result(levels))
    counters = _add(root, "counters")
    for name, number in _counters(levels).items():
        _add(counters, name, str(number))
    if context:
        told = ET.SubElement(root, f"{{{_TR}}}context", {"type": "map"})
        for name, value in context.items():
            said = {"name": name, "embeddingMethod": "STRING", "type": "string"}
            item = ET.SubElement(told, f"{{{_CORE}}}item", said)
            ET.SubElement(item, f"{{{_CORE}}}value").text = _for_xml(value)
    reports = _add(root, "reports")
    for level in ("info", "warning", "error"):
        for finding in levels[level]:
            item = ET.SubElement(reports, f"{{{_TR}}}{level}", {f"{{{_XSI}}}type": "BAR"})
            for name, value in _item(finding).items():
                _add(item, name, value)
    _declare(root)
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return written


def _by_level(report: Report) -> dict[str, list[Finding]]:
    levels: dict[str, list[Finding]] = {"error": [], "warning": [], "info": []}
    for finding in report.findings:
        levels[_LEVELS.get(finding.severity, "error")].append(finding)
    return levels


def _result(levels: Mapping[str, list[Finding]]) -> str:
    """A warning leaves a document valid, there as here."""
    return "FAILURE" if levels["error"] else "SUCCESS"


def _counters(levels: Mapping[str, list[Finding]]) -> dict[str, int]:
    return {
        "nrOfAssertions": len(levels["info"]),
        "nrOfErrors": len(levels["error"]),
        "nrOfWarnings": len(levels["warning"]),
    }


def _item(finding: Finding) -> dict[str, str]:
    """Name the parts of a finding as a "basic assertion report" does; what it does not have is left out."""
    fixed = f"{finding.message} {finding.fix}" if finding.fix else finding.message
    item = {
        "assertionID": finding.shape,
        "description": fixed,
        "location": _labelled(("Focus node", finding.focus), ("Result path", finding.path)),
        "test": _labelled(("Shape", finding.shape), ("Value", finding.value)),
        "value": finding.value,
    }
    return {name: value for name, value in item.items() if value}


def _labelled(*parts: tuple[str, str | None]) -> str:
    return " - ".join(f"[{label}] - [{value}]" for label, value in parts if value)


def _add(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    made = ET.SubElement(parent, f"{{{_TR}}}{name}")
    made.text = None if text is None else _for_xml(text)
    return made


def _for_xml(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _declare(root: ET.Element) -> None:
    """Write names with the prefixes people know, without registering them for the whole process."""
    written = {f"{{{iri}}}": f"{prefix}:" if prefix else "" for prefix, iri in _PREFIXES.items()}
    for element in root.iter():
        element.tag = _prefixed(str(element.tag), written)
        element.attrib = {_prefixed(name, written): value for name, value in element.attrib.items()}
    for prefix, iri in _PREFIXES.items():
        root.set(f"xmlns:{prefix}" if prefix else "xmlns", iri)


def _prefixed(name: str, written: Mapping[str, str]) -> str:
    for start, prefix in written.items():
        if name.startswith(start):
            return prefix + name[len(start) :]
    return name
