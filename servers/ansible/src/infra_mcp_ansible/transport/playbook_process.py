"""ansible-playbook, with an end that leaves nothing of it running.

    python -m infra_mcp_ansible.transport.playbook_process <process id of the server> <path of ansible-playbook> ...

Each worker of Ansible is a session of its own. Asked to stop, Ansible passes that on to its workers and is gone at
once: a command on this machine that does not listen to SIGTERM would run on, and nobody could tell any more whose it
was. Here the workers, with all they have started, get a moment, and are killed.
"""

import multiprocessing
import os
import signal
import sys
import time
from contextlib import suppress

from ansible.cli.playbook import main  # type: ignore[import-untyped]
from ansible.executor.task_queue_manager import TaskQueueManager  # type: ignore[import-untyped]

from infra_mcp_ansible.transport.lifeline import adopt_orphans, end_with

_PATIENCE = 0.2


def _stop(_manager: object, _number: int, _frame: object) -> None:
    """End the workers, and then this process."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    adopt_orphans()
    workers = [worker.pid for worker in multiprocessing.active_children() if worker.pid]
    ender = os.fork()
    if ender == 0:
        os.setsid()  # so that it goes on where this process is killed meanwhile
        _end(workers)
        os._exit(0)
    # All others that end are taken leave of, too: until then their groups seem to be there.
    while os.wait()[0] != ender:
        pass
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGTERM)


def _end(groups: list[int]) -> None:
    left = _signal(groups, signal.SIGTERM)
    deadline = time.monotonic() + _PATIENCE
    while left and time.monotonic() < deadline:
        time.sleep(0.005)
        left = _signal(left, 0)
    _signal(left, signal.SIGKILL)


def _signal(groups: list[int], number: int) -> list[int]:
    """Signal these groups; the answer is those that there are."""
    there = []
    for group in groups:
        with suppress(OSError):
            os.killpg(group, number)
            there.append(group)
    return there


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    TaskQueueManager._signal_handler = _stop  # noqa: SLF001 -- there is no other place to stop a worker from
    sys.argv = sys.argv[2:]
    main()
