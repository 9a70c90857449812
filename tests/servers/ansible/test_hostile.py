"""No argument of any tool becomes an option, a template, a file to read or a command."""

from typing import Any

import pytest

from support.ansible import Ansible, Project
from support.answers import error, text

pytestmark = pytest.mark.anyio

GOOD: dict[str, Any] = {
    "playbook": "play.yml", "inventory": "hosts", "pattern": "db", "module": "command", "host": "db1",
    "run_id": "20260101T000000-00000000", "output_id": "0" * 16,
}  # fmt: skip
EVERYWHERE = [
    "--version",
    "-e@/etc/passwd",
    "{{ lookup('pipe', 'touch TRAP') }}",
    "{% if lookup('pipe', 'touch TRAP') %}x{% endif %}",
    "@/etc/passwd",
    "db\nall",
    "db\0",
    "",
    " ",
    "x" * 1_000_000,
]
IN_PATHS = ["/etc/passwd", "../../../etc/passwd", "~/.ssh/id_ed25519", "link", "/dev/stdin", "hosts,all"]
# What is free text: modules, templates and Ansible's command lines never see it as anything else, as below.
FREE = {
    ("run_adhoc", "args"),
    ("gather_facts", "filter"),
    ("get_run", "host"),
    ("get_run", "task"),
    ("read_output", "grep"),
}


def shaped(schema: dict[str, Any], evil: str) -> Any:
    """The hostile value in the shape that the argument takes; None where it takes no text at all."""
    kinds = {part.get("type") for part in [schema, *schema.get("anyOf", [])]}
    if "array" in kinds:
        return [evil]
    if "object" in kinds:
        return {evil: "x"}
    return evil if "string" in kinds else None


async def test_a_hostile_value_in_any_argument_of_any_tool_is_refused(ansible: Ansible, project: Project) -> None:
    (project.folder / "link").symlink_to("/etc/passwd")
    project.play("command: touch ran")
    trap = project.folder / "trap"
    good = GOOD | {name: f"{project.folder}/{GOOD[name]}" for name in ("playbook", "inventory")}
    tried = set()
    for tool in (await ansible.server.client.list_tools()).tools:
        properties = tool.input_schema["properties"]
        given = {name: good[name] for name in {*tool.input_schema.get("required", []), "inventory"} & {*properties}}
        for name, schema in properties.items():
            paths = [f"{project.folder}/link", *IN_PATHS] if name in ("playbook", "inventory") else []
            for evil in (one.replace("TRAP", str(trap)) for one in [*EVERYWHERE, *paths]):
                value = shaped(schema, evil)
                if value is None or (tool.name, name) in FREE:
                    continue
                result = await ansible.server.call(tool.name, **given | {name: value})
                assert error(result)["kind"] in ("invalid_input", "refused", "not_found"), (tool.name, name, evil[:50])
                assert len(text(result)) < 2_000
                tried.add((tool.name, name))
    assert len(tried) > 25
    assert not trap.exists()
    assert not (project.folder / "ran").exists()
    assert ansible.files() == []


async def test_free_text_stays_text(ansible: Ansible, project: Project) -> None:
    trap = project.folder / "trap"
    evils = [evil.replace("TRAP", str(trap)) for evil in EVERYWHERE if "\0" not in evil]
    where = {"pattern": "db", "inventory": project.hosts}
    gathered = await ansible.call("gather_facts", **where, filter=evils)
    said = await ansible.call("run_adhoc", **where, module="debug", args={"msg": evils})
    log = await ansible.call("get_run", run_id=said["run_id"], host=evils[2], task=evils[3])
    assert gathered["facts"] == {"db1": {}}
    assert said["results"][0]["status"] == "ok"
    assert log["entries"] == []
    assert not trap.exists()
