"""What the Library asks of other pages; the shell passes it on."""

from PySide6.QtCore import QObject, Signal


class LibraryRequests(QObject):
    """One object for all shelves, so that whoever joins the pages connects once."""

    studio_asked = Signal()
    """Something was opened: show the Studio."""
    run_asked = Signal(object)
    """The folder of a run: show it on the Train page."""
    comparison_asked = Signal(object, object)
    """The folders of two runs: show the first, with the second laid over it."""
    settings_asked = Signal(object)
    """The folder of a run: fill the form with its settings."""
    fine_tuning_asked = Signal(object)
    """A model's file or a run's folder: fill the form so that training starts from it."""
    data_asked = Signal()
    """Show where data sets are added."""
