"""The public data sets that Tutti can fetch, and where they lie.

Each set is a repository at one commit; which sets there are stands in
``resources/catalogue/catalogue.toml``, and what of each is kept, with every file's checksum, in the
manifests beside it. Nothing of the music itself comes with Tutti. A part of every set was left out
on purpose when the checksums were made: by songs that nobody trains on, models are compared.
"""

import tomllib
from dataclasses import dataclass

from engine.data.manifest import CATALOGUE_FOLDER
from engine.errors import DataError

FILE = "catalogue.toml"
FORGE = "https://github.com"
PACKED = "https://codeload.github.com"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A public data set.

    ``bytes`` and ``files`` are what is kept of it, ``songs`` how many of these are songs.
    ``source`` is the page of the repository, or the archive itself where it lies elsewhere.
    ``recipe`` tells how to come by a set that cannot be fetched; it is empty for the others.
    ``converts`` is the kind of file that becomes MIDI after fetching, "abc" or "".
    """

    name: str
    title: str
    description: str
    teaches: str
    licence: str
    licence_note: str
    songs: int
    tags: tuple[str, ...]
    source: str
    commit: str
    bytes: int = 0
    files: int = 0
    recipe: str = ""
    converts: str = ""

    @property
    def licence_in_words(self) -> str:
        """The licence with its note: what a model's card says of it."""
        return f"{self.licence}. {self.licence_note}"

    @property
    def address(self) -> str:
        """Where the forge hands out the repository at this commit; empty with a recipe."""
        if self.recipe or not self.source.startswith(FORGE):
            return "" if self.recipe else self.source
        return f"{PACKED}{self.source.removeprefix(FORGE)}/tar.gz/{self.commit}"


def _read() -> tuple[CatalogueEntry, ...]:
    with (CATALOGUE_FOLDER / FILE).open("rb") as stream:
        sets = tomllib.load(stream)["set"]
    return tuple(CatalogueEntry(**{**each, "tags": tuple(each["tags"])}) for each in sets)


CATALOGUE = _read()


def entry_named(name: str) -> CatalogueEntry:
    """The entry of that name. Raises `DataError`."""
    found = next((entry for entry in CATALOGUE if entry.name == name), None)
    if found is None:
        known = ", ".join(entry.name for entry in CATALOGUE)
        raise DataError(f"The catalogue has no data set called {name}. It has {known}.")
    return found
