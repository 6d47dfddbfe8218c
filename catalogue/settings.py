"""Settings: one table, read once at the door. TOML file, then `GDI_` environment, then flags; later wins."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final, TypeAlias

import platformdirs

from catalogue.allowed import CHECKS, EMBEDDED
from catalogue.errors import BadSetting

Value: TypeAlias = str | int | float | bool | Path | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, its default and one sentence of help. The default's type is the setting's type.

    The value of a `secret` is never shown, in no message either.
    """

    name: str
    default: Value
    help: str
    secret: bool = False


def _data_folder() -> Path:
    return Path(platformdirs.user_data_dir("gdi-catalogue"))


SETTINGS: Final = (
    Setting("data", _data_folder(), "Folder of the journal, the RDF store and the search index."),
    Setting(
        "base_url",
        "http://127.0.0.1:8080",
        "Public address of the site, without a trailing slash: every identifier of ours begins with it.",
    ),
    Setting("title", "GDI Catalogue", "Name of the site, shown on every page."),
    Setting("logo", "", "Path of an SVG or PNG file to show instead of our own mark."),
    Setting("contact", "", "Role mailbox or page of the people who run this catalogue; sent in the User-Agent."),
    Setting(
        "licence",
        "",
        "IRI of the licence of this catalogue's own metadata (`/catalog`, `/fdp`); nodes' descriptions have their own.",
    ),
    Setting("languages", ("en", "fr", "de", "es", "it", "nl"), "Languages of readers, best first."),
    Setting("journal", "sqlite", "`sqlite` (a file in the data folder) or a postgresql:// URL."),
    Setting(
        "search",
        (EMBEDDED,),
        "Search engine: `embedded`, or the addresses of one Elasticsearch cluster (7.17 or newer), with their ports.",
    ),
    Setting("search_api_key", "", "API key for Elasticsearch.", secret=True),
    Setting("search_user", "", "User for Elasticsearch, where there is no API key."),
    Setting("search_password", "", "Password of that user.", secret=True),
    Setting("search_ca", "", "File with the certificate of the authority that signed Elasticsearch's."),
    Setting(
        "search_prefix",
        "gdi-catalogue",
        "Name of the indices on Elasticsearch; every catalogue on one cluster has its own.",
    ),
    Setting("search_timeout", 10.0, "Seconds to wait for an answer of Elasticsearch, of all hosts together."),
    Setting("search_shards", 1, "Shards of the index on Elasticsearch; another number counts from the next `reindex`."),
    Setting("search_replicas", 1, "Copies of each shard, as far as there are other nodes to hold them."),
    Setting(
        "store",
        EMBEDDED,
        "RDF store: `embedded`, or the address of a dataset of its own on a SPARQL 1.1 server, for queries.",
    ),
    Setting("store_update", "", "Its address for updates, where that is another one."),
    Setting("store_data", "", "Its address that takes N-Quads by POST (its graph store), where that is another one."),
    Setting("store_user", "", "User for the SPARQL server."),
    Setting("store_password", "", "Password of that user.", secret=True),
    Setting("store_token", "", "Bearer token for the SPARQL server, in place of user and password.", secret=True),
    Setting("store_ca", "", "File with the certificate of the authority that signed the SPARQL server's."),
    Setting(
        "store_timeout",
        10.0,
        "Seconds to wait for a connection to the SPARQL server, and for an answer to a short question of our own.",
    ),
    Setting("profile", "healthdcat-ap-r8", "Profile a source is validated against when it names none."),
    Setting("harvest_connect_timeout", 10.0, "Seconds to wait for a connection."),
    Setting("harvest_read_timeout", 60.0, "Seconds to wait for the next bytes of an answer."),
    Setting("harvest_total_timeout", 900.0, "Seconds one answer may take in all."),
    Setting("harvest_retries", 3, "How often a request is tried again after 408, 425, 429, 5xx or a lost connection."),
    Setting("harvest_max_bytes", 512 * 1024 * 1024, "Bytes one document may have, after decompression."),
    Setting("harvest_at_once", 4, "Sources harvested at the same time, by `harvest` and by the schedule of `serve`."),
    Setting("harvest_max_pages", 10_000, "Pages one run may read."),
    Setting("harvest_max_records", 1_000_000, "Records one run may read."),
    Setting(
        "harvest_kept_bytes",
        1024 * 1024 * 1024,
        "Bytes of disk per source for answers and what they gave, so that an unchanged document is neither sent nor "
        "read again; 0 keeps none.",
    ),
    Setting(
        "harvest_fdp_full_hours",
        0,
        "Hours between full crawls of a FAIR Data Point; in between, known datasets of a catalogue whose date did not "
        "change are not fetched. 0: every crawl is a full one.",
    ),
    Setting("harvest_grace_runs", 2, "Complete runs a record must be absent from before it is withdrawn ..."),
    Setting("harvest_grace_days", 0, "... or days it must be absent, with fewer runs; 0: the runs alone count."),
    Setting("harvest_shrink_percent", 20, "A run that would withdraw more than this share of a source is held ..."),
    Setting("harvest_shrink_records", 5, "... when that is also more than this many records."),
    Setting(
        "credentials", "", "File of what lets us in at sources that ask who we are (TOML; see docs/credentials.md)."
    ),
    Setting("allow_private", default=False, help="Let any source and the validator reach non-public addresses."),
    Setting(
        "notify_webhook", "", "URL that gets a JSON message when a source fails, is read in part, is held, or recovers."
    ),
    Setting("notify_mail", (), "Mailboxes that get the same as mail."),
    Setting(
        "notify_smtp", "", "Mail server: smtp://HOST, smtp+starttls://HOST or smtps://HOST, with :PORT if unusual."
    ),
    Setting("notify_from", "", "Sender of those mails [default: gdi-catalogue at the host of base_url]."),
    Setting("validate_max_bytes", 16 * 1024 * 1024, "Bytes the web door of the validator takes."),
    Setting("sparql_timeout", 30.0, "Seconds a SPARQL query may run before it is stopped."),
    Setting("sparql_max_bytes", 64 * 1024 * 1024, "Bytes a SPARQL answer may have."),
    Setting("sparql_max_rows", 1_000_000, "Rows, or triples, a SPARQL answer may have."),
    Setting("sparql_max_memory", 2 * 1024 * 1024 * 1024, "Bytes of address space one SPARQL worker may use."),
    Setting(
        "sparql_workers", 2, "Worker processes that answer SPARQL queries; one caller never has the last free one."
    ),
    Setting(
        "sparql_cache_bytes", 16 * 1024 * 1024, "Bytes of SPARQL answers kept until the store changes; 0 keeps none."
    ),
    Setting(
        "trusted_proxy",
        "",
        "Address of the proxy in front, whose X-Forwarded-For is believed: callers share SPARQL by address.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, typed. The field names are those of the table above; a test holds the two together."""

    data: Path
    base_url: str
    title: str
    logo: str
    contact: str
    licence: str
    languages: tuple[str, ...]
    journal: str
    search: tuple[str, ...]
    search_api_key: str = field(repr=False)
    search_user: str
    search_password: str = field(repr=False)
    search_ca: str
    search_prefix: str
    search_timeout: float
    search_shards: int
    search_replicas: int
    store: str
    store_update: str
    store_data: str
    store_user: str
    store_password: str = field(repr=False)
    store_token: str = field(repr=False)
    store_ca: str
    store_timeout: float
    profile: str
    harvest_connect_timeout: float
    harvest_read_timeout: float
    harvest_total_timeout: float
    harvest_retries: int
    harvest_max_bytes: int
    harvest_at_once: int
    harvest_max_pages: int
    harvest_max_records: int
    harvest_kept_bytes: int
    harvest_fdp_full_hours: int
    harvest_grace_runs: int
    harvest_grace_days: int
    harvest_shrink_percent: int
    harvest_shrink_records: int
    credentials: str
    allow_private: bool
    notify_webhook: str
    notify_mail: tuple[str, ...]
    notify_smtp: str
    notify_from: str
    validate_max_bytes: int
    sparql_timeout: float
    sparql_max_bytes: int
    sparql_max_rows: int
    sparql_max_memory: int
    sparql_workers: int
    sparql_cache_bytes: int
    trusted_proxy: str


def read_settings(
    *,
    config: Path | None = None,
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, Value] | None = None,
) -> Settings:
    """Read the settings: defaults, then the TOML file, then `GDI_*` variables, then flags.

    Raises `BadSetting` for an unreadable file, an unknown name, or a value of the wrong type; it names the place.
    """
    known = {s.name: s for s in SETTINGS}
    values: dict[str, Value] = {s.name: s.default for s in SETTINGS}
    if config is not None:
        for name, value in _read_toml(config).items():
            values[name] = _typed(known.get(name), name, value, str(config))
    environment = os.environ if environment is None else environment
    for variable, text in environment.items():
        if variable.startswith("GDI_"):
            name = variable[4:].lower()
            values[name] = _typed(known.get(name), name, text, f"the environment variable {variable}")
    for name, value in (flags or {}).items():
        values[name] = _typed(known.get(name), name, value, f"the flag --{name.replace('_', '-')}")
    values["base_url"] = str(values["base_url"]).rstrip("/")
    return Settings(**{f.name: values[f.name] for f in fields(Settings)})  # type: ignore[arg-type]


def _read_toml(path: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadSetting(f"The settings file cannot be read: {error.strerror}.", url=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"The settings file is not TOML: {error}.", url=str(path)) from error


_FLAGS: Final = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)


def _typed(setting: Setting | None, name: str, value: object, place: str) -> Value:
    """Return `value` as the setting's type, or raise `BadSetting` that names the setting and the place."""
    if setting is None:
        raise BadSetting(f"There is no setting {name!r} ({place}).")
    read = _read(setting, value)
    if read is None:
        shown = "what it was set to" if setting.secret else repr(value)
        raise BadSetting(f"{name} cannot be {shown} ({place}): {setting.help}")
    fault = CHECKS[name](read) if name in CHECKS else ""
    if fault:
        raise BadSetting(f"{name} cannot be used ({place}). {fault}")
    return read


def _read(setting: Setting, value: object) -> Value | None:
    """Return `value` as the setting's type; None where it is no such value."""
    default = setting.default
    read: Value | None = None
    if isinstance(default, bool):
        read = value if isinstance(value, bool) else _FLAGS.get(str(value).lower())
    elif isinstance(default, int | float) and not isinstance(value, bool):
        with suppress(ValueError):
            read = type(default)(str(value))
    elif isinstance(default, tuple):
        parts = value if isinstance(value, list | tuple) else str(value).split(",")
        read = tuple(str(part).strip() for part in parts if str(part).strip())
    elif isinstance(default, Path):
        read = Path(str(value)).expanduser()
    elif isinstance(value, str):
        read = value
    return read
