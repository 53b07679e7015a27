"""Every link of the built site to the site itself leads somewhere."""

from functools import cache
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from . import test_metadata
from .test_metadata import BASE

SITE = test_metadata.SITE.resolve()
#: JupyterLite's pages and the templates of the theme are not ours.
FOREIGN = {"lite", "_static"}
PAGES = {path for path in SITE.rglob("*.html") if path.relative_to(SITE).parts[0] not in FOREIGN}
#: Elements that load or lead to something; the parts of a drawing have tests of their own.
TAGS = {"a", "audio", "iframe", "img", "link", "script", "source", "video"}


class Page(HTMLParser):
    """The anchors of a page and the addresses to which it points."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.addresses = {"", "top"}, set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.anchors |= {found.get("id"), found.get("name") if tag == "a" else None}
        if tag in TAGS:
            self.addresses |= {found[key] for key in ("href", "src") if found.get(key)}


read = cache(Page)


def missing(page, address):
    """Whether a link from a page to the site leads to no file or to no place in it."""
    parts = urlsplit(address.removeprefix(BASE) if address.startswith(BASE) else address)
    if parts.scheme or parts.netloc:
        return False
    start = SITE if address.startswith(BASE) else page.parent
    target = (start / unquote(parts.path)).resolve() if parts.path else page
    target = target / "index.html" if target.is_dir() else target
    if not target.is_file():
        return True
    # A deck numbers its slides itself.
    inside = target.suffix == ".html" and not parts.fragment.startswith("/")
    return inside and target in PAGES and unquote(parts.fragment) not in read(target).anchors


def test_every_link_leads_to_a_file_and_a_place_in_it():
    broken = {
        (str(page.relative_to(SITE)), address)
        for page in PAGES
        for address in read(page).addresses
        if missing(page, address)
    }
    assert sorted(broken) == []


def test_the_check_sees_links_and_what_is_wrong_with_one():
    assert len(PAGES) > 50
    assert sum(len(read(page).addresses) for page in PAGES) > 2000
    intro = SITE / "book" / "intro.html"
    assert not missing(intro, "labor.html#ch-labor")
    assert not missing(intro, "labor.html?the_trial.case=3#ch-labor")
    assert not missing(intro, "https://example.org/none.html")
    for wrong in ("none.html", "labor.html#none", "#none", f"{BASE}book/none.html"):
        assert missing(intro, wrong)
