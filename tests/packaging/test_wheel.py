"""A wheel holds every module and every resource of the checkout."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import environment

ROOT = Path(environment.__file__).parent.parent
WORLDS = ("desktop", "engine", "models", "resources")
BUILD = "import sys; from setuptools import build_meta; print(build_meta.build_wheel(sys.argv[1]))"


def test_a_wheel_is_complete_and_holds_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for world in WORLDS:
        shutil.copytree(ROOT / world, source / world, ignore=_without_caches)
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSES.md"):
        shutil.copy2(ROOT / name, source)
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD, str(tmp_path)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    ours = {str(path.relative_to(source)) for world in WORLDS for path in _files(source / world)}
    assert held == ours


def _without_caches(_: str, names: list[str]) -> set[str]:
    return {name for name in names if name == "__pycache__"}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
