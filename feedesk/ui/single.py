"""One window a user: a second start brings the first window to the front and hands over its file."""

from __future__ import annotations

import getpass
import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_WAIT_MS = 500


def socket_name(user: str | None = None) -> str:
    """A name of this user's own on this PC."""
    return "feedesk-" + hashlib.sha256((user or getpass.getuser()).encode()).hexdigest()[:16]


def hand_over(office: Path | None, name: str) -> bool:
    """Tell a window that is already open to come forward; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write((str(office.resolve()) if office else "").encode() + b"\n")
    socket.waitForBytesWritten(_WAIT_MS)
    socket.disconnectFromServer()
    return True


class FrontDoor(QObject):
    """Listens for further starts.

    Signals:
        knocked: the path a further start was given, empty for none.
    """

    knocked = Signal(str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # A crashed program leaves its socket behind on Linux and macOS; nobody answered it, so it is stale.
        QLocalServer.removeServer(name)
        self._server.newConnection.connect(self._on_connection)
        self._server.listen(name)

    @Slot()
    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection()
        if socket.waitForReadyRead(_WAIT_MS):
            self.knocked.emit(bytes(socket.readLine().data()).decode().strip())
        socket.disconnectFromServer()
        socket.deleteLater()

    def close(self) -> None:
        """Stop listening."""
        self._server.close()
