"""What a broken HTTP exchange means: by its cause, and by whether a change may have happened all the same."""

from typing import NamedTuple

from infra_mcp_common.errors import InfraError, TimedOut, Unreachable
from infra_mcp_common.guard.kinds import Kind


class AnswerLost(Unreachable):
    """A change was sent and the connection broke before the answer: it may or may not have happened."""


class Cause(NamedTuple):
    """name: dns, refused, tls, expired (its certificate), proxy, timeout or reset.

    problem and next_step: sentences without their subject.
    """

    name: str
    problem: str
    next_step: str


_EXPIRED = Cause("expired", "could not be verified: its certificate has expired", "Renew the certificate.")
_UNTRUSTED = Cause(
    "tls",
    "could not be verified: its certificate is not trusted, or does not fit the name",
    "Install a proper certificate, or name the CA to trust in the settings.",
)
_PROXY = Cause("proxy", "is out of reach through the configured proxy", "Check HTTPS_PROXY and NO_PROXY.")
_NO_CONNECT = Cause("refused", "did not accept a connection in time", "Check the address, the network and firewalls.")
_TIMEOUT = Cause("timeout", "did not answer in time", "It may be overloaded; try again or allow more time.")
_DNS = Cause("dns", "can't be found: its name does not resolve", "Check the name in the settings, and DNS.")
_REFUSED = Cause("refused", "refused the connection, or has no route to it", "Check the address, port and network.")
_RESET = Cause("reset", "broke the connection off", "Try again; if it stays so, look at the system itself.")


def explain(error: Exception, system: str, does: Kind) -> InfraError:
    """The error of this suite for a failed exchange with `system`; `cause` among its facts."""
    cause = cause_of(error)
    if cause.name in ("reset", "timeout") and does != "read":
        return AnswerLost(
            f"{system} {cause.problem} after a change was sent: it may or may not have happened.",
            "Look at the present state before you repeat it.",
            cause=cause.name,
        )
    kind = TimedOut if cause.name == "timeout" else Unreachable
    return kind(f"{system} {cause.problem}.", cause.next_step, cause=cause.name)


def cause_of(error: Exception) -> Cause:
    """Why an exchange failed; `requests` tells some causes apart only by the text of what it wraps."""
    from requests import exceptions

    text = repr(error)
    table = (
        (isinstance(error, exceptions.SSLError), _EXPIRED if "expired" in text else _UNTRUSTED),
        (isinstance(error, exceptions.ProxyError), _PROXY),
        (isinstance(error, exceptions.ConnectTimeout), _NO_CONNECT),
        (isinstance(error, TimeoutError | exceptions.ReadTimeout), _TIMEOUT),
        ("NameResolutionError" in text, _DNS),
        ("NewConnectionError" in text, _REFUSED),
    )
    return next((cause for applies, cause in table if applies), _RESET)
