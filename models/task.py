"""From a preset's network to the task that trains it."""

from lightning_fabric import Fabric

from models.gan_task import GanTask
from models.infill_task import InfillTask
from models.settings import RunSettings


def task_for(settings: RunSettings, fabric: Fabric) -> InfillTask | GanTask:
    """The task of a run. Raises `TrainingError` or `DataError` where data and preset do not fit."""
    if settings.preset.network == "conv_unet":
        return GanTask(settings, fabric)
    return InfillTask(settings, fabric)
