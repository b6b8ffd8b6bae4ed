"""A mail server for tests: answers as it is told, keeps what it takes, and can fall silent at a step."""

import socket
import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Letter:
    sender: str
    recipients: list[str]
    body: bytes


@dataclass
class MailServer:
    """replies: what it says to a command, by "RCPT <address>", "MAIL", "DATA", "BODY", "CONNECT"; else the usual.
    hangs_at / breaks_at: the command after which it says nothing more / closes the line without a word."""

    replies: dict[str, str] = field(default_factory=dict)
    features: list[str] = field(default_factory=list)
    hangs_at: str = ""
    breaks_at: str = ""
    letters: list[Letter] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    talks: int = 0

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def settings(self) -> dict[str, Any]:
        return {"host": "127.0.0.1", "port": self.port, "user": "", "password": "", "tls": False}

    def close(self) -> None:
        self._closing.set()
        self._listening.close()

    def _serve(self) -> None:
        while not self._closing.is_set():
            try:
                self._listening.settimeout(0.1)
                line, _ = self._listening.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            self.talks += 1
            threading.Thread(target=self._talk, args=(line,), daemon=True).start()

    def _talk(self, line: socket.socket) -> None:
        line.settimeout(60)
        with line, line.makefile("rb") as heard:
            try:
                self._listen(line, heard)
            except OSError:
                return

    def _listen(self, line: socket.socket, heard: Any) -> None:
        if not self._say(line, "CONNECT", "220 ready"):
            return
        sender, recipients = "", []
        while words := heard.readline().decode().strip():
            verb = words.upper().split()[0]
            if verb == "EHLO":
                line.sendall("".join(f"250-{f}\r\n" for f in ("here", *self.features)).encode() + b"250 HELP\r\n")
            elif verb == "MAIL":
                sender, recipients = words.split("<")[1].split(">")[0], []
                self._say(line, "MAIL", "250 ok")
            elif verb == "RCPT":
                address = words.split("<")[1].split(">")[0]
                if self._say(line, f"RCPT {address}", "250 ok").startswith("2"):
                    recipients.append(address)
            elif verb == "DATA":
                if self._say(line, "DATA", "354 go on").startswith("354"):
                    self._take(line, heard, sender, recipients)
            elif verb == "QUIT":
                line.sendall(b"221 bye\r\n")
                return
            else:
                line.sendall(b"250 ok\r\n")

    def _take(self, line: socket.socket, heard: Any, sender: str, recipients: list[str]) -> None:
        body = b""
        while (read := heard.readline()) != b".\r\n":
            if not read:
                return
            body += read[1:] if read.startswith(b"..") else read
        if self.replies.get("BODY", "250").startswith("2"):
            self.letters.append(Letter(sender, recipients, body))
        self._say(line, "BODY", "250 taken")

    def _say(self, line: socket.socket, step: str, usual: str) -> str:
        verb = step.split()[0]
        if verb == self.hangs_at:
            self.reached.set()
            self._closing.wait(30)
        if verb in (self.hangs_at, self.breaks_at):
            line.shutdown(socket.SHUT_RDWR)
            raise OSError("told to break off")
        reply = self.replies.get(step, usual)
        line.sendall(f"{reply}\r\n".encode())
        return reply
