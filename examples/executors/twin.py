"""Can one interface serve threads and processes? The same in Python."""

import multiprocessing
import os
import pathlib
import signal
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

sys.path.append(str(pathlib.Path(__file__).parents[1]))
from notebook import Notebook  # noqa: E402

SHORT_JOBS = 200


# ANCHOR: job
def primes(below):
    """Counts the primes below a number."""
    return sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(2, below))


def give_up(_):
    raise RuntimeError("the job gave up")


def die(_):
    """The kernel does not ask who sends the signal, or why."""
    os.kill(os.getpid(), signal.SIGKILL)


class Babble:
    """Can be pickled, but what comes out of that cannot be read."""

    def __reduce__(self):
        return int, ("never mind",)


def babble(_):
    return Babble()
# ANCHOR_END: job


# ANCHOR: pools
def threads(workers):
    return ThreadPoolExecutor(workers)


def processes(workers):
    return ProcessPoolExecutor(workers, multiprocessing.get_context("fork"))
# ANCHOR_END: pools


def measure(notebook, variant, pool, workers, jobs):
    start = time.perf_counter()
    with pool(workers) as executor:
        executor.submit(primes, 10).result()
    notebook.record("start, a job, stop", variant, "s", time.perf_counter() - start)
    with pool(workers) as executor:
        start = time.perf_counter()
        results = list(executor.map(primes, jobs))
        notebook.record("map", variant, "s", time.perf_counter() - start)
        assert results == [primes(job) for job in jobs]

        futures = [executor.submit(primes, job) for job in jobs]
        order = [futures.index(future) for future in as_completed(futures)]
        notebook.record("first came as", variant, "count", order.index(0) + 1)

        start = time.perf_counter()
        list(executor.map(primes, [10] * SHORT_JOBS))
        each = (time.perf_counter() - start) / SHORT_JOBS
        notebook.record("a short job", variant, "s", each)


# ANCHOR: failures
def failures(pool, workers, bad, jobs):
    """How many futures fail if one job does, and whether the pool goes on."""
    with pool(workers) as executor:
        futures = [executor.submit(bad, 0)]
        try:
            futures += [executor.submit(primes, job) for job in jobs[1:]]
        except BrokenProcessPool:
            pass  # It broke before all were submitted; the others have no future.
        failed = len(jobs) - len(futures)
        failed += sum(future.exception() is not None for future in futures)
        try:
            goes_on = executor.submit(primes, 10).result() == 4
        except BrokenProcessPool:
            goes_on = False
    return failed, goes_on
# ANCHOR_END: failures


def main():
    notebook = Notebook(__doc__, trials=20, workers=2, jobs=8, below=50_000)
    workers, below = notebook.options.workers, notebook.options.below
    jobs = [below] + [below // (9 + n) for n in range(1, notebook.options.jobs)]
    for _ in notebook.trials():
        measure(notebook, "threads", threads, workers, jobs)
        measure(notebook, "processes", processes, workers, jobs)
        for variant, pool, bad in [
            ("threads, a panic", threads, give_up),
            ("processes, a panic", processes, give_up),
            ("processes, a kill", processes, die),
            ("processes, a babble", processes, babble),
        ]:
            failed, goes_on = failures(pool, workers, bad, jobs)
            notebook.record("futures failed", variant, "count", failed)
            notebook.record("takes more jobs", variant, "count", int(goes_on))
    notebook.finish()


if __name__ == "__main__":
    main()
