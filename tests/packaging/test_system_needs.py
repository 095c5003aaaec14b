"""What the system lacks is found by trying, and asked for by the name that apt knows."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import system_needs
from speech import SetUpError
from system_needs import Need

Apt = Callable[..., Path]


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Apt:
    """An apt that knows some names, notes what it is asked, and installs as told."""

    def make(*known: str, works: bool = True) -> Path:
        calls, programs = tmp_path / "calls", tmp_path / "bin"
        programs.mkdir()
        patterns = "|".join(known) or "none"
        _write_program(
            programs / "apt-cache",
            f'case "$2" in {patterns}) echo "  Candidate: 1.0" ;; esac',
        )
        _write_program(
            programs / "apt-get",
            f'echo "$DEBIAN_FRONTEND: $*" >> {calls}; [ "$1" = update ] || '
            + (f"touch {tmp_path / 'installed'}" if works else "exit 100"),
        )
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/usr/bin:/bin")
        return calls

    return make


def _write_program(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def _need_sound(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, essential: bool) -> None:
    there = (tmp_path / "installed").exists
    need = Need("Sound", "libsound.so.2", there, ("libsound2t64", "libsound2"), None, essential)
    monkeypatch.setattr(system_needs, "needs_of", lambda occasion: (need,))


@pytest.fixture(autouse=True)
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)


def test_what_this_machine_has_is_found_without_asking_apt(apt: Apt) -> None:
    calls = apt()
    assert system_needs.provide("studio")
    assert not calls.exists()


@pytest.mark.parametrize("known", ["libsound2t64", "libsound2"])
def test_the_name_is_the_one_this_release_knows(
    apt: Apt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: str
) -> None:
    calls = apt(known)
    _need_sound(monkeypatch, tmp_path, essential=True)
    assert system_needs.provide("studio")
    (line,) = calls.read_text().splitlines()
    assert line.startswith("noninteractive: install -y")
    assert line.endswith(f" {known}")


def test_unknown_names_are_looked_for_in_a_new_list_first(
    apt: Apt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = apt("something-else")
    _need_sound(monkeypatch, tmp_path, essential=True)
    with pytest.raises(SetUpError, match=r"Sound \(libsound.so.2\) could not be had; apt knows"):
        system_needs.provide("studio")
    assert calls.read_text() == "noninteractive: update -q\n"


def test_the_window_opens_without_what_only_sounds(
    apt: Apt,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    apt("libsound2", works=False)
    _need_sound(monkeypatch, tmp_path, essential=False)
    assert not system_needs.provide("studio")
    assert "Going on without Sound (libsound.so.2); please run: sudo apt-get install libsound2" in (
        capsys.readouterr().err
    )


def test_the_tests_do_not_go_on_without_anything(
    apt: Apt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apt("libsound2", works=False)
    _need_sound(monkeypatch, tmp_path, essential=False)
    with pytest.raises(SetUpError, match="Sound"):
        system_needs.provide("test")


def test_without_root_and_without_sudo_the_command_is_given_to_the_user(
    apt: Apt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = apt("libsound2")
    _need_sound(monkeypatch, tmp_path, essential=True)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr("shutil.which", _which_without_sudo)
    with pytest.raises(SetUpError, match="please run: sudo apt-get install libsound2"):
        system_needs.provide("studio")
    assert not calls.exists()


def _which_without_sudo(name: str) -> str | None:
    return None if name == "sudo" else f"/usr/bin/{name}"


def test_a_user_installs_by_sudo(apt: Apt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = apt("libsound2")
    _write_program(tmp_path / "bin" / "sudo", '[ "$1" = -n ] && shift; echo by sudo; "$@"')
    _need_sound(monkeypatch, tmp_path, essential=True)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert system_needs.provide("studio")
    assert calls.read_text().startswith("noninteractive: install")
