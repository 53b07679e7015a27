"""Pages of the library: what docstrings mean, and the links from code in the chapters to them."""

from __future__ import annotations

import ast
import contextlib
import inspect
import re
import textwrap
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.domains.python import PyXRefRole

from smlib.rules import Rule

ROOT = Path(__file__).parents[1]
_CELL = re.compile(
    r"^```\{code-cell\}[^\n]*\n(?:---\n.*?^---\n|(?::[^\n]*\n)*)(.*?)^```$", re.S | re.M
)
_FIELD = re.compile(r"^    (\w+): [^#\n]*#:? (.*)$", re.M)
_PROSE: dict[str, list[str]] = {}
#: Names of a value, an attribute of it, and the parenthesis of a call, as Pygments marks them.
_DOTTED = re.compile(
    r'(<span class="n">(\w+)</span><span class="o">\.</span>)(<span class="n">(\w+)</span>)'
)
_CALLED = re.compile(
    r'(?<!<span class="o">\.</span>)<span class="n">(\w+)</span>(?=<span class="p">\()'
)
_IMPORTED = re.compile(r'(?<=<span class="kn">import</span> )<span class="n">(\w+)</span>')


def imported(code: str) -> dict[str, str]:
    """Names that a text of code imports from ``smlib``, with what they stand for."""
    found = {}
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "smlib":
            # The figures' own style hands on what the explorer declares.
            module = node.module.replace("smlib.figures.style", "smlib.explorer")
            for alias in node.names:
                found[alias.asname or alias.name] = f"{module}.{alias.name}"
    return found


@cache
def names(page: str) -> dict[str, str]:
    """Names of the library in the code of a page: its cells and the figures it shows."""
    figures = ROOT / "smlib" / "figures" / f"{page.removeprefix('book/')}.py"
    found = imported(figures.read_text(encoding="utf-8")) if figures.exists() else {}
    source = ROOT / f"{page}.md"
    for cell in _CELL.findall(source.read_text(encoding="utf-8")) if source.exists() else []:
        found |= imported(cell)
    return found


def linked(html: str, known: dict[str, str], address) -> str:
    """A block of code with links; ``address`` gives that of a full name, or None."""

    def link(name, span):
        target = address(name)
        if target is None:
            return span
        return f'<a class="sm-code-link" href="{target}" title="{name}">{span}</a>'

    def dotted(match):
        module = known.get(match[2])
        return match[1] + link(f"{module}.{match[4]}", match[3]) if module else match[0]

    def bare(match):
        return link(known[match[1]], match[0]) if match[1] in known else match[0]

    return _IMPORTED.sub(bare, _CALLED.sub(bare, _DOTTED.sub(dotted, html)))


def visit_code(self, node):
    """Write a block of code, with links."""
    objects = self.builder.env.domains["py"].objects
    page = self.builder.current_docname

    def address(name):
        entry = objects.get(name)
        if entry is None or entry.objtype == "module":
            return None
        return f"{self.builder.get_relative_uri(page, entry.docname)}#{entry.node_id}"

    try:
        type(self).visit_literal_block(self, node)
    except nodes.SkipNode:
        self.body[-1] = linked(self.body[-1], names(page), address)
        raise


def visit_parameters(self, node):
    """Begin the arguments of a signature."""
    self.context.append(len(self.body))
    type(self).visit_desc_parameterlist(self, node)


def depart_parameters(self, node):
    """Write lines of a signature as lines; Sphinx lists them as definitions without terms."""
    type(self).depart_desc_parameterlist(self, node)
    start = self.context.pop()
    text = "".join(self.body[start:])
    for tag, name in (("dl", "sig-lines"), ("dd", "sig-line")):
        text = text.replace(f"<{tag}>", f'<span class="{name}">').replace(f"</{tag}>", "</span>")
    self.body[start:] = [text]


def describe_fields(app, what, name, obj, options, lines):
    """Describe the fields of a class from the remarks beside them; leave out what the page says."""
    if what == "module":
        text = re.sub(r'\s*\(Chapter "[^"]*"\.?\)\.?', "", "\n".join(lines))
        lines[:] = text.split("\n")
    # A bar in a formula is no substitution, and a literal cannot end with a space.
    lines[:] = [line.replace("|", r"\|").replace("` ``", "```") for line in lines]
    if what in ("attribute", "data", "property"):
        _PROSE[name] = list(lines)
    if what == "class" and "----------" not in "\n".join(lines):
        fields = _FIELD.findall(inspect.getsource(obj))
        lines += ["", "Attributes", "----------"] * bool(fields)
        for field, remark in fields:
            lines += [field, f"    {remark}"]


def keep_sentences(app, what, name, obj, options, lines):
    """Take a sentence with a colon for a sentence; Napoleon takes what stands before for a type."""
    lines[:] = _PROSE.get(name, lines)


def unbundled(function):
    """Parameters of a function; in place of ``**law`` those of what it hands the law to."""
    found = dict(inspect.signature(function).parameters)
    *_, last = found.values() or [None]
    if last and last.kind is last.VAR_KEYWORD and (bundle := handed(function, last.name)):
        del found[last.name]
        for name, each in bundle.items():
            found.setdefault(name, each.replace(kind=each.KEYWORD_ONLY))
    return found


def handed(function, name):
    """Parameters that a function fills from one of its own, a dict, in the first call that does."""
    inner = inspect.unwrap(getattr(function, "__func__", function))
    known = inner.__globals__ | {"cls": getattr(function, "__self__", None)}
    for call in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(inner)))):
        if not isinstance(call, ast.Call):
            continue
        names = [getattr(each, "id", "") for each in (call.func, *call.args)]
        called, *names = names[names[0] == "partial" :]
        stars = [getattr(each.value, "id", "") for each in call.keywords if each.arg is None]
        if name in stars:
            found = unbundled(known[called])
            given = {*list(found)[: len(names)], *(each.arg for each in call.keywords)}
            return {n: each for n, each in found.items() if n not in given}
        if name in names and inspect.isfunction(known.get(called)):
            place = list(inspect.signature(known[called]).parameters)[names.index(name)]
            if found := handed(known[called], place):
                return found
    return {}


def show_rules(app, obj, bound_method):
    """Of all annotations show what is asked of arguments: as a text, in which commas part nothing.

    Sphinx takes the outer quotes off; `adopt_nodes` takes off those that it then parses.
    """
    with contextlib.suppress(TypeError, ValueError, AttributeError):
        signature, found = inspect.signature(obj), unbundled(obj)
        asked = {n: p.annotation for n, p in found.items()}
        asked = {n: f"'{str(rule)!r}'" for n, rule in asked.items() if isinstance(rule, Rule)}
        parameters = [
            each.replace(annotation=asked.get(name, each.empty)) for name, each in found.items()
        ]
        obj.__annotations__ = asked
        obj.__signature__ = signature.replace(
            parameters=parameters, return_annotation=signature.empty
        )


def skip_fields(app, what, name, obj, skip, options):
    """Fields of a named tuple have a docstring that says nothing."""
    return True if type(obj).__name__ == "_tuplegetter" else None


def resolve_argument(app, env, node, contnode):
    """A name in backticks may be that of an argument: then it is code, and no broken link."""
    if node.get("reftype") != "name":
        return None
    domain, target = env.domains["py"], node["reftarget"]
    found = domain.resolve_xref(
        env, node["refdoc"], app.builder, "obj", f"smlib.{target}", node, contnode
    )
    public = target.startswith("smlib.") and not target.rpartition(".")[2].isupper()
    return found if found is not None or public else contnode


def adopt_nodes(app, doctree):
    """Let what ``eval-rst`` has read belong to its page; show rules without quotes.

    The document that it was read into holds the whole environment, which would be kept with each
    page: 13 MB instead of 0.2.
    """
    for node in doctree.findall():
        node.document = doctree
    for literal in list(doctree.findall(addnodes.desc_sig_literal_string)):
        if isinstance(literal.parent, addnodes.desc_sig_name):
            text = literal.astext()[1:-1]
            literal.parent.replace(literal, nodes.inline(text, text))


def setup(app):
    """Connect to Sphinx."""
    app.add_role_to_domain("py", "name", PyXRefRole())
    app.add_node(nodes.literal_block, override=True, html=(visit_code, None))
    parameters = visit_parameters, depart_parameters
    app.add_node(addnodes.desc_parameterlist, override=True, html=parameters)
    app.connect("autodoc-before-process-signature", show_rules, priority=600)
    app.connect("autodoc-process-docstring", describe_fields, priority=400)
    app.connect("autodoc-process-docstring", keep_sentences, priority=600)
    app.connect("autodoc-skip-member", skip_fields)
    app.connect("missing-reference", resolve_argument)
    app.connect("doctree-read", adopt_nodes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
