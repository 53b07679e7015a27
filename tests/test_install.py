"""uv installs where it is told all that pip is told, else pip does."""

import pytest

from tools.install import counterparts


def test_without_settings_uv_is_told_nothing():
    assert counterparts("") == {}


def test_what_pip_is_told_is_handed_over():
    listed = """:env:.find-links='/wheels'
global.cert='/etc/ca.crt'
global.constraint='/etc/pins.txt'
global.extra-index-url='file:///one/simple file:///two/simple'
global.index-url='https://pypi.example/simple'
global.timeout='60'
"""
    assert counterparts(listed) == {
        "UV_FIND_LINKS": "/wheels",
        "SSL_CERT_FILE": "/etc/ca.crt",
        "UV_CONSTRAINT": "/etc/pins.txt",
        "UV_INDEX": "file:///one/simple file:///two/simple",
        "UV_DEFAULT_INDEX": "https://pypi.example/simple",
    }


def test_the_environment_has_the_last_word_and_lists_are_written_as_each_is_read():
    listed = ":env:.index-url='https://b/'\nglobal.index-url='https://a/'\n"
    assert counterparts(listed) == {"UV_DEFAULT_INDEX": "https://b/"}
    assert counterparts("global.find-links='\\n/a\\n/b'") == {"UV_FIND_LINKS": "/a,/b"}


def test_settings_of_other_commands_do_not_matter():
    assert counterparts("download.platform='any'\nlist.format='columns'") == {}


@pytest.mark.parametrize("name", ["target", "user", "only-binary", "client-cert", "prefix", "pre"])
def test_with_a_setting_that_uv_does_not_know_pip_installs(name):
    assert counterparts(f"global.{name}='x'") is None
