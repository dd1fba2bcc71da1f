"""When does everybody wait? The same in Python."""

import pathlib
import queue
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


class Ledger:
    """Kept by the threads themselves: a note before each lock, and one after it."""

    def __init__(self, threads):
        self.lock = threading.Lock()
        self.held = [[] for _ in range(threads)]
        self.wanted = [None] * threads
        self.circles = queue.Queue()

    def wants(self, thread, lock):
        with self.lock:
            self.wanted[thread] = lock
            circle = self.circle(thread)
        if circle:
            self.circles.put(circle)

    def holds(self, thread):
        with self.lock:
            self.held[thread].append(self.wanted[thread])
            self.wanted[thread] = None

    def circle(self, first):
        """From `first`, on to whoever holds what is wanted, until back at `first`."""
        threads = [first]
        while len(threads) <= len(self.held):
            wanted = self.wanted[threads[-1]]
            holders = [t for t, held in enumerate(self.held) if wanted in held]
            if wanted is None or not holders:
                return None
            if holders[0] == first:
                return threads
            threads.append(holders[0])
        return None


# ANCHOR: take_both
def take_both(locks, thread, all_hold_one, ledger):
    """Takes its own lock, waits until everybody holds one, and then wants the next."""
    following = (thread + 1) % len(locks)

    ledger.wants(thread, thread)
    with locks[thread]:
        ledger.holds(thread)

        all_hold_one.wait()

        ledger.wants(thread, following)
        with locks[following]:
            ledger.holds(thread)
# ANCHOR_END: take_both


# ANCHOR: watch
def deadlock(count):
    """Lets a circle come about, and breaks it: any thread may release a Lock."""
    locks = [threading.Lock() for _ in range(count)]
    all_hold_one = threading.Barrier(count)
    ledger = Ledger(count)
    errors = []

    def run(thread):
        try:
            take_both(locks, thread, all_hold_one, ledger)
        except RuntimeError as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(thread,)) for thread in range(count)]
    for thread in threads:
        thread.start()
    circle = ledger.circles.get()
    locks[0].release()
    for thread in threads:
        thread.join()
    return len(circle), len(errors)
# ANCHOR_END: watch


# ANCHOR: lower_first
def lower_first(forks, _, seat):
    following = (seat + 1) % len(forks)
    with forks[min(seat, following)], forks[max(seat, following)]:
        pass
# ANCHOR_END: lower_first


# ANCHOR: ask_first
def ask_first(forks, waiter, seat):
    with waiter:
        forks[seat].acquire()
        forks[(seat + 1) % len(forks)].acquire()
    forks[(seat + 1) % len(forks)].release()
    forks[seat].release()
# ANCHOR_END: ask_first


# ANCHOR: give_back
def give_back(forks, _, seat):
    right = forks[(seat + 1) % len(forks)]
    while True:
        with forks[seat]:
            if right.acquire(blocking=False):
                right.release()
                return
# ANCHOR_END: give_back


def dinner(seats, meals, eat):
    forks = [threading.Lock() for _ in range(seats)]
    waiter = threading.Lock()
    eaten = []

    def dine(seat):
        for _ in range(meals):
            eat(forks, waiter, seat)
        eaten.append(meals)

    threads = [threading.Thread(target=dine, args=(seat,)) for seat in range(seats)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(eaten)


def main():
    notebook = Notebook(__doc__, trials=20, philosophers=5, meals=100_000)
    seats, meals = notebook.options.philosophers, notebook.options.meals
    for _ in notebook.trials():
        for variant, count in [("two locks, forced", 2), ("left first, forced", seats)]:
            start = time.perf_counter()
            circle, errors = deadlock(count)
            wall = time.perf_counter() - start
            notebook.record("in the circle", variant, "count", circle)
            notebook.record("errors", variant, "count", errors)
            notebook.record("named after", variant, "s", wall)
        for variant, eat in [
            ("lower first", lower_first),
            ("ask first", ask_first),
            ("give back", give_back),
        ]:
            # Python takes fifty times as long for a meal.
            start = time.perf_counter()
            eaten = dinner(seats, meals // 10, eat)
            wall = time.perf_counter() - start
            notebook.record("meals", variant, "count", eaten)
            notebook.record("dinner", variant, "s", wall)
    notebook.finish()


if __name__ == "__main__":
    main()
