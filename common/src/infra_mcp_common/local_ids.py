"""Ids of things that live on this machine only. Where clients are elsewhere, an id says which machine that is."""

from typing import Annotated

from pydantic import PlainSerializer

from infra_mcp_common.errors import NotFound
from infra_mcp_common.runtime import current


def marked(identifier: str) -> str:
    """The id as clients get it: behind a load balancer, the next call may reach another machine."""
    runtime = current()
    return f"{identifier}@{runtime.machine}" if runtime.remote and "@" not in identifier else identifier


def local(identifier: str, what: str) -> str:
    """The bare id; NotFound where it lives on another machine, which the error names."""
    bare, _, machine = identifier.partition("@")
    here = current().machine
    if machine and machine != here:
        raise NotFound(
            f"This {what} is kept on {machine[:100]}, and this call reached {here}.",
            f"Send the call to {machine[:100]}; behind a load balancer, repeat it until it gets there.",
            machine=machine[:100],
        )
    return bare


# The field of an answer that holds such an id.
LocalId = Annotated[str, PlainSerializer(marked, return_type=str)]
