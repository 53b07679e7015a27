"""Change the code in small ways, and see whether a test fails: ``make mutants``.

mutmut makes the changes. It leaves out decorated functions, which are nearly all of the library's,
so that in the copy that it works on the decorators `checked` and `cache` are applied at the
end of the module: there they do the same. What no test notices is printed, unless `EQUIVALENT` says
why none could; then the exit code is 1.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.hard.test_hard_to_break import REPLACEABLE

ROOT = Path(__file__).parents[1]
STAGE = ROOT / "_build" / "mutants"
MODULES = ("checks", "size_mismatch", "pressure_alloying")
MOVED = {"checked", "cache", "lru_cache"}
#: Pattern of the lines taken away and put in their place: why no test could tell them apart.
EQUIVALENT = {
    r"\+.*\bINF[)\]]": "float() reads INF as inf",
    r"\+.*brentq\([^=]*, \)": "the default tolerance, 2e-12, is fine enough",
    r"np\.geomspace\(1e-4, 1, (121)?\)": "as many points find the same crossings, 50 or 121",
    r"\+.*excess\(grid\) >= 0": "a mismatch that is the limit to the last bit",
    r"np\.where\(exists, room, 2": "where nothing exists the quotient is not used",
    r"(dtype|astype)\(None\)": "NumPy reads None as float",
    r"XX(biuf|fc)XX": "a kind is one letter, and none is X",
    r"refused\.refused = (None|False)": "that it is there is all that is asked",
    r"\+.*critical_temperature\(W\) < T": "at the critical temperature the search gives 0.5, too",
    r"\+.*rho < 1": "at rho = 1 the other branch gives 0 as well",
    r"\+.*vectorize\(share, (otypes=None)?\)": "the first result is a float already",
    r"\+.*(np\.isinf\(5|OverflowError)": "how the last factor of two overflows; what is said of it",
    r"\+.*(balance\(low\) (>= 0|> 1)|balance\(high\) <= 0)": "never there on the solute's branch",
    r"\+.*off\(low\) (< 0|<= 0\) and False)": "the ends of the search differ by a rounding",
    r"\+.*3 \* np\.arccosh": "another point from which the root is bracketed as well",
    r"\+.*abs\(eps\) < limit": "a misfit of exactly 1 + 1e-12 limits",
    r"\+ *P = float\(reals\(\"P\", P, ndim=0\)\)": "`volume` refuses it in the same words",
}
PROFILE = "deadline=None, derandomize=True, database=None"


def undecorated(source: str) -> str:
    """The module with the decorators of `MOVED` applied at its end."""
    lines, dropped, end = source.splitlines(), set(), []

    def visit(body, prefix):
        for node in body:
            if isinstance(node, ast.ClassDef):
                visit(node.body, f"{node.name}.")
            if isinstance(node, ast.FunctionDef) and node.decorator_list:
                written = [ast.unparse(each) for each in node.decorator_list]
                if {each.partition("(")[0] for each in written} <= MOVED:
                    for each in node.decorator_list:
                        dropped.update(range(each.lineno - 1, each.end_lineno))
                    name = prefix + node.name
                    end.extend(f"{name} = {each}({name})" for each in reversed(written))

    visit(ast.parse(source).body, "")
    kept = [line for number, line in enumerate(lines) if number not in dropped]
    return "\n".join([*kept, *end, ""])


def stage(modules: tuple[str, ...]) -> None:
    """Copy what mutmut needs to a folder."""
    shutil.rmtree(STAGE, ignore_errors=True)
    for name in ("smlib", "tests", "book"):
        shutil.copytree(ROOT / name, STAGE / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in modules:
        path = STAGE / "smlib" / f"{name}.py"
        path.write_text(undecorated(path.read_text(encoding="utf-8")), encoding="utf-8")
    # mutmut runs the tests more than once in one process, which Hypothesis takes for a mistake.
    (STAGE / "tests" / "conftest.py").write_text(
        "from hypothesis import HealthCheck, settings\n"
        f'settings.register_profile("ci", {PROFILE}, '
        "suppress_health_check=[HealthCheck.differing_executors])\n"
        'settings.load_profile("ci")\n'
    )
    tests = [f"tests/test_{name}.py" for name in modules]
    each = "tests/hard/test_hard_to_break.py::test_each_listed_value"
    tests += [f"{each}[{key}]" for key in REPLACEABLE if key.partition(".")[0] in modules]
    settings = {
        "source_paths": ["smlib"],
        "only_mutate": [f"smlib/{name}.py" for name in modules],
        "also_copy": ["tests", "book"],
        "pytest_add_cli_args_test_selection": tests,
    }
    text = "".join(f"{key} = {value!r}\n" for key, value in settings.items())
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    # The doctests would be run once for each module that is collected.
    project = project.replace("--doctest-modules", "")
    (STAGE / "pyproject.toml").write_text(f"{project}\n[tool.mutmut]\n{text}", encoding="utf-8")


def run(*arguments: str, show: bool = False) -> str:
    """Call mutmut in the stage."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    # Threads do not survive the forks of mutmut.
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    environment = {**os.environ, **threads, "PYTHONPATH": "", "CI": "1"}
    done = subprocess.run(command, cwd=STAGE, env=environment, text=True, check=True,
                          stdout=None if show else subprocess.PIPE)  # fmt: skip
    return done.stdout or ""


def survivors() -> dict[str, str]:
    """Changes that no test noticed: the line taken away and the line put in its place."""
    found = {}
    for name in re.findall(r"(\S+): survived", run("results")):
        lines = run("show", name).splitlines()
        found[name] = "\n".join(line for line in lines if re.match(r"[-+](?![-+]{2})", line))
    return found


def main(modules: tuple[str, ...]) -> int:
    """Make the changes, run the tests on each, and print what they did not notice."""
    stage(modules)
    run("run", "--max-children", str(os.cpu_count()), show=True)
    found = survivors()
    why = {
        name: next((reason for line, reason in EQUIVALENT.items() if re.search(line, diff)), "")
        for name, diff in found.items()
    }
    for name, diff in found.items():
        if not why[name]:
            print(f"{name}\n{diff}")
    explained = sum(map(bool, why.values()))
    print(f"{len(found)} not noticed, {explained} of them as no test could")
    return int(explained < len(found))


if __name__ == "__main__":
    raise SystemExit(main(tuple(sys.argv[1:]) or MODULES))
