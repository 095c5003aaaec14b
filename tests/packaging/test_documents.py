"""What the documents name is there."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import environment
import pytest

ROOT = Path(environment.__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "LICENSES.md", "docs/architecture.md")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_in_code_marks_exists(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    named = re.findall(r"`([\w./]+(?:/|\.py|\.md|\.toml|\.cmd|\.txt))`", text)
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_picture_and_link_of_ours_exists(document: str) -> None:
    folder = (ROOT / document).parent
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / document).read_text("utf-8"))
    assert [link for link in links if not (folder / link).exists()] == []


def test_the_rooms_of_the_architecture_are_the_rooms_of_the_code() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    rooms = list(_rooms(text.split("## Rooms\n```\n")[1].split("```")[0]))
    assert len(rooms) > 40
    assert [str(room) for room in rooms if not (ROOT / room).exists()] == []


def _rooms(block: str) -> Iterator[Path]:
    """The files and folders that the plan names, each under the top folder it stands below."""
    top = Path()
    for line in block.splitlines():
        named = [Path(name) for name in re.findall(r"(?<!\S)[\w/]+(?:/|\.py)(?=[\s,;]|$)", line)]
        if line[:1].strip():
            top, named = named[0], named[1:]
            yield top
        yield from (top / name for name in named)


# Where a package is called otherwise than the part of it that a reader knows.
KNOWN_AS = {
    "pyside6_essentials": "pyside6",
    "onnxruntime-gpu": "onnx runtime",
    "onnxruntime": "onnx runtime",
    "torch": "pytorch",
    "lightning-fabric": "lightning fabric",
    "onnxscript": "onnx script",
}


def test_all_that_is_fetched_has_its_licence_told() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    pins = [*project["dependencies"], *project["optional-dependencies"]["train"]]
    names = {re.split(r"[\[=]", pin)[0].lower() for pin in pins}
    told = (ROOT / "LICENSES.md").read_text("utf-8").lower()
    assert [name for name in sorted(names) if KNOWN_AS.get(name, name) not in told] == []
    kinds = {path.name for path in (ROOT / "resources").iterdir() if path.name[0] not in "._"}
    assert [kind for kind in sorted(kinds) if f"resources/{kind}" not in told] == []
