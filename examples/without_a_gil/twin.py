"""Why was the lock there at all? The same in Python: references copied and dropped."""

import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


class Object:
    pass


# ANCHOR: churn
def churn(thing, pairs):
    """A copied list has a new reference to every element; a dropped one drops them."""
    row = [thing] * 1000
    for _ in range(pairs // 1000):
        row.copy()
# ANCHOR_END: churn


def alone(pairs):
    churn(Object(), pairs)


def own(pairs):
    both(lambda: churn(Object(), pairs))


def shared(pairs):
    thing = Object()
    both(lambda: churn(thing, pairs))


def both(work):
    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# ANCHOR: gil
def gil():
    """Whether this interpreter has a GIL now. Before 3.13 there was no asking, and no other."""
    enabled = getattr(sys, "_is_gil_enabled", lambda: True)()
    return "GIL on" if enabled else "GIL off"
# ANCHOR_END: gil


def main():
    notebook = Notebook(__doc__, trials=8, pairs=4_000_000)
    for _ in notebook.trials():
        for shape, work in [
            ("one thread", alone),
            ("own objects", own),
            ("shared object", shared),
        ]:
            start = time.perf_counter()
            work(notebook.options.pairs)
            notebook.record(shape, gil(), "s", time.perf_counter() - start)
    notebook.finish()


if __name__ == "__main__":
    main()
