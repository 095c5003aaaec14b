"""What the Library asks of other pages; the shell passes it on."""

from PySide6.QtCore import QObject, Signal


class LibraryRequests(QObject):
    """One object for all shelves, so that whoever joins the pages connects once."""

    search_asked = Signal(str)
    """Search for a text; empty for everything."""
    studio_asked = Signal()
    """Something was opened: show the Studio."""
    run_asked = Signal(object)
    """The folder of a run: show it on the Train page."""
    comparison_asked = Signal(object, object)
    """The folder of a run, and the `RunSummary` of another one to be laid over it."""
    settings_asked = Signal(object)
    """Settings by name: fill the form for a new run with them."""
    fine_tuning_asked = Signal(object)
    """A model's file: fill the form so that training starts from it."""
    more_epochs_asked = Signal(object)
    """The folder of a run that has ended: choose how much longer it is to be trained."""
    data_asked = Signal()
    """Show where data sets are added."""
