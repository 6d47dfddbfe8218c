"""Telling the people who run the catalogue when harvesting a source goes wrong, waits for them, or works again.

One message per change, not per run: a node that is down for a week is told once, and once more when it is back.
"""

from __future__ import annotations

import json
import logging
import smtplib
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Final
from urllib.parse import SplitResult, urlsplit

from catalogue.errors import BadSetting
from catalogue.journal.run import Outcome, Run
from catalogue.settings import Settings
from harvester.address import endpoint_of, split, without_password
from harvester.credentials import Basic, Credential
from harvester.http import Door
from harvester.source import Source
from shapes.errors import Fault

WEBHOOK: Final = "notify-webhook"  # the tables of the file of credentials for these two
SMTP: Final = "notify-smtp"
_TROUBLE: Final = frozenset({Outcome.FAILED, Outcome.PARTIAL, Outcome.HELD})
_WELL: Final = frozenset({Outcome.OK, Outcome.WARNINGS})
_PORTS: Final = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
_SECONDS: Final = 30.0
_TOLD: Final = 5  # problems in a message
_FIGURES: Final = ("seen", "new", "changed", "rejected", "failed", "withdrawn", "held")
_log = logging.getLogger(__name__)


class Event(StrEnum):
    """What happened to a source."""

    FAILED = "failed"
    PARTIAL = "partial"
    HELD = "held"
    RECOVERED = "recovered"


_SENTENCES: Final = {
    Event.FAILED: "nothing could be read; what is known of it stays as it was.",
    Event.PARTIAL: "not everything could be read; what could not stays as it was.",
    Event.HELD: "so much was missing that nothing is withdrawn until you decide.",
    Event.RECOVERED: "it was read whole again.",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What is told. `page` is the node's page."""

    event: Event
    source: str
    subject: str
    text: str
    page: str
    run: Run
    before: Outcome | None

    def as_json(self) -> dict[str, object]:
        """Return it as a webhook gets it; `text` is what chat systems show."""
        run = self.run.as_json()
        run["problems"] = run["problems"][:_TOLD] if isinstance(run["problems"], list) else []
        return {
            "event": self.event.value,
            "source": self.source,
            "text": f"{self.subject}\n{self.text}",
            "page": self.page,
            "before": self.before and self.before.value,
            "run": run,
        }


def event_of(run: Run, before: Run | None) -> Event | None:
    """Return what a run changed for its source; None: nothing that anyone must be told.

    `before` is the last run of the source that came to an end by itself.
    """
    if run.outcome in _TROUBLE:
        return Event(run.outcome.value) if before is None or before.outcome is not run.outcome else None
    return Event.RECOVERED if run.outcome in _WELL and before is not None and before.outcome in _TROUBLE else None


def message(run: Run, before: Run | None, source: Source, settings: Settings) -> Message | None:
    """Return what is to be told of a run, if anything."""
    event = event_of(run, before)
    if event is None:
        return None
    lines = [
        f"{source.title or source.name}: {_SENTENCES[event]}",
        f"Run {run.id}: " + ", ".join(f"{getattr(run, name)} {name}" for name in _FIGURES) + ".",
        *(f"- {problem.detail}" + (f" ({problem.url})" if problem.url else "") for problem in run.problems[:_TOLD]),
    ]
    if event is Event.HELD:
        decide = f"gdi-catalogue runs show {run.source} {run.id}, then runs approve or runs discard"
        lines.append(f"To decide: {decide}.")
    page = f"{settings.base_url}/node/{source.name}"
    subject = f"[{settings.title}] {source.name}: {event.value}"
    return Message(
        event, source.name, subject, "\n".join([*lines, page]), page, run, before.outcome if before else None
    )


class Notifier:
    """Sends messages where the settings say. What cannot be sent is in the log, and stops nothing."""

    def __init__(self, settings: Settings, door: Door, credentials: Callable[[str], Credential | None]) -> None:
        """Raises `BadSetting` for addresses that cannot be used."""
        self._settings = settings
        self._door = door
        self._credentials = credentials
        self._smtp = _smtp(settings)
        if settings.notify_webhook:
            _check_webhook(settings.notify_webhook)

    def notify(self, told: Message) -> None:
        """Send a message by every way there is."""
        for way, send in (("webhook", self._post), ("mail", self._mail)):
            try:
                send(told)
            except (Fault, OSError, smtplib.SMTPException) as error:
                _log.warning("%s could not be told by %s: %s", told.subject, way, str(error) or type(error).__name__)

    def _post(self, told: Message) -> None:
        url = self._settings.notify_webhook
        if not url:
            return
        body = json.dumps(told.as_json(), ensure_ascii=False).encode()
        # The address is the operator's own, so it may lie inside: chat servers mostly do.
        with self._door.for_source(Source(WEBHOOK, url, allow_private=True)) as door:
            door.post(url, body, media_type="application/json", admitted=True)

    def _mail(self, told: Message) -> None:
        if self._smtp is None:
            return
        settings, server = self._settings, self._smtp
        mail = EmailMessage()
        mail["Subject"] = " ".join(told.subject.split())
        mail["From"] = settings.notify_from or f"gdi-catalogue@{urlsplit(settings.base_url).hostname}"
        mail["To"] = ", ".join(settings.notify_mail)
        mail.set_content(told.text)
        host, port = server.hostname or "", server.port or _PORTS[server.scheme]
        secure = ssl.create_default_context()
        if server.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=secure)
        else:
            connection = smtplib.SMTP(host, port, timeout=_SECONDS)
        with connection:
            if server.scheme == "smtp+starttls":
                connection.starttls(context=secure)
            credential = self._credentials(SMTP)
            if isinstance(credential, Basic):
                if server.scheme == "smtp" and not endpoint_of(f"http://{host}").loopback:
                    raise smtplib.SMTPException("A password is not sent over an unprotected connection")
                connection.login(credential.user, credential.password)
            connection.send_message(mail)


def last_ended(runs: Sequence[Run], run: Run) -> Run | None:
    """Return the last of these runs, newest first, that ended by itself before a run."""
    ended = _TROUBLE | _WELL
    return next((each for each in runs if each.id < run.id and each.outcome in ended), None)


def _check_webhook(url: str) -> None:
    try:
        split(url)
    except Fault as error:
        raise BadSetting(f"notify_webhook cannot be {without_password(url)!r}: {error.detail}") from None


def _smtp(settings: Settings) -> SplitResult | None:
    """Return the mail server; None where no mail is to be sent. Raises `BadSetting`."""
    if not settings.notify_mail:
        return None
    server = urlsplit(settings.notify_smtp)
    if server.scheme not in _PORTS or not server.hostname or server.username or server.password:
        raise BadSetting(
            "notify_smtp must be smtp://HOST, smtp+starttls://HOST or smtps://HOST, with :PORT if it is not the usual "
            f"one, and no password (that stands in the file of credentials, under [{SMTP}])."
        )
    return server
