"""Is doing many things at once the same as doing them at the same time?

The same in Python. Threads that compute take turns under the GIL, on one core
and on all; processes run side by side.
"""

import concurrent.futures
import os
import pathlib
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

JOBS = 4


# ANCHOR: compute
def is_prime(n):
    d = 2
    while d * d <= n:
        if n % d == 0:
            return False
        d += 1
    return n > 1


def compute(limit):
    """Counts the primes up to `limit`."""
    return sum(is_prime(n) for n in range(limit + 1))
# ANCHOR_END: compute


# ANCHOR: wait
def wait(seconds):
    """Waits, and does nothing else."""
    time.sleep(seconds)
# ANCHOR_END: wait


# ANCHOR: one_by_one
def one_by_one(jobs, job, argument):
    for _ in range(jobs):
        job(argument)
# ANCHOR_END: one_by_one


# ANCHOR: at_once
def at_once(jobs, job, argument):
    """A thread for each job; the system decides where and when each of them runs."""
    threads = [threading.Thread(target=job, args=(argument,)) for _ in range(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
# ANCHOR_END: at_once


# ANCHOR: on_one_core
def on_one_core(work, *arguments):
    """Does `work` on one core; threads that it starts inherit the restriction."""
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(every)})
    try:
        work(*arguments)
    finally:
        os.sched_setaffinity(0, every)
# ANCHOR_END: on_one_core


# ANCHOR: in_processes
def in_processes(pool, jobs, job, argument):
    """The same jobs in processes that have been started before."""
    for result in [pool.submit(job, argument) for _ in range(jobs)]:
        result.result()
# ANCHOR_END: in_processes


def main():
    notebook = Notebook(__doc__, trials=3, limit=2_000_000, wait=20)
    # An eighth of the limit, or a trial would take a minute.
    limit, seconds = notebook.options.limit // 8, notebook.options.wait / 1000
    with concurrent.futures.ProcessPoolExecutor(JOBS) as pool:
        # The first jobs start the workers, which should not be measured.
        in_processes(pool, JOBS, wait, 0.05)
        measure(notebook, pool, limit, seconds)
    notebook.finish()


def measure(notebook, pool, limit, seconds):
    variants = [
        ("CPU, one by one", one_by_one, (JOBS, compute, limit)),
        ("CPU, one core", on_one_core, (at_once, JOBS, compute, limit)),
        ("CPU, all cores", at_once, (JOBS, compute, limit)),
        ("CPU, processes", in_processes, (pool, JOBS, compute, limit)),
        ("wait, one by one", one_by_one, (JOBS, wait, seconds)),
        ("wait, one core", on_one_core, (at_once, JOBS, wait, seconds)),
        ("wait, all cores", at_once, (JOBS, wait, seconds)),
    ]
    if not hasattr(os, "sched_setaffinity"):
        variants = [variant for variant in variants if variant[1] is not on_one_core]
    for _ in notebook.trials():
        for variant, work, arguments in variants:
            start = time.perf_counter()
            work(*arguments)
            notebook.record("wall time", variant, "s", time.perf_counter() - start)


if __name__ == "__main__":
    main()
