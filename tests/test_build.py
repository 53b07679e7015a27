"""A finished site is not built again, and nothing else is taken for one."""

import pytest

from tools import site

FILES = ["_config.yml", "book/page.md", "bookext/one.py", "smlib/a.py", "smlib/data/t.csv"]
FILES += ["constraints.txt", "package-lock.json", "tools/site.py"]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A folder with sources and a site of two pages."""
    for name in [*FILES, "_build/html/index.html", "_build/html/book/page.html", "README.md"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    monkeypatch.setattr(site, "ROOT", tmp_path)
    monkeypatch.setattr(site, "SITE", tmp_path / "_build" / "html")
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_a_change_of_a_source_is_seen(checkout, name):
    before = site.state()
    assert site.state() == before
    (checkout / name).write_text("2")
    assert site.state() != before


def test_a_new_source_and_a_page_that_is_gone_are_seen(checkout):
    before = site.state()
    (checkout / "book" / "new.md").write_text("1")
    with_new = site.state()
    (checkout / "_build" / "html" / "book" / "page.html").unlink()
    assert len({str(each) for each in (before, with_new, site.state())}) == 3


def test_what_the_site_is_not_made_of_is_not_seen(checkout):
    before = site.state()
    (checkout / "README.md").write_text("2")
    (checkout / "smlib" / "__pycache__").mkdir()
    (checkout / "smlib" / "__pycache__" / "a.pyc").write_text("2")
    assert site.state() == before
