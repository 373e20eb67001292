"""Small changes of a module: mutmut's, also where mutmut itself makes none - in properties, classes and tables."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType

import libcst
from libcst.metadata import MetadataWrapper
from mutmut.mutation.file_mutation import MutationVisitor
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode


@dataclass(frozen=True)
class Mutant:
    """One small change."""

    module: str
    function: str
    """Empty outside of functions."""
    extent: range
    """The lines of the function."""
    line: int
    was: str
    now: str
    code: str
    """The whole module with the change."""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Told by what changed, so that it stays the same when lines move."""
        return self.module, self.function, self.was, self.now


class _Everywhere(MutationVisitor):
    """Mutmut keeps out of functions with decorators, because it makes its changes while the tests run."""

    def _skip_node_and_children(self, node: libcst.CSTNode) -> bool:
        return not isinstance(node, libcst.FunctionDef) and super()._skip_node_and_children(node)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every change of a module that is still Python, each once."""
    source = path.read_text()
    wrapper = MetadataWrapper(libcst.parse_module(source))
    visitor = _Everywhere(mutation_operators, IgnoredCode(set(), set(), set()))
    wrapper.visit(visitor)
    functions = list(_functions(ast.parse(source)))
    seen = {source}
    for mutation in visitor.mutations:
        changed = wrapper.module.deep_replace(mutation.original_node, mutation.mutated_node)
        code = changed.code if isinstance(changed, libcst.Module) else source
        if code in seen or not _is_python(code):
            continue
        seen.add(code)
        line, was, now = _difference(source.splitlines(), code.splitlines())
        within = ((name, extent) for name, extent in functions if line in extent)
        yield Mutant(path.stem, *next(within, ("", range(0))), line, was, now, code)


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
