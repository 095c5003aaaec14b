"""The pictures of the chapters, by the chapter's name."""

from collections.abc import Mapping

from desktop.learn.picture import Picture
from desktop.learn.pictures.critic import CriticPicture
from desktop.learn.pictures.fleeting import CirclePicture
from desktop.learn.pictures.infill import MaskPicture
from desktop.learn.pictures.losses import LossesPicture
from desktop.learn.pictures.measures import MeasuresPicture
from desktop.learn.pictures.memory import FitPicture
from desktop.learn.pictures.network import NetworkPicture
from desktop.learn.pictures.noise import NoisePicture
from desktop.learn.pictures.pace import ValleyPicture
from desktop.learn.pictures.question import QuestionPicture
from desktop.learn.pictures.rights import RightsPicture
from desktop.learn.pictures.rolls import PlanesPicture, ThresholdPicture
from desktop.learn.pictures.window import WindowPicture

PICTURES: Mapping[str, type[Picture]] = {
    "roll": PlanesPicture,
    "question": QuestionPicture,
    "window": WindowPicture,
    "unet": NetworkPicture,
    "skips": ThresholdPicture,
    "noise": NoisePicture,
    "infill": MaskPicture,
    "critic": CriticPicture,
    "pace": ValleyPicture,
    "losses": LossesPicture,
    "measures": MeasuresPicture,
    "fleeting": CirclePicture,
    "memory": FitPicture,
    "rights": RightsPicture,
}
