"""The console script: through the front, so that the server itself is imported only when it is needed."""

from infra_mcp_common.launcher import start


def main() -> None:
    start.main(__package__)


if __name__ == "__main__":
    main()
