"""The entrance of a function: arguments as its signature asks for them, and a finite result.

The annotations of a function are `smlib.rules`. What arguments ask of each other is asked within.

Examples
--------
>>> from smlib import rules
>>> @checked
... def ratio(small: rules.POSITIVES, large: rules.POSITIVE = 1.0):
...     return plain(large / small)
>>> ratio([0.5, 2], 3).tolist()
[6.0, 1.5]
>>> ratio([0.5, -2])
Traceback (most recent call last):
ValueError: small must lie in (0, inf), got -2.0
>>> ratio(1e-300, 10**300)  # doctest: +ELLIPSIS
Traceback (most recent call last):
ValueError: ratio has no finite result for small=1e-300, large=1...: overflow encountered in divide
"""

import contextlib
import functools
import inspect
import math
import sys
from collections.abc import Iterator, Mapping

import numpy as np

from smlib.rules import Rule, Seed

__all__ = ["checked", "extra", "first", "plain"]


@contextlib.contextmanager
def extra(name):
    """Imports of libraries that come with one of the package's extras."""
    try:
        yield
    except ImportError as error:
        wanted = f"{error.name} is not installed; it comes with: pip install 'smlib[{name}]'"
        raise ImportError(wanted, name=error.name) from error


def first(values, wrong):
    """The first of `values`, broadcast with `wrong`, that is wrong: for a message."""
    values, wrong = np.broadcast_arrays(values, wrong)
    return values[wrong].flat[0].item()


def plain(value):
    """A float for an array without axes, else the array: scalars in, scalars out."""
    return float(value) if np.ndim(value) == 0 else value


#: How NumPy says that shapes do not broadcast, and how a function says it of its own arguments.
_APART = (
    *("operands could not be broadcast", "shape mismatch", "input operand has more dimensions"),
    "shapes must broadcast",
)
_INFINITE = "array must not contain infs or NaNs"  # how SciPy says that a number overflowed
# Apple's BLAS flags errors in products that are right (numpy/numpy#28687); there, as in a browser,
# where nothing is ever flagged, the result alone tells.
_FLAGGED = "ignore" if sys.platform == "darwin" else "raise"


def _finite(result):
    """Whether all numbers in a result, which may be nested, are finite."""
    if isinstance(result, float):
        return math.isfinite(result)
    if isinstance(result, complex | np.ndarray | np.generic):
        kind = getattr(result, "dtype", np.dtype(float)).kind
        return kind not in "fc" or bool(np.isfinite(result).all())
    if isinstance(result, Mapping):
        return all(map(_finite, result.values()))
    if isinstance(result, tuple | list):
        return all(map(_finite, result))
    parts = getattr(result, "__dataclass_fields__", ("data",) if hasattr(result, "nnz") else ())
    return all(_finite(getattr(result, name)) for name in parts)


def _refusal(function, error, given, named):
    """What is said of the arguments, in place of an error from within; None if it says enough."""
    arithmetic, text = isinstance(error, ArithmeticError | np.linalg.LinAlgError), str(error)
    signature = inspect.signature(function)
    arguments = signature.bind(*given, **named).arguments
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD:
            arguments |= arguments.pop(name, {})
    if text.startswith(_APART):
        shapes = (f"{name} {np.shape(v)}" for name, v in arguments.items() if np.ndim(v))
        return ValueError(f"shapes must broadcast, got {', '.join(shapes)}")
    if not (arithmetic or hasattr(error, "refused") or text == _INFINITE):
        return None
    owner = arguments.pop("self", None)
    fields = getattr(owner, "__dataclass_fields__", ())
    arguments = {name: getattr(owner, name) for name in fields} | arguments
    shown = (f"{name}={' '.join(repr(value).split()):.60}" for name, value in arguments.items())
    why = f": {text}" if arithmetic and text else ""
    what = function.__qualname__.removesuffix(".__init__")
    refused = ValueError(f"{what} has no finite result for {', '.join(shown)}{why}")
    refused.refused = True  # so that a caller that is checked speaks of its own arguments
    return refused


def checked(function=None, /, *, infinite=False):
    """Decorator of a function whose annotations are rules, or of a dataclass whose fields' are.

    The arguments are what their rules return, defaults too. A ValueError comes in place of
    overflow, division by 0, or a result with inf or nan: NumPy raises where it would have warned,
    and the result is looked at once. Where a function documents results that are not finite, say
    `infinite`. An iterator is looked at step by step.
    """
    if function is None:
        return functools.partial(checked, infinite=infinite)
    if isinstance(function, type):
        function.__init__ = checked(function.__init__, infinite=True)
        function.infinite = infinite
        return function
    parameters = inspect.signature(function).parameters
    asked = {n: p.annotation for n, p in parameters.items() if isinstance(p.annotation, Rule)}
    places = [(name, asked.get(name)) for name in parameters]
    _convert_defaults(function, asked)
    seeds = {n: (i, p.default) for i, (n, p) in enumerate(parameters.items())
             if isinstance(p.annotation, Seed) and p.default is not p.empty}  # fmt: skip
    flagged = np.errstate(over=_FLAGGED, divide=_FLAGGED, invalid=_FLAGGED)
    computed, stepped = flagged(function), flagged(next)

    def looked_at(call, arguments, keywords, given, named):
        try:
            result = call(*arguments, **keywords)
            if not (infinite or isinstance(result, Iterator) or _finite(result)):
                raise ArithmeticError
        except (ArithmeticError, ValueError) as error:
            said = _refusal(function, error, given, named)
            if said is None:
                raise
            raise said from error
        return result

    def steps(results, given, named):
        with contextlib.suppress(StopIteration):
            while True:
                yield looked_at(stepped, (results,), {}, given, named)

    @functools.wraps(function)
    def entrance(*given, **named):
        arguments = [
            value if rule is None else rule(name, value)
            for (name, rule), value in zip(places, given, strict=False)
        ]
        arguments += given[len(arguments) :]
        keywords = {
            name: asked[name](name, value) if name in asked else value
            for name, value in named.items()
        }
        for name, (place, default) in seeds.items():
            if place >= len(given) and name not in named:
                keywords[name] = asked[name](name, default)
        result = looked_at(computed, arguments, keywords, given, named)
        return steps(result, given, named) if isinstance(result, Iterator) else result

    entrance.infinite = infinite
    return entrance


def _convert_defaults(function, asked):
    """Give a function its defaults in the form in which it computes with them. Help shows them."""
    shown = inspect.signature(function)

    def converted(name, value):
        found = asked[name](name, value) if name in asked else value
        if isinstance(found, np.ndarray):
            found.setflags(write=False)
        return found

    defaults = {n: p.default for n, p in shown.parameters.items() if p.default is not p.empty}
    keyword = {n for n, p in shown.parameters.items() if p.kind is p.KEYWORD_ONLY}
    new = {n: v if isinstance(asked.get(n), Seed) else converted(n, v) for n, v in defaults.items()}
    function.__defaults__ = tuple(v for n, v in new.items() if n not in keyword) or None
    function.__kwdefaults__ = {n: v for n, v in new.items() if n in keyword} or None
    function.__signature__ = shown
