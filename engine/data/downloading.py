"""Fetching one file over https: with progress, going on after a broken line, within bounds.

What has arrived lies beside the target until it is whole, with a note of what the server said of
it; a later download goes on from there when the server can, and says so when it cannot. Proxies
and own certificates are taken from the environment (``HTTPS_PROXY``, ``SSL_CERT_FILE``), as by
every program. Plain http is spoken with this machine alone.
"""

import asyncio
import errno
import json
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import httpx

from engine.data.progress import Progress, in_bytes
from engine.errors import DataError
from engine.files.atomic import writing_failed
from engine.version import version

MOST_BYTES = 1 << 30
CONNECT_SECONDS, SILENCE_SECONDS = 15.0, 30.0
WAITS_SECONDS = (1.0, 2.0, 4.0, 8.0)
"""How long is waited before each new try; what arrives in between starts the row anew."""
POLL_SECONDS = 0.1
SPEED_SECONDS = 3.0
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
OK, PARTIAL, RANGE_IS_WRONG = 200, 206, 416
BUSY = (403, 408, 425, 429)
GONE = (404, 410, 451)
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class Line:
    """How a server is spoken to; tests change it."""

    waits: tuple[float, ...] = WAITS_SECONDS
    connect_seconds: float = CONNECT_SECONDS
    silence_seconds: float = SILENCE_SECONDS
    most_bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class _Arrived:
    """What is known of a part that lies on disk."""

    address: str
    etag: str = ""
    modified: str = ""
    total: int | None = None

    @property
    def validator(self) -> str:
        """What proves to the server that both mean the same bytes; empty where nothing does."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


class _Broken(Exception):
    """The line broke or the server was busy: worth another try."""


@dataclass(slots=True)
class _Meter:
    """Tells progress at every beat, with the speed of the last seconds, even when nothing comes."""

    tell: Callable[[Progress], None]
    done: int = 0
    total: int | None = None
    remark: str = ""
    _marks: list[tuple[float, int]] = field(default_factory=list)

    def beat(self) -> None:
        """Tell how far it is now."""
        now = time.monotonic()
        self._marks = [mark for mark in self._marks if now - mark[0] < SPEED_SECONDS]
        self._marks.append((now, self.done))
        began, first = self._marks[0]
        speed = max(0.0, (self.done - first) / (now - began)) if now > began else 0.0
        self.tell(Progress("Fetching", self.done, self.total, speed, self.remark))


def arrived_bytes(target: Path) -> int:
    """How much of a broken or cancelled download lies there to go on from."""
    part = part_path(target)
    return part.stat().st_size if part.is_file() else 0


def part_path(target: Path) -> Path:
    """Where a download lies until it is whole."""
    return target.with_name(target.name + ".part")


def forget_part(target: Path) -> None:
    """Throw away what has arrived."""
    part_path(target).unlink(missing_ok=True)
    _note_path(target).unlink(missing_ok=True)


def _note_path(target: Path) -> Path:
    return target.with_name(target.name + ".part.json")


def download(
    address: str,
    target: Path,
    progress: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    line: Line | None = None,
) -> None:
    """Fetch ``address`` to ``target``, whole or not at all; its folder is there already.

    Raises `DataError` with what happened and what to do; then, as after a cancel, what has
    arrived stays to go on from.
    """
    way = _Download(address, target, progress, line or Line())
    try:
        asyncio.run(_watched(way, cancelled))
        part_path(target).replace(target)
        _note_path(target).unlink(missing_ok=True)
    except OSError as error:
        if error.errno in FULL:
            raise DataError(
                f"The disk is full: {in_bytes(arrived_bytes(target))} have arrived. Make room "
                "and go on from there."
            ) from error
        raise DataError(writing_failed(target, error)) from error


async def _watched(way: "_Download", cancelled: Callable[[], bool]) -> None:
    """Let a download run; at every beat tell how far it is and ask whether it is still wanted."""
    task = asyncio.ensure_future(way.run())
    while not task.done():
        if cancelled():
            task.cancel()
            await asyncio.wait({task})
            raise DataError("The download was stopped; what has arrived is kept.")
        await asyncio.wait({task}, timeout=POLL_SECONDS)
        way.meter.beat()
    task.result()


class _Download:
    """One file on its way. Runs on one thread's event loop."""

    def __init__(
        self, address: str, target: Path, progress: Callable[[Progress], None], line: Line
    ) -> None:
        self._address = address
        self._part = part_path(target)
        self._note = _note_path(target)
        self._line = line
        self.meter = _Meter(progress)
        self._host = httpx.URL(address).host

    async def run(self) -> None:
        """Try until the file is whole or there is no more hope."""
        async with self._client() as client:
            tries = 0
            while True:
                before = self._size()
                try:
                    await self._fetch(client)
                    return
                except _Broken as problem:
                    tries = 1 if self._size() > before else tries + 1
                    if tries > len(self._line.waits):
                        raise DataError(self._given_up(str(problem))) from problem
                    self.meter.remark = f"{problem} Trying again."
                    await asyncio.sleep(self._line.waits[tries - 1])

    def _client(self) -> httpx.AsyncClient:
        seconds = httpx.Timeout(self._line.silence_seconds, connect=self._line.connect_seconds)
        return httpx.AsyncClient(
            timeout=seconds,
            follow_redirects=True,
            max_redirects=5,
            # Packed a second time on the way, parts could not be put together again.
            headers={"User-Agent": f"Tutti/{version()}", "Accept-Encoding": "identity"},
            event_hooks={"request": [_only_safe]},
        )

    async def _fetch(self, client: httpx.AsyncClient) -> None:
        """One try: go on from what is there, or begin anew."""
        try:
            async with client.stream("GET", self._address, headers=self._wish()) as response:
                self._check(response)
                await self._store(response)
        except httpx.TooManyRedirects as error:
            raise DataError(f"{self._host} sends in circles; try again later.") from error
        except httpx.ConnectError as error:
            raise self._unreachable(error) from error
        except httpx.TimeoutException as error:
            raise _Broken(f"{self._host} is silent.") from error
        except httpx.TransportError as error:
            raise _Broken("The line broke.") from error

    def _unreachable(self, error: httpx.ConnectError) -> Exception:
        if "CERTIFICATE" in str(error).upper():
            return DataError(
                f"{self._host} did not prove that it is {self._host}; nothing was fetched. A proxy "
                "with its own certificate is named by SSL_CERT_FILE."
            )
        return _Broken(f"{self._host} cannot be reached.")

    def _wish(self) -> dict[str, str]:
        """Ask for the rest where it is certain that it fits."""
        note, size = self._read_note(), self._size()
        if size and note.address == self._address and note.validator:
            return {"Range": f"bytes={size}-", "If-Range": note.validator}
        return {}

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status in (OK, PARTIAL):
            return
        if status == RANGE_IS_WRONG:
            self._part.unlink(missing_ok=True)
            raise _Broken("What has arrived does not fit any more.")
        if status in BUSY:
            raise _Broken(f"{self._host} asks to wait (status {status}).")
        if status in GONE:
            raise DataError(
                f"{self._host} has nothing at {self._address} any more (status {status})."
            )
        if status >= 500:
            raise _Broken(f"{self._host} is in trouble (status {status}).")
        raise DataError(f"{self._host} refused the download (status {status}).")

    async def _store(self, response: httpx.Response) -> None:
        begin = self._begin(response)
        length = response.headers.get("Content-Length", "")
        total = begin + int(length) if length.isdigit() else None
        self._check_room(begin, total)
        self._keep_note(response, total)
        self.meter.done, self.meter.total = begin, total
        with self._part.open("ab" if begin else "wb") as file:
            # As the pieces come: what waits for a piece to be full is lost when the line breaks.
            async for piece in response.aiter_bytes():
                self.meter.done += len(piece)
                if self.meter.done > self._line.most_bytes:
                    raise DataError(self._too_large())
                file.write(piece)

    def _begin(self, response: httpx.Response) -> int:
        """Where the answer goes on: behind what is there, or at the beginning."""
        size = self._size()
        if response.status_code == OK:
            if size and "Range" in response.request.headers:
                self.meter.remark = "The server cannot go on where it was; it begins anew."
            return 0
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+|\*)", response.headers.get("Content-Range", ""))
        if not found or int(found[1]) != size:
            self._part.unlink(missing_ok=True)
            raise _Broken("The server went on in the wrong place.")
        return size

    def _check_room(self, begin: int, total: int | None) -> None:
        if total is None:
            return
        if total > self._line.most_bytes:
            raise DataError(self._too_large())
        free = shutil.disk_usage(self._part.parent).free
        if total - begin > free:
            raise DataError(
                f"The download takes {in_bytes(total - begin)}, and the disk has "
                f"{in_bytes(free)} left. Make room, then go on."
            )

    def _too_large(self) -> str:
        most = in_bytes(self._line.most_bytes)
        return f"{self._host} sends more than {most}, far more than this data set takes."

    def _given_up(self, problem: str) -> str:
        size = self._size()
        kept = f" {in_bytes(size)} have arrived and are kept." if size else ""
        return f"{problem} Is this machine online?{kept} Try again later."

    def _size(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _keep_note(self, response: httpx.Response, total: int | None) -> None:
        headers = response.headers
        note = _Arrived(
            self._address, headers.get("ETag", ""), headers.get("Last-Modified", ""), total
        )
        self._note.write_text(json.dumps(asdict(note)), "utf-8")

    def _read_note(self) -> _Arrived:
        """What was noted of the part; of no use when it cannot be read."""
        try:
            return _Arrived(**json.loads(self._note.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return _Arrived("")


async def _only_safe(request: httpx.Request) -> None:
    """Every step of a redirect is https, but for this machine itself."""
    url = request.url
    if url.scheme != "https" and not (url.scheme == "http" and url.host in LOCAL_HOSTS):
        raise DataError(f"{url.host} would be spoken to without encryption; nothing was fetched.")
