"""What the cluster says it holds, and which guest or node is meant."""

import difflib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from infra_mcp_common.errors import Conflict, NotFound
from infra_mcp_proxmox.domain.guest import Guest
from infra_mcp_proxmox.domain.node import Node
from infra_mcp_proxmox.domain.storage import Storage


@dataclass(frozen=True)
class ClusterResources:
    """One answer of `/cluster/resources`: nodes by name, guests by id, storages as each node has them."""

    nodes: tuple[Node, ...]
    guests: tuple[Guest, ...]
    storages: tuple[Storage, ...]

    @property
    def offline_nodes(self) -> list[str]:
        return [node.name for node in self.nodes if not node.online]

    def node(self, name: str) -> Node:
        """The node of this name; NotFound lists those there are."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise NotFound(f"There is no node {name!r}.", f"There are: {', '.join(node.name for node in self.nodes)}.")

    def guest(self, wanted: int | str) -> Guest:
        """The guest with this id or name. Names need not be unique, so two of one name are refused."""
        text = str(wanted).strip()
        found = [guest for guest in self.guests if text in (str(guest.vmid), guest.name)]
        chosen = [guest for guest in found if str(guest.vmid) == text] or found
        if len(chosen) > 1:
            ids = ", ".join(str(guest.vmid) for guest in chosen)
            raise Conflict(f"{len(chosen)} guests are called {text!r}: {ids}.", "Name the one you mean by its id.")
        if not chosen:
            raise self._not_found(text)
        return chosen[0]

    def guests_of(self, ids: AbstractSet[str]) -> list[Guest]:
        """The guests of these ids, as far as the token sees them."""
        return [guest for guest in self.guests if str(guest.vmid) in ids] if ids else []

    def guests_on(self, node: str | None) -> list[Guest]:
        """The guests on this node, or on all."""
        return [guest for guest in self.guests if node in (None, guest.node)]

    def storages_for(self, content: str, name: str | None) -> list[Storage]:
        """The storages that may hold such content, each once, on a node that is online."""
        chosen: dict[str, Storage] = {}
        for storage in self.storages:
            fits = name in (None, storage.name) and content in storage.content
            if fits and storage.node not in self.offline_nodes:
                chosen.setdefault(storage.key, storage)
        if name is not None and not chosen:
            raise NotFound(f"No storage {name!r} holds {content} content.", "list_storage shows what there is.")
        return list(chosen.values())

    def node_of_storage(self, name: str) -> str:
        """An online node that has this storage."""
        for storage in self.storages:
            if storage.name == name and storage.node not in self.offline_nodes:
                return storage.node
        raise NotFound(f"No online node has a storage {name!r}.", "list_storage shows what there is.")

    def _not_found(self, text: str) -> NotFound:
        names = [name for guest in self.guests for name in (guest.name or "", str(guest.vmid)) if name]
        near = difflib.get_close_matches(text, names, 3)
        hint = f"Near to it: {', '.join(near)}. " if near else ""
        away = f" Guests on {', '.join(self.offline_nodes)} (offline) have no names now." if self.offline_nodes else ""
        return NotFound(
            f"This token sees no guest {text!r}, among {len(self.guests)}.",
            f"{hint}Guests without the right VM.Audit are left out silently; whoami shows the rights.{away}",
        )
