"""A repository that speaks OAI-PMH 2.0 (openarchives.org/OAI/2.0/openarchivesprotocol.htm), as its specification says.

Section 3.2: the envelope; 3.5: flow control (an exclusive `resumptionToken`, an empty one at the end, and
`completeListSize` and `cursor`); 2.5.1: deleted records, a header without metadata; 3.6: errors with HTTP status 200;
4.4: metadata formats. The prefix `dcat_ap` and RDF/XML in `metadata` are what data.europa.eu asks of its providers.
"""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape, quoteattr

from nodes.fake_node import Made, Reply, Seen
from nodes.faulty_node import FaultyNode
from nodes.samples import BASE

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/'
    ' http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n<responseDate>2026-11-20T10:00:00Z</responseDate>\n'
    "<request>{url}</request>\n{content}\n</OAI-PMH>\n"
)
FORMAT = (
    "<metadataFormat><metadataPrefix>{0}</metadataPrefix><schema>{1}</schema>"
    "<metadataNamespace>{1}</metadataNamespace></metadataFormat>"
)
DC = ("oai_dc", "http://www.openarchives.org/OAI/2.0/oai_dc/")
DCAT_AP = ("dcat_ap", "http://www.w3.org/ns/dcat#")
_SIZE = 2


def metadata(name: str, title: str | None = None) -> str:
    """Return a dataset in RDF/XML."""
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#"'
        ' xmlns:dct="http://purl.org/dc/terms/">'
        f'<dcat:Dataset rdf:about="{BASE}{name}"><dct:identifier>id-{name}</dct:identifier>'
        f'<dct:title xml:lang="en">{escape(title or f"A dataset {name}")}</dct:title></dcat:Dataset></rdf:RDF>'
    )


def record(name: str, content: str | None = None, *, status: str | None = None) -> str:
    """Return a record of a list; `content` None: a header alone."""
    said = f" status={quoteattr(status)}" if status else ""
    held = f"<metadata>{content}</metadata>" if content is not None else ""
    header = f"<identifier>oai:node.example:{name}</identifier><datestamp>2026-11-01T00:00:00Z</datestamp>"
    return f"<record><header{said}>{header}</header>{held}</record>"


def envelope(content: str, url: str = "https://node.example/oai") -> Reply:
    """Return an answer."""
    return Reply(200, ENVELOPE.format(url=escape(url), content=content).encode(), "text/xml; charset=utf-8")


def error(code: str, text: str = "") -> Reply:
    """Return an answer that is an error (section 3.6)."""
    return envelope(f"<error code={quoteattr(code)}>{escape(text)}</error>")


class OaipmhNode(FaultyNode):
    """Two records a list; a token is `from:<n>`. What it offers can be changed before it is harvested."""

    protocol: ClassVar[str] = "oaipmh"
    tricks: ClassVar[tuple[str, ...]] = (
        "lying-count",
        "same-token",
        "endless-tokens",
        "token-refused",
        "reordered",
        "live-without-metadata",
        "an-error-in-the-middle",
        "no-last-token",
    )

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.formats: list[tuple[str, str]] = [DC, DCAT_AP]
        self.total: int | None = None
        self.records: list[str] = []
        self.twist = ""

    def fill(self, names: tuple[str, ...]) -> str:
        self.records = [record(name, metadata(name)) for name in names]
        self.total, self.twist = len(names), ""
        self.behave("/oai", Made(self._answer))
        return self.url("/oai")

    def _answer(self, seen: Seen) -> Reply:
        arguments = dict(parse_qsl(urlsplit(seen.path).query))
        if arguments.get("verb") == "ListMetadataFormats":
            held = "".join(FORMAT.format(*each) for each in self.formats)
            return envelope(f"<ListMetadataFormats>{held}</ListMetadataFormats>")
        if arguments.get("verb") != "ListRecords":
            return error("badVerb", "Illegal OAI verb")
        if "resumptionToken" in arguments and len(arguments) > 2:
            return error("badArgument", "resumptionToken is an exclusive argument")
        if "resumptionToken" not in arguments and arguments.get("metadataPrefix") not in {n for n, _ in self.formats}:
            return error("cannotDisseminateFormat")
        return self._list(arguments.get("resumptionToken", ""))

    def _list(self, token: str) -> Reply:
        start = int(token.partition(":")[2] or 0)
        if not self.records:
            return error("noRecordsMatch")
        if token and self.twist in {"token-refused", "an-error-in-the-middle"}:
            code = "badResumptionToken" if self.twist == "token-refused" else "badArgument"
            return error(code, "The token has expired")
        following = start + _SIZE
        said = ""
        if following < len(self.records):
            said = f"from:{following}"
        if self.twist == "same-token" and token:
            said = token
        if self.twist == "endless-tokens":
            start, said = 0, f"from:{following}"
        size = "" if self.total is None else f' completeListSize="{self.total}" cursor="{start}"'
        last = f"<resumptionToken{size}>{said}</resumptionToken>"
        if self.twist == "no-last-token" and token:
            last = ""
        return envelope(f"<ListRecords>{''.join(self.records[start : start + _SIZE])}{last}</ListRecords>")

    def lying_count(self) -> None:
        """More is announced than there is."""
        self.total, self.records = len(self.names) + 7, self.records[:-1]

    def same_token(self) -> None:
        """The second answer gives its own token again."""
        self.twist = "same-token"

    def endless_tokens(self) -> None:
        """There is always another token, and the records are ever the first two."""
        self.twist, self.total = "endless-tokens", None

    def token_refused(self) -> None:
        """Every token has expired when it is used (section 3.5.1)."""
        self.twist = "token-refused"

    def reordered(self) -> None:
        """The order changed between two requests: one record comes twice, another not at all."""
        self.records = [self.records[0], self.records[1], self.records[1], *self.records[3:]]

    def live_without_metadata(self) -> None:
        """A record that is not deleted has no metadata."""
        self.records[0] = record(self.names[0])

    def an_error_in_the_middle(self) -> None:
        """An error that is none of a token's, after the first part of the list."""
        self.twist = "an-error-in-the-middle"

    def no_last_token(self) -> None:
        """The list breaks off without the empty token that says it ends, and no count was given."""
        self.twist, self.total, self.records = "no-last-token", None, self.records[:4]
