"""What the program imports is what pyproject.toml asks for, and the other way round."""

import ast
import re
import sys
from functools import cache
from pathlib import Path

import environment

ROOT = Path(environment.__file__).parent.parent
OWN = {"desktop", "engine", "models"}
# Where a package is imported by another name than the one it is fetched by.
PACKAGES = {
    "PySide6": "pyside6-essentials",
    "shiboken6": "pyside6-essentials",
    "rtmidi": "python-rtmidi",
    "PIL": "pillow",
    "google": "protobuf",
}
# Needed without being imported: two for a font file in them, one by torch's exporter; what
# onnxruntime is on systems without its GPU build; and one of which only the core is loaded.
UNSEEN = {"pretty-midi", "qtawesome", "onnxscript", "onnxruntime-gpu", "symusic"}


def _imported_by(*worlds: str) -> set[str]:
    """The packages that the modules of some worlds import, by the names they are fetched by."""
    names = frozenset().union(*map(_names_in, worlds))
    foreign = names - OWN - set(sys.stdlib_module_names)
    return {PACKAGES.get(name, name.lower().replace("_", "-")) for name in foreign}


@cache
def _names_in(world: str) -> frozenset[str]:
    """The first names of all that the modules of a world import; each is parsed once."""
    return frozenset(
        name.split(".")[0]
        for path in (ROOT / world).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _names(node)
    )


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def _asked_for(*extras: str) -> set[str]:
    lines = environment.requirements(ROOT, extras)
    return {re.split(r"[\[=;]", line)[0].lower().replace("_", "-") for line in lines}


def test_the_studio_and_the_command_line_find_all_they_import() -> None:
    assert _imported_by("desktop", "engine") - _asked_for() == set()


def test_the_trainer_finds_all_it_imports() -> None:
    assert _imported_by(*OWN) - _asked_for("train") == set()


def test_nothing_is_fetched_that_nobody_uses() -> None:
    assert _asked_for("train") - _imported_by(*OWN) - UNSEEN == set()
