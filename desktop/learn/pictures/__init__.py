"""The pictures of the chapters, by the chapter's name."""

from collections.abc import Mapping

from desktop.learn.picture import Picture
from desktop.learn.pictures.rolls import PlanesPicture

PICTURES: Mapping[str, type[Picture]] = {
    "roll": PlanesPicture,
}
