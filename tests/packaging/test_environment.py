"""The environment is made once, mended when it was cut short, and made from pins."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import environment
import pip_run
import pytest
from speech import SetUpError

ROOT = Path(environment.__file__).parent.parent
PROJECT = """
[project]
name = "tiny"
dependencies = ["tiny-core==1.0"]
[project.optional-dependencies]
train = ["tiny-train==1.0"]
cuda = []
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two tiny packages that lie in a folder; the network is not asked."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for name in ("tiny-core", "tiny-train"):
        _write_wheel(wheels, name)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    root = tmp_path / "root"
    (root / "packaging").mkdir(parents=True)
    (root / "packaging" / "constraints.txt").touch()
    (root / "pyproject.toml").write_text(PROJECT)
    return root


def _write_wheel(folder: Path, name: str) -> None:
    module = name.replace("-", "_")
    about = f"{module}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{module}-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{module}.py", "")
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", f"{module}.py,,\n{about}/METADATA,,\n{about}/WHEEL,,\n")


def _can_import(root: Path, module: str) -> bool:
    command = [str(environment.python_of(root)), "-I", "-c", f"import {module}"]
    return subprocess.run(command, capture_output=True).returncode == 0


def _site(root: Path) -> Path:
    return environment._site_packages(root)


def test_an_environment_is_made_extended_and_mended(root: Path) -> None:
    stamp = environment.provide(root, environment.read_stamp(root), ())
    assert environment.read_stamp(root) == stamp
    assert _can_import(root, "tiny_core")
    assert not _can_import(root, "tiny_train")
    assert (_site(root) / "tutti.pth").read_text().strip() == str(root)

    longer = environment.provide(root, stamp, ("train",))
    assert longer.extras == ("train",)
    assert _can_import(root, "tiny_train")

    # As a kill in the middle of copying leaves it: files without the last one, and no stamp.
    (_site(root) / "tiny_core-1.0.dist-info" / "INSTALLER").unlink()
    (_site(root) / "tiny_core.py").unlink()
    (root / ".venv" / "tutti.json").unlink()
    environment.provide(root, environment.read_stamp(root), ())
    assert _can_import(root, "tiny_core")


def test_an_environment_without_a_working_python_is_made_anew(root: Path) -> None:
    (root / ".venv" / "bin").mkdir(parents=True)
    environment.python_of(root).write_text("not a program")
    environment.provide(root, environment.read_stamp(root), ())
    assert _can_import(root, "tiny_core")


def test_a_package_that_cannot_be_had_is_told_with_pips_reason(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(root))
    with pytest.raises(SetUpError, match=r"could not be installed .*tiny-core.*goes on from here"):
        environment.provide(root, environment.read_stamp(root), ())
    assert environment.read_stamp(root) == environment.Stamp()


def test_an_unchanged_environment_is_not_touched(root: Path) -> None:
    stamp = environment.Stamp(environment.fingerprint(root), ("train",))
    assert environment.provide(root, stamp, ("train",)) is stamp
    assert not (root / ".venv").exists()


@pytest.mark.parametrize("name", ["pyproject.toml", "packaging/constraints.txt"])
def test_a_changed_pin_asks_for_a_new_set_up(root: Path, name: str) -> None:
    before = environment.fingerprint(root)
    with (root / name).open("a") as file:
        file.write("\n# another line\n")
    assert environment.fingerprint(root) != before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"fingerprint": "x"}', "null"])
def test_a_damaged_stamp_counts_as_none(root: Path, text: str) -> None:
    (root / ".venv" / "bin").mkdir(parents=True)
    environment.python_of(root).touch()
    (root / ".venv" / "tutti.json").write_text(text)
    assert environment.read_stamp(root) == environment.Stamp()


def test_half_copied_packages_are_forgotten_and_whole_ones_kept(tmp_path: Path) -> None:
    whole, half = tmp_path / "whole-1.dist-info", tmp_path / "half-1.dist-info"
    whole.mkdir()
    half.mkdir()
    (whole / "INSTALLER").write_text("pip")
    pip_run.forget_half_installed(tmp_path)
    assert whole.exists()
    assert not half.exists()


def test_everything_is_pinned_to_one_version() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = environment.requirements(ROOT, extras["optional-dependencies"])
    loose = [line for line in lines if not re.match(r"[\w-]+(\[[\w,]+\])?==[\w.]+(;|$)", line)]
    assert loose == []


def test_the_two_builds_of_onnxruntime_never_come_together() -> None:
    marked = {
        line.split("==")[0]: line.split(";")[1]
        for line in environment.requirements(ROOT, ())
        if line.startswith("onnxruntime")
    }
    swapped = marked["onnxruntime-gpu"].replace("!=", "==").replace(" and ", " or ")
    assert marked["onnxruntime"] == swapped


def test_this_environment_holds_what_the_pins_say() -> None:
    frozen = subprocess.run(
        [sys.executable, "-m", "pip", "freeze"], capture_output=True, text=True, check=True
    ).stdout.lower()
    held = dict(re.findall(r"^([\w-]+)==(\S+)$", frozen.replace("_", "-"), re.MULTILINE))
    pinned = re.findall(
        r"^([\w-]+)==(\S+)$",
        (ROOT / "packaging" / "constraints.txt").read_text().lower().replace("_", "-"),
        re.MULTILINE,
    )
    assert [(n, held[n]) for n, v in pinned if n in held and held[n] != v] == []
