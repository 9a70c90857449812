"""How far a run is, in a few words."""

_SHOWN_HOSTS = 4


class Progress:
    """Counts the tasks of a run. total: the number of them that can be seen beforehand."""

    def __init__(self, total: int) -> None:
        self._total, self._count, self._task = total, 0, ""
        self._statuses: dict[str, str] = {}
        self._news: str | None = None

    def next_task(self, name: str) -> None:
        self._count, self._task, self._statuses = self._count + 1, name, {}
        self._tell()

    def ended(self, host: str, status: str) -> None:
        """The task has ended so on this host."""
        self._statuses[host] = status
        self._tell()

    def take_news(self) -> str | None:
        """What has not been told yet."""
        news, self._news = self._news, None
        return news

    def _tell(self) -> None:
        of_total = f"/{self._total}" if self._count <= self._total else ""
        self._news = f"task {self._count}{of_total} {self._task}" + (f": {self._hosts()}" if self._statuses else "")

    def _hosts(self) -> str:
        if len(self._statuses) <= _SHOWN_HOSTS:
            return ", ".join(f"{host} {status}" for host, status in self._statuses.items())
        bad = [f"{host} {status}" for host, status in self._statuses.items() if status in ("failed", "unreachable")]
        rest = [f"{len(bad)} bad"] if len(bad) > _SHOWN_HOSTS else []
        return ", ".join([f"{len(self._statuses) - len(bad)} hosts ok", *bad[:_SHOWN_HOSTS], *rest])
