"""The training loop, to be read from top to bottom."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from engine.errors import TrainingError
from models.requests import Request
from models.session import Session
from models.stopping import Divergence
from models.task_protocol import Task
from models.together import End

__all__ = ["Outcome", "Task", "train"]

Asked = Callable[[], Request | None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: its last step, why, and which epoch became the model (None: none did)."""

    step: int
    end: End
    epoch: int | None = None


def train(session: Session, asked: Asked, model_path: Path) -> Outcome:
    """Train until the last epoch, until a stop condition, or until asked to pause or to stop.

    But for a pause an epoch is kept as the model. Raises `TrainingError` for a run that diverges or
    cannot be written; its last checkpoint stays.
    """
    task, watch = session.task, Divergence(session.settings.preset.learning_rate)
    step = session.begin()
    end, trouble = session.end_at(step, asked()), None
    with ThreadPoolExecutor(1, thread_name_prefix="loader") as loader:
        upcoming = loader.submit(task.batch, step)
        while end is None:
            batch, upcoming = upcoming.result(), loader.submit(task.batch, step + 1)
            losses = task.step(step, session.total, batch)
            step += 1
            try:
                watch.check(losses, step)
                session.took_step(step, losses, may_save=not watch.is_near)
            except TrainingError as error:
                trouble = error  # told to the other processes first, or they would wait for ever
            end = session.end_at(step, asked(), trouble)
    if end == "failed":
        raise trouble or TrainingError("Another process of this run failed, so it was ended.")
    if end == "paused":
        session.pause(step)
        return Outcome(step, end)
    return Outcome(step, end, session.keep(step, end, model_path))
