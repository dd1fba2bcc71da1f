"""What does a lock cost, held and fought over? The same in Python."""

import itertools
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# Tills in the chart.
TILLS = [1, 2, 4, 8]
ARTICLES = 64
# Steps in a till's plan; it makes whole rounds of it.
STEPS = 1000


# ANCHOR: mutex
class Locked:
    """One lock round all counts."""

    def __init__(self, lock):
        self.counts, self.lock = [0] * ARTICLES, lock

    def till(self):
        return self

    def sell(self, article):
        with self.lock:
            self.counts[article] += 1

    def close(self):
        pass
# ANCHOR_END: mutex


# ANCHOR: own
class Own:
    """A tally for each till, added to everybody's when it closes."""

    def __init__(self, whole):
        self.counts, self.whole = [0] * ARTICLES, whole

    def sell(self, article):
        self.counts[article] += 1

    def close(self):
        with self.whole.lock:
            for article, sold in enumerate(self.counts):
                self.whole.counts[article] += sold


class Merged(Locked):
    def till(self):
        return Own(self)
# ANCHOR_END: own


# ANCHOR: counters
class Counters:
    """`next` on itertools.count is one call into C, which keeps the GIL. That
    is how CPython is built today, and no promise of the language."""

    def __init__(self):
        self.counters = [itertools.count() for _ in range(ARTICLES)]

    def till(self):
        return self

    def sell(self, article):
        next(self.counters[article])

    def close(self):
        self.counts = [next(counter) for counter in self.counters]
# ANCHOR_END: counters


def day(tally, tills, seconds):
    """Opens so many tills, each in its thread. Returns their pace and what they sold."""
    closed, sold = threading.Event(), [0] * ARTICLES
    doors = threading.Barrier(tills + 1)
    rounds = [0] * tills
    plans = [[(n * 37 + till * 29) % ARTICLES for n in range(STEPS)] for till in range(tills)]

    def serve(number):
        till, plan = tally.till(), plans[number]
        sell = till.sell
        doors.wait()
        while not closed.is_set():
            for article in plan:
                sell(article)
            rounds[number] += 1
        if till is not tally:
            till.close()

    threads = [threading.Thread(target=serve, args=(number,)) for number in range(tills)]
    for thread in threads:
        thread.start()
    doors.wait()
    opened = time.perf_counter()
    time.sleep(seconds)
    closed.set()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - opened
    tally.close()
    for number, plan in enumerate(plans):
        for article in plan:
            sold[article] += rounds[number]
    return sum(rounds) * STEPS / took, sold


# ANCHOR: half
def transfer_half(accounts):
    """Raises when the money has left one account and not reached the other."""
    accounts["ours"] -= 30
    raise ConnectionError("the line went dead")
# ANCHOR_END: half


# ANCHOR: std
def after_an_exception():
    """What the next one to lock is told, and what it finds missing."""
    accounts, lock = {"ours": 100, "theirs": 100}, threading.Lock()

    def die():
        try:
            with lock:
                transfer_half(accounts)
        except ConnectionError:
            pass  # the default hook would print it, and it is part of the experiment

    thread = threading.Thread(target=die)
    thread.start()
    thread.join()
    with lock:  # nothing to be told by
        return 200 - accounts["ours"] - accounts["theirs"]
# ANCHOR_END: std


def main():
    notebook = Notebook(__doc__, trials=5, hours=20, hold=1000)
    # Longer than in Rust: the GIL changes hands every 5 ms.
    seconds = 2 * notebook.options.hours / 1000
    for _ in notebook.trials():
        for tills in TILLS:
            for variant, tally in [
                ("Lock", Locked(threading.Lock())),
                ("RLock", Locked(threading.RLock())),
                ("itertools.count", Counters()),
                ("own, merged", Merged(threading.Lock())),
            ]:
                pace, sold = day(tally, tills, seconds)
                wrong = sum(ours != theirs for ours, theirs in zip(tally.counts, sold))
                notebook.record("sales", variant, "1/s", pace, tills)
                notebook.record("wrong counts", variant, "count", wrong)
        missing = after_an_exception()
        notebook.record("told of a panic", "Lock", "count", 0)
        notebook.record("missing then", "Lock", "count", missing)
    notebook.finish()


if __name__ == "__main__":
    main()
