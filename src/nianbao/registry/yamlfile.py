"""Reads one YAML file and remembers on which line everything stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nianbao.registry.problems import Place, Problems

# The C loader is ten times faster; a PyYAML without it gives the same values.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class YamlFile:
    """The content of a file. data: plain values; node: the same with marks, None for an empty file."""

    path: Path
    data: Any
    node: yaml.Node | None

    def place(self, *keys: str | int) -> Place:
        """Where the value under these keys stands, or the innermost one of them that is there."""
        node, line = self.node, self.node.start_mark.line + 1 if self.node else 1
        for key in keys:
            step = _child(node, key)
            if step is None:
                break
            node, line = step
        return Place(self.path, line)


def read_yaml(path: Path, content: bytes, problems: Problems) -> YamlFile | None:
    """Parses a file's bytes; notes why and returns None if that fails or a key is given twice."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        problems.add(Place(path, line), "is not UTF-8; save the file as UTF-8")
        return None
    try:
        loader = _LOADER(text)
    except yaml.YAMLError as error:  # characters that no YAML may hold
        problems.add(
            Place(path, _line(error, text)), f"holds what no YAML may hold ({_first_line(error)}); remove it"
        )
        return None
    try:
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or _first_line(error)
        line = _line(error, text)
        problems.add(
            Place(path, line), f"is no valid YAML ({problem}); look at this line and the one above it"
        )
        return None
    finally:
        loader.dispose()
    doubles = _double_keys(node) if node is not None else []
    for key in doubles:
        problems.add(
            Place(path, key.start_mark.line + 1),
            f"`{key.value}` is given twice in one entry; remove one of them",
        )
    return None if doubles else YamlFile(path, data, node)


def _line(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None)
    if mark:
        return int(mark.line) + 1
    return text.count("\n", 0, getattr(error, "position", 0)) + 1  # a character that no YAML may hold


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _child(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return value, name.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key].start_mark.line + 1
    return None


def _double_keys(root: yaml.Node) -> list[yaml.Node]:
    found: list[yaml.Node] = []
    stack, walked = [root], set[int]()
    while stack:
        node = stack.pop()
        if id(node) in walked:  # an anchor that is used again
            continue
        walked.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            stack.extend(node.value)
        elif isinstance(node, yaml.MappingNode):
            seen: set[object] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        found.append(key)
                    seen.add(key.value)
                stack.append(value)
    return found
