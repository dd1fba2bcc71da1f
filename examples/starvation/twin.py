"""Who gets the lock, if everybody always wants it? The same in Python."""

import bisect
import collections
import itertools
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402


# ANCHOR: fair
class Fair:
    """A lock that is handed over: each who waits sleeps on a lock of its own."""

    def __init__(self):
        self.taken, self.waiting, self.inner = False, collections.deque(), threading.Lock()

    def __enter__(self):
        with self.inner:
            if not self.taken:
                self.taken = True
                return
            turn = threading.Lock()
            turn.acquire()
            self.waiting.append(turn)
        turn.acquire()  # until it is handed over

    def __exit__(self, *_):
        with self.inner:
            if self.waiting:
                self.waiting.popleft().release()  # taken still, by somebody else
            else:
                self.taken = False
# ANCHOR_END: fair


# ANCHOR: rush
def rush(lock, threads, inside, length):
    """The visits of each thread: when it asked, got in, and how many came before."""
    start, over, visits = threading.Barrier(threads + 1), threading.Event(), [0]

    def one(mine):
        start.wait()
        while not over.is_set():
            asked = time.perf_counter()
            with lock:
                got_in = time.perf_counter()
                mine.append((asked, got_in, visits[0]))
                visits[0] += 1
                while time.perf_counter() - got_in < inside:
                    pass

    came = [[] for _ in range(threads)]
    running = [threading.Thread(target=one, args=(mine,)) for mine in came]
    for thread in running:
        thread.start()
    start.wait()
    time.sleep(length)
    over.set()
    for thread in running:
        thread.join()
    return came
# ANCHOR_END: rush


def most_passed(came):
    """The most visits that others made while one thread waited."""
    visits = sorted(itertools.chain(*came), key=lambda visit: visit[2])
    begun = [got_in for _, got_in, _ in visits]
    return max(before - bisect.bisect_left(begun, asked) for asked, _, before in visits)


def main():
    notebook = Notebook(__doc__, trials=9, threads=4, inside=50, length=100, readers=1000)
    options = notebook.options
    for _ in notebook.trials():
        for variant, lock in [("Lock", threading.Lock()), ("handed over", Fair())]:
            began = time.perf_counter()
            came = rush(lock, options.threads, options.inside / 1e6, options.length / 1e3)
            took = time.perf_counter() - began
            total = sum(map(len, came))
            longest = max(got_in - asked for mine in came for asked, got_in, _ in mine)
            notebook.record("visits", variant, "1/s", total / took)
            notebook.record("longest wait", variant, "s", longest)
            notebook.record("passed at most", variant, "count", most_passed(came))
            notebook.record("share of the last", variant, "share", min(map(len, came)) / total)
    notebook.finish()


if __name__ == "__main__":
    main()
