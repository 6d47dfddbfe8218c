"""Fixtures every suite may use."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long a busy machine takes says nothing about the program.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

# A shell that starts the suite in the background has Ctrl-C ignored, and programs the tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of official and real files beside the project; tests that need it are skipped where it is absent."""
    folder = (Path(os.environ.get("TEST_SHARED", ROOT.parent / "shared")) / "data").resolve()
    if not folder.is_dir():
        pytest.skip(f"the shared test data is not at {folder} (set TEST_SHARED)")
    return folder
