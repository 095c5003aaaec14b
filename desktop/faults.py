"""Faults of Tutti's own: logged with their traceback, told in one dialog, never a dead window."""

import logging
import platform
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

LOG_BYTES = 1_000_000
LOG_FILES = 3

QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}

log = logging.getLogger(__name__)


def open_log(path: Path) -> Path | None:
    """Log into a file; warnings go to stderr as well. None where it cannot be written."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    form = logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
    console = logging.StreamHandler()
    console.setLevel(logging.WARNING)
    console.setFormatter(form)
    root.addHandler(console)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(
            path, maxBytes=LOG_BYTES, backupCount=LOG_FILES - 1, encoding="utf-8"
        )
    except OSError as error:
        log.warning("No log can be written into %s: %s", path, error)
        return None
    file.setFormatter(form)
    root.addHandler(file)
    return path


class Faults(QObject):
    """Hears of every exception that nobody caught, on any thread, and reports it once."""

    _met = Signal(str)

    def __init__(self, log_file: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._dialog: FaultDialog | None = None
        self._met.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take the hooks of Python, of its threads and of Qt."""
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        qInstallMessageHandler(log_qt_message)

    def uninstall(self) -> None:
        """Give the hooks back."""
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__
        sys.unraisablehook = sys.__unraisablehook__
        qInstallMessageHandler(None)

    def _on_exception(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Called on any thread."""
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.quit()
            return
        log.critical("A fault of Tutti's own", exc_info=(kind, error, trace))
        self._met.emit("".join(traceback.format_exception(kind, error, trace)))

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        """Called on the thread that failed."""
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_unraisable(self, args: "sys.UnraisableHookArgs") -> None:
        """Called on any thread; such a fault hurts nothing, so it is only logged."""
        error = args.exc_value
        trace = (args.exc_type, error, args.exc_traceback) if error is not None else None
        log.error("%s: %r", args.err_msg or "Ignored", args.object, exc_info=trace)

    @Slot(str)
    def _show(self, trace: str) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.add(trace)
            return
        self._dialog = FaultDialog(report(trace), self._log_file, QApplication.activeWindow())
        self._dialog.open()


class FaultDialog(QDialog):
    """Says that something unforeseen happened, with a text to copy."""

    def __init__(self, text: str, log_file: Path | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something unexpected happened")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.resize(640, 420)
        self._text = QPlainTextEdit(text)
        self._text.setReadOnly(True)
        self._text.setAccessibleName("Report")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(self._sentence(log_file))
        layout.addWidget(self._text, 1)
        layout.addWidget(self._buttons())

    def _sentence(self, log_file: Path | None) -> QLabel:
        kept = f" It is also in {log_file}." if log_file else ""
        label = QLabel(
            "Tutti met a fault of its own. Your work is kept, and you can go on. "
            f"This report helps to mend the fault; it holds no music of yours.{kept}"
        )
        label.setWordWrap(True)
        return label

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
        copy = QPushButton("Copy report")
        copy.clicked.connect(self._copy)
        box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        box.rejected.connect(self.reject)
        return box

    @property
    def text(self) -> str:
        """The report as it can be copied."""
        return self._text.toPlainText()

    def add(self, trace: str) -> None:
        """A further fault while the dialog stands open."""
        self._text.appendPlainText("\n" + trace)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)


def log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str | None) -> None:
    """Qt's own messages go to the log. Called on any thread."""
    logging.getLogger("qt").log(QT_LEVELS.get(kind, logging.WARNING), "%s", message)


def report(trace: str) -> str:
    """A fault as a text for whoever mends it: versions, then the traceback."""
    return f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}\n\n{trace}"
