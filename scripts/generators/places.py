"""Where a new tool has to be named: in its server's tuple of tools, and among the calls of its world."""

import ast

from generators.house import Refused
from generators.source import Source


def register(source: Source, package: str, noun: str) -> None:
    """Name the module `noun` in server.py's tuple of tools, before read_output, unless it is there."""
    modules = _tuple_of_tools(source.tree).elts
    names = [each.id for each in modules if isinstance(each, ast.Name)]
    if noun in names:
        return
    own = [each for each in modules if isinstance(each, ast.Name) and each.id != "read_output"]
    source.insert_behind(own[-1], f", {noun}")
    source.add_imports(f"from {package}.tools import {noun}")


def add_call(source: Source, call: str) -> None:
    """Let the world's `calls` end with this one."""
    functions = [node for node in ast.walk(source.tree) if isinstance(node, ast.FunctionDef)]
    found = [function for function in functions if function.name == "calls"]
    if len(found) != 1:
        raise Refused("The server's world has no single method `calls` to add the new call to.")
    last = found[0].body[-1]
    source.insert_below(last.end_lineno or 0, [" " * last.col_offset + call])


def _tuple_of_tools(tree: ast.Module) -> ast.Tuple:
    """The value of `tools=` in the call of Server, there or where a constant holds it."""
    given = [
        word.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "tools"
    ]
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    values = [constants.get(value.id) if isinstance(value, ast.Name) else value for value in given]
    tuples = [value for value in values if isinstance(value, ast.Tuple) and value.elts]
    if len(tuples) != 1:
        raise Refused("The server's server.py has no single tuple `tools` to name the new module in.")
    return tuples[0]
