"""The command line as a program of its own."""

import subprocess
import sys

from tests.flows.studio import ROOT


def generate(*arguments: object) -> "subprocess.CompletedProcess[str]":
    """Run ``tutti generate`` with the shipped model unless another is named."""
    command = [sys.executable, "-m", "engine", "generate", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
