"""What Cloudflare's statuses and codes mean, as errors."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra_mcp_cloudflare.settings import TOKEN
from infra_mcp_common.errors import Conflict, Denied, Failed, InfraError, InvalidInput, NotFound
from infra_mcp_common.io.http import Answer, AnswerLost

Json = dict[str, Any]
DUPLICATE = frozenset((81057, 81058))
NO_RECORD = frozenset((81044,))
_BAD_TOKEN_FORMAT = frozenset((6003, 6111, 6103, 9106))
_BAD_TOKEN = frozenset((1000,))
_NOT_THERE = frozenset((7000, 7003, 81044))
_CONFLICT = frozenset((81053, 81054, 81055, 81056, 81057, 81058))
_ADVICE: Mapping[int, str] = {
    1004: "Correct what it names.",
    9000: "Give a name below the zone, in Punycode if it has other letters than a to z.",
    9003: "Set proxied to false, or use a public address.",
    9004: "Set proxied to false for this type.",
    9005: "Give an IPv4 address, or use another type.",
    9015: "Shorten the content: a record holds 4,096 bytes.",
    9021: "Use 60 to 86400 seconds (from 30 on Enterprise), or 1 for automatic.",
    9300: "Leave the tags out; they are part of the paid plans.",
    81053: "Change or delete the record that is there, or use another name.",
    81054: "Change or delete the CNAME that is there, or use another name.",
    81056: "Remove the delegation, or use another name.",
    83011: "Shorten or remove other TXT records of this name.",
}


@dataclass(frozen=True)
class Action:
    """What a request is for, and the token permission that it takes, as the dashboard calls it."""

    name: str
    permission: str


def lost(answer: Answer, action: Action) -> AnswerLost:
    return AnswerLost(
        f"Cloudflare answered {action.name} with status {answer.status} and no result: "
        "it may or may not have happened.",
        "Look at the present state before you repeat it.",
        status=answer.status,
    )


def _errors(body: Json) -> Iterator[tuple[int, str]]:
    """Every code with its message, the causes in `error_chain` first: the wrapper around them says nothing."""
    for error in body.get("errors") or []:
        for inner in (*(error.get("error_chain") or []), error):
            yield int(inner.get("code") or 0), str(inner.get("message") or "")


def error_of(answer: Answer, action: Action, body: Json) -> InfraError:
    """What an answer that is no success means."""
    errors = list(_errors(body))
    codes = {code for code, _ in errors}
    said = "; ".join(dict.fromkeys(f"{message} ({code})" for code, message in errors if message))
    facts = {"status": answer.status, "codes": sorted(codes)}
    if answer.status == 429:
        return _limited(answer, said)
    if answer.status in (400, 401, 403) and (codes & (_BAD_TOKEN_FORMAT | _BAD_TOKEN) or answer.status != 400):
        return _denied(answer, action, codes, said)
    if answer.status == 404 or codes & _NOT_THERE:
        return NotFound(f"Cloudflare has nothing there for {action.name}.", "Check the id or name.", said=said, **facts)
    if answer.status >= 500:
        return Failed(f"Cloudflare itself failed at {action.name}.", "Try again later.", said=said, **facts)
    if answer.status == 409 or codes & _CONFLICT:
        return Conflict(f"What is there is in the way of {action.name}.", _advice(errors), said=said, **facts)
    return InvalidInput(f"Cloudflare refused {action.name}.", _advice(errors), said=said, **facts)


def _advice(errors: list[tuple[int, str]]) -> str:
    return next((_ADVICE[code] for code, _ in errors if code in _ADVICE), "What it said tells what to correct.")


def _denied(answer: Answer, action: Action, codes: set[int], said: str) -> Denied:
    facts = {"status": answer.status, "codes": sorted(codes), "permission": action.permission}
    if codes & _BAD_TOKEN_FORMAT:
        return Denied(
            f"Cloudflare says that {TOKEN.name} does not have the form of an API token.",
            "It must be a token, not the Global API Key, without quotes or a line break in it.",
            said=said,
            **facts,
        )
    if codes & _BAD_TOKEN or answer.status == 401:
        return Denied(
            f"Cloudflare does not accept {TOKEN.name}.",
            "It may be disabled, expired, rolled, or owned by an account; verify_token tells more.",
            said=said,
            **facts,
        )
    return Denied(
        f"The token does not allow {action.name}.",
        f"It needs the permission {action.permission}, for this zone: "
        "a token limited to other zones is refused in the same words.",
        said=said,
        **facts,
    )


def _limited(answer: Answer, said: str) -> Failed:
    wait = answer.headers.get("Retry-After", "")
    when = f"in {wait} seconds" if wait.isdigit() else "in five minutes"
    facts: Json = {"status": 429} | ({"retry_after": int(wait)} if wait.isdigit() else {})
    return Failed(
        "Cloudflare's limit of requests is used up; nothing was done.", f"Try again {when}.", said=said, **facts
    )


def codes_of(error: InfraError) -> set[int]:
    """Cloudflare's codes behind an error."""
    codes = error.facts.get("codes")
    return set(codes) if isinstance(codes, list) else set()
