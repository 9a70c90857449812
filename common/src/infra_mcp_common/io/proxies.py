"""The proxy that the server's environment names for a URL, by the usual HTTPS_PROXY, ALL_PROXY and NO_PROXY."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # not in the stubs

_NAMES = ("http", "https", "all", "no")


def for_url(url: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Proxies by scheme, as `requests` takes them; empty where NO_PROXY names the host."""
    found = {name: environment.get(f"{name}_proxy") or environment.get(f"{name}_proxy".upper(), "") for name in _NAMES}
    host, exempt = urlsplit(url).netloc.rpartition("@")[2], found.pop("no")
    bare = urlsplit(url).hostname or ""
    if exempt and (proxy_bypass_environment(host, {"no": exempt}) or _in_network(bare, exempt)):
        return {}
    return {name: proxy for name, proxy in found.items() if proxy}


def _in_network(host: str, exempt: str) -> bool:
    """Whether NO_PROXY has a network, as 10.0.0.0/8, with this address in it."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return any(address in network for network in map(_network, exempt.split(",")) if network)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
