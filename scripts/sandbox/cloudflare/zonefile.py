"""The BIND export: comments, tags and the proxy flag ride in the comment of each line."""

from sandbox.cloudflare.state import Json, Zone

_DOTTED = frozenset(("CNAME", "MX", "NS", "PTR", "SRV"))


def export(zone: Zone) -> str:
    """The whole zone as a BIND file."""
    head = [
        f";; Domain:     {zone.name}.",
        "",
        f"{zone.name}. 3600 IN SOA ada.ns.cloudflare.com. dns.cloudflare.com. 1 10000 2400 604800 3600",
    ]
    return "\n".join([*head, *(_line(record) for record in zone.records.values()), ""])


def _line(record: Json) -> str:
    content = record["content"]
    if record["type"] in _DOTTED and not content.endswith("."):
        content += "."
    if record["type"] in ("MX", "SRV", "URI"):
        content = f"{record['priority']} {content}"
    tags = [f"cf-proxied:{str(record['proxied']).lower()}"] if record["proxiable"] else []
    marks = " ".join(
        filter(
            None, [record["comment"], f"cf_tags={','.join(tags + record['tags'])}" if tags or record["tags"] else ""]
        )
    )
    return f"{record['name']}.\t{record['ttl']}\tIN\t{record['type']}\t{content}" + (f" ; {marks}" if marks else "")
