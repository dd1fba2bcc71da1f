"""How do I use all cores without thinking about threads? The same in Python.

Processes do the work: shares handed out beforehand, or a row to whoever is free. If NumPy is
there, one thread does it once more on whole arrays.
"""

import multiprocessing
import os
import pathlib
import random
import sys
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

try:
    import numpy
except ImportError:
    numpy = None

LIMIT = 255
ROWS = 50_000


# ANCHOR: row
def row(y, width):
    """One row, from the left: for each pixel, the steps that four points in it take to escape."""
    step = 2.6 / width
    return [
        sum(
            escape(-2.05 + (x + dx) * step, 1.25 - (y + dy) * step)
            for dx, dy in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))
        )
        for x in range(width)
    ]


def escape(re, im):
    """How many steps of z² + c it takes until z leaves the circle of radius 2."""
    x = y = 0.0
    for steps in range(LIMIT):
        x, y = x * x - y * y + re, 2 * x * y + im
        if x * x + y * y > 4:
            return steps
    return LIMIT
# ANCHOR_END: row


# ANCHOR: summary
def summary(column):
    """Smallest, quartiles and largest: what `describe` says of a column in pandas."""
    ordered = sorted(column)
    return [ordered[(len(ordered) - 1) * quarter // 4] for quarter in range(5)]
# ANCHOR_END: summary


def numbered_row(job):
    y, width = job
    return y, row(y, width)


# ANCHOR: one_thread
def one_thread(height, width):
    return [row(y, width) for y in range(height)]
# ANCHOR_END: one_thread


# ANCHOR: static_split
def static_split(pool, workers, height, width):
    """As many shares of equal length as there are workers."""
    share = -(-height // workers)
    rows = pool.imap_unordered(numbered_row, [(y, width) for y in range(height)], share)
    return [pixels for _, pixels in sorted(rows)]
# ANCHOR_END: static_split


# ANCHOR: one_at_a_time
def one_at_a_time(pool, height, width):
    """A row to whoever is free, from one queue."""
    rows = pool.imap_unordered(numbered_row, [(y, width) for y in range(height)], 1)
    return [pixels for _, pixels in sorted(rows)]
# ANCHOR_END: one_at_a_time


# ANCHOR: whole_arrays
def whole_arrays(height, width):
    """All points take each step together, on one thread: loops in C, over arrays."""
    step = 2.6 / width
    x, y = numpy.meshgrid(numpy.arange(width), numpy.arange(height))
    total = numpy.zeros((height, width), int)
    for dx, dy in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)):
        c = (-2.05 + (x + dx) * step) + 1j * (1.25 - (y + dy) * step)
        z, here = numpy.zeros_like(c), numpy.ones(c.shape, bool)
        for _ in range(LIMIT):
            z[here] = z[here] ** 2 + c[here]
            here &= z.real**2 + z.imag**2 <= 4
            total += here
    return total.tolist()
# ANCHOR_END: whole_arrays


def main():
    notebook = Notebook(__doc__, trials=9, width=640, columns=48)
    # A fifth of the width and a quarter of the columns, to be done in the time for reading.
    width, columns = max(16, notebook.options.width // 5), max(2, notebook.options.columns // 4)
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    chance = random.Random(0)
    table = [[chance.random() for _ in range(ROWS)] for _ in range(columns)]
    with multiprocessing.Pool(workers) as pool:
        # The first jobs wait for the workers to start, which should not be measured.
        one_at_a_time(pool, 64, 16)
        measure(notebook, pool, workers, width, table)
    notebook.finish()


def measure(notebook, pool, workers, width, table):
    height, share = width // 2, -(-len(table) // workers)
    drawn = [
        ("rows, alone", lambda: one_thread(height, width)),
        ("rows, static", lambda: static_split(pool, workers, height, width)),
        ("rows, one at a time", lambda: one_at_a_time(pool, height, width)),
    ]
    if numpy:
        drawn.append(("rows, NumPy", lambda: whole_arrays(height, width)))
    summarised = [
        ("table, alone", lambda: [summary(column) for column in table]),
        ("table, static", lambda: pool.map(summary, table, share)),
    ]
    for _ in notebook.trials():
        for variants in (drawn, summarised):
            right = None
            for variant, work in variants:
                start = time.perf_counter()
                result = work()
                notebook.record("wall time", variant, "s", time.perf_counter() - start)
                # NumPy rounds a complex square otherwise, and a point at the border may differ.
                if right is not None and result != right and variant != "rows, NumPy":
                    sys.exit(f"{variant}: other results than alone")
                right = right or result


if __name__ == "__main__":
    main()
