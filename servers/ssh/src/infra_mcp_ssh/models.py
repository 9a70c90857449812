"""What the tools of ssh-mcp return."""

from typing import Literal

from pydantic import Field

from infra_mcp_common.results import Output, Page, Result

Remote = Literal["ended", "killed", "may still run"]


class CommandResult(Result):
    """How a remote command ended."""

    host: str
    exit_status: int | None = Field(description="null where a signal or a lost connection ended it")
    signal: str | None = Field(None, description="The signal that ended it, as TERM")
    timed_out: bool
    connection_lost: bool
    remote_process: Remote = Field(description="What is known of the process on the host")
    stdout: Output
    stderr: Output
    seconds: float

    def failed(self) -> bool:
        return self.timed_out or self.connection_lost


class FileContent(Result):
    """A part of a remote file. Write it back only if `altered` is false and the part is the whole."""

    path: str
    text: str = Field(description="The content; base64 where encoding says so")
    encoding: str | None = Field(None, description="base64 where the file is not text")
    size: int = Field(description="Bytes of the whole file; of a /proc file, as many as could be read")
    offset: int = Field(description="Byte at which this part begins")
    next_offset: int | None = Field(None, description="Pass as offset for the next part; absent at the end")
    mode: str = Field(description="Permission bits, octal")
    sha256: str | None = Field(None, description="Of the whole file; pass as expected_sha256 to write_file")
    altered: bool = Field(description="Whether control characters or secrets were taken out of this text")


class FileState(Result):
    """A file that is there."""

    size: int
    mode: str
    sha256: str


class Written(Result):
    """A file as it now is on the host; replaced: what was there before."""

    host: str
    path: str
    size: int
    mode: str
    sha256: str
    replaced: FileState | None = None


class Downloaded(Result):
    host: str
    path: str
    local_path: str
    size: int
    sha256: str


class Entry(Result):
    name: str
    kind: Literal["file", "directory", "link", "other"]
    size: int
    mode: str
    uid: int | None = None
    gid: int | None = None
    modified: str | None = Field(None, description="ISO 8601, UTC")


class Directory(Result):
    host: str
    path: str
    entries: list[Entry]
    page: Page


class KnownHost(Result):
    """A host of the SSH configuration, and what would be used to log in to it."""

    alias: str
    host: str
    port: int
    user: str
    jumps: list[str] | None = None
    key_files: list[str] = Field(description="Each candidate and whether it can be offered")
    host_key: Literal["known", "unknown"]
    problem: str | None = None


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
