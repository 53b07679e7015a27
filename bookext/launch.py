"""The buttons that lead to a notebook of the page."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]


def only_chapters(app, page, template, context, doctree):
    """Send the button for the browser's Python to the chapter's notebook; only chapters have one.

    The theme takes the address as relative to every page, and pages lie in folders.
    """
    chapter = (ROOT / "smlib" / "figures" / f"{page.removeprefix('book/')}.py").exists()
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons":
            kept = []
            for button in group["buttons"]:
                if not button.get("url", "").startswith("lite/"):
                    kept.append(button)
                elif chapter:
                    kept.append({**button, "url": "../" * page.count("/") + button["url"]})
            group["buttons"] = kept


def setup(app):
    """Connect to Sphinx, after the theme has made its buttons."""
    app.connect("html-page-context", only_chapters, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
