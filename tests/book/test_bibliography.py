"""Every work in the bibliography can be found by what stands there."""

import re

import pytest
from pybtex.database import parse_file

from .conftest import BOOK

WORKS = parse_file(BOOK / "references.bib").entries
#: Pages of the web that name no year or no author.
UNDATED = {"sentinel1", "singlegrafts"}
#: Where a work of each kind is found: one of these fields.
PLACES = {
    "article": ["journal"],
    "book": ["publisher"],
    "inproceedings": ["booktitle"],
    "incollection": ["booktitle"],
    "techreport": ["institution"],
    "manual": ["organization"],
    "misc": ["howpublished", "doi", "url", "eprint"],
}


@pytest.mark.parametrize("key", WORKS)
def test_who_when_what_and_where(key):
    work = WORKS[key]
    assert work.persons.get("author") or work.persons.get("editor") or key in UNDATED
    assert re.fullmatch(r"\d{4}", work.fields.get("year", "")) or key in UNDATED
    assert len(work.fields["title"]) > 3
    assert any(work.fields.get(field) for field in PLACES[work.type])


@pytest.mark.parametrize("key", [key for key, work in WORKS.items() if work.type == "article"])
def test_an_article_has_its_place_in_the_journal(key):
    assert {"pages", "doi", "eprint", "url"} & set(WORKS[key].fields)


def test_identifiers_are_well_formed_and_belong_to_one_work():
    dois = [work.fields["doi"].lower() for work in WORKS.values() if "doi" in work.fields]
    assert [doi for doi in dois if not re.fullmatch(r"10\.\d{4,9}/\S+", doi)] == []
    assert sorted(dois) == sorted(set(dois))
    titles = [re.sub(r"\W", "", work.fields["title"]).lower() for work in WORKS.values()]
    assert sorted(titles) == sorted(set(titles))
    eprints = [work.fields["eprint"] for work in WORKS.values() if "eprint" in work.fields]
    assert [e for e in eprints if not re.fullmatch(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}", e)] == []
