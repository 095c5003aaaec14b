"""What the catalogue says of each set, and the checksums that come with it."""

import lzma
from pathlib import Path

import pytest

from engine.data.catalogue import CATALOGUE, CatalogueEntry, entry_named
from engine.data.manifest import (
    ManifestLine,
    manifest_path,
    read_manifest,
    write_manifest,
)
from engine.errors import DataError

FETCHED = [entry for entry in CATALOGUE if not entry.recipe]
SUM = "0" * 64


def test_names_are_there_once() -> None:
    assert len({entry.name for entry in CATALOGUE}) == len(CATALOGUE) == 15


@pytest.mark.parametrize("entry", CATALOGUE, ids=lambda entry: entry.name)
def test_every_set_says_what_it_is_and_what_may_be_done_with_it(entry: CatalogueEntry) -> None:
    words = (entry.title, entry.description, entry.teaches, entry.licence, entry.licence_note)
    assert all(words) and entry.songs and entry.tags
    assert entry.source.startswith("https://github.com/") and len(entry.commit) == 40
    assert entry.licence_in_words.startswith(entry.licence)


@pytest.mark.parametrize("entry", FETCHED, ids=lambda entry: entry.name)
def test_the_checksums_are_of_as_many_files_as_the_catalogue_says(entry: CatalogueEntry) -> None:
    manifest = read_manifest(manifest_path(entry.name))
    assert (len(manifest.lines), manifest.bytes) == (entry.files, entry.bytes)
    assert len({line.path for line in manifest.lines}) == entry.files
    assert entry.address.startswith("https://codeload.github.com/")
    assert entry.address.endswith(f"/tar.gz/{entry.commit}")


def test_a_set_with_a_recipe_has_neither_address_nor_checksums() -> None:
    for entry in CATALOGUE:
        if entry.recipe:
            assert not entry.address and not manifest_path(entry.name).exists()


def test_a_name_that_is_not_there_is_a_sentence_with_those_that_are() -> None:
    assert entry_named("jsb").title == "Bach chorales"
    with pytest.raises(DataError, match=r"no data set called opera\. It has pop909, "):
        entry_named("opera")


def test_what_is_written_is_read_again_and_always_the_same_bytes(tmp_path: Path) -> None:
    lines = [ManifestLine("b.mid", "x/b.mid", 5, SUM), ManifestLine("a.mid", "a.mid", 3, SUM)]
    for name in ("one", "two"):
        write_manifest(tmp_path / name, lines)
    assert read_manifest(tmp_path / "one").lines == tuple(sorted(lines))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    "line",
    [
        f"{SUM}\t1\t../a.mid", f"{SUM}\t1\t/a.mid", f"{SUM}\t1\tC:a.mid", f"{SUM}\t1\ta\\b.mid",
        f"{SUM}\tmuch\ta.mid", f"{SUM}\t-1\ta.mid", "short\t1\ta.mid", "nothing",
    ],
)  # fmt: skip
def test_a_manifest_that_leaves_its_folder_or_is_damaged_is_refused(
    tmp_path: Path, line: str
) -> None:
    path = tmp_path / "set.manifest.xz"
    path.write_bytes(lzma.compress(line.encode() + b"\n"))
    with pytest.raises(DataError, match="damaged"):
        read_manifest(path)
    with pytest.raises(DataError, match="damaged"):
        read_manifest(tmp_path / "missing")
