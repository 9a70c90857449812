"""Which hosts there are, and which of their keys are trusted."""

from pydantic import Field

from infra_mcp_common.results import Page, Result
from infra_mcp_ssh.domain.hosts import ConfiguredHost, HostKeyState, TrustedKey


class KnownHost(Result):
    """A host of the SSH configuration, and what would be used to log in to it."""

    alias: str
    host: str
    port: int
    user: str
    jumps: list[str] | None = None
    key_files: list[str] = Field(description="Each candidate and whether it can be offered")
    host_key: HostKeyState
    problem: str | None = None

    @classmethod
    def of(cls, configured: ConfiguredHost) -> "KnownHost":
        host = configured.host
        return cls(
            alias=configured.alias,
            host=host.hostname if host else "",
            port=host.port if host else 0,
            user=host.user if host else "",
            jumps=[str(jump) for jump in host.jumps] or None if host else None,
            key_files=list(configured.key_files),
            host_key=configured.host_key,
            problem=configured.problem,
        )


class Hosts(Result):
    hosts: list[KnownHost]
    agent: str = Field(description="How many keys the ssh-agent holds, if there is one")
    page: Page


class Trusted(Result):
    host: str
    fingerprint: str
    key_type: str
    known_hosts: str = Field(description="The file that holds it")
    added: bool = Field(description="false where it was trusted already")

    @classmethod
    def of(cls, key: TrustedKey) -> "Trusted":
        return cls(
            host=key.host.name,
            fingerprint=key.fingerprint,
            key_type=key.key_type,
            known_hosts=str(key.host.known_hosts[0]),
            added=key.added,
        )
