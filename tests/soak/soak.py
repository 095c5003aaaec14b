"""Deeds of chance, one after another, while the window's own loop goes on."""

import faulthandler
import re
import signal
import threading
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QMenu

from desktop.app import App
from desktop.main_window import MainWindow
from tests.soak.answers import Put, answer_in_place_of_a_user
from tests.soak.deeds import Deeds
from tests.soak.hand import Hand
from tests.soak.ledger import Ledger
from tests.soak.reach import Reach
from tests.soak.tour import Tour, close_popups
from tests.soak.watch import SoakFault, Witness, memory_mb, widgets

LAST_TOLD = 30
WARM_UP = 1_000
WALK_EVERY = 1_000
TELL_EVERY = 500
STEP_CHECKED = 0.1
SLOW_SECONDS = 0.1
LOOK_SECONDS = 0.01
POKE_MS = 20
FLUSH_SECONDS, MOMENT_MS, CALM_TURNS = 10.0, 1_000, 3
QUIT = frozenset({"quit"})
"""A soak that quits has ended."""
PLACE = re.compile(r'File "([^"]+)", line (\d+)')
DIARY = "deeds.txt"
"""What was done, line by line: it is still there when the process died of it."""
MELODIES = Path(__file__).resolve().parents[2] / "resources" / "melodies"


@dataclass
class Told:
    """What a soak found; ``fault`` is empty where nothing went wrong."""

    fault: str = ""
    done: int = 0
    memory: dict[int, float] = field(default_factory=dict)
    at_rest: dict[int, float] = field(default_factory=dict)
    """What was taken after a tour, with all made that there is and nothing going on."""
    widgets: dict[int, int] = field(default_factory=dict)
    slow: Counter[str] = field(default_factory=Counter)
    longest: dict[str, float] = field(default_factory=dict)


class Soak(QObject):
    """Does one deed a turn of the loop and looks at the studio after it."""

    def __init__(
        self,
        app: App,
        window: MainWindow,
        actions: int,
        seed: int,
        folder: Path,
        without: frozenset[str] = frozenset(),
        put: Put = setattr,
        *,
        waits: bool = False,
    ) -> None:
        """``without`` are ids of actions that are left alone; ``put`` as for the answers.

        ``waits``: each deed waits until the studio is calm, so that the same seed does the same.
        """
        super().__init__(app)
        self._app, self._window = app, window
        self._actions = actions
        chance = Random(seed)
        self._hand = Hand(chance)
        songs = sorted(MELODIES.glob("*.mid"))
        answer_in_place_of_a_user(self._hand, folder, songs, put)
        never = QUIT | without
        reach = Reach(app, window, self._hand, songs, folder, never, passing=not waits)
        self._deeds = Deeds(reach)
        self._plan = Tour(reach)
        self._tour: Iterator[str] | None = None
        self.witness = Witness(app, self._deeds.shown)
        self.told = Told()
        self.last: deque[str] = deque(maxlen=LAST_TOLD)
        self._diary = (folder / DIARY).open("w", encoding="utf-8", buffering=1)
        self.ended: Callable[[], None] = lambda: None
        self.stacks: Stacks | None = None
        """Looks into slow deeds, where somebody wants to know what they do."""
        self._waits = waits
        self._calm_turns = 0
        self.ledger: Ledger | None = None
        """Looks into the memory, where somebody wants to know what takes it."""
        self._busy = False
        self._turn = QTimer(self)
        self._turn.timeout.connect(self._do_next)
        self._poke = QTimer(self)
        self._poke.setInterval(POKE_MS)
        self._poke.timeout.connect(self._answer_popup)
        self._began = (0.0, "")

    def start(self) -> None:
        """Begin; `ended` is called after the last deed, or the first fault."""
        self._turn.start()
        self._poke.start()

    def _answer_popup(self) -> None:
        """A menu that is waited for stands in the way of the next deed."""
        if self._busy and QApplication.activePopupWidget() is not None:
            close_popups() if self._tour is not None else self._deeds.use_popup()

    def _do_next(self) -> None:
        waits = self._waits or self._tour is not None
        if self._busy or (waits and not self._is_calm()):
            return
        self._measure()
        self._busy = True
        try:
            self._do_one() if self._tour is None else self._go_round(self._tour)
        except SoakFault as fault:
            self._end(str(fault))
        except Exception:  # noqa: BLE001 — the soak's own boundary: told with the last deeds
            self._end(traceback.format_exc())
        finally:
            self._busy = False
        if self.told.done >= self._actions and self._tour is None and not self.told.fault:
            self._end("")

    def _do_one(self) -> None:
        document = self._app.document
        before, index = document.composition, document.undo_stack.index()
        self._began = (time.thread_time(), "")
        if self.stacks is not None:
            self.stacks.watch()
        done = self._deeds.do_one()
        self._began = (self._began[0], done)
        self.last.append(f"{self.told.done}: {done}")
        self._diary.write(f"{self.last[-1]}\n")
        self.witness.check()
        one_step = document.undo_stack.index() == index + 1
        if one_step and self._hand.likely(STEP_CHECKED):
            self.witness.check_step(before)
            self._began = (0.0, "")
        self.told.done += 1
        if self.told.done % WALK_EVERY == 0 or self.told.done == self._actions:
            self.witness.walk()
            self._began = (0.0, "")
        self._tell()
        if self.told.done in (WARM_UP, self._actions) and self._actions >= WARM_UP:
            self._tour = self._plan.steps()

    def _is_calm(self) -> bool:
        """Whether all that was set going is over: work, writing, what waits for a moment.

        Twice in a row, since what ends tells others of it.
        """
        library, jobs = self._app.library, self._app.jobs
        over = not jobs.running and library.flush(FLUSH_SECONDS) and not self._awaited()
        over = over and self._in_front()
        self._calm_turns = self._calm_turns + 1 if over else 0
        return self._calm_turns >= CALM_TURNS

    def _in_front(self) -> bool:
        """Whether one of the windows has the keys.

        A menu that was closed as soon as it came may leave none, where no window manager gives
        them to one.
        """
        front = QApplication.activeWindow()
        has_keys = front is not None and front.isVisible() and not isinstance(front, QMenu)
        if has_keys or QApplication.activePopupWidget() is not None:
            return True
        (QApplication.activeModalWidget() or self._window).activateWindow()
        return False

    def _awaited(self) -> bool:
        """Whether something shall happen in a moment, once."""
        roots = (self._app, *(each for each in QApplication.topLevelWidgets() if not each.parent()))
        timers = (timer for root in roots for timer in root.findChildren(QTimer))
        return any(
            timer.isActive() and timer.isSingleShot() and timer.interval() <= MOMENT_MS
            for timer in timers
        )

    def _go_round(self, tour: Iterator[str]) -> None:
        """A step of a tour, or what the process takes now that it is over."""
        step = next(tour, None)
        self._began = (0.0, "")
        if step is not None:
            self.last.append(f"tour: {step}")
            self.witness.check()
            return
        self._tour = None
        self.witness.forget()
        self.told.at_rest[self.told.done] = memory_mb()
        print(f"  at rest after a tour: {self.told.at_rest[self.told.done]:.0f} MB", flush=True)

    def _measure(self) -> None:
        """How long the window was blocked by the deed before and all that it set going."""
        began, done = self._began
        taken = time.thread_time() - began
        where = self.stacks.stop() if self.stacks is not None else ""
        if done and taken >= SLOW_SECONDS:
            name = f"{done.split(' (')[0][:60]}"
            self.told.slow[name] += 1
            if taken > self.told.longest.get(name, 0.0):
                self.told.longest[name] = taken
                print(f"  slow: {1000 * taken:.0f} ms, {done}{where}", flush=True)

    def _tell(self) -> None:
        done = self.told.done
        if done == WARM_UP or done % TELL_EVERY == 0:
            self.told.memory[done], self.told.widgets[done] = memory_mb(), widgets()
            self._began = (0.0, "")
            print(
                f"  {done} actions: {self.told.memory[done]:.0f} MB, {widgets()} widgets, "
                f"{self._app.document.undo_stack.count()} steps, "
                f"{threading.active_count()} threads",
                flush=True,
            )
            # To look at all things holds them for a moment: a tuple that a job is making
            # cannot be finished then.
            quiet = not self._app.jobs.running
            if self.ledger is not None and done % WALK_EVERY == 0 and quiet:
                print(self.ledger.look(), flush=True)

    def _end(self, fault: str) -> None:
        self.told.fault = fault
        self._turn.stop()
        self._poke.stop()
        if self.stacks is not None:
            self.stacks.close()
        self._diary.close()
        self.witness.close()
        if fault:
            print(f"FAULT after {self.told.done} actions:\n{fault}", flush=True)
            print("The last actions:", *self.last, sep="\n  ", flush=True)
        self.ended()


class Stacks:
    """Looks at what the window's thread is doing while a deed is slow; costs some time itself.

    By `faulthandler` in a signal: it holds no frame, which would keep its painter painting.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w+", encoding="utf-8")
        self._main = threading.get_ident()
        self._since: float | None = None
        self._wanted = True
        faulthandler.register(signal.SIGUSR1, self._file, all_threads=False)
        self._thread = threading.Thread(target=self._look, name="soak-stacks", daemon=True)
        self._thread.start()

    def watch(self) -> None:
        """A deed begins."""
        self._file.seek(0)
        self._file.truncate()
        self._since = time.perf_counter()

    def _look(self) -> None:
        while self._wanted:
            time.sleep(LOOK_SECONDS)
            since = self._since
            if since is not None and time.perf_counter() - since > SLOW_SECONDS / 2:
                signal.pthread_kill(self._main, signal.SIGUSR1)

    def stop(self) -> str:
        """A deed is over: where it was most of the time, empty where it was quick."""
        self._since = None
        self._file.seek(0)
        found = Counter[str]()
        for dump in self._file.read().split("most recent call first")[1:]:
            places = PLACE.findall(dump)[:6]
            found[" < ".join(f"{Path(name).name}:{line}" for name, line in places)] += 1
        return "".join(f"\n      {count} x {where}" for where, count in found.most_common(3))

    def close(self) -> None:
        """Look no longer."""
        self._wanted = False
        self._thread.join()
        faulthandler.unregister(signal.SIGUSR1)
        self._file.close()
