"""The env file of a server before anybody filled it in: every setting with its meaning, all of them commented out."""

from collections.abc import Iterator, Sequence
from textwrap import fill

from infra_mcp_common.guard.policy import POLICY_SETTINGS
from infra_mcp_common.http_settings import HTTP_SETTINGS
from infra_mcp_common.settings import Setting

_WIDTH = 100


def render(script: str, settings: Sequence[Setting]) -> str:
    """The text of the template; as it stands it sets nothing."""
    return "\n".join(_lines(script, settings)) + "\n"


def _lines(script: str, settings: Sequence[Setting]) -> Iterator[str]:
    yield _comment(
        f"Settings of {script}: NAME=value, without the # in front. What the environment sets goes before this "
        f"file. Keep it private (mode 0600). To check it, run: {script} doctor"
    )
    for setting in settings:
        yield from _block(setting)
    yield from ("", _comment("What the assistant may do. A running server keeps these until it is started again."))
    for setting in POLICY_SETTINGS:
        yield from _block(setting)
    yield from ("", _comment("Over HTTP, where the server is started with --http."))
    for setting in HTTP_SETTINGS:
        yield from _block(setting)


def _block(setting: Setting) -> Iterator[str]:
    yield ""
    yield _comment(setting.meaning)
    if setting.where:
        yield _comment(setting.where)
    if setting.secret:
        yield _comment(f"Or {setting.name}_FILE, the path of a file that holds only this.")
    yield f"#{setting.name}={setting.default}"


def _comment(text: str) -> str:
    return fill(
        text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False, break_long_words=False
    )
