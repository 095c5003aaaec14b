"""A run between its start and its end: all that surrounds the steps themselves."""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lightning_fabric import Fabric

from engine.store.curve_values import is_of_an_epoch
from engine.store.training_run import TrainingRun
from models import checkpoint
from models.checkpoint import Progress
from models.keeping import keep_candidate
from models.measuring import Candidate, Candidates, Gauge
from models.requests import Request
from models.samples import sample_composition, write_sample
from models.settings import RunSettings
from models.stopping import Divergence, Plateau
from models.task_protocol import Task
from models.together import End, agreed

Event = dict[str, Any]
Report = Callable[[Event], None]


class Session:
    """Tells, measures, saves and ends a run. Of several processes the first alone writes."""

    def __init__(
        self,
        task: Task,
        settings: RunSettings,
        run: TrainingRun,
        fabric: Fabric,
        report: Report,
        device: Mapping[str, str],
    ) -> None:
        self.task, self.settings, self.run, self.fabric = task, settings, run, fabric
        self.writes = fabric.is_global_zero
        self.total = settings.total_epochs * task.steps_per_epoch
        self._report, self._device = report, device
        self._plateau, self._candidates = Plateau(task.curves), Candidates()
        self._is_flat = False
        self._before = self._began = self._saved = 0.0
        self._measured_at = -1
        self._start: Event = {}

    @property
    def seconds(self) -> float:
        """Seconds of training, those before a resume among them."""
        return round(self._before + time.monotonic() - self._began, 1)

    def begin(self) -> int:
        """Go on from the last checkpoint, or measure the untrained network; the first step."""
        self._began = self._saved = time.monotonic()
        warnings: list[str] = []
        progress = checkpoint.load_everywhere(
            self.fabric, self.run, self.task.modules, self.task.optimizers, warnings
        )
        self._before = progress.seconds
        if self.writes:
            self.run.cut_after(progress.step)
            self._remember()
            for reason in warnings:
                self._tell({"event": "warning", "step": progress.step, "reason": reason})
            self._gauge = Gauge(self.task)
            self._start = self._started(progress.step)
            self._tell(self._start)
            if self._measured_at < 0:
                self._measure(progress.step)
        return progress.step

    def _remember(self) -> None:
        """Know from the run's own lines what was measured, and how its losses went."""
        for event in self.run.events():
            self._plateau.feed(event)
            if is_of_an_epoch(event):
                self._candidates.add(Candidate.from_event(event))
                self._measured_at = event["step"]

    def took_step(self, step: int, losses: Mapping[str, float], may_save: bool) -> None:
        """Tell a step; at an epoch's end measure; save when it is time. Raises `TrainingError`."""
        self._tell({"event": "step", "step": step, **losses})
        if step % self.task.steps_per_epoch == 0 or step == self.total:
            self._end_epoch(step)
        is_due = time.monotonic() - self._saved > 60 * self.settings.checkpoint_minutes
        if is_due and may_save:
            self._save(step)

    def end_at(
        self, step: int, asked: Request | None, trouble: Exception | None = None
    ) -> End | None:
        """Why the run ends before its next step, None where it goes on; one answer for all."""
        minutes = self.settings.minutes
        reasons: tuple[tuple[bool, End], ...] = (
            (trouble is not None, "failed"),
            (asked == "pause", "paused"),
            (step >= self.total, "epochs"),
            (asked == "stop", "asked"),
            (self._is_flat, "plateau"),
            (bool(minutes) and self.seconds >= 60 * minutes, "time"),
        )
        return agreed(self.fabric, next((end for holds, end in reasons if holds), None))

    def pause(self, step: int) -> None:
        """Leave everything such that the run can go on exactly."""
        self._save(step)
        self._tell({"event": "paused", "step": step, "seconds": self.seconds})

    def keep(self, step: int, end: End, model_path: Path) -> int | None:
        """Save, then export the best measured epoch or the last; the epoch that was kept."""
        self._save(step)
        if not self.writes:
            return None
        if self._measured_at != step:
            self._measure(step)
        chosen = self._chosen(step)
        keep_candidate(self.task, self.settings, self.run, chosen, self._start, model_path)
        told = {"step": step, "seconds": self.seconds, "model": str(model_path)}
        kind = "stopped" if end == "asked" else "finished"
        self._tell({"event": kind, **told, "epoch": chosen.epoch, "reason": end})
        return chosen.epoch

    def _chosen(self, step: int) -> Candidate:
        """The epoch to keep; the last one where the best one's weights are gone."""
        last, best = self._candidates.last, self._candidates.best
        assert last is not None  # measured just now
        if best is None or self.settings.kept_epoch == "last":
            return last
        if best is not last and not self.run.snapshot_path(best.epoch).exists():
            reason = f"The weights of epoch {best.epoch}, the best, are gone: the last is kept."
            self._tell({"event": "warning", "step": step, "reason": reason})
            return last
        return best

    def _end_epoch(self, step: int) -> None:
        epoch, of = self._epoch_at(step), self.settings.total_epochs
        at = {"step": step, "epoch": epoch}
        self._tell({"event": "epoch", **at, "of": of, "seconds": self.seconds})
        if not self.writes:
            return
        if epoch % self.settings.measure_every == 0 or step == self.total:
            self._measure(step)
        flat = self._plateau.news()
        if flat is not None:
            self._is_flat = self.settings.until_flat and step < self.total
            since, stops = flat.since_epoch, self._is_flat
            told = {"since_epoch": since, "reason": flat.reason, "stops": stops}
            self._tell({"event": "plateau", **at, **told})

    def _epoch_at(self, step: int) -> int:
        """The epoch that a step belongs to; 0 before the first."""
        return -(-step // self.task.steps_per_epoch)

    def _measure(self, step: int) -> None:
        """Play the held-out melodies: figures, a sample to listen to, and the weights of it."""
        epoch = self._epoch_at(step)
        found = self._gauge.measured(self.task)
        candidate = Candidate(epoch, step, self.seconds, found.score, found.row)
        sample, snapshot = self.run.sample_path(epoch), self.run.snapshot_path(epoch)
        title = f"{self.settings.name}, {f'epoch {epoch}' if epoch else 'untrained'}"
        heard = sample_composition(title, found.sample, self._gauge.stretches[0], self.task.parts)
        write_sample(sample, heard)
        self._write_people()
        self.task.snapshot(snapshot)
        best = self._candidates.add(candidate)
        self._measured_at = step
        self._tell({"event": "measures", **candidate.as_event(), "best": best})
        file, weights = (
            path.relative_to(self.run.folder).as_posix() for path in (sample, snapshot)
        )
        at = {"step": step, "epoch": epoch}
        self._tell({"event": "sample", **at, "file": file, "snapshot": weights})

    def _write_people(self) -> None:
        """Once a run: what people played to the sample's melody."""
        if self.run.people_path.exists():
            return
        stretch, segment = self._gauge.stretches[0], self._gauge.human[0]
        title = f"{self.settings.name}, people"
        heard = sample_composition(title, segment, stretch, self.task.parts)
        write_sample(self.run.people_path, heard)

    def _save(self, step: int) -> None:
        """Write a checkpoint, if the weights are worth it."""
        if not self.writes:
            return
        for name, module in self.task.modules.items():
            if not all(bool(weight.isfinite().all()) for weight in module.parameters()):
                rate = self.settings.preset.learning_rate
                raise Divergence(rate).error(step, f"the {name}'s weights are no longer numbers")
        self.run.settle()  # no checkpoint without the lines of its steps
        progress = Progress(step, self.seconds)
        checkpoint.save_run(self.run, progress, self.task.modules, self.task.optimizers)
        self._saved = time.monotonic()
        self._tell({"event": "checkpoint", "step": step, "seconds": progress.seconds})

    def _tell(self, event: Event) -> None:
        if self.writes:
            self._plateau.feed(event)
            self._report(event)

    def _started(self, step: int) -> Event:
        task, settings = self.task, self.settings
        return {
            "event": "started",
            "name": settings.name,
            "preset": settings.preset.name,
            "from_step": step,
            "steps": self.total,
            "steps_per_epoch": task.steps_per_epoch,
            "windows": task.window_count,
            "songs": len(task.train_songs),
            "held_out": len(task.held_songs),
            "segments": len(self._gauge.human),
            "batch_size": settings.preset.batch_size,
            **self._device,
            "parameters": {
                name: sum(weight.numel() for weight in module.parameters() if weight.requires_grad)
                for name, module in task.modules.items()
            },
            "similarity_ceiling": self._gauge.ceiling,
            "curves": [
                {"name": curve.name, "label": curve.label, "wanted": curve.wanted}
                for curve in task.curves
            ],
            "references": self._gauge.references,
        }
