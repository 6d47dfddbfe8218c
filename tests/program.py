"""The program in a process of its own, for what only a process can show: signals, crashes, a server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 120  # beyond which a test gives up on a process


def start(data: Path, *arguments: str | Path, **settings: str) -> subprocess.Popen[str]:
    """Start a verb over a data folder; `settings` are variables without their prefix."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GDI_")}
    given = {f"GDI_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "ui.cli.main", *map(str, arguments), "--data", str(data)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=own | given,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(data: Path, *arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a verb to its end."""
    with start(data, *arguments, **settings) as process:
        out, err = process.communicate(timeout=SECONDS)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


@contextmanager
def serving(data: Path, *arguments: str, **settings: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Serve a data folder on a free port for a block; give its address, without the slash at the end."""
    with start(data, "serve", "--port", "0", *arguments, **settings) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert " is at http://" in said, (said, process.stderr and process.stderr.read())
            yield said.split(" is at ")[1].split("/ ")[0], process
        finally:
            process.terminate()
            process.communicate(timeout=SECONDS)


def get(url: str, **headers: str) -> tuple[int, str]:
    """GET a loopback URL; return status and body, (0, "") where nobody answers."""
    opener: Any = build_opener(ProxyHandler({}))
    try:
        with opener.open(Request(url, headers=headers), timeout=SECONDS) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except URLError:
        return 0, ""
