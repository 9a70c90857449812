"""What every test may use: see the modules named here."""

import pytest

pytest_plugins = [
    "pytester",
    "support.skips",  # first, because the others import it
    "support.selection",
    "support.claude",
    "support.client",
    "support.installers",
    "support.kubectl",
    "support.raw",
    "support.machine",
    "support.ssh_home",
    "support.terraform",
    "support.sudo",
    "support.suite",
    "support.http_server",
]


@pytest.fixture
def anyio_backend() -> str:
    """The event loop of the servers, and so of the tests."""
    return "asyncio"
