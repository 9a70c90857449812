"""YAML as Kubernetes reads it."""

import re
from typing import Any

from infra_mcp_common.errors import InvalidInput


def documents(text: str) -> list[object]:
    """The documents of a text in YAML or JSON. Raises InvalidInput for what is neither."""
    import yaml

    try:
        return [document for document in yaml.load_all(text, _loader()) if document is not None]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it can't be read"
        raise InvalidInput(f"The manifest is no YAML{where}: {problem}.", "Correct it; nothing was sent.") from None
    except (RecursionError, ValueError):
        raise InvalidInput("The manifest can't be read.", "Correct it; nothing was sent.") from None


def _loader() -> Any:
    """A YAML loader that reads scalars as Kubernetes does, and refuses a key that is given twice, and aliases."""
    import yaml

    class Loader(yaml.SafeLoader):
        # Aliases can unfold to gigabytes; kubectl has a limit for that, this has none to get wrong.
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise yaml.constructor.ConstructorError(None, None, "aliases are not supported", mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen = set()
            for key, _ in node.value:
                if key.value in seen:
                    raise yaml.constructor.ConstructorError(None, None, "a key is given twice", key.start_mark)
                seen.add(key.value)
            return super().construct_mapping(node, deep)

    # YAML 1.1 reads dates as dates and 22:22 as a number; Kubernetes reads both as text.
    unlike = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float")
    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in unlike]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    whole = re.compile(r"^[-+]?(?:0|[1-9][0-9_]*|0b[01_]+|0[0-7_]+|0x[0-9a-fA-F_]+)$")
    broken = re.compile(
        r"^[-+]?(?:[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[0-9]+[eE][-+]?[0-9]+|\.[0-9_]+(?:[eE][-+]?[0-9]+)?)$"
    )
    Loader.add_implicit_resolver(unlike[1], whole, list("-+0123456789"))
    Loader.add_implicit_resolver(unlike[2], broken, list("-+0123456789."))
    Loader.add_constructor(unlike[2], lambda _loader, node: float(str(node.value).replace("_", "")))
    return Loader
