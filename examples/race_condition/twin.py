"""How can two threads add 100 000 each and not reach 200 000? The same in Python."""

import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

counter = 0
lock = threading.Lock()


# ANCHOR: load_then_store
def plus_equals(times):
    """Load, add, store: three steps of bytecode."""
    global counter
    for _ in range(times):
        counter += 1
# ANCHOR_END: load_then_store


# ANCHOR: call_between
def add_one(value):
    return value + 1


def call_between(times):
    """The same three steps, with a call between the load and the store."""
    global counter
    for _ in range(times):
        counter = add_one(counter)
# ANCHOR_END: call_between


# ANCHOR: locked
def locked(times):
    """One thread at a time between lock and unlock."""
    global counter
    for _ in range(times):
        with lock:
            counter += 1
# ANCHOR_END: locked


# ANCHOR: race
def race(threads, times, add):
    """Each of `threads` threads runs `add` on the same counter, `times` times."""
    global counter
    counter = 0
    workers = [threading.Thread(target=add, args=(times,)) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter
# ANCHOR_END: race


# The interpreter asks the running thread to let another have its turn after
# this many seconds: 5 ms unless told otherwise, and here a thousandth of it.
EAGER = 5e-6
USUAL = sys.getswitchinterval()

VARIANTS = [
    ("counter += 1", plus_equals, USUAL),
    ("a call between", call_between, USUAL),
    ("lock", locked, USUAL),
    ("counter += 1, eager", plus_equals, EAGER),
    ("a call between, eager", call_between, EAGER),
]


def main():
    notebook = Notebook(__doc__, trials=50, threads=2, increments=100_000)
    options = notebook.options
    expected = options.threads * options.increments
    for _ in notebook.trials():
        for variant, add, interval in VARIANTS:
            sys.setswitchinterval(interval)
            start = time.perf_counter()
            value = race(options.threads, options.increments, add)
            wall = time.perf_counter() - start
            notebook.record("final value", variant, "count", value)
            notebook.record("lost", variant, "share", (expected - value) / expected)
            notebook.record("wall time", variant, "s", wall)
    notebook.finish()


if __name__ == "__main__":
    main()
