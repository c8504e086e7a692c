"""A line to a PostgreSQL server that can be cut: at the Nth question, before it is asked or before it is answered.

It stands as a socket between the driver and the server, and reads as much of the protocol as it must to tell one
question from the next. What the server has done by then is done: nobody can tell from here, and that is the fault.
"""

from __future__ import annotations

import select
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self
from urllib.parse import quote, unquote

ASKED = b"QS"
"""A simple query, and the end of an extended one: each waits for an answer."""

ANSWERED = b"ZG"
"""Ready for the next question, and ready for the rows of a COPY."""


class Messages:
    """Cuts a stream of the protocol into its messages.

    Args:
        startup: True where the first message has no letter before it, as the client's has none.
    """

    def __init__(self, *, startup: bool = False) -> None:
        self._rest, self._startup = b"", startup

    def of(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Take in some bytes; yield the letter and the bytes of each message that is whole now."""
        self._rest += data
        while True:
            head = 0 if self._startup else 1
            if len(self._rest) < head + 4:
                return
            end = head + struct.unpack_from("!i", self._rest, head)[0]
            if len(self._rest) < end:
                return
            letter, message = self._rest[:head], self._rest[:end]
            self._rest, self._startup = self._rest[end:], False
            yield letter, message


class Line:
    """A line to a server, for as many connections as are made on it.

    Args:
        url: The server's, with the folder of its socket as ``host``.
    """

    def __init__(self, url: str) -> None:
        before, _, rest = url.partition("host=")
        host, mark, after = rest.partition("&")
        self._there = str(Path(unquote(host)) / ".s.PGSQL.5432")
        self._folder = tempfile.TemporaryDirectory(prefix="zoufang-line-")
        self.url = f"{before}host={quote(self._folder.name)}{mark}{after}"
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(Path(self._folder.name) / ".s.PGSQL.5432"))
        self._door.listen(50)
        self.disarm()
        threading.Thread(target=self._receive, daemon=True).start()

    def disarm(self) -> None:
        """Begin to count anew, and let everything through."""
        self.n, self._at, self._when, self._word, self.cuts = 0, 0, "once", b"", 0

    def arm(self, at: int, when: str = "once", word: bytes = b"") -> None:
        """Cut the line at a question.

        Args:
            at: Which one, counted from now.
            when: ``once`` before it is asked, ``lasting`` there and from then on, ``after`` it has been carried out.
            word: Count only questions in which this stands.
        """
        self.disarm()
        self._at, self._when, self._word = at, when, word

    @property
    def met(self) -> bool:
        """True once the line was cut."""
        return self.cuts > 0

    def close(self) -> None:
        """Take no more connections."""
        self._door.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        """Be the line of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take no more connections."""
        self.close()

    def _receive(self) -> None:
        while True:
            try:
                here, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(here,), daemon=True).start()

    def _carry(self, here: socket.socket) -> None:
        with _connected(self._there) as there, here, suppress(OSError):
            asked, answered = Messages(startup=True), Messages()
            while True:
                for one in select.select([here, there], [], [])[0]:
                    data = one.recv(1 << 16)
                    if not data:
                        return
                    if one is there:
                        for _ in answered.of(data):
                            pass
                        here.sendall(data)
                        continue
                    for letter, message in asked.of(data):
                        cut = letter in ASKED and bool(letter) and self._counted(message)
                        if cut and self._when != "after":
                            return
                        there.sendall(message)
                        if cut:
                            _wait(there, answered)
                            return

    def _counted(self, message: bytes) -> bool:
        if self._word not in message:
            return False
        self.n += 1
        here = bool(self._at) and (self.n == self._at or (self._when == "lasting" and self.n > self._at))
        self.cuts += here
        return here


def _wait(there: socket.socket, answered: Messages) -> None:
    while data := there.recv(1 << 16):
        if any(letter in ANSWERED for letter, _ in answered.of(data)):
            return


@contextmanager
def _connected(path: str) -> Iterator[socket.socket]:
    there = socket.socket(socket.AF_UNIX)
    with there:
        there.connect(path)
        yield there
