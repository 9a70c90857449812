"""Additions to a Python file, at places that its syntax tree tells."""

import ast
from dataclasses import dataclass


@dataclass
class Source:
    """The text of a file, changed in place."""

    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def add_imports(self, *lines: str) -> None:
        """Put these behind the imports that are there; ruff orders and merges them."""
        body = self.tree.body
        imports = [node.end_lineno or 0 for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
        docstring = [node.end_lineno or 0 for node in body[:1] if isinstance(node, ast.Expr)]
        self.insert_below(max([0, *imports, *docstring]), list(lines) if imports else ["", *lines])

    def append(self, text: str) -> None:
        self.text = f"{self.text.rstrip()}\n\n\n{text.strip()}\n"

    def insert_below(self, number: int, lines: list[str]) -> None:
        """Below the line of this number, counted from 1."""
        there = self.text.splitlines()
        self.text = "\n".join([*there[:number], *lines, *there[number:]]) + "\n"

    def insert_behind(self, node: ast.expr | ast.stmt, added: str) -> None:
        """Behind a node, in its last line."""
        lines = self.text.splitlines()
        number = (node.end_lineno or 1) - 1
        line = lines[number].encode()
        end = node.end_col_offset or 0
        lines[number] = (line[:end] + added.encode() + line[end:]).decode()
        self.text = "\n".join(lines) + "\n"

    def defines(self) -> set[str]:
        """The names of its functions and classes."""
        kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        return {node.name for node in self.tree.body if isinstance(node, kinds)}
