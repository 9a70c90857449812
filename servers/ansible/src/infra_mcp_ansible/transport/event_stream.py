"""The events in Ansible's output, found by ansible-runner, whose callback writes them into it.

ansible-runner does not make the environment of the run: it would take the process's own.
"""

import codecs
from collections.abc import Callable
from pathlib import Path

from infra_mcp_ansible import settings
from infra_mcp_ansible.transport.environment import Environment
from infra_mcp_ansible.transport.runner_events import Event

_LARGEST_RESULT = 20_000_000

Listener = Callable[[Event], None]


class EventStream:
    """work: the private folder of the run. listener: hears the events, one by one."""

    def __init__(self, work: Path, listener: Listener) -> None:
        from ansible_runner import Runner, RunnerConfig  # type: ignore[import-untyped]
        from ansible_runner.utils import OutputEventFilter  # type: ignore[import-untyped]

        def hear(event: Event) -> bool:
            listener(event)
            return False  # runner would write it to a file

        self._config = RunnerConfig(str(work), host_cwd=str(work), ident="run", fact_cache_type="")
        tell = Runner(self._config, event_handler=hear).event_callback
        self._stdout, self._stderr = (OutputEventFilter(None, tell, suppress_ansible_output=True) for _ in range(2))
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def environment(self) -> Environment:
        """What the callback needs, so as to write events."""
        from ansible_runner.utils import get_callback_dir

        return {
            "ANSIBLE_CALLBACK_PLUGINS": ":".join(filter(None, (settings.callback_plugins(), get_callback_dir()))),
            "ANSIBLE_STDOUT_CALLBACK": "awx_display",
            "ORIGINAL_STDOUT_CALLBACK": settings.stdout_callback(),
            "ANSIBLE_RETRY_FILES_ENABLED": "False",
            "ANSIBLE_NOCOLOR": "1",
            "AWX_ISOLATED_DATA_DIR": self._config.artifact_dir,
            "MAX_EVENT_RES": str(_LARGEST_RESULT),
        }

    def feed(self, stdout: bytes) -> None:
        """Take in a piece of output."""
        self._stdout.write(self._decoder.decode(stdout))

    def close(self, stderr: bytes) -> None:
        """Take in what comes at the end."""
        self._stdout.close()
        self._stderr.write(stderr.decode("utf-8", "replace"))
        self._stderr.close()
