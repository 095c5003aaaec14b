"""What the pictures of the tour are drawn from, gathered in one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.learn.course import Course
from desktop.learn.example import Example, shipped_answers
from desktop.learn.network import Description, shipped_descriptions

USUAL_PRESET = "pop"


@dataclass(frozen=True, slots=True)
class CardWords:
    """What a model or a data set says of its licence: ``about`` and the ``sentence`` itself."""

    name: str
    about: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Material:
    """Music, networks and curves: of the run that is shown, else what comes with Tutti.

    ``preset`` is the one that is chosen in the form, ``run_preset`` that of the run.
    """

    example: Example = field(default_factory=lambda: shipped_answers()[0])
    description: Description | None = None
    course: Course | None = None
    cards: tuple[CardWords, ...] = ()
    preset: str = ""
    run_preset: str = ""
    shipped: Mapping[str, Description] = field(default_factory=shipped_descriptions)

    @property
    def network(self) -> Description | None:
        """The run's networks, else those of a preset; None where nothing is known."""
        presets = (self.run_preset, self.preset, USUAL_PRESET)
        known = (self.shipped[name] for name in presets if name in self.shipped)
        return self.description or next(known, None)
