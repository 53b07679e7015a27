"""Numbers of a chapter's cells in its prose."""

import inspect

from IPython.core.formatters import format_display_data
from IPython.display import display

__all__ = ["default", "glue"]


def glue(**numbers) -> None:
    """Hand computed numbers to the text of the chapter, without showing them here.

    ``glue(limit=11.07)`` lets the prose write ``{glue:text}`limit:.1f` ``. Outside the built
    book nothing is shown.
    """
    for name, value in numbers.items():
        # A numpy scalar prints as np.float64(...), which no format of the text can read.
        bundle, metadata = format_display_data(getattr(value, "item", lambda v=value: v)())
        prefix = "application/papermill.record/"
        metadata["scrapbook"] = {"name": name, "mime_prefix": prefix}
        display({prefix + kind: data for kind, data in bundle.items()}, raw=True, metadata=metadata)


def default(function, argument):
    """What an argument of a function or class is where nobody says otherwise.

    >>> default(round, "ndigits") is None
    True
    """
    return inspect.signature(function).parameters[argument].default
