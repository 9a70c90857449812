"""What every call of a tool passes through: audit, policy, confirmation, deadline. The only module that knows the SDK's
tools.
"""

import inspect
import sys
import time
import traceback
from collections.abc import Callable
from functools import cache
from typing import Any, get_args, get_type_hints

import anyio
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import PrivateAttr, ValidationError

from infra_mcp_common.errors import InfraError, Refused, TimedOut, Unexpected
from infra_mcp_common.guard.kinds import Kind
from infra_mcp_common.results import Result
from infra_mcp_common.runtime import Runtime, current
from infra_mcp_common.tool_calls import answers, confirmation
from infra_mcp_common.tool_calls.arguments import Arguments, check, explain
from infra_mcp_common.tool_calls.call_context import Call, entered
from infra_mcp_common.tool_calls.declaration import Declaration


class GuardedTool(Tool):
    """A tool whose every call is audited, bounded, checked and answered in the suite's form."""

    _declaration: Declaration = PrivateAttr()
    _runtime: Runtime = PrivateAttr()
    _previewer: Tool | None = PrivateAttr(default=None)

    @classmethod
    def build(cls, fn: Callable[..., Any], declared: Declaration, runtime: Runtime) -> "GuardedTool":
        """The tool for a declared function, in this runtime."""
        gated = runtime.policy.gates(declared.kind)
        asks = {"anthropic/requiresUserInteraction": True} if gated and runtime.policy.ask else {}
        base, metadata = _described(fn, gated=gated)
        changed = {
            "annotations": _hints(declared),
            "meta": {**declared.meta, **asks} or None,
            "parameters": metadata.schema_of_arguments(gated=gated),
            "fn_metadata": metadata,
        }
        built = cls(**({name: getattr(base, name) for name in Tool.model_fields} | changed))
        built._declaration, built._runtime = declared, runtime
        if declared.preview:
            built._previewer = _plain(declared.preview)
        return built

    @property
    def kind(self) -> Kind:
        return self._declaration.kind

    @property
    def arbitrary(self) -> bool:
        return self._declaration.arbitrary

    @property
    def offered(self) -> bool:
        return self._why_not() is None

    async def run(self, arguments: dict[str, Any], context: Context[Any, Any], convert_result: bool = False) -> Any:  # noqa: ARG002 -- the SDK's signature; answers are always converted
        """Answer one call; nothing but protocol errors and cancellation leaves here as an exception."""
        began, outcome = time.monotonic(), "cancelled"
        self._runtime.settings.learn_secrets()
        call = Call(self.name, permits=self._runtime.policy.check_target, report=context.report_progress)
        try:
            with anyio.CancelScope() as scope, entered(call):
                self._runtime.calls.add(scope)
                try:
                    async with self._runtime.places:
                        result = await self._checked(arguments, context, call)
                finally:
                    self._runtime.calls.discard(scope)
            if scope.cancelled_caught:
                raise Unexpected(f"{self.name} was stopped because the server is stopping.")
            outcome = answers.outcome(result)
            return answers.success(result)
        except InfraError as error:
            outcome = f"error:{error.kind}"
            return answers.failure(error)
        finally:
            self._runtime.audit.write(
                tool=self.name,
                kind=self.kind,
                targets=call.targets,
                arguments=list(arguments),
                outcome=outcome,
                began=began,
            )

    async def _checked(self, arguments: dict[str, Any], context: Context[Any, Any], call: Call) -> Any:
        if self._runtime.policy.broken:
            raise self._runtime.policy.broken
        if setting := self._why_not():
            raise Refused(f"{self.name} is switched off by {setting}.", "Only the operator can change that setting.")
        check(self.name, arguments, self.parameters)
        if not self._runtime.policy.gates(self.kind):
            return await self._timed(self.kind, arguments, context, call)
        rest, confirmed = confirmation.take_confirmed(arguments)
        if confirmed:
            return await self._timed(self.kind, rest, context, call)
        return await self._timed("read", rest, context, call, preview=True)

    async def _timed(
        self, kind: Kind, arguments: dict[str, Any], context: Context[Any, Any], call: Call, *, preview: bool = False
    ) -> Any:
        call.allowed = kind
        seconds = self._seconds(arguments)
        try:
            with anyio.fail_after(seconds):
                return await (self._preview(arguments, context) if preview else self._body(arguments, context))
        except TimeoutError:
            raise TimedOut(
                f"{self.name} did not finish within {seconds:g} seconds.",
                "What it had begun on the other side may still be going on; look before you repeat it.",
            ) from None

    async def _body(self, arguments: dict[str, Any], context: Context[Any, Any]) -> Any:
        try:
            return await super().run(arguments, context)
        except ToolError as error:
            raise _translated(self.name, error) from None

    async def _preview(self, arguments: dict[str, Any], context: Context[Any, Any]) -> Any:
        try:
            self.fn_metadata.validate_arguments(arguments)
            if self._previewer is None:
                return confirmation.plain_preview(self.description, arguments)
            names = self._previewer.fn_metadata.arg_model.model_fields
            return await self._previewer.run({k: v for k, v in arguments.items() if k in names}, context)
        except ValidationError as error:
            raise explain(self.name, error) from None
        except ToolError as error:
            raise _translated(self.name, error) from None

    def _seconds(self, arguments: dict[str, Any]) -> float:
        own = self.fn_metadata.arg_model.model_fields.get("timeout")
        if own is None:
            return self._declaration.timeout
        given = arguments.get("timeout", own.default)
        # A wrong value is told by validation inside; the deadline just has to be some number until then.
        return (given if isinstance(given, int | float) else self._declaration.timeout) + self._declaration.grace

    def _why_not(self) -> str | None:
        declared = self._declaration
        return self._runtime.policy.why_not_tool(self.name, declared.kind, arbitrary=declared.arbitrary)


# Both depend on the code alone, not on a runtime, and are most of the work of building a server.
@cache
def _plain(fn: Callable[..., Any]) -> Tool:
    return Tool.from_function(fn, description=inspect.getdoc(fn), structured_output=False)


@cache
def _described(fn: Callable[..., Any], *, gated: bool) -> tuple[Tool, Arguments]:
    """The SDK's tool for a function, and our own reading of its arguments and answer."""
    answer = get_type_hints(fn)["return"]
    if not all(isinstance(one, type) and issubclass(one, Result) for one in get_args(answer) or (answer,)):
        raise TypeError(f"{fn.__name__} must answer with one Result, not {answer}")
    base = _plain(fn)
    return base, Arguments.of(base.fn_metadata, answer | confirmation.Preview if gated else answer)


def _translated(name: str, error: ToolError) -> InfraError:
    cause = error.__cause__
    if isinstance(cause, InfraError):
        return cause
    if isinstance(cause, ValidationError) and not isinstance(error, UnexpectedToolError):
        return explain(name, cause)
    if cause is None:
        return Unexpected(str(error))
    print(current().secrets.redact("".join(traceback.format_exception(cause))), file=sys.stderr)
    where = traceback.extract_tb(cause.__traceback__)[-1]
    return Unexpected(
        f"{name} failed by a fault of this server ({type(cause).__name__} in {where.name}, line {where.lineno}).",
        "Its log on stderr has the details; nothing is known about how far the call got.",
    )


def _hints(declared: Declaration) -> ToolAnnotations:
    return ToolAnnotations(
        read_only_hint=declared.kind == "read",
        destructive_hint=declared.kind == "destructive" or declared.arbitrary,
    )
