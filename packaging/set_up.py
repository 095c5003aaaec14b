"""Sets up more of Tutti for the window: one JSON line on stdout for everything that happens.

    set_up.py --plan train      what would be fetched, and how much that is
    set_up.py train             fetches and installs it

Events: ``plan`` (packages, bytes; ``unknown`` packages did not tell their size), ``fetch`` (name,
done, bytes), ``place`` (packages), ``done``, ``failed`` (reason, a sentence). End of stdin ends it;
whatever was cut short is mended by the next set-up.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import environment
import speech
from pip_run import reason_in
from speech import SetUpError

ROOT = Path(__file__).resolve().parent.parent
ANSWER_SECONDS = 15
AT_ONCE = 8


def main(arguments: list[str]) -> int:
    """Exit status; 1 where a ``failed`` event said why."""
    speech.listen(_print)
    try:
        if arguments[:1] == ["--plan"]:
            _print(plan(arguments[1:]))
        else:
            environment.provide(ROOT, environment.read_stamp(ROOT), arguments)
            _print({"event": "done"})
    except SetUpError as error:
        _print({"event": "failed", "reason": error.reason})
        return 1
    return 0


def plan(extras: list[str]) -> dict[str, Any]:
    """What the extras would bring, with the bytes to fetch. Raises SetUpError."""
    words = ["--dry-run", "--quiet", "--report", "-"]
    wanted = environment.requirements(ROOT, [*extras, *environment.extras_here()])
    command = [
        str(environment.python_of(ROOT)), "-I", "-m", "pip", "install", "--no-input",
        "--disable-pip-version-check", *words,
        "--constraint", str(ROOT / "packaging" / "constraints.txt"), *wanted,
    ]  # fmt: skip
    asked = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if asked.returncode:
        raise SetUpError(reason_in(asked.stderr) or "pip could not say what is missing.")
    found = [
        (f"{each['metadata']['name']} {each['metadata']['version']}", each["download_info"]["url"])
        for each in json.loads(asked.stdout)["install"]
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sizes = list(pool.map(lambda pair: size_of(pair[1]), found))
    return {
        "event": "plan",
        "packages": [name for name, _ in found],
        "bytes": sum(size or 0 for size in sizes),
        "unknown": sizes.count(None),
    }


def size_of(address: str) -> int | None:
    """The bytes at an address, 0 for a file of this computer; None where nobody tells."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme == "file":
        return 0
    if parts.scheme not in ("http", "https"):
        return None
    try:
        request = urllib.request.Request(address, method="HEAD")
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS) as answer:
            return int(answer.headers["Content-Length"])
    except (OSError, ValueError, TypeError, urllib.error.URLError):
        return None


def _print(event: dict[str, Any]) -> None:
    print(json.dumps(event), flush=True)


def end_with_stdin() -> None:
    """The window that waits for us may be killed: nothing shall go on unseen then."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        if os.name == "nt":
            os._exit(1)
        os.killpg(0, signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


if __name__ == "__main__":
    if os.name != "nt":
        os.setpgid(0, 0)  # pip and all of ours end together
    end_with_stdin()
    sys.exit(main(sys.argv[1:]))
