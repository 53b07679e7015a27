"""The buttons of a page: those that lead to its notebook, and what those of the theme run."""

from __future__ import annotations

from pathlib import Path

from sphinx.errors import ExtensionError
from sphinx.jinja2glue import BuiltinTemplateLoader

ROOT = Path(__file__).parents[1]
#: What a button of the theme runs, which a Content-Security-Policy would have to allow, and what
#: stands for it, see ``book/_static/page.js``.
HANDLERS = {
    'onclick="window.print()"': 'data-press="print"',
    'onclick="toggleFullScreen()"': 'data-press="fullscreen"',
}


class Templates(BuiltinTemplateLoader):
    """Renders the templates of the theme, whose buttons get no handlers."""

    def render(self, template, context):
        """Render a page."""
        html = super().render(template, context)
        for handler, press in HANDLERS.items():
            html = html.replace(handler, press)
        if "onclick=" in html:
            raise ExtensionError(f"{template}: a button has a handler that no policy allows")
        return html


def lead_to_notebook(app, page, template, context, doctree):
    """Send the button for the browser's Python to the chapter's notebook; only chapters have one.

    The theme takes the address as relative to every page, and pages lie in folders.
    """
    chapter = (ROOT / "smlib" / "figures" / f"{page.removeprefix('book/')}.py").exists()
    found = False
    for group in context.get("header_buttons", []):
        if group.get("label") == "launch-buttons":
            kept = []
            for button in group["buttons"]:
                if not button.get("url", "").startswith("lite/"):
                    kept.append(button)
                elif chapter:
                    kept.append({**button, "url": "../" * page.count("/") + button["url"]})
                    found = True
            group["buttons"] = kept
    if chapter and not found:
        raise ExtensionError(f"{page}: the theme has no button for the browser's Python")


def setup(app):
    """Connect to Sphinx, after the theme has made its buttons."""
    app.connect("html-page-context", lead_to_notebook, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
