"""Manifests in files of this machine."""

from infra_mcp_common.errors import InvalidInput
from infra_mcp_common.io.local_paths import confined, roots
from infra_mcp_kubectl import settings
from infra_mcp_kubectl.domain.manifests import LARGEST


def read(file: str) -> str:
    """The text of a manifest that lies in the folders which the operator allows."""
    path = confined(file, roots(settings.manifest_roots()), "manifest")
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidInput(f"{path} is larger than {LARGEST} bytes.", "Split it.")
        return path.read_text("utf-8")
    except OSError as error:
        raise InvalidInput(f"The manifest {path} can't be read: {error.strerror}.", "Correct the path.") from None
    except UnicodeDecodeError:
        raise InvalidInput(f"The manifest {path} is no UTF-8 text.", "Name a YAML or JSON file.") from None
