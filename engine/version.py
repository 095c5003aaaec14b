"""Which Tutti this is."""

import tomllib
from importlib import metadata
from pathlib import Path

DISTRIBUTION = "tutti"


def version() -> str:
    """The version: of the working tree it runs from, else of the installed package."""
    project = Path(__file__).resolve().parents[1] / "pyproject.toml"
    if project.is_file():
        return str(tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"])
    return metadata.version(DISTRIBUTION)
