"""A damaged file is never deleted: it is renamed, so that someone may still mend it."""

import time
from pathlib import Path


def set_aside(path: Path) -> Path | None:
    """Rename a file to ``name.damaged-DATE.suffix`` beside it; None where it cannot be moved."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for number in range(1, 100):
        extra = "" if number == 1 else f"-{number}"
        target = path.with_name(f"{path.stem}.damaged-{stamp}{extra}{path.suffix}")
        if target.exists():
            continue
        try:
            path.rename(target)
        except OSError:
            return None
        return target
    return None
