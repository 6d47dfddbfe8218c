"""The script that starts real servers: what it says when it cannot, and that it leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "scripts" / "services"
VARIABLES = {"TEST_POSTGRESQL", "TEST_ELASTICSEARCH", "TEST_SPARQL"}


def services(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # This suite may itself be run by the script, with servers of its own.
    own = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    return subprocess.run(
        [SCRIPT, *arguments], env=own | environment, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that others may enter: servers do not run as root."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def test_it_explains_itself() -> None:
    assert services("--help").returncode == 0
    assert "TEST_ELASTICSEARCH" in services("--help").stdout
    assert services("run", "--only", "mysql", "--", "true").returncode == 2


def test_what_is_not_installed_is_named_with_the_way_to_get_it(tmp_path: Path) -> None:
    said = services("run", "--only", "elasticsearch", "--", "true", TEST_SERVICES_CACHE=str(tmp_path))
    assert said.returncode == 3
    where = tmp_path / "gdi-catalogue-services" / "elasticsearch-8.19.21"
    assert said.stderr == f"services: Elasticsearch 8.19.21 is not at {where}: scripts/services install\n"


@pytest.mark.service
def test_a_command_sees_one_server_and_nothing_is_left_after_it(open_folder: Path) -> None:
    told = f'echo "$TEST_ELASTICSEARCH" "${{TEST_POSTGRESQL-none}}"; ls {open_folder}; exit 7'
    said = services("run", "--only", "elasticsearch", "--", "sh", "-c", told, TMPDIR=str(open_folder))
    if "scripts/services install" in said.stderr:
        pytest.skip(said.stderr)
    url, other, folder = said.stdout.split()
    assert said.returncode == 7
    assert url.startswith("http://127.0.0.1:")
    assert (other, folder.startswith("gdi-elasticsearch-")) == ("none", True)
    assert list(open_folder.iterdir()) == []
    running = [file.read_bytes() for file in Path("/proc").glob("[0-9]*/cmdline") if file.exists()]
    assert not [command for command in running if folder.encode() in command]
