"""Tutti works offline, and leaves nothing behind but where the user's data lies."""

import os
import subprocess
import sys
from pathlib import Path

from tests.tiny_models import write_tiny_model

LOAD = """
import sys
from pathlib import Path
from engine.generation.generator import Generator
Generator.load(Path(sys.argv[1]), "cpu").warm()
"""


def test_loading_a_model_leaves_no_identifier_in_the_home_folder(tmp_path: Path) -> None:
    model, home = tmp_path / "tiny.onnx", tmp_path / "home"
    write_tiny_model(model)
    home.mkdir()
    telling = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name}
    subprocess.run(
        [sys.executable, "-c", LOAD, str(model)],
        env={**telling, "HOME": str(home), "PYTHONPATH": str(Path.cwd())},
        check=True,
    )
    assert list(home.rglob("*")) == []
