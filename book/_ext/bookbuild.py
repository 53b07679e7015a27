"""Every file that the site needs from the site itself."""

from __future__ import annotations

import shutil
from pathlib import Path

from slim import icons, pages
from smlib.figures.cover import mark

ROOT = Path(__file__).parents[2]

# Folder of the site: (npm package, what of it is used).
VENDOR = {
    "reveal": (
        "reveal.js",
        ["dist/reveal.js", "dist/reveal.css", "dist/reset.css", "plugin/notes/notes.js"],
    ),
    "fonts/sans": (
        "@fontsource-variable/source-sans-3/files",
        ["source-sans-3-latin-wght-normal.woff2", "source-sans-3-greek-wght-normal.woff2"],
    ),
    "fonts/serif": (
        "@fontsource-variable/source-serif-4/files",
        ["source-serif-4-latin-wght-*.woff2", "source-serif-4-greek-wght-normal.woff2"],
    ),
}

#: Fonts that every page shows at once.
FIRST_FONTS = (
    "serif/source-serif-4-latin-wght-normal",
    "sans/source-sans-3-latin-wght-normal",
    "serif/source-serif-4-latin-wght-italic",
)


def set_up(app, config):
    """Draw the mark of the book."""
    icon = ROOT / "_build" / "mark.svg"
    icon.parent.mkdir(exist_ok=True)
    icon.write_text(mark.svg_file(), encoding="utf-8")
    config.html_favicon = "_build/mark.svg"


def carry(app, error):
    """Copy the front-end files that pages and decks use into the site."""
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for folder, (package, patterns) in VENDOR.items():
        source = ROOT / "node_modules" / package
        for path in [found for pattern in patterns for found in source.glob(pattern)]:
            target = out / folder / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    # 1.5 MB of script on every page for icons that the style sheets draw as well.
    (out / "_static" / "scripts" / "fontawesome.js").write_text("")
    icons(out / "_static", [path.read_text(encoding="utf-8") for path in pages(out)])


def ask_for_fonts(app, page, template, context, doctree):
    """Let a page load its fonts before the style sheets that name them."""
    if (ROOT / "node_modules").is_dir():
        tags = [
            '<link rel="preload" as="font" type="font/woff2" crossorigin '
            f'href="{context["pathto"](f"fonts/{name}.woff2", 1)}" />'
            for name in FIRST_FONTS
        ]
        context["metatags"] = "\n".join([context.get("metatags", ""), *tags])


def point(app, page, template, context, doctree):
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
    """Connect to Sphinx."""
    app.add_css_file("book.css")
    app.connect("config-inited", set_up, priority=1)
    app.connect("html-page-context", ask_for_fonts)
    app.connect("html-page-context", point, priority=600)
    app.connect("build-finished", carry)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
