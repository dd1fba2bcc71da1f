"""Who decides when a thread stops? The same in Python.

Processes on one core get their turns from the system, as Rust's threads do.
Threads get theirs from the interpreter, on one core and on all.
"""

import os
import pathlib
import statistics
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

# ANCHOR: look
JUMP = 100e-6


def look_at(clock, seconds):
    """Looks at the clock for as long as `seconds`; a jump ends a turn."""
    turns = []
    began = seen = clock()
    end = began + seconds
    while seen < end:
        now = clock()
        if now - seen > JUMP:
            turns.append((began, seen))
            began = now
        seen = now
    turns.append((began, seen))
    return turns
# ANCHOR_END: look


# ANCHOR: together
def together(threads, seconds):
    """None begins before all are there."""
    seen, all_there = [], threading.Barrier(threads)

    def look():
        all_there.wait()
        seen.append(look_at(time.perf_counter, seconds))

    workers = [threading.Thread(target=look) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return seen
# ANCHOR_END: together


def in_processes(processes, seconds):
    """The same in forked processes: each has an interpreter of its own."""
    pipes = []
    for _ in range(processes):
        reader, writer = os.pipe()
        if os.fork() == 0:
            turns = look_at(time.perf_counter, seconds)
            with os.fdopen(writer, "w") as pipe:
                pipe.write(" ".join(f"{began!r} {ended!r}" for began, ended in turns))
            os._exit(0)
        os.close(writer)
        pipes.append(reader)
    seen = []
    for reader in pipes:
        with os.fdopen(reader) as pipe:
            times = [float(word) for word in pipe.read().split()]
        seen.append(list(zip(times[::2], times[1::2])))
        os.wait()
    return seen


# ANCHOR: on_one_core
def on_one_core(work, *arguments):
    """Does `work` on one core; what it starts inherits the restriction."""
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(every)})
    try:
        return work(*arguments)
    finally:
        os.sched_setaffinity(0, every)
# ANCHOR_END: on_one_core


def main():
    notebook = Notebook(__doc__, trials=5, threads=3, time=400)
    threads, seconds = notebook.options.threads, notebook.options.time / 1000
    usual = sys.getswitchinterval()
    variants = [("threads, all cores", together, usual), ("threads, 20 ms", together, 0.02)]
    if hasattr(os, "sched_setaffinity"):
        variants += [
            ("threads, one core", lambda *a: on_one_core(together, *a), usual),
            ("processes, one core", lambda *a: on_one_core(in_processes, *a), usual),
        ]
    for _ in notebook.trials():
        for variant, look, interval in variants:
            sys.setswitchinterval(interval)
            seen = look(threads, seconds)
            notebook.record(
                "turns of a thread", variant, "count", statistics.median(map(len, seen))
            )
            notebook.record("length of a turn", variant, "s", statistics.median(lengths(seen)))
    notebook.finish()


def lengths(threads):
    """Of all turns but each thread's last, which the end of the run cut short."""
    return [
        ended - began for turns in threads for began, ended in turns[: max(len(turns) - 1, 1)]
    ]


if __name__ == "__main__":
    main()
