"""The command itself, in a checkout of its own: what is found, what is said, what it costs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import environment
import pytest

SOURCE = Path(environment.__file__).parent.parent
ECHO = "import sys; print(__name__, __spec__.parent, *sys.argv[1:])"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The launcher with worlds that only say their name, set up already and without a network."""
    root = tmp_path_factory.mktemp("checkout") / "a folder with spaces"
    shutil.copytree(SOURCE / "packaging", root / "packaging")
    for name in ("tutti", "pyproject.toml"):
        shutil.copy2(SOURCE / name, root / name)
    for world in ("engine", "models", "desktop"):
        (root / world).mkdir()
        (root / world / "__init__.py").touch()
        (root / world / "__main__.py").write_text(ECHO)
    _set_up_without_pip(root)
    return root


def _set_up_without_pip(root: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", root / ".venv"], check=True)
    (environment._site_packages(root) / "tutti.pth").write_text(f"{root}\n")
    stamp = environment.Stamp(environment.fingerprint(root), ("train",), ("studio",))
    environment._write_stamp(root, stamp)


@pytest.fixture
def run(checkout: Path, tmp_path: Path) -> Run:
    def run(*arguments: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **changed}
        command = [str(checkout / "tutti"), *arguments]
        return subprocess.run(command, env=bare, cwd=tmp_path, capture_output=True, text=True)

    return run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "__main__ desktop"),
        (("my song.mid",), "__main__ desktop my song.mid"),
        (("generate", "a.mid", "--json"), "__main__ engine generate a.mid --json"),
        (("train", "--epochs", "2"), "__main__ models --epochs 2"),
    ],
)
def test_each_world_is_started_with_its_arguments(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    done = run(*arguments)
    assert (done.stdout.strip(), done.stderr, done.returncode) == (said, "", 0)


def test_a_start_with_nothing_to_set_up_sets_nothing_up(run: Run, checkout: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in (checkout / ".venv").rglob("*")}
    assert run("--version").stderr == ""
    after = {path: path.stat().st_mtime_ns for path in (checkout / ".venv").rglob("*")}
    assert {path: time for path, time in after.items() if "__pycache__" not in path.parts} == {
        path: time for path, time in before.items() if "__pycache__" not in path.parts
    }


def test_a_folder_named_like_ours_where_the_user_stands_is_not_taken(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "engine").mkdir()
    (tmp_path / "engine" / "__main__.py").write_text("print('not ours')")
    assert run("models").stdout.strip() == "__main__ engine models"


def test_the_command_works_through_a_link(checkout: Path, tmp_path: Path) -> None:
    link = tmp_path / "tutti"
    link.symlink_to(checkout / "tutti")
    done = subprocess.run([link, "devices"], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.strip() == "__main__ engine devices"


def test_without_a_python_that_fits_it_says_which_one_it_needs(tmp_path: Path) -> None:
    """Every Python on this path says that it is too new, by refusing the question."""
    shutil.copy2(SOURCE / "tutti", tmp_path / "tutti")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("sh", "dirname", "readlink", "cat"):
        (programs / name).symlink_to(shutil.which(name) or "")
    too_new = programs / "python3"
    too_new.write_text('#!/bin/sh\ncase "$4" in *print*) echo here is 3.14 ;; *) exit 1 ;; esac\n')
    too_new.chmod(0o755)
    done = subprocess.run(
        [tmp_path / "tutti"], env={"PATH": str(programs)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Tutti: needs Python 3.11 or 3.12; here is 3.14.\n")


def test_a_checkout_that_cannot_be_written_to_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """As root every folder can be written to, so the lock's own name is taken by a folder."""
    root = tmp_path / "checkout"
    shutil.copytree(SOURCE / "packaging", root / "packaging")
    shutil.copy2(SOURCE / "pyproject.toml", root)
    (root / ".venv.lock").mkdir()
    done = subprocess.run(
        [sys.executable, root / "packaging" / "launch.py", "--version"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 1
    assert "cannot be written to" in done.stderr
    assert "Traceback" not in done.stderr
