"""Small changes of a module: mutmut's, also where mutmut itself makes none - in properties, classes and tables."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import CodeType

import libcst
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

Key = tuple[str, str, str, str, int]


@dataclass(frozen=True)
class Mutant:
    """One small change."""

    module: str
    function: str
    """Empty outside of functions."""
    extent: range
    """The lines of the function."""
    statement: range
    """The lines of the statement; of one with a body, without the body."""
    line: int
    was: str
    now: str
    nth: int
    """Of changes of one function that read alike, from 0."""
    code: str
    """The whole module with the change."""

    @property
    def key(self) -> Key:
        """Told by what changed, so that it stays the same when lines move."""
        return self.module, self.function, self.was, self.now, self.nth

    @property
    def lot(self) -> str:
        """The place that the change drew for a sample, always the same."""
        return sha256(repr(self.key).encode()).hexdigest()


class _Everywhere(MutationVisitor):
    """Mutmut keeps out of functions with decorators, because it makes its changes while the tests run."""

    def _skip_node_and_children(self, node: libcst.CSTNode) -> bool:
        return not isinstance(node, libcst.FunctionDef) and super()._skip_node_and_children(node)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every change of a module that is still Python, each once."""
    source = path.read_text()
    tree = ast.parse(source)
    functions, statements = list(_functions(tree)), list(_statements(tree))
    seen, alike = {source}, Counter[Key]()
    for code in _changed(source):
        if code in seen or not _is_python(code):
            continue
        seen.add(code)
        line, was, now = _difference(source.splitlines(), code.splitlines())
        name, extent = next(((name, extent) for name, extent in functions if line in extent), ("", range(0)))
        statement = min((lines for lines in statements if line in lines), key=len, default=extent)
        found = Mutant(path.stem, name, extent, statement, line, was, now, 0, code)
        yield replace(found, nth=alike[found.key])
        alike[found.key] += 1


def _changed(source: str) -> Iterator[str]:
    """The source with each change. Only the one statement of the module that changes is written anew."""
    wrapper = MetadataWrapper(libcst.parse_module(source))
    visitor = _Everywhere(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    module = wrapper.module
    texts = [module.code_for_node(statement) for statement in module.body]
    head = source[: len(source) - len("".join(texts))] if source.endswith("".join(texts)) else None
    homes = {node: place for place, statement in enumerate(module.body) for node in _within(statement)}
    for mutation in visitor.mutations:
        place = homes.get(mutation.original_node)
        if head is None or place is None:
            yield module.deep_replace(mutation.original_node, mutation.mutated_node).code
        else:
            changed = module.body[place].deep_replace(mutation.original_node, mutation.mutated_node)
            yield "".join([head, *texts[:place], module.code_for_node(changed), *texts[place + 1 :]])


def _within(node: libcst.CSTNode) -> Iterator[libcst.CSTNode]:
    yield node
    for child in node.children:
        yield from _within(child)


def _statements(tree: ast.Module) -> Iterator[range]:
    """The lines of each statement; of one with a body, the lines before the body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            yield range(node.lineno, body[0].lineno if body else (node.end_lineno or node.lineno) + 1)


def _functions(tree: ast.Module) -> Iterator[tuple[str, range]]:
    for node in tree.body:
        for one in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(one, ast.FunctionDef):
                first = min([one.lineno, *(decorator.lineno for decorator in one.decorator_list)])
                name = one.name if one is node else f"{node.name}.{one.name}"
                yield name, range(first, (one.end_lineno or first) + 1)


def _is_python(code: str) -> bool:
    try:
        compile(code, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _difference(old: Sequence[str], new: Sequence[str]) -> tuple[int, str, str]:
    """The first line that differs, from 1; what differs of the old and of the new."""
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    tail = next((i for i in range(shorter - head) if old[-1 - i] != new[-1 - i]), shorter - head)
    was, now = (" ".join(map(str.strip, lines[head : len(lines) - tail])) for lines in (old, new))
    return head + 1, was, now


def outside_of_functions(code: CodeType) -> list[object]:
    """What of a module runs when it is imported; equal where only bodies of functions differ."""
    inner = [one for one in code.co_consts if isinstance(one, CodeType)]
    rest = [one for one in code.co_consts if not isinstance(one, CodeType)]
    bodies = [outside_of_functions(one) for one in inner if not _is_function(one)]
    return [code.co_name, code.co_code, repr(rest), code.co_names, bodies]


def _is_function(code: CodeType) -> bool:
    optimized = 1
    return bool(code.co_flags & optimized)
