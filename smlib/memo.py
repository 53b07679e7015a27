"""Results that are kept: named by the code that makes them, by its tables and its arguments.

`fingerprint` follows names from definition to definition, so that a change is noticed by what uses
it and by nothing else; comments and docstrings do not count. `remembered` is `functools.cache`
that also keeps results on disk, in the folder that the variable ``SMLIB_KEPT`` names.
"""

import ast
import copy
import hashlib
import importlib.util
import inspect
import numbers
import os
import pickle
import shutil
from collections.abc import Iterable
from functools import cache, lru_cache, wraps
from importlib import metadata
from pathlib import Path
from random import Random

__all__ = ["fingerprint", "finished", "in_advance", "remembered", "write_whole"]

#: Libraries whose distribution has another name.
_CALLED = {"PIL": "pillow", "sklearn": "scikit-learn"}
_DOCUMENTED = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _undocumented(source: bytes) -> ast.Module:
    """A source without docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _imports(nodes: Iterable[ast.AST], inside: str) -> dict[str, tuple[str, str | None]]:
    """What imports among nodes bind: local name to (module, name in it, or None for all)."""
    found: dict[str, tuple[str, str | None]] = {}
    for each in nodes:
        if isinstance(each, ast.Import):
            for alias in each.names:
                top = alias.name if alias.asname else alias.name.partition(".")[0]
                found[alias.asname or top] = top, None
        elif isinstance(each, ast.ImportFrom):
            base = importlib.util.resolve_name("." * each.level + (each.module or ""), inside)
            for alias in each.names:
                # "from package import name" may mean a module or what the package defines.
                if _path(f"{base}.{alias.name}"):
                    found[alias.asname or alias.name] = f"{base}.{alias.name}", None
                else:
                    found[alias.asname or alias.name] = base, alias.name
    return found


class _Source:
    """The top-level statements of a source, by the names that they bind."""

    def __init__(self, source: bytes, package: str):
        self.imports: dict[str, tuple[str, str | None]] = {}
        self.bound: dict[str, list[ast.stmt]] = {}
        #: What binds nothing may change anything: it counts for each name of the module.
        self.loose: list[ast.stmt] = []
        for statement in _undocumented(source).body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                self.imports |= _imports([statement], package)
                continue
            if isinstance(statement, _DOCUMENTED):
                names = [statement.name]
            else:
                names = [
                    node.id
                    for target in _targets(statement)
                    for node in ast.walk(target)
                    if isinstance(node, ast.Name)
                ]
            for name in names:
                self.bound.setdefault(name, []).append(statement)
            if not names:
                self.loose.append(statement)

    @cache  # noqa: B019  (as few as there are modules)
    def about(self, name: str | None, package: str, bare: bool) -> tuple[str, set, set]:
        """Text of what a name means here, the names it uses, and its string constants."""
        if name is None or name not in self.bound:
            statements = [each for found in self.bound.values() for each in found] + self.loose
        else:
            statements = self.bound[name] + self.loose
        texts, uses, strings = [], set(), set()
        for statement in dict.fromkeys(statements):
            if bare and isinstance(statement, ast.FunctionDef):
                statement = copy.copy(statement)
                statement.decorator_list = []
            texts.append(ast.unparse(statement))
            within, inner = list(ast.walk(statement)), set()
            outer = {**self.imports, **_imports(within, package)}
            for node in within:
                if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
                    uses.add((f"{package}.*", None))  # any of them, by a name that is computed
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    strings.add(node.value)
                elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                    module, found = outer.get(node.value.id, (None, None))
                    if module and found is None:
                        inner.add(id(node.value))
                        uses.add((module, node.attr))
            for node in within:
                if not isinstance(node, ast.Name) or id(node) in inner:
                    continue
                if node.id in outer:
                    uses.add(outer[node.id])
                elif node.id in self.bound:
                    uses.add((None, node.id))
        return "\n".join(texts), uses, strings


def _targets(statement: ast.stmt) -> list[ast.AST]:
    """Where a top-level statement writes; empty if that is not plain to see."""
    if isinstance(statement, ast.Assign):
        return statement.targets
    if isinstance(statement, ast.AnnAssign | ast.AugAssign):
        return [statement.target]
    return []


@lru_cache(512)
def _source(text: bytes, package: str) -> _Source:
    return _Source(text, package)


def _path(module: str) -> Path | None:
    """File of a module; None if it is none, or not one written in Python. Imports nothing."""
    top, *rest = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except ValueError:  # __main__
        return None
    if not spec or not spec.submodule_search_locations:
        alone = spec and not rest and spec.has_location and spec.origin.endswith(".py")
        return Path(spec.origin) if alone else None
    place = Path(next(iter(spec.submodule_search_locations)), *rest)
    files = [place / "__init__.py", *([place.with_suffix(".py")] if rest else [])]
    return next((file for file in files if file.is_file()), None)


@cache
def _version(library: str) -> str:
    try:
        return metadata.version(_CALLED.get(library, library))
    except metadata.PackageNotFoundError:  # part of Python
        return ""


def fingerprint(
    wanted: Iterable[tuple[str, str | None]] = (),
    *,
    code: str = "",
    package: str = "",
    apart: Iterable[str] = (),
    same: dict | None = None,
    bare: bool = False,
) -> str:
    """Hash of all that some names of modules, or some code, depend on.

    Parameters
    ----------
    wanted : iterable of (str, str or None)
        Modules and names in them; None for all of a module.
    code : str
        A piece of code that uses some; it does not count itself.
    package : str
        Whose definitions are followed, beside those of `smlib` and of the wanted modules.
    apart : iterable of str
        Modules and packages that are not followed, beside this one.
    same : dict of str to str
        Texts that count as others: a value that does not matter, as its name.
    bare : bool
        Whether the wanted functions are taken without their decorators.

    Returns
    -------
    str
        32 hexadecimal digits. They depend on the definitions reached, on the tables
        (``data/*.csv`` of the package) that these name, and on the versions of other libraries
        that they use.
    """
    first = list(wanted)
    packages = {__package__, package, *(module.partition(".")[0] for module, _ in first)}
    todo, seen, apart = list(first), set(), (__name__, *apart)
    texts: dict[str, str] = {}

    def tables(top: str, strings: set[str]) -> None:
        folder = _path(top).parent / "data"
        for name in strings:
            if name.endswith(".csv") and (folder / name).is_file():
                texts[name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()

    if code:
        _, uses, strings = _source(code.encode(), "").about(None, "", False)
        todo += [use for use in uses if use[0]]
        tables(package, strings)
    while todo:
        module, name = todo.pop()
        if (module, name) in seen or any(f"{module}.".startswith(f"{each}.") for each in apart):
            continue
        seen.add((module, name))
        top = module.partition(".")[0]
        if top not in packages:
            texts[f"version of {top}"] = _version(top)
            continue
        if module.endswith(".*"):
            inside = module.removesuffix(".*")
            todo += [(f"{inside}.{f.stem}", None) for f in _path(inside).parent.glob("[a-z]*.py")]
            continue
        path = _path(module)
        if path is None:
            continue
        inside = module if path.name == "__init__.py" else module.rpartition(".")[0]
        source = _source(path.read_bytes(), inside)
        if name and name not in source.bound:
            if _path(f"{module}.{name}"):
                todo.append((f"{module}.{name}", None))
                continue
            if name in source.imports:
                todo.append(source.imports[name])
                continue
        undecorated = bare and (module, name) in first
        text, uses, strings = source.about(name, inside, undecorated)
        texts[f"{module}.{name or ''}"] = text
        todo += [(to or module, what) for to, what in uses]
        tables(top, strings)
    joined = "\0".join(f"{name}\0{texts[name]}" for name in sorted(texts))
    for value, called in (same or {}).items():
        joined = joined.replace(value, called)
    return hashlib.sha256(joined.encode()).hexdigest()[:32]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that whoever finds it finds all of it, also if this process is ended."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _Kept:
    """Files of the results of one function."""

    def __init__(self, function):
        self.function = function
        self.name = f"{function.__module__}.{function.__name__}"

    def path(self, arguments: tuple) -> Path | None:
        """Where the result for some arguments is kept; None where nothing is."""
        root = os.environ.get("SMLIB_KEPT")
        if not root or self.function.__module__ == "__main__":
            return None
        key = hashlib.sha256(pickle.dumps(_alike(arguments), 5)).hexdigest()[:32]
        return Path(root) / self.name / _code(self.function) / f"{key}.pickle"

    def write(self, path: Path, pickled: bytes) -> None:
        """Keep a result, and nothing of what an older code gave."""
        for old in path.parents[1].glob("*"):
            if old != path.parent:
                shutil.rmtree(old, ignore_errors=True)
        write_whole(path, pickled)


def _alike(value):
    """Arguments with numbers that pickle alike if they are equal, as 1, 1.0 and NumPy's do not."""
    if isinstance(value, tuple):
        return tuple(map(_alike, value))
    return float(value) if isinstance(value, numbers.Real) and float(value) == value else value


@cache
def _code(function) -> str:
    return fingerprint([(function.__module__, function.__name__)], bare=True)


def finished(steps):
    """What a generator returns, all of whose steps are done here."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def in_advance(function, calls):
    """Yield the fraction done of some calls of a remembered function, for others to find.

    Each process takes them in an order of its own: those that need the same do not do the same.
    """
    calls = Random(os.getpid()).sample(calls, len(calls))
    for i, arguments in enumerate(calls):
        yield i / len(calls)
        result = function(*arguments)
        if inspect.isgenerator(result):
            for done in result:
                yield (i + done) / len(calls)


def remembered(function):
    """Compute what a function gives for some arguments once.

    Within a process results are kept as by `functools.cache`. Where ``SMLIB_KEPT`` names a folder
    they are kept there as well, for as long as nothing changes on which they depend. A generator
    function, which yields the fraction done and returns its result, has nothing to yield when the
    result is known.

    Parameters
    ----------
    function : callable
        Depends on its arguments alone, which are hashable, and defined at the top of a module.
    """
    known: dict = {}
    kept = _Kept(function)
    signature = inspect.signature(function)

    def stepwise(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        arguments = (bound.args, tuple(bound.kwargs.items()))
        if arguments not in known:
            path = kept.path(arguments)
            if path and path.exists():
                pickled = path.read_bytes()
            else:
                result = function(*args, **kwargs)
                if inspect.isgenerator(result):
                    result = yield from result
                pickled = pickle.dumps(result, 5)
                if path:
                    kept.write(path, pickled)
            # A copy in any case: sums over an array depend on how it lies in the memory.
            known[arguments] = pickle.loads(pickled)
        return known[arguments]

    if inspect.isgeneratorfunction(function):
        remember = wraps(function)(stepwise)
    else:

        @wraps(function)
        def remember(*args, **kwargs):
            return finished(stepwise(*args, **kwargs))

    remember.forget = known.clear
    return remember
