"""Keep webapp/translations complete: collect the marked texts, add new ones, drop old ones, say what is missing.

``make translations`` runs it. Texts are marked ``_("…")`` in the web application and its templates, ``N_("…")`` in the
engine.
"""

from __future__ import annotations

import ast
import io
import re
import string
import sys
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
ENGLISH = ROOT / "webapp" / "translations" / "en.po"
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/templates/**.txt", "jinja2")]
_KEYWORDS = {"_": None, "N_": None}
# Neither holds sentences of the user interface: packages of the front end, and the names of demo places and posts.
_LEFT_OUT = ("node_modules", "static", "demo")
_CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
_MARKED_AS_DATA = re.compile(r"#\s*zh:\s*\S")


@dataclass(frozen=True)
class Unmarked:
    """Chinese text that no reader of English will ever see translated."""

    path: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line}: {self.text[:40]!r}"


def collect() -> dict[str, list[str]]:
    """All marked texts and the files that use them."""
    found: dict[str, set[str]] = {}
    for package in ("engine", "webapp"):
        messages = extract_from_dir(
            ROOT / package, _METHODS, keywords=_KEYWORDS, comment_tags=(), directory_filter=_is_ours
        )
        for file, _line, message, _comments, _context in messages:
            found.setdefault(str(message), set()).add(f"{package}/{file}")
    return {message: sorted(files) for message, files in found.items()}


def _is_ours(folder: str) -> bool:
    return Path(folder).name not in _LEFT_OUT and not Path(folder).name.startswith((".", "__"))


def load(path: Path = ENGLISH) -> dict[str, str]:
    """What a catalogue holds: Chinese text to translation, "" where it is missing."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


def update() -> list[str]:
    """Rewrite en.po from the marked texts, keeping the translations there are; returns the texts without one."""
    known, catalogue = load(), Catalog(locale="en", fuzzy=False)
    catalogue.header_comment = "# English texts of Wuji. The Chinese text is the key; make translations keeps the list."
    marked = collect()
    for message in sorted(marked, key=lambda text: (marked[text][0], text)):
        catalogue.add(message, known.get(message, ""), locations=[(file, None) for file in marked[message]])
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, include_lineno=False)
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    ENGLISH.write_bytes(_plain_header(buffer.getvalue()))
    return [message for message in marked if not known.get(message)]


def _plain_header(text: bytes) -> bytes:
    """Without dates and unfilled fields: two runs on the same texts give the same file."""
    unwanted = rb"POT-Creation-Date|PO-Revision-Date|Report-Msgid|Last-Translator|Language-Team|Project-Id|Generated-By"
    return re.sub(rb'"(' + unwanted + rb')[^"]*"\n', b"", text)


def problems(marked: set[str], catalogue: dict[str, str]) -> list[str]:
    """What is wrong with a catalogue: missing, stale, and placeholders that do not match."""
    found = [f"missing: {text!r}" for text in sorted(marked) if not catalogue.get(text)]
    found += [f"stale: {text!r}" for text in sorted(set(catalogue) - marked)]
    for source, target in sorted(catalogue.items()):
        if target and placeholders(source) != placeholders(target):
            found.append(f"placeholders differ: {source!r} and {target!r}")
        if _CHINESE.search(target):
            found.append(f"still Chinese: {target!r}")
    return found


def placeholders(text: str) -> set[str]:
    """The names in braces; {"?"} when the braces do not fit together."""
    try:
        return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"?"}


def unmarked_in_python(path: Path, text: str) -> Iterator[Unmarked]:
    """Chinese string literals outside ``_()`` and ``N_()``; docstrings and lines with ``# zh: reason`` are left out."""
    tree, lines = ast.parse(text), _lines_marked_as_data(text)
    allowed = {id(node) for call in ast.walk(tree) if _is_mark(call) for node in ast.walk(call)}
    allowed |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in allowed:
            continue
        if _CHINESE.search(node.value) and not lines & set(range(node.lineno, (node.end_lineno or node.lineno) + 1)):
            yield Unmarked(path, node.lineno, node.value)


def _is_mark(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _KEYWORDS


def _lines_marked_as_data(text: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return {t.start[0] for t in tokens if t.type == tokenize.COMMENT and _MARKED_AS_DATA.match(t.string)}


def unmarked_in_template(path: Path, text: str) -> Iterator[Unmarked]:
    """Chinese in a template outside ``_("…")``; comments and lines with ``{# zh: reason #}`` are left out."""
    bare = re.sub(r"^.*\{#-?\s*zh:\s*\S.*$", "", text, flags=re.MULTILINE)
    bare = re.sub(r"\{#.*?#\}", _blank, bare, flags=re.DOTALL)
    bare = re.sub(r"""\b_\(\s*("[^"]*"|'[^']*')""", _blank, bare)
    for number, line in enumerate(bare.splitlines(), 1):
        if _CHINESE.search(line):
            yield Unmarked(path, number, line.strip())


def _blank(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def unraised_in_engine(path: Path, text: str) -> Iterator[Unmarked]:
    """Chinese texts that the engine raises without ``N_()``."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            for argument in node.exc.args:
                if isinstance(argument, ast.Constant | ast.JoinedStr) and _CHINESE.search(ast.unparse(argument)):
                    yield Unmarked(path, node.lineno, ast.unparse(argument))


def unmarked() -> list[Unmarked]:
    """All unmarked Chinese text of the web application, and the unmarked errors of the engine."""
    found: list[Unmarked] = []
    for path in _files("webapp", "*.py"):
        found += unmarked_in_python(path, path.read_text())
    for path in _files("webapp", "*.html"):
        found += unmarked_in_template(path, path.read_text())
    for path in _files("engine", "*.py"):
        found += unraised_in_engine(path, path.read_text())
    return found


def _files(package: str, pattern: str) -> list[Path]:
    return [
        path
        for path in sorted((ROOT / package).rglob(pattern))
        if not set(path.relative_to(ROOT / package).parts[:-1]) & set(_LEFT_OUT)
    ]


def main() -> int:
    """Update en.po and print what is left to do; the exit status says whether anything is."""
    update()
    found = problems(set(collect()), load()) + [f"unmarked: {place}" for place in unmarked()]
    print("\n".join(found) or "en.po is complete.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
