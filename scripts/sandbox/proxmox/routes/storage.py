"""Storages of a node, what they hold, and fetching images and templates."""

from typing import Any

from sandbox.proxmox.errors import ApiError, failed
from sandbox.proxmox.routes import Call, route
from sandbox.proxmox.state import Storage, Volume

TEMPLATES = ("debian-13-standard_13.1-2_amd64.tar.zst", "alpine-3.22-default_20250617_amd64.tar.xz")


@route("GET /nodes/{node}/storage")
def storages(call: Call) -> Any:
    wanted, content = call.params.get("storage"), call.params.get("content")
    shown = []
    for storage in call.cluster.storages.values():
        readable = call.rights.have(f"/storage/{storage.name}") & {"Datastore.Audit", "Datastore.AllocateSpace"}
        if readable and wanted in {None, storage.name} and (content is None or content in storage.content):
            shown.append(row(storage))
    return shown


def row(storage: Storage) -> dict[str, Any]:
    return {
        "storage": storage.name,
        "type": storage.type,
        "content": storage.content,
        "shared": int(storage.shared),
        "active": 1,
        "enabled": 1,
        "total": storage.total,
        "used": storage.used,
        "avail": storage.total - storage.used,
        "used_fraction": storage.used / storage.total,
    }


@route("GET /nodes/{node}/storage/{storage}/content")
def content(call: Call) -> Any:
    """Volumes; those of guests that the token may not see are left out."""
    storage = call.cluster.storage(call.params["storage"])
    wanted, vmid = call.params.get("content"), call.params.get("vmid")
    return [
        volume_row(volume)
        for volume in storage.volumes
        if wanted in {None, volume.content} and vmid in {None, volume.vmid} and readable(call, storage, volume)
    ]


@route("DELETE /nodes/{node}/storage/{storage}/content/{volume}")
def delete_volume(call: Call) -> Any:
    storage, volid = call.cluster.storage(call.params["storage"]), call.params["volume"]
    volume = next((each for each in storage.volumes if each.volid == volid), None)
    if volume is None:
        raise failed(f"volume '{volid}' does not exist")
    needed = {"Datastore.AllocateSpace"} if volume.content == "backup" else {"Datastore.Allocate"}
    if not needed <= call.rights.have(f"/storage/{storage.name}") or not readable(call, storage, volume):
        raise ApiError(403, f"Permission check failed (/storage/{storage.name}, {'|'.join(needed)})")
    owner = f"{volume.vmid}@" if volume.vmid else ""
    return call.task("imgdel", f"{owner}{storage.name}", lambda: storage.volumes.remove(volume))


def readable(call: Call, storage: Storage, volume: Volume) -> bool:
    if "Datastore.Allocate" in call.rights.have(f"/storage/{storage.name}") or volume.vmid is None:
        return True
    needed = "VM.Backup" if volume.content == "backup" else "VM.Config.Disk"
    return needed in call.rights.have(f"/vms/{volume.vmid}")


def volume_row(volume: Volume) -> dict[str, Any]:
    row: dict[str, Any] = {
        "volid": volume.volid,
        "content": volume.content,
        "format": volume.format,
        "size": volume.size,
        "ctime": volume.ctime,
    }
    row |= {"vmid": volume.vmid} if volume.vmid else {}
    return row | ({"notes": volume.notes} if volume.notes else {})


@route("POST /nodes/{node}/storage/{storage}/download-url")
def download_url(call: Call) -> Any:
    asked, storage = call.params, call.cluster.storage(call.params["storage"])
    if asked["content"] not in storage.content.split(","):
        raise failed(f"storage '{storage.name}' is not configured for content-type '{asked['content']}'")
    return fetch(call, storage, asked["content"], asked["filename"], "download")


@route("GET /nodes/{node}/aplinfo")
def templates(_call: Call) -> Any:
    return [
        {
            "template": name,
            "package": name.partition("_")[0],
            "version": name.split("_")[1],
            "os": name.partition("-default")[0].partition("-standard")[0],
            "section": "system",
            "headline": f"{name.partition('-')[0].title()} (standard)",
            "type": "lxc",
            "architecture": "amd64",
        }
        for name in TEMPLATES
    ]


@route("POST /nodes/{node}/aplinfo")
def download_template(call: Call) -> Any:
    name, storage = call.params["template"], call.cluster.storage(call.params["storage"])
    if name not in TEMPLATES:
        raise failed(f"no such template '{name}'")
    return fetch(call, storage, "vztmpl", name, "download")


def fetch(call: Call, storage: Storage, kind: str, name: str, task: str) -> str:
    volid = f"{storage.name}:{kind}/{name}"

    def effect() -> None:
        if any(volume.volid == volid for volume in storage.volumes):
            raise failed(f"refusing to override existing file '{name}'")
        ending = name.rpartition(".")[2]
        storage.volumes.append(Volume(volid, kind, 120 * 2**20, ending, int(call.cluster.clock.now())))

    return call.task(task, name.replace("/", "_"), effect)
