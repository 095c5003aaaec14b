"""A server on this machine that hands out archives, and fails in every way that a real one does."""

import io
import ssl
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Of nobody but this machine; its key lies beside it, for it protects nothing."""
TOP = "repository-0123abc"


@dataclass
class ArchiveServer:
    """What is served and how. ``asked`` holds the Range of every request, "" for none."""

    content: bytes = b""
    etag: str = '"one"'
    ranges: bool = True
    breaks_after: list[int] = field(default_factory=list)
    """For each of the next requests: how many bytes come before the line breaks."""
    statuses: list[int] = field(default_factory=list)
    """For each of the next requests: an answer without content."""
    redirect: str = ""
    tells_length: bool = True
    wait: threading.Event | None = None
    """When set, only half is sent until the event comes."""
    asked: list[str] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    address: str = ""


@contextmanager
def serving(server: ArchiveServer, *, encrypted: bool = False) -> Iterator[ArchiveServer]:
    """The server at work; its address stands in ``address``."""
    http = _Http(("127.0.0.1", 0), _Handler)
    http.archive = server
    if encrypted:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        http.socket = context.wrap_socket(http.socket, server_side=True)
    scheme = "https" if encrypted else "http"
    server.address = f"{scheme}://localhost:{http.server_port}/set.tar.gz"
    thread = threading.Thread(target=http.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        if server.wait:
            server.wait.set()
        http.shutdown()
        thread.join()
        http.server_close()


class _Http(ThreadingHTTPServer):
    archive: ArchiveServer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self._archive
        wish = self.headers.get("Range", "")
        server.asked.append(wish)
        server.paths.append(self.path)
        if server.redirect and not self.path.startswith("/moved"):
            self._say(302, {"Location": server.redirect, "Content-Length": "0"})
        elif server.statuses:
            self._say(server.statuses.pop(0), {"Content-Length": "0"})
        else:
            self._send(self._begin(wish))

    def _begin(self, wish: str) -> int:
        server = self._archive
        same = self.headers.get("If-Range", server.etag) == server.etag
        return int(wish[6:-1]) if wish and server.ranges and same else 0

    def _send(self, begin: int) -> None:
        server = self._archive
        rest, whole = server.content[begin:], len(server.content)
        headers = {"ETag": server.etag} if server.etag else {}
        if server.tells_length:
            headers["Content-Length"] = str(len(rest))
        else:
            headers["Connection"] = "close"
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{whole - 1}/{whole}"
        self._say(206 if begin else 200, headers)
        self._write(rest)

    def _write(self, rest: bytes) -> None:
        server = self._archive
        if server.breaks_after:
            self.wfile.write(rest[: server.breaks_after.pop(0)])
            self.close_connection = True
            return
        if server.wait:
            half = len(rest) // 2
            self.wfile.write(rest[:half])
            self.wfile.flush()
            server.wait.wait(20)
            rest = rest[half:]
        try:
            self.wfile.write(rest)
        except OSError:  # whoever asked has gone
            self.close_connection = True
        self.close_connection |= not server.tells_length

    def _say(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    @property
    def _archive(self) -> ArchiveServer:
        assert isinstance(self.server, _Http)
        return self.server.archive

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests read what the client saw."""


Packing = Literal["", "gz", "xz", "bz2"]


def packed(files: Mapping[str, bytes], kind: Packing = "gz", *links: tarfile.TarInfo) -> bytes:
    """A tar archive as a forge makes one: everything in one folder."""
    stream = io.BytesIO()
    modes: dict[Packing, Any] = {"": "w", "gz": "w:gz", "xz": "w:xz", "bz2": "w:bz2"}
    with tarfile.open(fileobj=stream, mode=modes[kind]) as archive:
        for path, content in files.items():
            member = tarfile.TarInfo(f"{TOP}/{path}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for link in links:
            archive.addfile(link)
    return stream.getvalue()
