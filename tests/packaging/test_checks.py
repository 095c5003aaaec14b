"""What the checks do with what they start: side by side, and once more where sound was lost."""

import sys
from pathlib import Path

import checks
import pytest

PYTHON = Path(sys.executable)
# Notes each try in a file of its own; ends well from a certain try on, else as it is told.
TRY = """
import pathlib, sys
notes = pathlib.Path({name!r})
tries = notes.read_text().splitlines() if notes.exists() else []
notes.write_text("\\n".join([*tries, " ".join(sys.argv[1:]) or "first"]))
sys.exit(0 if len(tries) + 1 >= {well_from} else {status})
"""


def check(name: str, well_from: int, status: int = 1) -> checks.Check:
    return checks.Check(name, ("-c", TRY.format(name=name, well_from=well_from, status=status)))


def tries(root: Path, name: str) -> list[str]:
    return (root / name).read_text().splitlines()


def test_what_failed_while_listening_is_tried_twice_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    listening = (check("well", 1), check("shaky", 3), check("broken", 9), check("wrong", 9, 4))
    monkeypatch.setattr(checks, "LISTENING", listening)
    assert checks._listening(PYTHON, tmp_path) == ["broken", "wrong"]
    again = "--last-failed --last-failed-no-failures=none"
    assert tries(tmp_path, "well") == ["first"]
    assert tries(tmp_path, "shaky") == tries(tmp_path, "broken") == ["first", again, again]
    assert tries(tmp_path, "wrong") == ["first"], "what is no failed test is not tried again"
    assert "shaky, those that failed once more passed" in capfd.readouterr().out


def test_every_check_is_told_and_none_stops_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "QUICK", (check("format", 9),))
    monkeypatch.setattr(checks, "SIDE_BY_SIDE", (check("types", 9, 2), check("tests", 1)))
    monkeypatch.setattr(checks, "LISTENING", (check("sound", 1),))
    assert checks.run(PYTHON, tmp_path, []) == 1
    said = capfd.readouterr().out
    assert said.rstrip().endswith("Checks failed: format, types.")
    assert all(f"== {name} passed" in said for name in ("tests", "sound"))


def test_every_folder_of_tests_is_run_and_none_twice() -> None:
    root = Path(checks.__file__).parent.parent
    parts = (*checks.SIDE_BY_SIDE, *checks.LISTENING)
    named = [word for part in parts for word in part.arguments if word.startswith("tests/")]
    assert len(named) == len(set(named))
    assert all((root / word).exists() for word in named)
    left_out = {
        word.removeprefix("--ignore=")
        for part in parts
        for word in part.arguments
        if word.startswith("--ignore=")
    }
    assert left_out <= set(named)
