"""What a remote directory holds."""

from pydantic import Field

from infra_mcp_common import results
from infra_mcp_common.results import Page, Result
from infra_mcp_ssh.domain.files import DirectoryEntry, FileKind, RemoteDirectory, octal


class Entry(Result):
    name: str
    kind: FileKind
    size: int
    mode: str
    uid: int | None = None
    gid: int | None = None
    modified: str | None = Field(None, description="ISO 8601, UTC")

    @classmethod
    def of(cls, entry: DirectoryEntry) -> "Entry":
        return cls(
            name=entry.name,
            kind=entry.kind,
            size=entry.size,
            mode=octal(entry.type_and_mode),
            uid=entry.uid,
            gid=entry.gid,
            modified=entry.modified_at.isoformat() if entry.modified_at else None,
        )


class Directory(Result):
    host: str
    path: str
    entries: list[Entry]
    page: Page

    @classmethod
    def of(cls, directory: RemoteDirectory, offset: int, limit: int) -> "Directory":
        """A part of the directory's entries."""
        part, where = results.page(directory.entries, offset, limit)
        shown = [Entry.of(entry) for entry in part]
        return cls(host=str(directory.host), path=directory.path, entries=shown, page=where)
