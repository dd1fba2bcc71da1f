"""Can two threads each miss the other's write? The same in Python."""

import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: store_buffer
class Flags:
    """Two flags, each raised by one thread and looked at by the other."""

    def __init__(self):
        self.x = self.y = 0

    def x_then_y(self):
        self.x = 1
        return self.y

    def y_then_x(self):
        self.y = 1
        return self.x
# ANCHOR_END: store_buffer


# ANCHOR: message_passing
class Message:
    """A message, and a flag that says that it is there."""

    def __init__(self):
        self.text = self.flag = 0

    def send(self):
        self.text = 42
        self.flag = 1

    def receive(self):
        return self.text if self.flag else None
# ANCHOR_END: message_passing


def race(fresh, first, second):
    """Runs both sides in each round; returns what they saw."""
    start = threading.Barrier(2)
    seen = [], []

    def run(side, results):
        for shared in fresh:
            start.wait()
            results.append(side(shared))

    threads = [threading.Thread(target=run, args=pair) for pair in zip((first, second), seen)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return list(zip(*seen))


def main():
    notebook = Notebook(__doc__, trials=20, rounds=50_000)
    # A barrier of Python's takes a hundred times as long as one that spins.
    rounds = max(notebook.options.rounds // 50, 1)
    for _ in notebook.trials():
        start = time.perf_counter()
        seen = race([Flags() for _ in range(rounds)], Flags.x_then_y, Flags.y_then_x)
        each = (time.perf_counter() - start) / rounds
        notebook.record("both missed", "flags", "count", seen.count((0, 0)))
        notebook.record("time of a round", "flags", "s", each)

        start = time.perf_counter()
        seen = race([Message() for _ in range(rounds)], Message.send, Message.receive)
        each = (time.perf_counter() - start) / rounds
        notebook.record("stale", "message", "count", seen.count((None, 0)))
        notebook.record("arrived", "message", "count", seen.count((None, 42)))
        notebook.record("time of a round", "message", "s", each)
    notebook.finish()


if __name__ == "__main__":
    main()
