"""How a command crosses a terminal: carried in as base64, run by a small wrapper, carried out between marks.

A terminal is one stream that echoes, translates line ends and can't carry every byte. So the wrapper writes stdout and
stderr into files, prints both as base64 between marks, and the marks are joined from two halves at the other end, so
that the echo of what was typed never looks like an answer.
"""

import base64
import re
import secrets
from dataclasses import dataclass, field

from infra_mcp_common.errors import Failed

LARGEST = 16 * 1024 * 1024
_LINE = 900

# Runs in the guest's own sh, busybox included. $1: its folder. The command is a child of `timeout` in the background,
# so that a stop of this wrapper reaches it.
_WRAPPER = """\
base64 -d >"$1/c" <<'X'
{command}
X
base64 -d >"$1/i" <<'X'
{stdin}
X
s=$(date +%s)
timeout -k 3 {seconds} sh "$1/c" <"$1/i" >"$1/o" 2>"$1/e" & p=$!
trap 'kill "$p" 2>/dev/null; exit 1' 1 2 3 15
wait "$p"; r=$?
t=$(( $(date +%s) - s ))
o=$(wc -c <"$1/o"); e=$(wc -c <"$1/e")
printf '@BEG%s:%s:%s:%s:%s\\n' {mark} "$r" "$t" $o $e
head -c {largest} "$1/o" | base64
printf '@SEP%s\\n' {mark}
head -c {largest} "$1/e" | base64
printf '@END%s\\n' {mark}
"""
# One line for the interactive shell: whatever ends it, the echo comes back, the folder goes, and then it says so.
_OPENING = (
    " (trap 'stty echo;rm -rf \"$d\";printf \"@%s{mark}\\n\" OUT' 0;trap 'exit 1' 1 2 3 15;stty -echo;umask 077;"
    'd=$(mktemp -d)&&printf \'@%s{mark}\\n\' GO&&base64 -d>"$d/w"&&sh "$d/w" "$d"||printf \'@%s{mark}\\n\' NO)'
)
# The same for a shell that reads its script from stdin.
_BATCH = 'umask 077; d=$(mktemp -d) || exit 1; trap \'rm -rf "$d"\' 0; set -- "$d"\n'


@dataclass
class CommandOutput:
    """What came back. Sizes are of the whole streams, of which at most LARGEST bytes are there."""

    status: int
    timed_out: bool
    stdout: bytes
    stderr: bytes
    stdout_size: int
    stderr_size: int


@dataclass
class WrappedCommand:
    """One command on its way, with marks of its own."""

    command: str
    stdin: bytes
    seconds: int
    mark: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def opening(self) -> bytes:
        return _OPENING.format(mark=self.mark).encode()

    @property
    def go(self) -> bytes:
        return f"@GO{self.mark}".encode()

    @property
    def no(self) -> bytes:
        return f"@NO{self.mark}".encode()

    @property
    def out(self) -> bytes:
        return f"@OUT{self.mark}".encode()

    @property
    def end(self) -> bytes:
        return f"@END{self.mark}".encode()

    @property
    def wrapper(self) -> str:
        return _WRAPPER.format(
            command=_lines(self.command.encode()),
            stdin=_lines(self.stdin),
            seconds=self.seconds,
            mark=self.mark,
            largest=LARGEST,
        )

    @property
    def upload(self) -> bytes:
        """The wrapper as lines that fit a terminal's input, and the end of input."""
        return _lines(self.wrapper.encode()).replace("\n", "\r").encode() + b"\r\x04"

    @property
    def batch(self) -> bytes:
        """For `sh -s`, which needs no terminal."""
        return (_BATCH + self.wrapper).encode()

    def read(self, printed: bytes) -> CommandOutput:
        """The answer out of everything that was printed."""
        mark = re.escape(self.mark.encode())
        found = re.search(
            rb"@BEG%b:(\d+):(\d+):(\d+):(\d+)\s(.*?)@SEP%b(.*?)@END%b" % (mark, mark, mark), printed, re.DOTALL
        )
        if found is None:
            raise _disturbed()
        status, taken, out_size, err_size = (int(found[number]) for number in range(1, 5))
        out, err = _decoded(found[5], out_size), _decoded(found[6], err_size)
        timed_out = status in (124, 137, 143) and taken >= self.seconds
        return CommandOutput(status, timed_out, out, err, out_size, err_size)


def _lines(data: bytes) -> str:
    text = base64.b64encode(data).decode()
    return "\n".join(text[start : start + _LINE] for start in range(0, len(text), _LINE))


def _decoded(text: bytes, size: int) -> bytes:
    try:
        data = base64.b64decode(b"".join(text.split()), validate=True)
    except ValueError:
        raise _disturbed() from None
    if len(data) != min(size, LARGEST):
        raise _disturbed()
    return data


def _disturbed() -> Failed:
    return Failed(
        "The command's answer did not come through whole: something else wrote to the same console.",
        "The command has run, or may still be running; look before you repeat it.",
    )
