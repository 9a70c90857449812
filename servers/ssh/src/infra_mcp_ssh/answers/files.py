"""Remote files: what is in them, and what they are after a copy."""

import base64

from pydantic import Field

from infra_mcp_common.results import Result
from infra_mcp_ssh.domain import files
from infra_mcp_ssh.domain.files import octal


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

    @classmethod
    def of(cls, part: files.FilePart, *, altered: bool) -> "FileContent":
        return cls(
            path=part.path,
            text=base64.b64encode(part.data).decode() if part.binary else part.text,
            encoding="base64" if part.binary else None,
            size=part.size,
            offset=part.offset,
            next_offset=part.next_offset,
            mode=octal(part.mode),
            sha256=part.sha256,
            altered=altered,
        )


class FileState(Result):
    """A file that is there."""

    size: int
    mode: str
    sha256: str

    @classmethod
    def of(cls, state: files.FileState) -> "FileState":
        return cls(size=state.size, mode=octal(state.mode), sha256=state.sha256)


class Written(Result):
    """A file as it now is on the host; replaced: what was there before."""

    host: str
    path: str
    size: int
    mode: str
    sha256: str
    replaced: FileState | None = None

    @classmethod
    def of(cls, written: files.WrittenFile) -> "Written":
        return cls(
            host=str(written.host),
            path=written.path,
            size=written.now.size,
            mode=octal(written.now.mode),
            sha256=written.now.sha256,
            replaced=FileState.of(written.replaced) if written.replaced else None,
        )


class Downloaded(Result):
    host: str
    path: str
    local_path: str
    size: int
    sha256: str

    @classmethod
    def of(cls, copy: files.DownloadedFile) -> "Downloaded":
        return cls(
            host=str(copy.host), path=copy.path, local_path=str(copy.local_path), size=copy.size, sha256=copy.sha256
        )
