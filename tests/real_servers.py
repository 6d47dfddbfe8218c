"""Real servers for tests: PostgreSQL, Elasticsearch, Apache Jena Fuseki, in temporary folders, on free ports.

`scripts/services` starts one of each; the tests of a cluster start their own. Only Python's own library is used, so
that the script runs before anything is installed. A server ends with the process that started it, however that ends.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

ELASTICSEARCH: Final = "8.19.21"
# The archives of Elasticsearch this project is tested with, by version, and the SHA-512 of each.
ARCHIVES: Final[Mapping[str, str]] = {
    "8.19.21": "cf6b0a93860d329937ae7f913ec5073b0c726c77639764b93fc83a304aa1dd9d"
    "4defcfa2849948eea3b0b47c2065f994908603939fc2a4774c9c4d868c5ec1dd",
}
FUSEKI: Final = "5.6.0"
# The same of Fuseki, which is one file.
JARS: Final[Mapping[str, str]] = {
    "5.6.0": "6892853e217afde119f9237ad424033c4d309ec7129bed344d0199ad6e233d9f"
    "166610e2040abd42b739ecbe120c4638f2b69ecf1576872669a3403c3391f691",
}
JAVA: Final = 17  # the least release Elasticsearch 8 and Fuseki 5 run on
_NOBODY: Final = "nobody"
_POLL: Final = 0.05
_START_SECONDS: Final = 180.0  # a cold start on a busy machine
_STOP_SECONDS: Final = 30.0


class NotInstalled(Exception):
    """Something a server needs is not there; the message says how to get it."""


class DidNotStart(Exception):
    """A server ended or stayed silent instead of answering; the message has the end of its log."""


def cache() -> Path:
    """The folder of unpacked servers. Root's is one that the users it starts servers as can read."""
    if named := os.environ.get("TEST_SERVICES_CACHE") or os.environ.get("XDG_CACHE_HOME"):
        return Path(named) / "gdi-catalogue-services"
    return (Path("/var/cache") if os.geteuid() == 0 else Path.home() / ".cache") / "gdi-catalogue-services"


def elasticsearch_home(version: str = ELASTICSEARCH) -> Path:
    """Return the folder of an unpacked Elasticsearch. Raises `NotInstalled`."""
    home = cache() / f"elasticsearch-{version}"
    if not home.is_dir():
        raise NotInstalled(f"Elasticsearch {version} is not at {home}: scripts/services install")
    return home


def fuseki_jar(version: str = FUSEKI) -> Path:
    """Return the file of Fuseki. Raises `NotInstalled`."""
    jar = cache() / f"jena-fuseki-server-{version}.jar"
    if not jar.is_file():
        raise NotInstalled(f"Fuseki {version} is not at {jar}: scripts/services install")
    return jar


def java_home() -> Path:
    """Return the folder of a Java that our servers run on: `ES_JAVA_HOME`, the `java` of the path, or Debian's.

    Raises `NotInstalled`.
    """
    named = [Path(home) for home in (os.environ.get("ES_JAVA_HOME"),) if home]
    found = shutil.which("java")
    named += [Path(found).resolve().parent.parent] if found else []
    for home in [*named, *sorted(Path("/usr/lib/jvm").glob("*openjdk*"), reverse=True)]:
        java = home / "bin" / "java"
        if java.is_file() and _java_release(java) >= JAVA:
            return home
    raise NotInstalled(f"There is no Java {JAVA} or newer: scripts/services install")


def _java_release(java: Path) -> int:
    """Return the feature release of a Java (17 of "17.0.15"); 0 where it does not say."""
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


def postgresql_bin() -> Path:
    """Return the folder of PostgreSQL's programs. Raises `NotInstalled`."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).parent)
    if not found:
        raise NotInstalled("PostgreSQL is not installed: scripts/services install")
    return max(found, key=lambda path: [int(part) for part in re.findall(r"\d+", str(path))])


def free_ports(count: int) -> tuple[int, ...]:
    """Return ports of the loopback that nobody listens on now."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return tuple(each.getsockname()[1] for each in sockets)
    finally:
        for each in sockets:
            each.close()


def until(true: Callable[[], bool], what: str, seconds: float) -> None:
    """Return once something observed is true. Raises `TimeoutError` that says what was waited for."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() >= deadline:
            raise TimeoutError(f"After {seconds:.0f} seconds: {what}")
        time.sleep(_POLL)


class Server:
    """One server process. It is made stopped; its folder is its own and goes with `close`."""

    name = "server"
    user = _NOBODY  # whom root starts it as: neither server runs as root
    ends_on = signal.SIGTERM

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"gdi-{self.name}-"))
        self.log = self.folder / "log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process, while there is one."""
        return None if self._process is None or self._process.poll() is not None else self._process.pid

    def launch(self) -> None:
        """Start the process, without waiting until it answers."""
        if self.pid is None:
            self._own()
            with self.log.open("ab") as log:
                self._process = subprocess.Popen(
                    self.as_user(self.command()),
                    env={**os.environ, **self.environment()},
                    cwd=self.folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,  # a Ctrl-C in the terminal is not for it
                )

    def wait(self, seconds: float = _START_SECONDS) -> None:
        """Wait until it answers. Raises `DidNotStart` with the end of its log."""
        try:
            until(lambda: self.pid is None or self.answers(), f"{self.name} does not answer", seconds)
        except TimeoutError as error:
            raise DidNotStart(f"{error}\n{self._tail()}") from error
        if self.pid is None:
            raise DidNotStart(f"{self.name} ended while it started.\n{self._tail()}")

    def start(self) -> None:
        """Start it and wait until it answers. Raises `DidNotStart`."""
        self.launch()
        self.wait()

    def kill(self) -> None:
        """End it at once, as a power cut would (SIGKILL to every process it is made of)."""
        if self._process is not None:
            if self.pid is not None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def stop(self) -> None:
        """End it as its manual says, and by force where that takes too long."""
        if self._process is None or self.pid is None:
            return
        self._process.send_signal(self.ends_on)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def close(self) -> None:
        """Stop it and remove its folder."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def as_user(self, command: Sequence[str]) -> list[str]:
        """Return a command as it is run: not as root, and told to end when this process is gone."""
        wrapper = ["setpriv", "--pdeathsig", self.ends_on.name.removeprefix("SIG")]
        if os.geteuid() == 0:
            wrapper += ["--reuid", self.user, "--regid", self._group(), "--clear-groups"]
        return [*wrapper, *command] if shutil.which("setpriv") else list(command)

    def _group(self) -> str:
        import pwd

        return str(pwd.getpwnam(self.user).pw_gid)

    def _own(self) -> None:
        """Give the folder to the user the process runs as."""
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self.user)

    def _tail(self) -> str:
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-30:])

    def command(self) -> Sequence[str]:
        """What is run."""
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        """What is added to the environment."""
        return {}

    def answers(self) -> bool:
        """Whether it can be used."""
        raise NotImplementedError


class Postgresql(Server):
    """PostgreSQL with an empty database. What it writes need not outlive the machine, so it does not sync."""

    name = "postgresql"
    user = "postgres"
    ends_on = signal.SIGINT  # "fast": open sessions are ended

    def __init__(self) -> None:
        self.bin = postgresql_bin()
        super().__init__()
        (self.port,) = free_ports(1)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"postgresql://gdi@127.0.0.1:{self.port}/postgres"

    def launch(self) -> None:
        """Make the database, then start the process. Raises `DidNotStart`."""
        if not (self.folder / "data").exists():
            self._own()
            init = [str(self.bin / "initdb"), "-D", "data", "-U", "gdi", "--auth=trust", "--encoding=UTF8", "-N"]
            done = subprocess.run(self.as_user(init), cwd=self.folder, capture_output=True, text=True, check=False)
            if done.returncode:
                raise DidNotStart(f"initdb failed:\n{done.stderr}")
        super().launch()

    def command(self) -> Sequence[str]:
        """The server in the foreground, on one port of the loopback."""
        options = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": self.folder,
            "fsync": "off",
        }
        chosen = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.bin / "postgres"), "-D", "data", *chosen]

    def answers(self) -> bool:
        """Whether it takes sessions."""
        command = [str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0


class Elasticsearch(Server):
    """One node. Alone it is a cluster; with `peers` (name to transport port, itself among them) it is part of one."""

    name = "elasticsearch"

    def __init__(
        self,
        node: str = "node",
        *,
        transport: int | None = None,
        peers: Mapping[str, int] | None = None,
        heap: str = "512m",
        version: str = ELASTICSEARCH,
    ) -> None:
        self.home, self.java, self.heap = elasticsearch_home(version), java_home(), heap
        super().__init__()
        ports = free_ports(2)
        self.node, self.port, self.transport = node, ports[0], transport or ports[1]
        self._configure(peers)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def _configure(self, peers: Mapping[str, int] | None) -> None:
        config = self.folder / "config"
        shutil.copytree(self.home / "config", config)
        (self.folder / "tmp").mkdir()
        options = (config / "jvm.options").read_text("utf-8")
        # The garbage collector's log would go below the installation, which is not ours to write.
        kept = [line for line in options.splitlines() if "Xlog:gc" not in line]
        (config / "jvm.options").write_text("\n".join(kept) + "\n", "utf-8")
        settings: dict[str, object] = {
            "cluster.name": f"gdi-{self.folder.name}" if peers is None else f"gdi-{min(peers.values())}",
            "node.name": self.node,
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            "http.host": "127.0.0.1",
            "http.port": self.port,
            "transport.host": "127.0.0.1",
            "transport.port": self.transport,
            "xpack.security.enabled": False,
            # What a machine that runs tests has on its disk is not the test.
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }
        if peers is None:
            settings["discovery.type"] = "single-node"
        else:
            settings["discovery.seed_hosts"] = [f"127.0.0.1:{port}" for port in peers.values()]
            settings["cluster.initial_master_nodes"] = list(peers)
        lines = [f"{name}: {json.dumps(value)}" for name, value in settings.items()]
        (config / "elasticsearch.yml").write_text("\n".join(lines) + "\n", "utf-8")

    def forget(self) -> None:
        """Lose everything that was written, as a disk would. Only while it is down."""
        shutil.rmtree(self.folder / "data")

    def command(self) -> Sequence[str]:
        """The server in the foreground."""
        return [str(self.home / "bin" / "elasticsearch")]

    def environment(self) -> Mapping[str, str]:
        """Its Java, its configuration, its memory."""
        return {
            "ES_JAVA_HOME": str(self.java),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_TMPDIR": str(self.folder / "tmp"),
            "ES_JAVA_OPTS": f"-Xms{self.heap} -Xmx{self.heap}",
        }

    def answers(self) -> bool:
        """Whether it is part of a cluster that has a master and has found all its data again."""
        health = self.health()
        return health is not None and health["status"] != "red"

    def health(self) -> Mapping[str, object] | None:
        """What it says of its cluster; None while it does not answer."""
        return self.get("/_cluster/health?timeout=1s&master_timeout=1s")

    def get(self, path: str) -> Mapping[str, object] | None:
        """Ask it for JSON; None while it does not answer."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it is on this machine
        try:
            with opener.open(self.url + path, timeout=10) as answer:
                found = json.load(answer)
        except (urllib.error.URLError, OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None


class Fuseki(Server):
    """Apache Jena Fuseki with an empty dataset (TDB2), which takes queries, updates and quads at one address.

    `options` are those of its command line that say what may be done: `--update`, for one.
    """

    name = "fuseki"

    def __init__(self, *options: str, heap: str = "512m", version: str = FUSEKI) -> None:
        self.jar, self.java, self.heap, self.options = fuseki_jar(version), java_home(), heap, options
        super().__init__()
        (self.port,) = free_ports(1)
        (self.folder / "tdb2").mkdir()

    @property
    def url(self) -> str:
        """The address of the dataset."""
        return f"http://127.0.0.1:{self.port}/ds"

    def forget(self) -> None:
        """Lose everything that was written, as a disk would. Only while it is down."""
        shutil.rmtree(self.folder / "tdb2")
        (self.folder / "tdb2").mkdir()

    def command(self) -> Sequence[str]:
        """The server in the foreground, on one port of the loopback. A query may not ask other servers."""
        java = [str(self.java / "bin" / "java"), f"-Xmx{self.heap}", "-jar", str(self.jar)]
        own = ["--localhost", f"--port={self.port}", "--set=arq:httpServiceAllowed=false", "--tdb2", "--loc=tdb2"]
        return [*java, *own, *self.options, "/ds"]

    def answers(self) -> bool:
        """Whether it can be asked."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it is on this machine
        try:
            with opener.open(f"{self.url}?query=ASK%7B%7D", timeout=10):
                return True
        except (urllib.error.URLError, OSError, ValueError):
            return False
