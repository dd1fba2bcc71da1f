"""Why is twice the cores not twice the speed? The same in Python.

Processes divide the job; threads cannot. The counters lie in memory that two
processes share.
"""

import concurrent.futures
import ctypes
import multiprocessing
import multiprocessing.sharedctypes
import pathlib
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

LINE = 128

# Shares of the job that are for one worker alone, in percent.
SERIAL = [0, 10, 25, 50, 75, 100]

# Each job is done so often in a trial, and the fastest counts.
REPEATS = 3


# ANCHOR: work
def work(first, last):
    """A checksum over some numbers."""
    total = 0
    for n in range(first, last):
        mixed = n * 0x9E3779B97F4A7C15 & 0xFFFFFFFF
        total += mixed ^ mixed >> 16
    return total
# ANCHOR_END: work


# ANCHOR: job
def job(pool, numbers, serial, workers):
    """The first `serial` numbers are the caller's alone; the rest is divided."""
    total = work(0, serial)
    edges = [serial + (numbers - serial) * n // workers for n in range(workers + 1)]
    others = [pool.submit(work, edges[n], edges[n + 1]) for n in range(1, workers)]
    total += work(edges[0], edges[1])
    return total + sum(other.result() for other in others)
# ANCHOR_END: job


# ANCHOR: side_by_side
def side_by_side(pool, numbers, workers):
    """The whole job as often as there are workers, each alone with one."""
    others = [pool.submit(work, 0, numbers) for _ in range(1, workers)]
    return work(0, numbers) + sum(other.result() for other in others)
# ANCHOR_END: side_by_side


# ANCHOR: law
def law(serial_share, cores):
    """How many times as fast `cores` can be, if a share of the job is for one."""
    return 1 / (serial_share + (1 - serial_share) / cores)
# ANCHOR_END: law


# ANCHOR: count
def count(counters, place, times):
    """Nobody else writes here, so load, add, store will do."""
    for _ in range(times):
        counters[place] += 1


def two_processes(pool, counters, ours, theirs, times):
    """Seconds, from when both are there."""
    other = pool.submit(count_with_the_other, theirs, times)
    all_there.wait()
    start = time.perf_counter()
    count(counters, ours, times)
    other.result()
    return time.perf_counter() - start
# ANCHOR_END: count


def count_with_the_other(place, times):
    all_there.wait()
    count(shared, place, times)


def share(counters, barrier):
    """What a worker process is given when it starts."""
    global shared, all_there
    shared, all_there = counters, barrier


def main():
    notebook = Notebook(__doc__, trials=5, threads=2, numbers=40_000_000, times=10_000_000)
    options = notebook.options
    # A small part of the numbers, or a trial would take a minute.
    numbers, times = options.numbers // 80, options.times // 10
    counters = multiprocessing.sharedctypes.RawArray(ctypes.c_uint64, 4 * LINE // 8)
    # The first place at which a line begins.
    first = -ctypes.addressof(counters) % LINE // 8
    barrier = multiprocessing.Barrier(2)
    share(counters, barrier)
    with concurrent.futures.ProcessPoolExecutor(
        options.threads - 1, initializer=share, initargs=(counters, barrier)
    ) as processes:
        # The first job starts the workers, which should not be measured.
        job(processes, 1000, 0, options.threads)
        with concurrent.futures.ThreadPoolExecutor(options.threads - 1) as threads:
            for _ in notebook.trials():
                measure(notebook, processes, threads, numbers)
                for variant, theirs in (
                    ("padded, 2 processes", first + LINE // 8),
                    ("neighbours, 2 proc.", first + 1),
                ):
                    seconds = two_processes(processes, counters, first, theirs, times)
                    notebook.record("counting time", variant, "s", seconds)
    notebook.finish()


def measure(notebook, processes, threads, numbers):
    workers = notebook.options.threads
    fastest = {}

    def note(key, expected, task, *arguments):
        start = time.perf_counter()
        total = task(*arguments)
        wall = time.perf_counter() - start
        assert total == expected
        fastest[key] = min(wall, fastest.get(key, wall))

    expected = work(0, numbers)
    for _ in range(REPEATS):
        note("alone", expected, work, 0, numbers)
        note("together", expected * workers, side_by_side, processes, numbers, workers)
        for variant, pool in ("processes", processes), ("threads", threads):
            for percent in SERIAL:
                serial = numbers * percent // 100
                note((variant, percent), expected, job, pool, numbers, serial, workers)
    alone, together = fastest.pop("alone"), fastest.pop("together")
    notebook.record("wall time", "one thread", "s", alone)
    # A core of a shared machine is often less than a whole one.
    worth = workers * alone / together
    notebook.record("worth of the cores", "side by side", "ratio", worth)
    for (variant, percent), wall in fastest.items():
        notebook.record("speed-up", variant, "ratio", alone / wall, at=percent / 100)
    for percent in SERIAL:
        allowed = law(percent / 100, worth)
        notebook.record("speed-up", "Amdahl's law", "ratio", allowed, at=percent / 100)


if __name__ == "__main__":
    main()
