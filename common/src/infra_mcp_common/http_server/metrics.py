"""Figures of the calls, for Prometheus: by tool and outcome, how long they took, how many are under way."""

import time
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from infra_mcp_common.guard.audit import Audit
from infra_mcp_common.runtime import Runtime

_SECONDS = (0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 1800)


class MeasuredAudit(Audit):
    """The log of calls, which also counts them."""

    def __init__(self, runtime: Runtime) -> None:
        super().__init__(runtime.server, runtime.paths, runtime.secrets)
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = CollectorRegistry()
        self._calls = Counter("infra_mcp_calls", "Calls that ended", ["tool", "outcome"], registry=self.registry)
        self._seconds = Histogram(
            "infra_mcp_call_seconds", "How long calls took", ["tool"], registry=self.registry, buckets=_SECONDS
        )
        running = Gauge("infra_mcp_calls_in_flight", "Calls that run or wait for their turn", registry=self.registry)
        running.set_function(lambda: len(runtime.calls))

    def write(
        self, *, tool: str, kind: str, targets: Sequence[str], arguments: Sequence[str], outcome: str, began: float
    ) -> None:
        super().write(tool=tool, kind=kind, targets=targets, arguments=arguments, outcome=outcome, began=began)
        self._calls.labels(tool, outcome).inc()
        self._seconds.labels(tool).observe(time.monotonic() - began)

    async def show(self, _request: Request) -> Response:
        """Answer `GET /metrics`."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        return Response(generate_latest(self.registry), headers={"content-type": CONTENT_TYPE_LATEST})
