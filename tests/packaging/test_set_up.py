"""The set-up that the window asks for: how much there is to fetch, then fetching it."""

import http.server
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import environment
import pip_run
import pytest
import set_up
import speech

PROJECT = """
[project]
name = "tiny"
dependencies = []
[project.optional-dependencies]
train = ["tiny-train==1.0"]
cuda = []
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with one tiny package for training, which lies in a folder."""
    with zipfile.ZipFile(tmp_path / "tiny_train-1.0-py3-none-any.whl", "w") as wheel:
        about = "tiny_train-1.0.dist-info"
        wheel.writestr("tiny_train.py", "")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tiny-train\nVersion: 1.0")
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "tiny_train.py,,\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    root = tmp_path / "root"
    (root / "packaging").mkdir(parents=True)
    (root / "packaging" / "constraints.txt").touch()
    (root / "pyproject.toml").write_text(PROJECT)
    monkeypatch.setattr(set_up, "ROOT", root)
    yield root
    speech._listeners.clear()


def test_it_says_what_is_to_fetch_then_fetches_it_in_lines_for_a_program(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.provide(root, environment.read_stamp(root), ())
    assert set_up.main(["--plan", "train"]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan == {"event": "plan", "packages": ["tiny-train 1.0"], "bytes": 0, "unknown": 0}
    assert set_up.main(["train"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    # An older pip says twice that it puts packages in place.
    kinds = dict.fromkeys(event["event"] for event in told if event["event"] != "fetch")
    assert list(kinds) == ["place", "done"]
    assert any(event.get("name") == "tiny_train 1.0" for event in told)
    assert environment.read_stamp(root).extras == ("train",)


def test_what_cannot_be_had_is_a_last_event(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise speech.SetUpError("It could not be installed (there is no network).", "no network")

    monkeypatch.setattr(environment, "provide", refuse)
    assert set_up.main(["train"]) == 1
    assert json.loads(capsys.readouterr().out) == {"event": "failed", "reason": "no network"}


def test_a_server_tells_how_large_a_file_is(tmp_path: Path) -> None:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "4321")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}/torch.whl"
        assert set_up.size_of(address) == 4321
        thread.join()
    assert set_up.size_of(address) is None
    assert set_up.size_of((tmp_path / "torch.whl").as_uri()) == 0
    assert set_up.size_of("gopher://somewhere") is None


def test_the_reason_of_a_failure_is_taken_from_pips_words() -> None:
    assert pip_run.reason_in("a\nERROR: No space left on device\nERROR: more") == (
        "No space left on device"
    )
    assert "no network" in pip_run.reason_in("WARNING: Retrying: NameResolutionError(...)")
    assert pip_run.reason_in("all is well") == ""
