"""Running tests in a copy of the checkout, and what they said."""

import os
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import psutil

from deliberate_faults.trees import Tree

Outcome = Literal["passed", "failed", "skipped"]
Verdict = Literal["passed", "failed", "broken", "endless"]
_SECONDS = 300
# What is set for another Python than the copy's; without the last one each start of a server compiles everything anew.
_NOT_THEIRS = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")


def verdict(tree: Tree, nodes: Sequence[str]) -> Verdict:
    """What these tests say of the copy as it is; `broken` where they could not be run, `endless` where they hung."""
    status = _pytest(tree, ["--exitfirst", *nodes], _SECONDS)
    if status is None:
        return "endless"
    known: dict[int, Verdict] = {0: "passed", 1: "failed"}
    return known.get(status, "broken")


def collected(tree: Tree, nodes: Sequence[str]) -> set[str]:
    """pytest's names for all cases of all tests in the files of these."""
    _pytest(tree, ["--collect-only", *dict.fromkeys(node.partition("::")[0] for node in nodes)], _SECONDS)
    lines = (tree.folder / "pytest.log").read_text("utf-8", "replace").splitlines()
    return {line for line in lines if "::" in line}


def outcomes(tree: Tree, nodes: Sequence[str], jobs: int) -> dict[str, Outcome]:
    """What each of these tests says of the copy as it is, all of them in one run, by pytest's name for it."""
    report = tree.folder / "report.xml"
    options = ["-o", "junit_family=xunit1", f"--junit-xml={report}", *(["-n", str(jobs)] if jobs > 1 else [])]
    _pytest(tree, [*options, *nodes], _SECONDS * len(nodes))
    return dict(_reported(report)) if report.exists() else {}


def imports(tree: Tree, module: str) -> bool:
    """Whether a module can be imported: a fault that it falls over at once would prove nothing."""
    command = [str(tree.python), "-c", f"import {module}"]
    return subprocess.run(command, env=_environment(tree), check=False, capture_output=True).returncode == 0


def _reported(report: Path) -> Iterator[tuple[str, Outcome]]:
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 -- pytest has just written it
        said = {child.tag for child in case}
        outcome: Outcome = "failed" if said & {"failure", "error"} else "skipped" if "skipped" in said else "passed"
        yield f"{case.get('file')}::{case.get('name')}", outcome


def _pytest(tree: Tree, arguments: Sequence[str], seconds: float) -> int | None:
    """pytest's exit status; None where it had to be stopped."""
    options = ["-q", "-p", "no:cacheprovider", f"--basetemp={tree.folder / 'tmp'}"]
    with (tree.folder / "pytest.log").open("wb") as log:
        child = subprocess.Popen(
            [tree.python, "-m", "pytest", *options, *arguments],
            cwd=tree.folder,
            env=_environment(tree),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            return child.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            _end_all_below(tree.folder)


def _end_all_below(folder: Path) -> None:
    """Kill what works below a folder: a fault in how processes are ended may leave some."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                process.kill()


def _environment(tree: Tree) -> dict[str, str]:
    """The caller's environment, with the copy's commands first."""
    kept = {name: value for name, value in os.environ.items() if name not in _NOT_THEIRS}
    path = os.pathsep.join([str(tree.python.parent), os.environ.get("PATH", os.defpath)])
    return kept | {"PATH": path}
