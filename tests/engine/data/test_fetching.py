"""Sets are fetched from a server on this machine that fails in every way that a real one does."""

import os
import resource
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.data.downloading import Line, download
from engine.data.fetching import FetchedSet, arrived, fetch, fetched, forget
from engine.data.progress import Progress
from engine.errors import DataError
from tests.archive_server import CERTIFICATE, ArchiveServer, packed, serving
from tests.engine.data.catalogue_set import FILES, entry, write_sums

QUICK = Line(waits=(0.0, 0.0, 0.0), connect_seconds=5, silence_seconds=5)
NOISE = os.urandom(400_000)  # what cannot be packed smaller, so that a line can break in it
Fetch = Callable[..., FetchedSet]


@pytest.fixture
def server() -> Iterator[ArchiveServer]:
    with serving(ArchiveServer(packed({"noise.bin": NOISE, **FILES}))) as server:
        yield server


@pytest.fixture
def fetch_tiny(server: ArchiveServer, tmp_path: Path) -> Fetch:
    """Fetches the tiny set; what is given replaces what is usual."""
    sums = tmp_path / "sums"
    sums.mkdir()
    write_sums(sums)

    def run(
        tell: Callable[[Progress], None] = lambda progress: None,
        cancelled: Callable[[], bool] = lambda: False,
        line: Line = QUICK,
    ) -> FetchedSet:
        place = tmp_path / "sets"
        here = entry(source=server.address)
        return fetch(here, place, tell, cancelled, manifests=sums, line=line)

    return run


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_a_set_is_fetched_checked_and_put_in_place(fetch_tiny: Fetch, tmp_path: Path) -> None:
    told: list[Progress] = []
    found = fetch_tiny(told.append)
    assert found == FetchedSet(tmp_path / "sets" / "tiny", "0123abc", 20)
    assert found.remark == ""
    assert names(found.folder) == sorted(["fetched.json", *(f"song{n}.mid" for n in range(20))])
    assert (found.folder / "song3.mid").read_bytes() == FILES["music/song3.mid"]
    assert names(tmp_path / "sets")[0] == "fetched.json"  # no archive, no half folder is left
    assert {progress.stage for progress in told} == {"Fetching", "Checking"}
    assert told[-1].fraction == 1.0
    assert any(p.total and p.total > len(NOISE) and p.done == p.total for p in told)


def test_what_is_there_is_not_fetched_again(fetch_tiny: Fetch, server: ArchiveServer) -> None:
    first = fetch_tiny()
    assert fetch_tiny() == first
    assert len(server.asked) == 1


def test_a_set_of_another_commit_is_fetched_anew(fetch_tiny: Fetch, tmp_path: Path) -> None:
    fetch_tiny()
    assert fetched(entry(), tmp_path / "sets") is not None
    assert fetched(replace(entry(), commit="fff"), tmp_path / "sets") is None


def test_a_broken_line_goes_on_where_it_was(fetch_tiny: Fetch, server: ArchiveServer) -> None:
    told: list[Progress] = []
    server.breaks_after = [100_000, 50_000]
    fetch_tiny(told.append)
    assert server.asked == ["", "bytes=100000-", "bytes=150000-"]
    assert any("broke" in progress.remark for progress in told)


def test_a_line_that_stays_broken_keeps_what_came_for_the_next_time(
    fetch_tiny: Fetch, server: ArchiveServer, tmp_path: Path
) -> None:
    server.breaks_after = [100_000, 0, 0, 0, 0]
    with pytest.raises(DataError, match=r"100 kB have arrived and are kept"):
        fetch_tiny()
    assert arrived(entry(), tmp_path / "sets") == 100_000
    assert fetched(entry(), tmp_path / "sets") is None
    server.breaks_after.clear()
    assert fetch_tiny().kept == 20
    assert server.asked[-1] == "bytes=100000-"
    assert arrived(entry(), tmp_path / "sets") == 0


def test_a_server_that_cannot_go_on_begins_anew(fetch_tiny: Fetch, server: ArchiveServer) -> None:
    told: list[Progress] = []
    server.ranges, server.breaks_after = False, [100_000]
    assert fetch_tiny(told.append).kept == 20
    assert any("begins anew" in progress.remark for progress in told)


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_proof_that_it_fits_nothing_is_pieced_together(
    fetch_tiny: Fetch, server: ArchiveServer, etag: str
) -> None:
    server.etag, server.breaks_after = etag, [100_000]
    assert fetch_tiny().kept == 20
    assert server.asked == ["", ""]


def test_an_archive_that_was_packed_anew_meanwhile_is_fetched_anew(
    fetch_tiny: Fetch, server: ArchiveServer
) -> None:
    server.breaks_after = [100_000, 0, 0, 0, 0]
    with pytest.raises(DataError):
        fetch_tiny()
    server.breaks_after.clear()
    server.etag, server.content = '"two"', packed({"other.bin": os.urandom(300_000), **FILES})
    assert fetch_tiny().kept == 20


def test_a_part_that_is_longer_than_the_whole_is_thrown_away(
    fetch_tiny: Fetch, server: ArchiveServer
) -> None:
    server.breaks_after = [100_000, 0, 0, 0, 0]
    with pytest.raises(DataError):
        fetch_tiny()
    server.breaks_after.clear()
    server.statuses = [416]
    assert fetch_tiny().kept == 20


def test_a_cancel_ends_it_at_once_and_keeps_what_came(
    fetch_tiny: Fetch, server: ArchiveServer, tmp_path: Path
) -> None:
    server.wait = threading.Event()
    has_half = threading.Event()

    def tell(progress: Progress) -> None:
        if progress.done >= len(server.content) // 2 - 100_000:
            has_half.set()

    with pytest.raises(DataError, match="stopped; what has arrived is kept"):
        fetch_tiny(tell, has_half.is_set)
    assert arrived(entry(), tmp_path / "sets") > 50_000
    server.wait.set()
    server.wait = None
    assert fetch_tiny().kept == 20
    assert server.asked[-1].startswith("bytes=")


def test_a_silent_server_is_given_up(fetch_tiny: Fetch, server: ArchiveServer) -> None:
    server.wait = threading.Event()
    with pytest.raises(DataError, match="is silent"):
        fetch_tiny(line=Line(waits=(), silence_seconds=0.2))


@pytest.mark.parametrize(
    ("status", "words"),
    [(404, "has nothing at"), (410, "has nothing at"), (401, "refused the download")],
)
def test_an_answer_that_ends_it_is_a_sentence(
    fetch_tiny: Fetch, server: ArchiveServer, status: int, words: str
) -> None:
    server.statuses = [status]
    with pytest.raises(DataError, match=words):
        fetch_tiny()
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_server_is_asked_again(
    fetch_tiny: Fetch, server: ArchiveServer, status: int
) -> None:
    server.statuses = [status, status]
    assert fetch_tiny().kept == 20
    assert len(server.asked) == 3


def test_a_server_that_stays_busy_is_given_up(fetch_tiny: Fetch, server: ArchiveServer) -> None:
    server.statuses = [503] * 9
    with pytest.raises(DataError, match=r"in trouble \(status 503\).*Try again later"):
        fetch_tiny()


def test_a_redirect_is_followed(fetch_tiny: Fetch, server: ArchiveServer) -> None:
    server.redirect = server.address.replace("/set", "/moved/set")
    assert fetch_tiny().kept == 20
    assert server.paths == ["/set.tar.gz", "/moved/set.tar.gz"]


def test_redirects_in_circles_are_a_sentence(fetch_tiny: Fetch, server: ArchiveServer) -> None:
    server.redirect = server.address
    with pytest.raises(DataError, match="in circles"):
        fetch_tiny()


def test_nothing_is_fetched_from_elsewhere_without_encryption(
    fetch_tiny: Fetch, server: ArchiveServer, tmp_path: Path
) -> None:
    server.redirect = "http://example.invalid/set.tar.gz"
    with pytest.raises(DataError, match="without encryption"):
        fetch_tiny()
    with pytest.raises(DataError, match="without encryption"):
        download("ftp://example.invalid/a", tmp_path / "a", lambda p: None, lambda: False, QUICK)


def test_a_machine_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with serving(ArchiveServer()) as server:
        address = server.address
    with pytest.raises(DataError, match=r"cannot be reached\. Is this machine online"):
        download(address, tmp_path / "a", lambda progress: None, lambda: False, QUICK)


def test_https_is_believed_only_with_a_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(ArchiveServer(b"content"), encrypted=True) as server:
        target = tmp_path / "set"
        with pytest.raises(DataError, match="did not prove"):
            download(server.address, target, lambda progress: None, lambda: False, QUICK)
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        download(server.address, target, lambda progress: None, lambda: False, QUICK)
    assert target.read_bytes() == b"content"


def test_more_than_a_set_can_be_is_refused(fetch_tiny: Fetch, server: ArchiveServer) -> None:
    for server.tells_length in (True, False):
        with pytest.raises(DataError, match="far more than this data set takes"):
            fetch_tiny(line=replace(QUICK, most_bytes=100_000))


def test_a_full_disk_is_a_sentence_before_anything_is_fetched(
    fetch_tiny: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("engine.data.downloading.shutil.disk_usage", lambda folder: usage)
    with pytest.raises(DataError, match="Make room, then go on"):
        fetch_tiny()


def test_a_disk_that_fills_up_meanwhile_is_a_sentence(
    fetch_tiny: Fetch, server: ArchiveServer, tmp_path: Path
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
    try:
        with pytest.raises(DataError, match="could not be written: the file would be larger"):
            fetch_tiny()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert fetch_tiny().kept == 20


def test_files_that_are_not_the_known_ones_are_refused_and_named(
    fetch_tiny: Fetch, server: ArchiveServer
) -> None:
    files = {**FILES, "music/song1.mid": b"another song", "music/extra.mid": b"unknown"}
    del files["music/song2.mid"]
    server.content = packed(files)
    found = fetch_tiny()
    assert (found.kept, found.altered, found.missing) == (18, ("song1.mid",), ("song2.mid",))
    assert found.remark == (
        "18 files are checked and kept; 1 were not the files that are known and were refused and "
        "1 were not in the archive."
    )
    assert not {"song1.mid", "song2.mid", "extra.mid"} & set(names(found.folder))


def test_a_known_file_is_found_wherever_it_lies(fetch_tiny: Fetch, server: ArchiveServer) -> None:
    moved = {f"elsewhere/{path.partition('/')[2]}": content for path, content in FILES.items()}
    server.content = packed(moved)
    assert fetch_tiny().kept == 20


def test_an_archive_without_one_known_file_is_not_kept(
    fetch_tiny: Fetch, server: ArchiveServer, tmp_path: Path
) -> None:
    server.content = packed({"other.mid": b"x"})
    with pytest.raises(DataError, match="nothing was kept"):
        fetch_tiny()
    assert names(tmp_path / "sets") == []


def test_a_page_to_sign_in_is_no_archive(
    fetch_tiny: Fetch, server: ArchiveServer, tmp_path: Path
) -> None:
    server.content = b"<html>Please sign in</html>"
    with pytest.raises(DataError, match="not a whole archive"):
        fetch_tiny()
    assert names(tmp_path / "sets") == []


def test_a_set_with_a_recipe_tells_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Make it yourself"):
        fetch(entry(recipe="Make it yourself."), tmp_path)


def test_what_was_fetched_can_be_thrown_away(fetch_tiny: Fetch, tmp_path: Path) -> None:
    fetch_tiny()
    forget(entry(), tmp_path / "sets")
    assert names(tmp_path / "sets") == []
