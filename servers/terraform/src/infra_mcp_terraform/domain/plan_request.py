"""What a plan is asked to cover."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class PlanRequest:
    """mode: apply the configuration, destroy everything, or only compare the state with what is really there."""

    mode: Literal["apply", "destroy", "refresh"] = "apply"
    variables: dict[str, Any] = field(default_factory=dict)
    var_files: tuple[Path, ...] = ()
    targets: tuple[str, ...] = ()
    replace: tuple[str, ...] = ()
    refresh: bool = True
