"""What ties a process of Ansible's to the server that started it, and to what it has started itself.

Only Linux has these ties. Elsewhere an Ansible outlives a server that is killed; all other ends need none of this.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def end_with(parent: int) -> None:
    """Have the kernel send SIGTERM to this process when its parent is gone, killed or not."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit("the server is gone")


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ends, so as to see them end."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value)
