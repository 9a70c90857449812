"""A load balancer: Debian's nginx in front of replicas, set up as SECURITY.md says."""

import re
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.sshd import free_port
from support.suite import ROOT
from support.tools import require, wait_for

_FRAME = """
daemon off; pid {folder}/pid; error_log {folder}/error.log warn; worker_processes 1;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
{site}
}}
"""


@contextmanager
def nginx(folder: Path, replicas: list[int]) -> Iterator[str]:
    """Balance over these ports of loopback; yields the address."""
    program, port = require("nginx"), free_port()
    here = iter(replicas)
    site = re.sub(r"server \S+:\d+", lambda _: f"server 127.0.0.1:{next(here)}", documented_site())
    site = re.sub(r" *ssl_certificate\S* \S+;\n", "", site.replace("listen 443 ssl", f"listen 127.0.0.1:{port}"))
    configuration = folder / "nginx.conf"
    configuration.write_text(_FRAME.format(folder=folder, site=site))
    process = subprocess.Popen([program, "-p", folder, "-c", configuration], stdin=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers(port), "nginx listens")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def documented_site() -> str:
    """The configuration that SECURITY.md shows."""
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found
    return found[1]


def answers(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0
