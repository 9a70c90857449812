"""The settings of terraform-mcp, and the environment that terraform gets."""

import os
from pathlib import Path

from infra_mcp_common.errors import NotConfigured
from infra_mcp_common.runtime import current
from infra_mcp_common.settings import Setting

BIN = Setting("TERRAFORM_MCP_BIN", "the terraform program; default: terraform on the PATH, or tofu where there is none")
ROOTS = Setting(
    "TERRAFORM_MCP_ROOTS",
    "folders that hold the Terraform projects, separated by colons; "
    "default: the client's project folder, else the working directory",
)
PROJECT = Setting("CLAUDE_PROJECT_DIR", "the project folder, handed over by the client")
REVEAL = Setting(
    "TERRAFORM_MCP_REVEAL_OUTPUTS",
    "names or patterns of sensitive outputs that may be shown in clear, separated by commas",
)
PLAN_MINUTES = Setting(
    "TERRAFORM_MCP_PLAN_MINUTES", "minutes for which a saved plan may be applied; default: 60", default="60"
)

SETTINGS = (BIN, ROOTS, REVEAL, PLAN_MINUTES)

_DROPPED = ("TF_CLI_ARGS", "TF_LOG")
_SET = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "NO_COLOR": "1", "CHECKPOINT_DISABLE": "1"}


def program() -> str:
    """The terraform program that the operator chose, or nothing."""
    return current().settings.get(BIN)


def roots() -> str:
    """The folders that the operator allows, separated by colons, or nothing."""
    return current().settings.get(ROOTS)


def project_folder() -> Path:
    """The client's project folder, else the working directory."""
    paths = current().paths
    return paths.working_directory / paths.expand(current().settings.get(PROJECT))


def revealed_outputs() -> list[str]:
    """Names or patterns of sensitive outputs that may be shown in clear."""
    return [pattern.strip() for pattern in current().settings.get(REVEAL).split(",") if pattern.strip()]


def plan_seconds() -> float:
    """For how long a saved plan may be applied."""
    try:
        return float(current().settings.get(PLAN_MINUTES)) * 60
    except ValueError:
        raise NotConfigured(f"{PLAN_MINUTES.name} must be a number.", "Correct or remove it.") from None


def search_path() -> str:
    """Where programs are looked for."""
    return current().environment.get("PATH", os.defpath)


def child_environment() -> dict[str, str | None]:
    """Changes to our environment for terraform: nothing that adds arguments, writes logs or asks questions."""
    return dict.fromkeys(name for name in current().environment if name.startswith(_DROPPED)) | _SET


def workspace_override() -> str:
    """The workspace that the environment dictates, or nothing."""
    return current().environment.get("TF_WORKSPACE", "")


def data_folder() -> str:
    """Where terraform keeps what `init` made, relative to a project."""
    return current().environment.get("TF_DATA_DIR") or ".terraform"


def variable(name: str) -> str:
    """The value that the environment gives to a variable of the configuration, or nothing."""
    return current().environment.get(f"TF_VAR_{name}", "")
