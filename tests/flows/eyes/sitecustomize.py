"""Eyes in the window under test: where each thing stands and what it says. They only look.

Python imports this by itself where its folder is on PYTHONPATH, so the program is started as ever.
Asked by one line on the socket named in FLOW_EYES ("look", or a path for a picture) they answer
with one.
"""

import json
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any


def serve(address: str) -> None:
    """Wait for the window, then answer until the program ends. Runs on a thread of its own."""
    while (application := qt_application()) is None:
        time.sleep(0.02)
    from PySide6.QtCore import QObject, Qt, Signal, Slot

    answered = threading.Event()

    class Eyes(QObject):
        asked = Signal(str, object)

        @Slot(str, object)
        def answer(self, question: str, answers: list[Any]) -> None:
            """Runs on the GUI thread."""
            answers.append(everything() if question == "look" else pictured(question))
            answered.set()

    eyes = Eyes()
    eyes.moveToThread(application.thread())
    eyes.asked.connect(eyes.answer, Qt.ConnectionType.QueuedConnection)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        while True:
            caller = listener.accept()[0]
            with caller, caller.makefile("rw") as line:
                answers: list[Any] = []
                answered.clear()
                eyes.asked.emit(line.readline().strip(), answers)
                answered.wait()
                line.write(json.dumps(answers[0]) + "\n")


def qt_application() -> Any:
    """The application, once the program has made it; Qt is imported by nobody but the program."""
    kind = getattr(sys.modules.get("PySide6.QtWidgets"), "QApplication", None)
    return kind.instance() if kind is not None else None


def everything() -> list[dict[str, Any]]:
    """Every visible widget, and the rows of open menus. Runs on the GUI thread."""
    from PySide6.QtWidgets import QApplication, QMenu

    widgets = [widget for widget in QApplication.allWidgets() if widget.isVisible()]
    menus = [widget for widget in widgets if isinstance(widget, QMenu)]
    rows = [
        {**described(menu, menu.actionGeometry(row)), "kind": "QAction", "says": row.text()}
        for menu in menus
        for row in menu.actions()
    ]
    return [*(described(widget, widget.rect()) for widget in widgets), *rows]


def described(widget: Any, place: Any) -> dict[str, Any]:
    """What a widget says, where its middle lies on the screen, and whether it can be used."""
    window = widget.window()
    middle = widget.mapToGlobal(place.center())
    return {
        "kind": type(widget).__name__,
        "name": widget.objectName(),
        "says": words(widget),
        "tip": widget.toolTip(),
        "within": [parent.objectName() for parent in parents(widget)],
        "x": middle.x(),
        "y": middle.y(),
        "wide": place.width(),
        "high": place.height(),
        "seen": not widget.visibleRegion().isEmpty(),
        "checked": bool(getattr(widget, "isChecked", bool)()),
        "enabled": widget.isEnabled(),
        "focus": widget.hasFocus(),
        "window": window.windowTitle(),
        "window_id": int(window.winId()),
        "modal": window.isModal(),
        "active": window.isActiveWindow(),
    }


def parents(widget: Any) -> Iterator[Any]:
    """The widgets around one, the nearest first."""
    while (widget := widget.parentWidget()) is not None:
        yield widget


def words(widget: Any) -> str:
    """The text of a widget."""
    for name in ("text", "toPlainText", "title"):
        said = getattr(widget, name, None)
        if callable(said):
            return str(said())
    return ""


def pictured(path: str) -> bool:
    """Write a picture of the screen."""
    from PySide6.QtGui import QGuiApplication

    return bool(QGuiApplication.primaryScreen().grabWindow(0).save(path))


if "FLOW_EYES" in os.environ:
    threading.Thread(target=serve, args=(os.environ["FLOW_EYES"],), daemon=True).start()
