"""The buttons of a page: those that lead to its notebook, and what those of the theme run."""

from __future__ import annotations

from sphinx.errors import ExtensionError
from sphinx.jinja2glue import BuiltinTemplateLoader

from tools import notebooks

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
    """Send the buttons to the notebook of the page; where there is none, there are no buttons.

    The theme knows of the sources alone: it names the branch and the ending of these. And it takes
    the address on the site as relative to every page, though pages lie in folders.
    """
    groups = context.get("header_buttons", [])
    name = page.removeprefix("book/")
    if name not in notebooks.pages():
        groups[:] = [group for group in groups if group.get("label") != "launch-buttons"]
        return
    (group,) = [group for group in groups if group.get("label") == "launch-buttons"]
    branch = app.config.html_theme_options["repository_branch"]
    found = False
    for button in group["buttons"]:
        url = button["url"]
        if url.startswith("lite/"):
            button["url"] = "../" * page.count("/") + url
            found = True
            continue
        # Of Binder, a hub and Colab.
        for place in ("/{}?urlpath=", "&branch={}", "/blob/{}/"):
            url = url.replace(place.format(branch), place.format(notebooks.BRANCH))
        button["url"] = url.replace(f"{page}.md", f"{page}.ipynb")
    if not found:
        raise ExtensionError(f"{page}: the theme has no button for the browser's Python")


def setup(app):
    """Connect to Sphinx, after the theme has made its buttons."""
    app.connect("html-page-context", lead_to_notebook, priority=600)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
